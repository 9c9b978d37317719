//! Anchorhold's Tock capsules: keys, sensor, model vault, evidence, policy.
