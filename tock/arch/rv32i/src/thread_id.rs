//! Which thread of execution runs kernel code.

use kernel::platform::chip::ThreadIdProvider;

/// One hart, and no interrupt handlers: there is a single thread.
pub enum RiscvThreadIdProvider {}

// SAFETY: the kernel runs on one hart with interrupts masked, so no two pieces
// of kernel code are ever interleaved and one number identifies them all.
unsafe impl ThreadIdProvider for RiscvThreadIdProvider {
    fn running_thread_id() -> usize {
        0
    }
}
