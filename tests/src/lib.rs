//! End-to-end, attack and conformance tests.
