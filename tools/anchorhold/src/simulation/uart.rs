//! The board's serial port: lines in, lines out, and a log of everything it said.

use std::fs::File;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::error::{Class, Error};
use crate::output;

/// A longer line is cut here: a hostile application may never end one.
const LINE_LIMIT: usize = 8 * 1024;

/// What came of waiting for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A line, without its end.
    Line(String),
    /// Nothing, for as long as was asked.
    Silence,
    /// The emulator has closed the port.
    Closed,
}

/// Our end of the serial port.
pub struct Uart {
    stream: UnixStream,
    lines: Receiver<String>,
    reader: Option<JoinHandle<()>>,
}

impl Uart {
    /// Takes over `stream` and copies all that comes from it to a log at `path`.
    pub fn open(stream: UnixStream, path: &Path) -> Result<Self, Error> {
        let log = File::create(path)
            .map_err(|error| Error::environment(path, format_args!("cannot be made: {error}")))?;
        let input = stream.try_clone().map_err(|error| {
            Error::new(Class::Emulator, format!("the serial port failed: {error}"))
        })?;
        let (sender, lines) = mpsc::channel();
        Ok(Self {
            stream,
            lines,
            reader: Some(thread::spawn(move || pump(input, log, &sender))),
        })
    }

    /// Sends `line` and its end to the board.
    pub fn send_line(&mut self, line: &str) -> Result<(), Error> {
        self.stream
            .write_all(format!("{line}\n").as_bytes())
            .map_err(|error| {
                Error::new(
                    Class::Emulator,
                    format!("the board's serial port takes no input: {error}"),
                )
            })
    }

    /// Waits until all that was sent before the other end closed is in the log.
    pub(super) fn drain(&mut self) {
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }

    /// Waits at most `patience` for the next line.
    pub fn receive(&self, patience: Duration) -> Received {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Received::Line(line),
            Err(RecvTimeoutError::Timeout) => Received::Silence,
            Err(RecvTimeoutError::Disconnected) => Received::Closed,
        }
    }
}

impl Drop for Uart {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
        self.drain();
    }
}

fn pump(mut input: UnixStream, mut log: File, sender: &Sender<String>) {
    let mut line = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count) = input.read(&mut buffer) {
        if count == 0 {
            break;
        }
        // A full disk must not end the run: the answers still verify.
        let _ = log.write_all(&buffer[..count]);
        for byte in &buffer[..count] {
            if *byte == b'\n' {
                let text = output::visible(String::from_utf8_lossy(&line).trim_end());
                line.clear();
                if sender.send(text).is_err() {
                    return;
                }
            } else if line.len() < LINE_LIMIT {
                line.push(*byte);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    const LONG: Duration = Duration::from_secs(10);

    #[test]
    fn lines_arrive_and_are_logged() {
        let scratch = Scratch::new("uart-lines");
        let log = scratch.path("uart.log");
        let (ours, mut board) = UnixStream::pair().unwrap();
        let uart = Uart::open(ours, &log).unwrap();
        board.write_all(b"reader: rea").unwrap();
        board.write_all(b"dy\r\nunfinished").unwrap();
        assert_eq!(uart.receive(LONG), Received::Line("reader: ready".into()));
        drop(board);
        assert_eq!(uart.receive(LONG), Received::Closed);
        drop(uart);
        assert_eq!(std::fs::read(&log).unwrap(), b"reader: ready\r\nunfinished");
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let scratch = Scratch::new("uart-flood");
        let (ours, mut board) = UnixStream::pair().unwrap();
        let uart = Uart::open(ours, &scratch.path("uart.log")).unwrap();
        board.write_all(&vec![b'a'; 3 * LINE_LIMIT]).unwrap();
        board.write_all(b"\nnext\n").unwrap();
        match uart.receive(LONG) {
            Received::Line(line) => assert_eq!(line.len(), LINE_LIMIT),
            other => panic!("{other:?}"),
        }
        assert_eq!(uart.receive(LONG), Received::Line("next".into()));
    }

    #[test]
    fn silence_is_told() {
        let scratch = Scratch::new("uart-silence");
        let (ours, _board) = UnixStream::pair().unwrap();
        let uart = Uart::open(ours, &scratch.path("uart.log")).unwrap();
        assert_eq!(uart.receive(Duration::from_millis(1)), Received::Silence);
    }

    #[test]
    fn what_is_sent_ends_in_a_newline() {
        let scratch = Scratch::new("uart-send");
        let (ours, mut board) = UnixStream::pair().unwrap();
        let mut uart = Uart::open(ours, &scratch.path("uart.log")).unwrap();
        uart.send_line("nonce 00").unwrap();
        let mut bytes = [0; 9];
        board.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"nonce 00\n");
    }
}
