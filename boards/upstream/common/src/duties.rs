//! What the real kernel leaves to its board: wiping the memory of a process that ends
//! before its time, and saying in the log what became of processes.

use anchorhold_board::Duties;
use core::fmt::{self, Write};
use kernel::debug;
use kernel::process::{Process, ProcessLoadError, ProcessLoadingAsyncClient};
use kernel::processbuffer::WriteableProcessBuffer;

/// Everything that it leaves.
pub const DUTIES: Duties = Duties {
    at_fault,
    before_restart: wipe,
    loading: Some(&Report),
};

fn at_fault(process: &dyn Process) {
    wipe(process);
    // The kernel does not tell why.
    let name = visible(process.get_process_name());
    debug!("fault: process {} at an unreported place", name);
}

/// Zeroes the memory that the process can reach: its stack and its data, too.
fn wipe(process: &dyn Process) {
    let addresses = process.get_addresses();
    let length = addresses.sram_app_brk.saturating_sub(addresses.sram_start);
    // A process that has ended already gives no buffer, and was wiped when it ended.
    if let Ok(memory) =
        process.build_readwrite_process_buffer(addresses.sram_start as *mut u8, length)
    {
        let _ = memory.mut_enter(|memory| memory.iter().for_each(|byte| byte.set(0)));
    }
}

/// A name that cannot forge lines of the log.
fn visible(name: &'static str) -> &'static str {
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()) {
        name
    } else {
        "(unnamed)"
    }
}

/// Says what was not loaded and why.
struct Report;

impl ProcessLoadingAsyncClient for Report {
    fn process_loaded(&self, result: Result<(), ProcessLoadError>) {
        if let Err(error) = result {
            if !is_no_application(&error) {
                debug!("loading: passed over in flash: {:?}", error);
            }
        }
    }

    fn process_loading_finished(&self) {}
}

/// Whether it was padding or a model, which are not to be loaded. Upstream exports no
/// type for the reason, only its text; should that change, the log says more.
fn is_no_application(error: &ProcessLoadError) -> bool {
    struct Text(bool);
    impl Write for Text {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 |= part.ends_with("just padding") || part.ends_with("not enabled");
            Ok(())
        }
    }
    let mut text = Text(false);
    write!(text, "{error:?}").is_ok() && text.0
}
