//! QEMU's machine protocol (QMP): one JSON object a line, over a socket.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{json, Value};

use crate::error::{Class, Error};

/// QEMU answers a command within milliseconds, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection over which QEMU takes commands.
pub struct Monitor {
    writer: UnixStream,
    reader: BufReader<UnixStream>,
}

impl Monitor {
    /// Reads the greeting and asks for command mode.
    pub fn connect(stream: UnixStream) -> Result<Self, Error> {
        stream
            .set_read_timeout(Some(PATIENCE))
            .map_err(|error| failed("connecting", error))?;
        let reader = stream
            .try_clone()
            .map(BufReader::new)
            .map_err(|error| failed("connecting", error))?;
        let mut monitor = Self {
            writer: stream,
            reader,
        };
        let greeting = monitor.receive("connecting")?;
        if greeting.get("QMP").is_none() {
            return Err(failed("connecting", "unexpected greeting"));
        }
        monitor.execute("qmp_capabilities", json!({}))?;
        Ok(monitor)
    }

    /// Runs one command and returns what it returns.
    pub fn execute(&mut self, command: &str, arguments: Value) -> Result<Value, Error> {
        let request = json!({ "execute": command, "arguments": arguments });
        writeln!(self.writer, "{request}").map_err(|error| failed(command, error))?;
        loop {
            let mut reply = self.receive(command)?;
            if let Some(value) = reply.get_mut("return") {
                return Ok(value.take());
            }
            if let Some(error) = reply.get("error") {
                return Err(failed(command, error["desc"].as_str().unwrap_or("refused")));
            }
            // Anything else is an event; commands are all that matters here.
        }
    }

    /// Saves `length` bytes of physical memory from `address` to a new file at `path`.
    pub fn save_memory(&mut self, address: u32, length: u32, path: &Path) -> Result<(), Error> {
        let name = path
            .to_str()
            .ok_or_else(|| failed("pmemsave", "the file's name is not UTF-8"))?;
        let arguments = json!({ "val": address, "size": length, "filename": name });
        self.execute("pmemsave", arguments).map(drop)
    }

    fn receive(&mut self, command: &str) -> Result<Value, Error> {
        let mut line = String::new();
        match self.reader.read_line(&mut line) {
            Ok(0) => Err(failed(command, "it closed the connection")),
            Ok(_) => serde_json::from_str(&line).map_err(|error| failed(command, error)),
            Err(error) => Err(failed(command, error)),
        }
    }
}

fn failed(command: &str, error: impl std::fmt::Display) -> Error {
    Error::new(
        Class::Emulator,
        format!("QEMU's monitor failed at {command}: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn events_are_passed_over_and_errors_told() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let qemu = thread::spawn(move || {
            let mut lines = BufReader::new(theirs.try_clone().unwrap()).lines();
            let mut writer = theirs;
            writeln!(writer, "{{\"QMP\":{{}}}}").unwrap();
            lines.next();
            writeln!(writer, "{{\"event\":\"RESUME\"}}\n{{\"return\":{{}}}}").unwrap();
            lines.next();
            writeln!(writer, "{{\"error\":{{\"desc\":\"no such thing\"}}}}").unwrap();
        });
        let mut monitor = Monitor::connect(ours).unwrap();
        let error = monitor.execute("nonsense", json!({})).unwrap_err();
        assert_eq!(error.class(), Class::Emulator);
        assert!(error.to_string().contains("no such thing"), "{error}");
        qemu.join().unwrap();
    }
}
