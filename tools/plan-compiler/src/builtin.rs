//! Numbers and names of TensorFlow Lite's builtin operators.

pub const ADD: i32 = 0;
pub const AVERAGE_POOL_2D: i32 = 1;
pub const CONCATENATION: i32 = 2;
pub const CONV_2D: i32 = 3;
pub const DEPTHWISE_CONV_2D: i32 = 4;
pub const DEQUANTIZE: i32 = 6;
pub const FULLY_CONNECTED: i32 = 9;
pub const LOGISTIC: i32 = 14;
pub const MAX_POOL_2D: i32 = 17;
pub const MUL: i32 = 18;
pub const RELU: i32 = 19;
pub const RELU6: i32 = 21;
pub const RESHAPE: i32 = 22;
pub const SOFTMAX: i32 = 25;
pub const TANH: i32 = 28;
pub const CUSTOM: i32 = 32;
pub const PAD: i32 = 34;
pub const MEAN: i32 = 40;
pub const PADV2: i32 = 60;
pub const LEAKY_RELU: i32 = 98;
pub const QUANTIZE: i32 = 114;

/// The name of builtin `number`, those that no plan has included.
pub fn name(number: i32) -> String {
    let name = match number {
        ADD => "ADD",
        AVERAGE_POOL_2D => "AVERAGE_POOL_2D",
        CONCATENATION => "CONCATENATION",
        CONV_2D => "CONV_2D",
        DEPTHWISE_CONV_2D => "DEPTHWISE_CONV_2D",
        DEQUANTIZE => "DEQUANTIZE",
        FULLY_CONNECTED => "FULLY_CONNECTED",
        LOGISTIC => "LOGISTIC",
        MAX_POOL_2D => "MAX_POOL_2D",
        MUL => "MUL",
        RELU => "RELU",
        RELU6 => "RELU6",
        RESHAPE => "RESHAPE",
        SOFTMAX => "SOFTMAX",
        TANH => "TANH",
        PAD => "PAD",
        MEAN => "MEAN",
        PADV2 => "PADV2",
        LEAKY_RELU => "LEAKY_RELU",
        QUANTIZE => "QUANTIZE",
        // What converters of common models write, too.
        11 => "L2_NORMALIZATION",
        20 => "RELU_N1_TO_1",
        23 => "RESIZE_BILINEAR",
        27 => "SVDF",
        36 => "GATHER",
        39 => "TRANSPOSE",
        41 => "SUB",
        42 => "DIV",
        43 => "SQUEEZE",
        44 => "UNIDIRECTIONAL_SEQUENCE_LSTM",
        45 => "STRIDED_SLICE",
        49 => "SPLIT",
        53 => "CAST",
        54 => "PRELU",
        55 => "MAXIMUM",
        56 => "ARG_MAX",
        57 => "MINIMUM",
        65 => "SLICE",
        67 => "TRANSPOSE_CONV",
        70 => "EXPAND_DIMS",
        74 => "SUM",
        77 => "SHAPE",
        83 => "PACK",
        97 => "RESIZE_NEAREST_NEIGHBOR",
        111 => "ELU",
        117 => "HARD_SWISH",
        126 => "BATCH_MATMUL",
        _ => return format!("builtin {number}"),
    };
    name.into()
}
