//! What subscribe and allow system calls do to a grant: store the new upcall
//! or buffer and return the old one.

use core::alloc::Layout;

use super::region::{EnteredGrant, SavedBuffer, SavedUpcall};
use crate::errorcode::ErrorCode;
use crate::process::Process;
use crate::processbuffer::{ReadOnlyProcessBuffer, ReadWriteProcessBuffer};
use crate::upcall::UpcallId;
use crate::utilities::capability_ptr::CapabilityPtr;
use crate::utilities::machine_register::MachineRegister;

/// Enters the grant of a driver, to reach the kernel's part of it. `NOMEM`:
/// the process has no such grant (yet).
fn enter(process: &dyn Process, driver_num: usize) -> Result<EnteredGrant<'_>, ErrorCode> {
    let grant_num = process
        .lookup_grant_from_driver_num(driver_num)
        .map_err(|_| ErrorCode::NOMEM)?;
    // SAFETY: nothing here touches the driver's data.
    unsafe { EnteredGrant::enter(process, grant_num, Layout::new::<()>()) }.map_err(ErrorCode::from)
}

/// Registers an upcall; returns function and data of the old one, and drops
/// what waits of it (TRD 104, section 4.2). `NOSUPPORT`: no such upcall.
pub(crate) fn subscribe(
    process: &dyn Process,
    id: UpcallId,
    function: CapabilityPtr,
    appdata: MachineRegister,
) -> Result<(CapabilityPtr, MachineRegister), ErrorCode> {
    let grant = enter(process, id.driver_num)?;
    let saved = grant.upcall(id.subscribe_num).ok_or(ErrorCode::NOSUPPORT)?;
    let old = saved.replace(SavedUpcall { function, appdata });
    process.remove_pending_upcalls(id);
    Ok((old.function, old.appdata))
}

/// Stores a read-only buffer; returns address and length of the old one.
/// `NOSUPPORT`: no such buffer.
pub(crate) fn allow_readonly(
    process: &dyn Process,
    driver_num: usize,
    allow_num: usize,
    buffer: ReadOnlyProcessBuffer,
) -> Result<(*const u8, usize), ErrorCode> {
    let grant = enter(process, driver_num)?;
    let saved = grant.read_only(allow_num).ok_or(ErrorCode::NOSUPPORT)?;
    let (start, len) = buffer.consume();
    let old = saved.replace(SavedBuffer { start, len });
    Ok((old.start, old.len))
}

/// Stores a read-write buffer; returns address and length of the old one.
/// `NOSUPPORT`: no such buffer.
pub(crate) fn allow_readwrite(
    process: &dyn Process,
    driver_num: usize,
    allow_num: usize,
    buffer: ReadWriteProcessBuffer,
) -> Result<(*mut u8, usize), ErrorCode> {
    let grant = enter(process, driver_num)?;
    let saved = grant.read_write(allow_num).ok_or(ErrorCode::NOSUPPORT)?;
    let (start, len) = buffer.consume();
    let old = saved.replace(SavedBuffer {
        start: start.cast_const(),
        len,
    });
    Ok((old.start.cast_mut(), old.len))
}
