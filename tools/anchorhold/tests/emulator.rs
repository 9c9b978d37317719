//! The emulator's plumbing, with a program of a few instructions in place of a kernel.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anchorhold::board::{self, Board};
use anchorhold::simulation::{FlashImage, Session, Tools};

const PATIENCE: Duration = Duration::from_secs(30);

/// A board, and what it can be made to do without a kernel.
struct Bare {
    board: &'static Board,
    /// What is in flash before the program.
    start: &'static [u8],
    /// Switch the UART on, print `hi`, then echo whatever arrives.
    echo: &'static [u16],
    /// Store 0x5a at the start of RAM.
    mark: &'static [u16],
    /// Do nothing, for ever.
    hang: &'static [u16],
}

static OPENTITAN: Bare = Bare {
    board: &board::OPENTITAN,
    start: &[0; 0x400],
    echo: &[
        0x0537, 0x4000, // lui a0, 0x40000      UART base
        0x05b7, 0x7fff, // lui a1, 0x7fff0
        0x8593, 0x0035, // addi a1, a1, 3       rate, receive and transmit enable
        0x2823, 0x00b5, // sw a1, 0x10(a0)      CTRL
        0x0593, 0x0680, // li a1, 'h'
        0x2e23, 0x00b5, // sw a1, 0x1c(a0)      WDATA
        0x0593, 0x0690, // li a1, 'i'
        0x2e23, 0x00b5, // sw a1, 0x1c(a0)
        0x0593, 0x00a0, // li a1, '\n'
        0x2e23, 0x00b5, // sw a1, 0x1c(a0)
        0x2583, 0x0145, // lw a1, 0x14(a0)      STATUS
        0xf593, 0x0205, // andi a1, a1, 0x20    receive FIFO empty
        0x9ce3, 0xfe05, // bnez a1, -8
        0x2603, 0x0185, // lw a2, 0x18(a0)      RDATA
        0x2583, 0x0145, // lw a1, 0x14(a0)
        0xf593, 0x0015, // andi a1, a1, 1       transmit FIFO full
        0x9ce3, 0xfe05, // bnez a1, -8
        0x2e23, 0x00c5, // sw a2, 0x1c(a0)
        0xf06f, 0xfe1f, // j -32                next character
    ],
    mark: &[
        0x0593, 0x05a0, // li a1, 0x5a
        0x0537, 0x1000, // lui a0, 0x10000
        0x2023, 0x00b5, // sw a1, 0(a0)
    ],
    hang: &[0x006f, 0x0000], // j 0
};

static MPS2_AN386: Bare = Bare {
    board: &board::MPS2_AN386,
    // Initial stack pointer, and the address of the program in Thumb state.
    start: &[0x00, 0x10, 0x00, 0x20, 0x09, 0, 0, 0],
    echo: &[
        0xf244, 0x0000, // movw r0, #0x4000
        0xf2c4, 0x0000, // movt r0, #0x4000     UART base
        0x2110, // movs r1, #16
        0x6101, // str r1, [r0, #16]            BAUDDIV
        0x2103, // movs r1, #3                  receive and transmit enable
        0x6081, // str r1, [r0, #8]             CTRL
        0x2168, // movs r1, #'h'
        0xf000, 0xf80b, // bl 0x2c              put
        0x2169, // movs r1, #'i'
        0xf000, 0xf808, // bl 0x2c
        0x210a, // movs r1, #'\n'
        0xf000, 0xf805, // bl 0x2c
        0x6841, // ldr r1, [r0, #4]             STATE
        0x0789, // lsls r1, r1, #30             receive buffer full
        0xd5fc, // bpl -8
        0x6801, // ldr r1, [r0]                 DATA
        0xe7f8, // b 0x1e                       next character
        0x6842, // put: ldr r2, [r0, #4]
        0x07d2, // lsls r2, r2, #31             transmit buffer full
        0xd1fc, // bne -8
        0x6001, // str r1, [r0]
        0x4770, // bx lr
    ],
    mark: &[
        0x215a, // movs r1, #0x5a
        0xf04f, 0x5000, // mov.w r0, #0x20000000
        0x6001, // str r1, [r0]
    ],
    hang: &[0xe7fe], // b .
};

const BARE: [&Bare; 2] = [&OPENTITAN, &MPS2_AN386];

struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn boot(&self, bare: &Bare, program: &[&[u16]], patience: Duration) -> Session {
        let mut kernel = bare.start.to_vec();
        let instructions = program.iter().copied().flatten();
        kernel.extend(instructions.flat_map(|half| half.to_le_bytes()));
        let path = self.0.join("kernel.bin");
        fs::write(&path, kernel).unwrap();
        let flash = self.0.join("flash.bin");
        let flash = FlashImage::create(bare.board.family, &path, &flash).unwrap();
        let tools = Tools {
            qemu: bare.board.emulator().unwrap().program.into(),
            tockloader: "tockloader".into(),
        };
        Session::boot(&tools, bare.board, &flash, &self.0, patience).unwrap()
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
    for bare in BARE {
        let directory = Directory::new("emulator-echo");
        let mut session = directory.boot(bare, &[bare.echo], PATIENCE);
        session.wait_for("a greeting", exactly("hi")).unwrap();
        // QEMU has looked for input while the UART was off, and looks again only when
        // something happens: here, a command that changes nothing.
        session.emulator().resume().unwrap();
        let long = "nonce ".repeat(40);
        session.emulator().send_line(&long).unwrap();
        session
            .wait_for("the echo", exactly(long.trim_end()))
            .unwrap();
        session.stop().unwrap();
        let log = fs::read_to_string(directory.0.join("uart.log")).unwrap();
        assert_eq!(log, format!("hi\n{long}\n"));
    }
}

#[test]
fn memory_can_be_looked_at() {
    for bare in BARE {
        let directory = Directory::new("emulator-memory");
        let mut session = directory.boot(bare, &[bare.mark, bare.echo], PATIENCE);
        session.wait_for("a greeting", exactly("hi")).unwrap();
        let emulator = session.emulator();
        emulator.pause().unwrap();
        let ram = fs::read(emulator.save_ram("ram.bin").unwrap()).unwrap();
        assert_eq!(ram.len(), bare.board.family.ram_length as usize);
        assert_eq!(ram[..4], [0x5a, 0, 0, 0]);
        emulator.resume().unwrap();
        session.stop().unwrap();
    }
}

#[test]
fn a_reset_boots_again() {
    for bare in BARE {
        let directory = Directory::new("emulator-reset");
        let mut session = directory.boot(bare, &[bare.echo], PATIENCE);
        session.wait_for("a greeting", exactly("hi")).unwrap();
        session.emulator().reset().unwrap();
        session.wait_for("another greeting", exactly("hi")).unwrap();
        session.stop().unwrap();
    }
}

#[test]
fn a_stuck_board_is_reported_in_bounded_time() {
    for bare in BARE {
        let directory = Directory::new("emulator-stuck");
        let mut session = directory.boot(bare, &[bare.hang], Duration::from_millis(200));
        let error = session.wait_until_ready().unwrap_err();
        assert_eq!(error.exit_code(), 7);
        assert!(error.to_string().contains("stuck"), "{error}");
        assert!(Path::new(&directory.0.join("uart.log")).exists());
    }
}
