//! Where on a board a sealed model goes, and how it is packed for that place.

use model_tbf::writer::DataTbf;

use crate::error::{Class, Error};
use crate::model_file::ModelFile;
use crate::simulation::Board;
use crate::tab::{self, Entry};

/// A slot of a board.
#[derive(Clone, Copy, Debug)]
pub struct ModelSlot {
    board: &'static Board,
    number: usize,
    address: u32,
}

impl ModelSlot {
    /// Slot `number` of the board called `board`.
    pub fn find(board: &str, number: usize) -> Result<Self, Error> {
        let board = Board::named(board)?;
        let address = *board.model_slots.get(number).ok_or_else(|| {
            Error::new(
                Class::Usage,
                format!(
                    "--slot {number}: {} has slots 0 to {}",
                    board.name,
                    board.model_slots.len() - 1
                ),
            )
        })?;
        Ok(Self {
            board,
            number,
            address,
        })
    }

    /// Where in flash it starts.
    pub fn address(&self) -> u32 {
        self.address
    }

    /// The data-only TBF, and the TAB that tockloader installs it from.
    pub fn pack(&self, file: &ModelFile, package: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let failed = |error: &dyn std::fmt::Display| {
            Error::new(
                Class::Input,
                format!("the package cannot be packed: {error}"),
            )
        };
        // tockloader replaces what has the same name, and two versions may be in place.
        let name = format!("{}-v{}-s{}", file.name, file.version, self.number);
        let header = DataTbf {
            name: &name,
            flash_address: self.address,
            ram_address: self.board.application_ram,
        };
        let tbf = header.wrap(package).map_err(|error| failed(&error))?;
        let room = self.board.model_slot_length as usize;
        if tbf.len() > room {
            return Err(failed(&format_args!(
                "it takes {} bytes of flash, a slot has {room}; make the model smaller",
                tbf.len()
            )));
        }
        let body = self.address as usize + header.header_length();
        let entry = Entry {
            name: format!(
                "{}.{body:#010x}.{:#010x}.tbf",
                self.board.architecture, self.board.application_ram
            ),
            tbf,
        };
        let tab = tab::pack(&name, &entry).map_err(|error| failed(&error))?;
        Ok((entry.tbf, tab))
    }
}
