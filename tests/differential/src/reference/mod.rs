//! TensorFlow Lite's int8 and int16 operators as they are specified, one a file.
//!
//! Every function computes an output tensor from input tensors with the least
//! possible cleverness. What the specification leaves open (it only bounds errors)
//! is as in TensorFlow Lite Micro's reference kernels: the double rounding of
//! gemmlowp in [`arithmetic`] and its exponential functions in [`fixed_point`].

pub mod add;
pub mod arithmetic;
pub mod concatenation;
pub mod conv2d;
pub mod depthwise_conv2d;
pub mod fixed_point;
pub mod fully_connected;
pub mod leaky_relu;
pub mod logistic;
pub mod mean;
pub mod mul;
pub mod pad;
pub mod pool2d;
pub mod quantize;
pub mod relu;
mod sigmoid16;
pub mod softmax;
mod softmax16;
pub mod tanh;
pub mod window;
