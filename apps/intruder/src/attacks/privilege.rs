//! Instructions and registers that only the kernel may use.

use libtock_hostile::{
    raise_privilege, read, read_kernel_register, return_from_trap, semihosting, use_floating_point,
    write_memory_protection,
};

use crate::addresses::KERNEL_RAM;
use crate::attack::{Attack, Verdict};

pub const ATTACKS: &[Attack] = &[
    Attack::new("read-kernel-register", || match read_kernel_register() {
        0 => Verdict::Harmless("it reads as zero"),
        value => Verdict::Breach("read", value),
    }),
    Attack::new("switch-off-protection", || {
        write_memory_protection(0);
        Verdict::Breach("wrote", 0)
    }),
    Attack::new("raise-privilege", || {
        raise_privilege();
        Verdict::Breach("read", read(KERNEL_RAM) as usize)
    }),
    // A unit that processes shared would show each the others' numbers.
    Attack::new("use-floating-point", || {
        use_floating_point();
        Verdict::Breach("has a floating-point unit", 0)
    }),
    Attack::new("return-from-trap", || {
        return_from_trap();
        Verdict::Breach("returned", 0)
    }),
    Attack::new("open-key-file", open_key_file),
];

/// Semihosting's operation that opens a file on the host.
const SYS_OPEN: usize = 0x01;

/// The emulated device's keys are a file on the host, which only the kernel may
/// ask for.
fn open_key_file() -> Verdict {
    let name = c"otp.bin";
    let read_binary = 1;
    let arguments = [name.as_ptr().addr(), read_binary, name.count_bytes()];
    Verdict::Breach("the host answered", semihosting(SYS_OPEN, &arguments))
}
