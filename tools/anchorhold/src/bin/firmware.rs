//! The build's helper: kernel ELF to flash image, and the table of sizes.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anchorhold::board::{Board, Family};
use anchorhold::elf::Elf;
use anchorhold::files::{self, Access};
use anchorhold::tab::{self, Entry};
use anchorhold::tbf::Tbf;
use anchorhold::{Class, Error};
use clap::{Parser, Subcommand};

/// Debug information makes ELF files long.
const ELF_LIMIT: usize = 512 * 1024 * 1024;
const TAB_LIMIT: usize = 16 * 1024 * 1024;

#[derive(Parser)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the flash image of a kernel
    Image {
        #[arg(long)]
        board: String,
        elf: PathBuf,
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Print what a kernel and its applications take of flash and RAM
    Size {
        #[arg(long)]
        board: String,
        kernel: PathBuf,
        tabs: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    let result = match CommandLine::parse().command {
        Command::Image { board, elf, output } => image(&board, &elf, &output),
        Command::Size {
            board,
            kernel,
            tabs,
        } => size(&board, &kernel, &tabs),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("firmware: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn image(board: &str, path: &Path, output: &Path) -> Result<(), Error> {
    let family = Board::named(board)?.family;
    let bytes = files::read(path, ELF_LIMIT)?;
    let image = Elf::parse(&bytes)
        .and_then(|elf| elf.image(family.flash_origin, family.kernel_room()))
        .map_err(|what| Error::input(path, what))?;
    files::write(output, &image, Access::Public)
}

fn size(board: &str, kernel: &Path, tabs: &[PathBuf]) -> Result<(), Error> {
    let family = Board::named(board)?.family;
    println!("{board:<28}{:>10}{:>10}", "flash", "RAM");
    let bytes = files::read(kernel, ELF_LIMIT)?;
    let (flash, ram) = kernel_size(family, &bytes).map_err(|what| Error::input(kernel, what))?;
    let (flash_budget, ram_budget) = (family.kernel_flash_budget, family.kernel_ram_budget);
    let within = flash <= flash_budget && ram <= ram_budget;
    let verdict = if within {
        "within budget"
    } else {
        "OVER BUDGET"
    };
    println!(
        "{:<28}{flash:>10}{ram:>10}  {verdict}",
        "kernel and capsules"
    );
    println!("{:<28}{flash_budget:>10}{ram_budget:>10}", "  budget");
    for path in tabs {
        let bytes = files::read(path, TAB_LIMIT)?;
        let entries = tab::unpack(&bytes).map_err(|what| Error::input(path, what))?;
        let is_for_it = |entry: &&Entry| entry.architecture() == family.architecture;
        for entry in entries.iter().filter(is_for_it) {
            let tbf = Tbf::parse(&entry.tbf).map_err(|what| Error::input(path, what))?;
            let summary = tbf.summary;
            println!(
                "{:<28}{:>10}{:>10}",
                summary.name, summary.total_bytes, summary.minimum_ram_bytes
            );
        }
    }
    println!("Bytes. A kernel's RAM includes its stack and static buffers; a process's, its stack and grants.");
    if within {
        Ok(())
    } else {
        Err(Error::new(
            Class::Refused,
            format!("the kernel of {board} is over its budget; see the table"),
        ))
    }
}

fn kernel_size(family: &Family, bytes: &[u8]) -> Result<(u32, u32), &'static str> {
    let elf = Elf::parse(bytes)?;
    let flash = elf.image(family.flash_origin, family.kernel_room())?;
    let end = family.ram_origin + family.ram_length;
    let ram = elf.memory_within(family.ram_origin..end)?;
    Ok((u32::try_from(flash.len()).unwrap_or(u32::MAX), ram))
}
