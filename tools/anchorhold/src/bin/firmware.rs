//! The build's helper: kernel ELF to flash image, and the table of sizes.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anchorhold::board::{Board, Budget, Family};
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

fn size(name: &str, kernel: &Path, tabs: &[PathBuf]) -> Result<(), Error> {
    let board = Board::named(name)?;
    let family = board.family;
    println!("{name:<28}{:>10}{:>10}", "flash", "RAM");
    let bytes = files::read(kernel, ELF_LIMIT)?;
    let (flash, ram) = kernel_size(family, &bytes).map_err(|what| Error::input(kernel, what))?;
    let is_within = |budget: Budget| flash <= budget.flash && ram <= budget.ram;
    let verdict = match board.budget.map(is_within) {
        Some(true) => "within budget",
        Some(false) => "OVER BUDGET",
        None => "upstream's kernel, no budget",
    };
    println!(
        "{:<28}{flash:>10}{ram:>10}  {verdict}",
        "kernel and capsules"
    );
    if let Some(budget) = board.budget {
        println!("{:<28}{:>10}{:>10}", "  budget", budget.flash, budget.ram);
    }
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
    if board.budget.is_none_or(is_within) {
        Ok(())
    } else {
        Err(Error::new(
            Class::Refused,
            format!("the kernel of {name} is over its budget; see the table"),
        ))
    }
}

fn kernel_size(family: &Family, bytes: &[u8]) -> Result<(u32, u32), &'static str> {
    let elf = Elf::parse(bytes)?;
    let image = elf.image(family.flash_origin, family.kernel_room())?;
    let end = family.ram_origin + family.ram_length;
    Ok((occupied(&image), elf.memory_within(family.ram_origin..end)?))
}

/// Bytes of an image without long stretches of erased flash: upstream's kernels have
/// their attributes at the end of the room for them.
fn occupied(image: &[u8]) -> u32 {
    const LONG: usize = 4096;
    image
        .chunk_by(|a, b| (*a == 0xFF) == (*b == 0xFF))
        .filter(|run| run[0] != 0xFF || run.len() < LONG)
        .map(|run| run.len() as u32)
        .sum()
}
