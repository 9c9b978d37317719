//! Host-backed devices for emulated boards, over semihosting.
