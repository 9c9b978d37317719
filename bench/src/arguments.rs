//! The command line.

use std::path::PathBuf;

use anchorhold::board::{Board, MPS2_AN386, OPENTITAN};
use anchorhold::{Class, Error};
use clap::Parser;

use crate::sections::{Section, SECTIONS};

/// The boards that can be measured.
pub static BOARDS: [&Board; 2] = [&OPENTITAN, &MPS2_AN386];

/// Measures what the emulated boards do, in instructions, beside what others need
#[derive(Debug, Parser)]
#[command(name = "bench", max_term_width = 100)]
pub struct Arguments {
    /// What to measure [default: everything]
    #[arg(value_name = "SECTION")]
    sections: Vec<String>,
    /// Where `make build` put kernels, TABs and tools, and runs are kept
    #[arg(long, default_value = "target", value_name = "DIRECTORY")]
    pub artifacts: PathBuf,
    /// Draw what inference takes beside the peer into this file (section engine)
    #[arg(long, value_name = "SVG")]
    pub chart: Option<PathBuf>,
    /// Print one line of JSON a section
    #[arg(long)]
    pub json: bool,
}

impl Arguments {
    /// The sections to measure.
    pub fn sections(&self) -> Result<Vec<&'static Section>, Error> {
        if self.sections.is_empty() {
            return Ok(SECTIONS.iter().collect());
        }
        self.sections.iter().map(|name| section(name)).collect()
    }
}

fn section(name: &str) -> Result<&'static Section, Error> {
    SECTIONS
        .iter()
        .find(|section| section.name == name)
        .ok_or_else(|| {
            let names: Vec<_> = SECTIONS.iter().map(|section| section.name).collect();
            Error::new(
                Class::Usage,
                format!("{name}: no such section; give one of {}", names.join(", ")),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_by_name() {
        let all = Arguments::parse_from(["bench"]).sections().unwrap();
        assert_eq!(all.len(), SECTIONS.len());
        for name in all.iter().map(|section| section.name) {
            let chosen = Arguments::parse_from(["bench", name]).sections().unwrap();
            assert_eq!(chosen[0].name, name);
        }
        let error = Arguments::parse_from(["bench", "toast"])
            .sections()
            .unwrap_err();
        assert!(
            error.to_string().contains("give one of syscalls"),
            "{error}"
        );
    }
}
