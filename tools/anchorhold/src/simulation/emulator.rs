//! QEMU as a child process, with the board's serial port and QEMU's monitor.
//!
//! Both travel over socket pairs that the child has as its standard input and
//! output, so there are no port numbers or socket files to collide or to leave behind.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::flash::FlashImage;
use super::loadable;
use super::monitor::Monitor;
use super::uart::{Received, Uart};
use crate::board::Board;
use crate::error::{Class, Error};
use crate::files::{self, Access};

/// How long QEMU may take to go away after it was asked to.
const FAREWELL: Duration = Duration::from_secs(5);

/// The flash image in the form that QEMU loads, in the run directory.
const LOADED: &str = "flash.elf";

/// How the board's time goes by: it counts executed instructions, whatever else this
/// computer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// 8 ns an instruction, about what the real processors take.
    Usual,
    /// 1 ns an instruction, so that the board's clock tells how many there were.
    Counting,
}

/// A running board.
pub struct Emulator {
    process: Process,
    monitor: Monitor,
    uart: Uart,
    board: &'static Board,
    directory: PathBuf,
}

impl Emulator {
    /// Boots `flash` on `board`. The kernel's host files are those of `directory`,
    /// which also receives `uart.log` and `qemu.log`.
    pub fn start(
        qemu: &Path,
        board: &'static Board,
        flash: &FlashImage,
        directory: &Path,
        pace: Pace,
    ) -> Result<Self, Error> {
        let failed = |error: std::io::Error| {
            Error::environment(qemu, format_args!("cannot be started: {error}"))
        };
        let emulator = board.emulator()?;
        let family = board.family;
        let (serial, board_serial) = UnixStream::pair().map_err(failed)?;
        let (control, board_control) = UnixStream::pair().map_err(failed)?;
        let log = directory.join("qemu.log");
        let log = File::create(&log)
            .map_err(|error| Error::environment(&log, format_args!("cannot be made: {error}")))?;
        let image = files::read(flash.path(), family.flash_length as usize)?;
        let image = loadable::elf(&image, family.flash_origin);
        files::write(&directory.join(LOADED), &image, Access::Public)?;
        let child = Command::new(qemu)
            .args(["-M", emulator.machine, "-nodefaults", "-display", "none"])
            .args(emulator.options)
            .args(["-icount", pace.option()])
            .args(["-chardev", "socket,id=uart,fd=0", "-serial", "chardev:uart"])
            .args(["-chardev", "socket,id=control,fd=1"])
            .args(["-mon", "chardev=control,mode=control"])
            .args(["-semihosting-config", "enable=on,target=native"])
            .args(["-device", &format!("loader,file={LOADED}")])
            .current_dir(directory)
            .stdin(Stdio::from(OwnedFd::from(board_serial)))
            .stdout(Stdio::from(OwnedFd::from(board_control)))
            .stderr(log)
            .spawn()
            .map_err(failed)?;
        let process = Process(child);
        let uart = Uart::open(serial, &directory.join("uart.log"))?;
        let monitor = Monitor::connect(control).map_err(|error| {
            Error::new(
                Class::Emulator,
                format!("{error}; see {}", directory.join("qemu.log").display()),
            )
        })?;
        // QEMU greets after it has loaded everything.
        let _ = fs::remove_file(directory.join(LOADED));
        Ok(Self {
            process,
            monitor,
            uart,
            board,
            directory: directory.to_owned(),
        })
    }

    /// Sends a line to the board's serial port.
    pub fn send_line(&mut self, line: &str) -> Result<(), Error> {
        self.uart.send_line(line)
    }

    /// Waits at most `patience` for a line from the board's serial port.
    pub fn receive(&self, patience: Duration) -> Received {
        self.uart.receive(patience)
    }

    /// Saves `length` bytes of memory from `address` to a file of the run directory,
    /// and returns its path.
    pub fn save_memory(&mut self, address: u32, length: u32, name: &str) -> Result<PathBuf, Error> {
        self.monitor.save_memory(address, length, Path::new(name))?;
        Ok(self.directory.join(name))
    }

    /// Saves the whole RAM to a file of the run directory, and returns its path.
    pub fn save_ram(&mut self, name: &str) -> Result<PathBuf, Error> {
        let family = self.board.family;
        self.save_memory(family.ram_origin, family.ram_length, name)
    }

    /// Has QEMU note every block that it executes, nowhere: it becomes so slow that there
    /// is time to look at what a board has in memory for a moment.
    pub fn slow_down(&mut self) -> Result<(), Error> {
        for command in ["logfile /dev/null", "log exec,nochain"] {
            let arguments = json!({ "command-line": command });
            self.monitor.execute("human-monitor-command", arguments)?;
        }
        Ok(())
    }

    /// Stops the processor; memory stays as it is.
    pub fn pause(&mut self) -> Result<(), Error> {
        self.monitor.execute("stop", json!({})).map(drop)
    }

    /// Lets the processor run on after [`Emulator::pause`].
    pub fn resume(&mut self) -> Result<(), Error> {
        self.monitor.execute("cont", json!({})).map(drop)
    }

    /// Presses the board's reset button.
    pub fn reset(&mut self) -> Result<(), Error> {
        self.monitor.execute("system_reset", json!({})).map(drop)
    }

    /// Asks QEMU to end, and waits until it has.
    pub fn stop(mut self) -> Result<(), Error> {
        // QEMU may be gone before it has answered; what counts is that it ends.
        let _ = self.monitor.execute("quit", json!({}));
        let start = Instant::now();
        while start.elapsed() < FAREWELL {
            if self.process.has_ended() {
                self.uart.drain();
                return Ok(());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Err(Error::new(
            Class::Emulator,
            "QEMU did not end when asked to and was killed",
        ))
    }
}

impl Pace {
    /// QEMU's option. While the board idles its time follows the wall clock, so that a
    /// minute of the owner's policy is one.
    fn option(self) -> &'static str {
        match self {
            Pace::Usual => "shift=3,sleep=on",
            Pace::Counting => "shift=0,sleep=on",
        }
    }
}

/// A child process that does not outlive its handle.
struct Process(Child);

impl Process {
    fn has_ended(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
