"""Vibration of a simulated vertical-shaft motor, as a 3-axis accelerometer sees it.

The machine is a 4-pole induction motor on flexible feet. The shaft points along z,
so gravity is on z and x and y are the two radial directions. All signals are
accelerations in m/s^2 until the sensor model turns them into integer milli-g.

Everything is drawn from seeded generators, so that the same call always gives the
same samples. `recordings.py` writes some of them to CSV files.

Where the formulas come from (textbook level):
  [R]  R. B. Randall, "Vibration-based Condition Monitoring", Wiley: slip and supply
       frequency, imbalance, looseness (truncated waveform, half orders), bearing
       fault frequencies.
  [RA] R. B. Randall and J. Antoni, "Rolling element bearing diagnostics, a tutorial",
       Mech. Syst. Signal Process. 25 (2011): random slip between impacts.
  [MS] P. D. McFadden and J. D. Smith, "Model for the vibration produced by a single
       point defect in a rolling element bearing", J. Sound Vib. 96 (1984): load zone.
  [ISO] ISO 21940-11: balance quality grade G = e * omega, in mm/s.
"""

from dataclasses import dataclass

import numpy as np

CLASSES = ["normal", "imbalance", "looseness", "bearing-fault"]
SPLITS = ["train", "validation", "test", "recordings"]
SAMPLE_RATE = 1000  # Hz, one sample each 1000 us
WINDOW = 256  # samples an inference
OVERSAMPLING = 8  # physics runs at 8 kHz, below which the sensor's filter follows
PHYSICS_RATE = SAMPLE_RATE * OVERSAMPLING
SETTLE = 2000  # physics samples thrown away, so that ringing has reached its steady state
GRAVITY = 9.80665  # m/s^2 in one g
SEED = 20250

# (balls, ball diameter, pitch diameter in mm, contact angle in degrees), as the
# Case Western Reserve University bearing data set states them for 6205 and 6203.
# Test machines and recordings have these; the others have never 8 or 9 balls.
CATALOGUE = [(9, 7.940, 39.04, 0.0), (8, 6.746, 28.50, 0.0)]


@dataclass(frozen=True)
class Machine:
    """What stays the same on one machine; each field is drawn once."""

    supply: float  # Hz, from the inverter
    slip: float  # share of the synchronous speed that the rotor falls behind
    mass_ratio: float  # rotor mass / moving mass
    residual_grade: float  # mm/s, ISO balance quality of the healthy rotor
    stiffness_ratio: float  # y response / x response of the feet
    mode_frequency: float  # Hz, the structural resonance that impacts excite
    mode_damping: float  # share of critical damping
    mode_direction: np.ndarray  # unit vector
    misalignment: float  # m/s^2 at twice the rotation frequency
    magnetic: float  # m/s^2 at twice the supply frequency
    background: float  # m/s^2 rms of flow and friction noise
    balls: int
    diameter_ratio: float  # ball diameter / pitch diameter
    contact_angle: float  # rad
    tilt: np.ndarray  # rad, error of the sensor's mounting about x and y
    bias: np.ndarray  # m/s^2, zero error of the sensor
    gain: np.ndarray  # sensitivity of each axis, 1 = exact
    noise: float  # m/s^2 rms of the sensor, each sample

    @property
    def rotation(self):
        """Mean rotation frequency in Hz: f_r = f_supply / pole pairs * (1 - slip)  [R]."""
        return self.supply / 2 * (1 - self.slip)

    def race_frequency(self, race):
        """Impact frequency in Hz of a fault on a race  [R].

        outer: n/2 f_r (1 - d/D cos a), inner: n/2 f_r (1 + d/D cos a).
        """
        sign = -1 if race == "outer" else 1
        ratio = self.diameter_ratio * np.cos(self.contact_angle)
        return self.balls / 2 * self.rotation * (1 + sign * ratio)


def direction(rng, axial):
    """A unit vector: any radial angle, and up to `axial` of the length along z."""
    angle, z = rng.uniform(0, 2 * np.pi), rng.uniform(-axial, axial)
    radial = np.sqrt(1 - z * z)
    return np.array([radial * np.cos(angle), radial * np.sin(angle), z])


def draw_machine(rng, catalogue_bearing):
    """Draws the parameters of one machine."""
    if catalogue_bearing:
        balls, ball, pitch, angle = CATALOGUE[rng.integers(len(CATALOGUE))]
        ratio, angle = ball / pitch, np.radians(angle)
    else:
        balls, ratio = int(rng.choice([7, 10, 11])), rng.uniform(0.17, 0.27)
        angle = np.radians(rng.uniform(0, 15))
    return Machine(
        supply=rng.uniform(51.5, 61.5),
        slip=rng.uniform(0.01, 0.05),
        mass_ratio=rng.uniform(0.25, 0.40),
        residual_grade=rng.uniform(1.0, 8.0),
        stiffness_ratio=rng.uniform(0.75, 1.3),
        mode_frequency=rng.uniform(190, 400),
        mode_damping=rng.uniform(0.02, 0.06),
        mode_direction=direction(rng, 0.5),
        misalignment=rng.uniform(0.05, 0.4),
        magnetic=rng.uniform(0.05, 0.4),
        background=rng.uniform(0.1, 0.5),
        balls=balls,
        diameter_ratio=ratio,
        contact_angle=angle,
        tilt=np.radians(rng.uniform(-3, 3, 2)),
        bias=rng.uniform(-0.3, 0.3, 3),
        gain=rng.uniform(0.98, 1.02, 3),
        noise=rng.uniform(0.03, 0.08),
    )


def ring(machine, impulses):
    """Response of the structural mode to impulses.

    h(t) = exp(-z w t) sin(w sqrt(1 - z^2) t), w = 2 pi f: a damped oscillator with one
    degree of freedom. An impulse of 1 gives a first peak of about 1 m/s^2.
    """
    time = np.arange(int(0.12 * PHYSICS_RATE)) / PHYSICS_RATE
    omega, damping = 2 * np.pi * machine.mode_frequency, machine.mode_damping
    response = np.exp(-damping * omega * time) * np.sin(omega * np.sqrt(1 - damping**2) * time)
    return np.convolve(impulses, response)[: len(impulses)]


def unbalance_force(machine, theta, omega, grade):
    """Radial force at 1x, x and y in quadrature: a = (m/M) e omega^2, e = G / omega_mean  [R, ISO]."""
    eccentricity = grade * 1e-3 / (2 * np.pi * machine.rotation)
    force = machine.mass_ratio * eccentricity * omega**2
    y = machine.stiffness_ratio * force * np.sin(theta)
    return np.stack([force * np.cos(theta), y, 0.03 * y], axis=1)


def looseness_force(machine, theta, rng):
    """A loose foot that rocks, hits its seat and stops: directional, orders 0.5x, 1x, 1.5x ...  [R].

    u = cos(theta) + b cos(theta/2 + p) repeats each second revolution, and is cut off below -c,
    where the seat is. Each contact also excites the structural mode, in proportion to its speed.
    """
    amplitude = rng.uniform(1.5, 6.0)  # m/s^2
    rocking, seat = rng.uniform(0.35, 0.8), rng.uniform(0.0, 0.5)
    u = np.cos(theta) + rocking * np.cos(theta / 2 + rng.uniform(0, 2 * np.pi))
    contact = (u[1:] < -seat) & (u[:-1] >= -seat)
    speed = np.abs(np.diff(u)) * PHYSICS_RATE / (2 * np.pi * machine.rotation)
    impulses = np.concatenate([[0.0], contact * speed]) * rng.uniform(0.2, 0.6)
    truncated = np.maximum(u, -seat)
    along = truncated - truncated.mean()
    return amplitude * (
        np.outer(along, direction(rng, 0.4)) + np.outer(ring(machine, impulses), machine.mode_direction)
    )


def bearing_force(machine, theta, rng):
    """Impacts of the balls on a fault of one race, exciting the structural mode  [R, RA, MS].

    The interval between impacts is 1/f_race with a random slip of about 1 %. Strength follows the
    load zone q = (1 - (1 - cos a) / (2 e))^1.5: an outer-race fault stands still in the
    zone, an inner-race fault passes through it once a revolution (a = theta).
    """
    race = ("outer", "inner")[rng.integers(2)]
    interval = PHYSICS_RATE / machine.race_frequency(race)
    count = int(len(theta) / interval * 1.2) + 2
    steps = interval * rng.normal(1, rng.uniform(0.005, 0.015), count)
    times = np.cumsum(steps) - rng.uniform(0, interval)
    times = times[(times >= 0) & (times < len(theta))].astype(int)
    strength = rng.uniform(2.5, 10.0) * rng.normal(1, 0.1, len(times))  # m/s^2
    if race == "inner":
        extent = rng.uniform(0.5, 0.9)  # e, 0.5 = half of the circumference carries load
        load = np.maximum(0, 1 - (1 - np.cos(theta[times])) / (2 * extent)) ** 1.5
        strength = strength * load
    impulses = np.zeros(len(theta))
    np.add.at(impulses, times, strength)
    return np.outer(ring(machine, impulses), machine.mode_direction)


def sense(machine, acceleration, rng):
    """The sensor: anti-aliasing filter, mounting, gain, bias, noise, quantisation to milli-g."""
    taps = np.arange(-64, 65)
    filter_ = np.sinc(taps * 2 * 420 / PHYSICS_RATE) * np.hamming(len(taps))  # low-pass, 420 Hz
    filter_ /= filter_.sum()
    axes = [np.convolve(axis, filter_, "same")[SETTLE::OVERSAMPLING] for axis in acceleration.T]
    sampled = np.stack(axes, axis=1)
    along_x, along_y = np.sin(machine.tilt)
    gravity = GRAVITY * np.array([along_x, along_y, np.sqrt(1 - along_x**2 - along_y**2)])
    sampled = (sampled + gravity) * machine.gain + machine.bias
    sampled += rng.normal(0, machine.noise, sampled.shape)
    return np.clip(np.rint(sampled / GRAVITY * 1000), -16000, 16000).astype(np.int16)


def record(machine, condition, windows, rng):
    """`windows` consecutive windows of one machine, int16 [windows * WINDOW, 3] in milli-g."""
    length = SETTLE + windows * WINDOW * OVERSAMPLING
    drift = np.cumsum(rng.normal(0, 1, length)) / np.sqrt(length)  # slow change of load
    omega = 2 * np.pi * machine.rotation * (1 + 0.003 * drift)
    theta = rng.uniform(0, 2 * np.pi) + np.cumsum(omega) / PHYSICS_RATE
    time = np.arange(length) / PHYSICS_RATE

    grade = rng.uniform(25, 100) if condition == "imbalance" else machine.residual_grade
    total = unbalance_force(machine, theta, omega, grade)
    second = machine.misalignment * np.cos(2 * theta + rng.uniform(0, 2 * np.pi))
    total += np.outer(second, direction(rng, 0.7))
    hum = machine.magnetic * np.cos(4 * np.pi * machine.supply * time + rng.uniform(0, 2 * np.pi))
    total += np.outer(hum, direction(rng, 0.1))
    flow = ring(machine, rng.normal(0, 1, length))
    total += np.outer(flow / flow.std(), machine.mode_direction) * machine.background
    if condition == "looseness":
        total += looseness_force(machine, theta, rng)
    elif condition == "bearing-fault":
        total += bearing_force(machine, theta, rng)
    return sense(machine, total, rng)


def machine_recording(split, condition, number, windows=4):
    """Recording of machine `number` of a split: every machine has a random stream of its own."""
    rng = np.random.default_rng([SEED, SPLITS.index(split), CLASSES.index(condition), number])
    machine = draw_machine(rng, catalogue_bearing=split in ("test", "recordings"))
    return record(machine, condition, windows, rng)


def dataset(split, machines):
    """Windows in g, float32 [n, WINDOW, 3], and class numbers, `machines` of each class."""
    windows, labels = [], []
    for label, condition in enumerate(CLASSES):
        for number in range(machines):
            samples = machine_recording(split, condition, number)
            windows.append(samples.reshape(-1, WINDOW, 3))
            labels += [label] * len(windows[-1])
    return np.concatenate(windows).astype(np.float32) * np.float32(0.001), np.array(labels)
