"""Writes `recordings/`: one machine of each class, and four sensors in trouble.

Rule of choice: machine number 0 of the split "recordings", whatever it is. That split
is used for nothing else, and its bearings are not those of the training machines.

    python recordings.py
"""

from pathlib import Path

import numpy as np

import generate

FOLDER = Path(__file__).parent / "recordings"
WINDOWS = 4
HEADER = "x_mg,y_mg,z_mg"


def stuck(samples):
    """The sensor answers, but from the 100th sample of each window on always the same."""
    windows = samples.reshape(-1, generate.WINDOW, 3).copy()
    windows[:, 100:] = windows[:, 100:101]
    return windows.reshape(-1, 3)


def loose_wire(samples):
    """Bus reads that fail return zeros: 24 samples of each 40."""
    return np.where((np.arange(len(samples)) % 40 < 24)[:, np.newaxis], 0, samples)


def overdriven(samples):
    """Struck so hard that x rests at the end of the range for 20 of each 50 samples."""
    samples = samples.copy()
    phase = np.arange(len(samples)) % 50
    samples[phase < 10, 0] = 16000
    samples[(phase >= 25) & (phase < 35), 0] = -16000
    return samples


def corrupted(samples):
    """One bit flipped on the bus each 200 samples, so that z leaves the sensor's range."""
    samples = samples.copy()
    samples[50::200, 2] |= 1 << 14
    return samples


def all_recordings():
    """File name (without .csv) to samples in milli-g, int16 [WINDOWS * 256, 3]."""
    files = {c: generate.machine_recording("recordings", c, 0, WINDOWS) for c in generate.CLASSES}
    normal = files["normal"]
    files["flat-line"] = stuck(normal)
    files["zeros"] = loose_wire(normal)
    files["saturated"] = overdriven(normal)
    files["out-of-range"] = corrupted(normal)
    return files


def csv(samples):
    """The text of a recording: a header, then one line a sample."""
    return "\n".join([HEADER, *(",".join(map(str, sample)) for sample in samples.tolist()), ""])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, samples in all_recordings().items():
        (FOLDER / f"{name}.csv").write_text(csv(samples))
