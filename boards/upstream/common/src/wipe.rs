//! Wiping a process's memory, which the real kernel leaves as it is when a process
//! faults or restarts.

use kernel::process::Process;
use kernel::processbuffer::WriteableProcessBuffer;

/// Zeroes the memory that the process can reach. It must be about to end: its stack
/// and its data go, too.
pub fn memory(process: &dyn Process) {
    let addresses = process.get_addresses();
    let length = addresses.sram_app_brk.saturating_sub(addresses.sram_start);
    // A process that has ended already gives no buffer, and was wiped when it ended.
    if let Ok(memory) =
        process.build_readwrite_process_buffer(addresses.sram_start as *mut u8, length)
    {
        let _ = memory.mut_enter(|memory| memory.iter().for_each(|byte| byte.set(0)));
    }
}
