//! Records, as the host finds them in `results.bin`.

use kernel::ErrorCode;
use semihosting::{File, Mode};

/// The file that takes the records.
pub struct Records {
    file: File,
    length: usize,
}

impl Records {
    /// Starts the file.
    pub fn create() -> Result<Self, ErrorCode> {
        let file = File::open(c"results.bin", Mode::Create)?;
        Ok(Self { file, length: 0 })
    }

    /// What one operator took, and what came of it.
    pub fn operator(&mut self, instructions: u32, output: &[u8]) -> Result<(), ErrorCode> {
        self.words([1, instructions, output.len() as u32])?;
        self.bytes(output)
    }

    /// How a job ended: zero for well.
    pub fn end(&mut self, status: u32, instructions: u32) -> Result<(), ErrorCode> {
        self.words([0, instructions, status])
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
