"""Trains the condition monitor and writes it as an int8 TensorFlow Lite model.

A small convolutional network over time: height is time, width is 1, channels are the
three axes. Input: one window in g, [1, 256, 1, 3]. Output: four probabilities.

    python train.py             # writes model.tflite, prints its accuracy
    python train.py --machines 60 --epochs 3 --output /tmp/quick.tflite
"""

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # same sums in the same order
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import generate
import verify

FOLDER = Path(__file__).parent
SEED = 7


def network(batch):
    """The layers; ReLU is fused into each convolution, batch normalisation is folded away."""

    def convolution(kind, x, *arguments, **options):
        x = kind(*arguments, padding="same", use_bias=False, **options)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    signal = keras.Input((generate.WINDOW, 1, 3), batch_size=batch, name="window")
    x = convolution(layers.Conv2D, signal, 16, (16, 1), strides=(2, 1))  # filter bank, [128, 16]
    for channels in (32, 48):  # depthwise over time, then across channels: [64, 32], [32, 48]
        x = convolution(layers.DepthwiseConv2D, x, (15, 1), strides=2)
        x = convolution(layers.Conv2D, x, channels, 1)
    x = convolution(layers.Conv2D, x, 48, (3, 1), strides=(2, 1))  # [16, 48]
    x = layers.AveragePooling2D((16, 1))(x)
    x = layers.Reshape((48,))(x)
    scores = layers.Dense(len(generate.CLASSES), activation="softmax", name="probability")(x)
    return keras.Model(signal, scores)


def shaped(windows):
    """[n, 256, 3] to the network's [n, 256, 1, 3]."""
    return windows[:, :, np.newaxis, :]


def fit(machines, epochs):
    """Trains in floating point on machines of the training split; returns model and windows."""
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    x, y = generate.dataset("train", machines)
    unseen_x, unseen_y = generate.dataset("validation", machines // 5)
    batch = 64
    steps = epochs * (len(x) // batch)
    model = network(None)
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, steps)),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(
        shaped(x), y, batch_size=batch, epochs=epochs, verbose=2,
        validation_data=(shaped(unseen_x), unseen_y),
    )
    return model, x


def quantise(model, windows):
    """Full int8 post-training quantisation, calibrated with training windows; batch is 1."""
    fixed = network(1)
    fixed.set_weights(model.get_weights())
    with tempfile.TemporaryDirectory() as folder:
        shape = keras.InputSpec(shape=(1, generate.WINDOW, 1, 3), dtype="float32", name="window")
        fixed.export(folder, input_signature=[shape], verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        return convert(converter, windows)


def convert(converter, windows):
    """Asks the converter for int8 everywhere, input and output included."""
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    sample = windows[::7]  # about 700 windows of all classes set the ranges
    converter.representative_dataset = lambda: ([shaped(window[np.newaxis])] for window in sample)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    # One scale for the whole dense layer, as TensorFlow Lite's int8 specification has it.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    return converter.convert()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--machines", type=int, default=300, help="training machines of each class")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--output", type=Path, default=FOLDER / "model.tflite")
    arguments = parser.parse_args()
    model, windows = fit(arguments.machines, arguments.epochs)
    x, y = generate.dataset("test", 100)
    answers = model.predict(shaped(x), verbose=0).argmax(axis=1)
    print(f"accuracy of the floating-point network, test machines: {np.mean(answers == y):.4f}")
    arguments.output.write_bytes(quantise(model, windows))
    verify.check_model(arguments.output)
    verify.report_accuracy(arguments.output)


if __name__ == "__main__":
    main()
