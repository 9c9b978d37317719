//! Tock's core capsules: console and alarm, with their virtualizers.
