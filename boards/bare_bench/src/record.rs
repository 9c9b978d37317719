//! Records, as the host finds them in `results.bin`.

use kernel::ErrorCode;
use semihosting::{File, Mode};

/// How a job ended.
#[derive(Clone, Copy)]
pub enum Status {
    /// It ran to its end.
    Done = 0,
    /// There is no running this plan.
    Plan = 1,
    /// The run stopped.
    Run = 2,
    /// The input has not the length that the plan says.
    Input = 3,
    /// Arena, row buffer and tile buffer exceed the board's memory.
    Memory = 4,
    /// Something wrote beside the arena, the row buffer or the tile buffer.
    Beside = 5,
    /// A register has changed that functions must leave as it was.
    Registers = 6,
}

/// The file that takes the records.
pub struct Records {
    file: File,
    length: usize,
}

impl Records {
    /// Starts the file.
    ///
    /// # Errors
    /// The host has none.
    pub fn create() -> Result<Self, ErrorCode> {
        let file = File::open(c"results.bin", Mode::Create)?;
        Ok(Self { file, length: 0 })
    }

    /// What one operator took, and what came of it.
    ///
    /// # Errors
    /// The host did not take it.
    pub fn operator(&mut self, instructions: u32, output: &[u8]) -> Result<(), ErrorCode> {
        self.words([1, instructions, output.len() as u32])?;
        self.bytes(output)
    }

    /// How a job ended, and what all of it took.
    ///
    /// # Errors
    /// The host did not take it.
    pub fn end(&mut self, status: Status, instructions: u32) -> Result<(), ErrorCode> {
        self.words([0, instructions, status as u32])
    }

    fn words(&mut self, words: [u32; 3]) -> Result<(), ErrorCode> {
        self.bytes(words.map(u32::to_le_bytes).as_flattened())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), ErrorCode> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.file.write_at(self.length, bytes)?;
        self.length += bytes.len();
        Ok(())
    }
}
