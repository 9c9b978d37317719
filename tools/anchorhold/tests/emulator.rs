//! The emulator's plumbing, with a program of a few instructions in place of a kernel.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anchorhold::simulation::board::OPENTITAN;
use anchorhold::simulation::{FlashImage, Session, Tools};

const PATIENCE: Duration = Duration::from_secs(30);

/// RV32I: switch the UART on, print `hi`, then echo whatever arrives.
const ECHO: [u32; 19] = [
    0x4000_0537, // lui a0, 0x40000      UART base
    0x7fff_05b7, // lui a1, 0x7fff0
    0x0035_8593, // addi a1, a1, 3       rate, receive and transmit enable
    0x00b5_2823, // sw a1, 0x10(a0)      CTRL
    0x0680_0593, // li a1, 'h'
    0x00b5_2e23, // sw a1, 0x1c(a0)      WDATA
    0x0690_0593, // li a1, 'i'
    0x00b5_2e23, // sw a1, 0x1c(a0)
    0x00a0_0593, // li a1, '\n'
    0x00b5_2e23, // sw a1, 0x1c(a0)
    0x0145_2583, // lw a1, 0x14(a0)      STATUS
    0x0205_f593, // andi a1, a1, 0x20    receive FIFO empty
    0xfe05_9ce3, // bnez a1, -8
    0x0185_2603, // lw a2, 0x18(a0)      RDATA
    0x0145_2583, // lw a1, 0x14(a0)
    0x0015_f593, // andi a1, a1, 1       transmit FIFO full
    0xfe05_9ce3, // bnez a1, -8
    0x00c5_2e23, // sw a2, 0x1c(a0)
    0xfe1f_f06f, // j -32                next character
];

struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn boot(&self, program: &[u32], patience: Duration) -> Session {
        let mut kernel = vec![0; 0x400];
        kernel.extend(program.iter().flat_map(|word| word.to_le_bytes()));
        let path = self.0.join("kernel.bin");
        fs::write(&path, kernel).unwrap();
        let flash = FlashImage::create(&OPENTITAN, &path, &self.0.join("flash.bin")).unwrap();
        let tools = Tools {
            qemu: "qemu-system-riscv32".into(),
            tockloader: "tockloader".into(),
        };
        Session::boot(&tools, &OPENTITAN, &flash, &self.0, patience).unwrap()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn exactly<'a>(expected: &'a str) -> impl FnMut(&str) -> Option<()> + 'a {
    move |line| (line == expected).then_some(())
}

#[test]
fn lines_travel_both_ways() {
    let directory = Directory::new("emulator-echo");
    let mut session = directory.boot(&ECHO, PATIENCE);
    session.wait_for("a greeting", exactly("hi")).unwrap();
    let long = "nonce ".repeat(40);
    session.emulator().send_line(&long).unwrap();
    session
        .wait_for("the echo", exactly(long.trim_end()))
        .unwrap();
    session.stop().unwrap();
    let log = fs::read_to_string(directory.0.join("uart.log")).unwrap();
    assert_eq!(log, format!("hi\n{long}\n"));
}

#[test]
fn memory_can_be_looked_at() {
    let directory = Directory::new("emulator-memory");
    // li a1, 0x5a; lui a0, 0x10000; sw a1, 0(a0); then as before.
    let mut program = vec![0x05a0_0593, 0x1000_0537, 0x00b5_2023];
    program.extend(ECHO);
    let mut session = directory.boot(&program, PATIENCE);
    session.wait_for("a greeting", exactly("hi")).unwrap();
    let emulator = session.emulator();
    emulator.pause().unwrap();
    let ram = fs::read(emulator.save_ram("ram.bin").unwrap()).unwrap();
    assert_eq!(ram.len(), OPENTITAN.ram_length as usize);
    assert_eq!(ram[..4], [0x5a, 0, 0, 0]);
    emulator.resume().unwrap();
    session.stop().unwrap();
}

#[test]
fn a_reset_boots_again() {
    let directory = Directory::new("emulator-reset");
    let mut session = directory.boot(&ECHO, PATIENCE);
    session.wait_for("a greeting", exactly("hi")).unwrap();
    session.emulator().reset().unwrap();
    session.wait_for("another greeting", exactly("hi")).unwrap();
    session.stop().unwrap();
}

#[test]
fn a_stuck_board_is_reported_in_bounded_time() {
    let directory = Directory::new("emulator-stuck");
    // A jump to itself.
    let mut session = directory.boot(&[0x0000_006f], Duration::from_millis(200));
    let error = session.wait_until_ready().unwrap_err();
    assert_eq!(error.exit_code(), 7);
    assert!(error.to_string().contains("stuck"), "{error}");
    assert!(Path::new(&directory.0.join("uart.log")).exists());
}
