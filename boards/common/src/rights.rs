//! Who owns what on this board: every right that an application has, once. What
//! is not here is denied, and the table's digest is in every attestation.

use anchorhold_capsules::driver::{EVIDENCE, SENSOR, VAULT};
use anchorhold_capsules::rights::{commands, Application, Right, Rights};
use capsules_core::{alarm, console, low_level_debug, rng};
use core::num::NonZeroU32;

/// ShortId of the inference process, the only one that sees the model.
pub const INFERENCE: NonZeroU32 = NonZeroU32::new(0x1001).unwrap();
/// ShortId of the sample application that asks for Evidence.
const READER: u32 = 0x1002;

const fn right(application: Application, driver: usize, numbers: &[u32]) -> Right {
    Right {
        application,
        driver,
        commands: commands(numbers),
    }
}

static TABLE: [Right; 10] = {
    use Application::{AnyOther, Signed};
    const CELL: Application = Signed(INFERENCE.get());
    [
        // ready, submit, fail
        right(CELL, EVIDENCE, &[0, 16, 17, 18]),
        right(CELL, SENSOR, &[0, 1, 2]),
        right(CELL, VAULT, &[0, 1, 2, 3, 4]),
        right(Signed(READER), console::DRIVER_NUM, &[0, 1, 2, 3]),
        right(Signed(READER), alarm::DRIVER_NUM, &[0, 1, 2, 3, 5, 6]),
        right(Signed(READER), rng::DRIVER_NUM, &[0, 1]),
        // request, cancel, attest, claims, sign batch
        right(Signed(READER), EVIDENCE, &[0, 1, 2, 3, 4, 5]),
        // Not 2: whoever reads the console takes nonces away from the reader.
        right(AnyOther, console::DRIVER_NUM, &[0, 1, 3]),
        right(AnyOther, alarm::DRIVER_NUM, &[0, 1, 2, 3, 5, 6]),
        right(AnyOther, low_level_debug::DRIVER_NUM, &[0, 1, 2, 3]),
    ]
};

/// The board's system call filter.
pub static RIGHTS: Rights = Rights::new(&TABLE);
