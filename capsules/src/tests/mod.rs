//! Tests of capsules that need no process: persistent state and model acceptance.
//! System calls, upcalls and grants are tested on the emulated board.

mod acceptance;
mod device_state;
mod fakes;
mod keys;
mod measurement;
