//! Two functions for the kernel to call, and what it called them with.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A call of one of the functions.
#[derive(Clone, Copy)]
pub struct Call {
    /// Which function: `a` or `b`.
    pub function: &'static str,
    /// The driver's three arguments.
    pub arguments: [usize; 3],
    /// What was given when the function was registered.
    pub data: usize,
}

/// Calls that are kept; there is no list to be had for more.
const KEPT: usize = 4;

/// The calls since the last report, which may be more than are kept.
static COUNT: AtomicUsize = AtomicUsize::new(0);
/// Of each: whether it is `b`, then its four arguments.
static CALLS: [[AtomicUsize; 5]; KEPT] = [const { [const { AtomicUsize::new(0) }; 5] }; KEPT];

/// The address of the function `a`.
pub fn a() -> usize {
    function_a as *const () as usize
}

/// The address of the function `b`.
pub fn b() -> usize {
    function_b as *const () as usize
}

extern "C" fn function_a(first: usize, second: usize, third: usize, data: usize) {
    note([0, first, second, third, data]);
}

extern "C" fn function_b(first: usize, second: usize, third: usize, data: usize) {
    note([1, first, second, third, data]);
}

fn note(call: [usize; 5]) {
    // Upcalls come one at a time, and only to yields.
    let count = COUNT.load(Relaxed);
    if let Some(places) = CALLS.get(count) {
        for (place, value) in places.iter().zip(call) {
            place.store(value, Relaxed);
        }
    }
    COUNT.store(count.wrapping_add(1), Relaxed);
}

/// Starts to count anew.
pub fn forget() {
    COUNT.store(0, Relaxed);
}

/// How often either function was called.
pub fn count() -> usize {
    COUNT.load(Relaxed)
}

/// The calls since the last report.
pub fn calls() -> impl Iterator<Item = Call> {
    CALLS.iter().take(count()).map(|call| {
        let [function, first, second, third, data] =
            call.each_ref().map(|value| value.load(Relaxed));
        Call {
            function: if function == 0 { "a" } else { "b" },
            arguments: [first, second, third],
            data,
        }
    })
}
