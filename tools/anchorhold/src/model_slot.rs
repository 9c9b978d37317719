//! Where on its devices' boards a sealed model goes, and how it is packed for there.

use model_tbf::writer::DataTbf;

use crate::board::{Board, Family};
use crate::error::{Class, Error};
use crate::model_file::ModelFile;
use crate::tab::{self, Entry};

/// A slot that several boards have.
#[derive(Clone, Debug)]
pub struct ModelSlot {
    number: usize,
    /// Each memory map once, and where the slot is in it.
    places: Vec<(&'static Family, u32)>,
}

impl ModelSlot {
    /// Slot `number` of all `boards`.
    pub fn find(boards: &[&'static Board], number: usize) -> Result<Self, Error> {
        let mut places = Vec::new();
        for board in boards {
            let slots = board.family.model_slots;
            let address = *slots.get(number).ok_or_else(|| {
                Error::new(
                    Class::Usage,
                    format!(
                        "--slot {number}: {} has slots 0 to {}; give one of these",
                        board.name,
                        slots.len() - 1
                    ),
                )
            })?;
            if !places.iter().any(|(family, _)| *family == board.family) {
                places.push((board.family, address));
            }
        }
        Ok(Self { number, places })
    }

    /// For which instruction sets, and where in their flash.
    pub fn places(&self) -> impl Iterator<Item = (&'static str, u32)> + '_ {
        let places = self.places.iter();
        places.map(|(family, address)| (family.architecture, *address))
    }

    /// How many bytes of flash `package` takes in it.
    pub fn tbf_bytes(&self, file: &ModelFile, package: &[u8]) -> usize {
        let name = self.name(file);
        let header = DataTbf {
            name: &name,
            flash_address: 0,
            ram_address: 0,
        };
        header.header_length() + package.len().next_multiple_of(4)
    }

    /// tockloader replaces what has the same name, and two versions may be in place.
    fn name(&self, file: &ModelFile) -> String {
        format!("{}-v{}-s{}", file.name, file.version, self.number)
    }

    /// A data-only TBF for each memory map, all with the same package, and the TAB from
    /// which tockloader installs the one for its board.
    pub fn pack(&self, file: &ModelFile, package: &[u8]) -> Result<(Vec<Entry>, Vec<u8>), Error> {
        let name = self.name(file);
        let places = self.places.iter();
        let entries = places
            .map(|(family, address)| entry(&name, family, *address, package))
            .collect::<Result<Vec<_>, _>>()?;
        let tab = tab::pack(&name, &entries).map_err(failed)?;
        Ok((entries, tab))
    }
}

fn entry(name: &str, family: &Family, address: u32, package: &[u8]) -> Result<Entry, Error> {
    let header = DataTbf {
        name,
        flash_address: address,
        ram_address: family.data_ram,
    };
    let tbf = header.wrap(package).map_err(failed)?;
    let body = address as usize + header.header_length();
    let (architecture, ram) = (family.architecture, family.data_ram);
    Ok(Entry {
        name: format!("{architecture}.{body:#010x}.{ram:#010x}.tbf"),
        tbf,
    })
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(
        Class::Input,
        format!("the package cannot be packed: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::{EARLGREY_CW310, MPS2_AN386, NRF52840DK, OPENTITAN};

    #[test]
    fn boards_of_one_memory_map_share_a_place() {
        let boards = [&OPENTITAN, &NRF52840DK, &EARLGREY_CW310, &MPS2_AN386];
        let slot = ModelSlot::find(&boards, 1).unwrap();
        let places: Vec<_> = slot.places().collect();
        assert_eq!(
            places,
            [("riscv32imc", 0x200C_0000), ("cortex-m4", 0x000C_0000)]
        );
        assert!(ModelSlot::find(&boards, 2).is_err());
    }
}
