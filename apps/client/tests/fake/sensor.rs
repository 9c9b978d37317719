//! A fake sensor driver: serves one window, whole or in slices, again and again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use libtock_platform::{CommandReturn, ErrorCode};
use libtock_unittest::fake::SyscallDriver;
use libtock_unittest::{command_return, DriverInfo, DriverShareRef, RwAllowBuffer};

use super::only_buffer;

#[derive(Default)]
pub struct Sensor {
    /// The window.
    pub window: RefCell<Vec<u8>>,
    /// What the driver calls the sensor.
    pub kind: Cell<u32>,
    /// Bytes of the window that were served.
    pub served: Cell<usize>,
    /// First and third argument of the upcall that ends a read.
    pub status: Cell<u32>,
    pub input_status: Cell<u32>,
    /// The generation of the last read.
    pub generation: Cell<u32>,
    buffer: RefCell<RwAllowBuffer>,
    share_ref: DriverShareRef,
}

impl Sensor {
    pub fn new(window: &[u8]) -> Rc<Self> {
        Rc::new(Self {
            window: RefCell::new(window.into()),
            kind: Cell::new(2),
            ..Self::default()
        })
    }
}

impl SyscallDriver for Sensor {
    fn info(&self) -> DriverInfo {
        DriverInfo::new(0xA0002).upcall_count(1)
    }

    fn register(&self, share_ref: DriverShareRef) {
        self.share_ref.replace(share_ref);
    }

    fn command(&self, command_id: u32, argument0: u32, _argument1: u32) -> CommandReturn {
        let window = self.window.borrow();
        match command_id {
            0 => command_return::success(),
            1 => {
                self.generation.set(argument0);
                let mut buffer = self.buffer.borrow_mut();
                let rest = &window[self.served.get()..];
                let Some(slice) = rest.get(..buffer.len()).filter(|_| !buffer.is_empty()) else {
                    return command_return::failure(ErrorCode::Size);
                };
                buffer.copy_from_slice(slice);
                self.served
                    .set((self.served.get() + slice.len()) % window.len());
                let arguments = (
                    self.status.get(),
                    slice.len() as u32,
                    self.input_status.get(),
                );
                self.share_ref.schedule_upcall(0, arguments).unwrap();
                command_return::success()
            }
            2 => command_return::success_2_u32(window.len() as u32, self.kind.get()),
            _ => command_return::failure(ErrorCode::NoSupport),
        }
    }

    fn allow_readwrite(
        &self,
        buffer_num: u32,
        buffer: RwAllowBuffer,
    ) -> Result<RwAllowBuffer, (RwAllowBuffer, ErrorCode)> {
        only_buffer(&self.buffer, buffer_num, buffer)
    }
}
