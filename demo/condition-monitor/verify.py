"""Checks that the committed model and recordings are what the README says.

- `model.tflite` has only the operators that the engine knows, int8 in and out, static shapes;
- the recordings are, byte for byte, what the generator makes today;
- each window of a recording gets the class of its file, or is refused as its file says;
- the generator's fault frequencies are the published ones of two bearings;
- accuracy on test machines, as a confusion matrix, beside what strength alone would tell.

    python verify.py
"""

import argparse
import tomllib
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import generate
import recordings

FOLDER = Path(__file__).parent
OPERATORS = {
    "CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "RESHAPE", "FULLY_CONNECTED", "SOFTMAX",
}
REFUSED = {
    "flat-line": "flat line", "zeros": "too many zeros",
    "saturated": "saturated", "out-of-range": "out of range",
}


class Model:
    """The int8 model, run by TensorFlow Lite's reference kernels."""

    def __init__(self, path):
        self.interpreter = Interpreter(
            str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF
        )
        self.interpreter.allocate_tensors()
        (self.input,) = self.interpreter.get_input_details()
        (self.output,) = self.interpreter.get_output_details()

    def scores(self, window):
        """Int8 scores of one window in g, [256, 3]."""
        scale, zero = self.input["quantization"]
        quantised = np.clip(np.rint(window / scale) + zero, -128, 127).astype(np.int8)
        self.interpreter.set_tensor(self.input["index"], quantised.reshape(self.input["shape"]))
        self.interpreter.invoke()
        return self.interpreter.get_tensor(self.output["index"])[0]

    def label(self, window):
        """Index of the best class; of equal scores the first."""
        return int(np.argmax(self.scores(window)))


def check_model(path):
    """Prints operators and tensors; fails on anything that the engine does not run."""
    model = Model(path)
    tensors = {t["index"]: t for t in model.interpreter.get_tensor_details()}
    print(f"{path.name}: {path.stat().st_size} bytes")
    for operator in model.interpreter._get_ops_details():
        name = operator["op_name"]
        if name == "DELEGATE":
            continue
        shapes = [tuple(map(int, tensors[i]["shape"])) for i in operator["inputs"] if i >= 0]
        outputs = [tensors[i] for i in operator["outputs"]]
        print(f"  {name:18} {shapes} -> {[tuple(map(int, t['shape'])) for t in outputs]}")
        assert name in OPERATORS, f"operator {name} is not one of {sorted(OPERATORS)}"
        for tensor in outputs:
            assert tensor["dtype"] == np.int8, f"{tensor['name']} is not int8"
            assert -1 not in tensor["shape_signature"], f"{tensor['name']} has a dynamic shape"
    for end in (model.input, model.output):
        assert end["dtype"] == np.int8 and -1 not in end["shape_signature"]
        print(f"  {end['name']}: {list(map(int, end['shape']))} int8, scale and zero {end['quantization']}")


def input_status(window, checks):
    """The device's checks of one int16 window, in its order; limits from model.toml."""
    low, high = checks["minimum"], checks["maximum"]
    changes = np.flatnonzero((window[1:] != window[:-1]).any(axis=1)) + 1
    runs = np.diff(np.concatenate([[0], changes, [len(window)]]))
    if window.min() < low or window.max() > high:
        return "out of range"
    if np.mean(window == 0) * 1000 > checks["zeros-permille"]:
        return "too many zeros"
    if runs.max() > checks["flat-run"]:
        return "flat line"
    if np.mean((window == low) | (window == high)) * 1000 > checks["saturated-permille"]:
        return "saturated"
    return "accepted"


def check_recordings(path):
    """Compares the files with the generator and each window's answer with the file's name."""
    manifest = tomllib.loads((FOLDER / "model.toml").read_text())
    model = Model(path)
    for name, samples in recordings.all_recordings().items():
        file = recordings.FOLDER / f"{name}.csv"
        assert file.read_text() == recordings.csv(samples), f"{file.name} differs from the generator's"
        answers = []
        for window in samples.reshape(-1, generate.WINDOW, 3):
            status = input_status(window, manifest["input"]["checks"])
            label = model.label(window * np.float32(manifest["input"]["scale"]))
            answers.append(manifest["labels"][label] if status == "accepted" else status)
        print(f"  {name}: {', '.join(answers)}")
        expected = REFUSED.get(name, name.replace("-", " "))
        assert answers == [expected] * len(answers), f"{name}: expected {expected}"


def check_bearings():
    """Fault orders of the catalogue bearings, as Case Western Reserve University publishes them."""
    published = {9: (3.5848, 5.4152), 8: (3.0530, 4.9469)}  # balls: outer race, inner race
    for number in range(10):
        random = np.random.default_rng(number)
        machine = generate.draw_machine(random, catalogue_bearing=True)
        for race, order in zip(("outer", "inner"), published[machine.balls]):
            assert abs(machine.race_frequency(race) / machine.rotation - order) < 1e-3


def strength(windows):
    """Logarithms of the rms value of each axis, the radial ones sorted, and a 1 for the bias."""
    rms = np.log(windows.std(axis=1))
    return np.column_stack([np.sort(rms[:, :2]), rms[:, 2], np.ones(len(rms))])


def report_baseline(machines=100):
    """Prints the accuracy of logistic regression on strength alone."""
    x, y = generate.dataset("train", machines)
    features, truth = strength(x), np.eye(len(generate.CLASSES))[y]
    weights = np.zeros((features.shape[1], truth.shape[1]))
    for _ in range(5000):
        odds = np.exp(features @ weights)
        weights += 0.3 / len(x) * features.T @ (truth - odds / odds.sum(axis=1, keepdims=True))
    x, y = generate.dataset("test", machines)
    accuracy = np.mean((strength(x) @ weights).argmax(axis=1) == y)
    print(f"  for comparison, from strength alone: {accuracy:.4f}")


def report_accuracy(path, split="test", machines=100):
    """Prints the confusion matrix (rows: truth, columns: answer) and returns the accuracy."""
    x, y = generate.dataset(split, machines)
    model = Model(path)
    answers = np.array([model.label(window) for window in x])
    matrix = np.zeros((len(generate.CLASSES),) * 2, int)
    np.add.at(matrix, (y, answers), 1)
    print(f"{len(x)} windows of {machines * len(generate.CLASSES)} {split} machines")
    for name, row in zip(generate.CLASSES, matrix):
        print(f"  {name:14}" + "".join(f"{count:6}" for count in row))
    accuracy = float(np.mean(answers == y))
    print(f"  accuracy {accuracy:.4f}")
    return accuracy


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=FOLDER / "model.tflite")
    arguments = parser.parse_args()
    check_model(arguments.model)
    check_recordings(arguments.model)
    check_bearings()
    assert report_accuracy(arguments.model) >= 0.95
    report_baseline()
