//! Which thread of execution runs kernel code.

use kernel::platform::chip::ThreadIdProvider;

/// One processor, whose exception handlers run no kernel code: there is a single
/// thread.
pub enum CortexMThreadIdProvider {}

// SAFETY: the kernel runs on one processor with interrupts masked, and the
// handlers are assembly that touches nothing of the kernel's but the registers
// it saved, so that no two pieces of kernel code are ever interleaved. The
// report of a kernel fault is the exception: it does not return.
unsafe impl ThreadIdProvider for CortexMThreadIdProvider {
    fn running_thread_id() -> usize {
        0
    }
}
