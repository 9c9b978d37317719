//! The build's helper: kernel ELF to flash image, and the table of sizes.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anchorhold::elf::Elf;
use anchorhold::files::{self, Access};
use anchorhold::simulation::board::OPENTITAN;
use anchorhold::tbf::Tbf;
use anchorhold::{tab, Class, Error};
use clap::{Parser, Subcommand};

/// Debug information makes ELF files long.
const ELF_LIMIT: usize = 512 * 1024 * 1024;
const TAB_LIMIT: usize = 16 * 1024 * 1024;
/// What kernel and capsules may take of flash and, with stack and buffers, of RAM.
const KERNEL_FLASH_BUDGET: u32 = 128 * 1024;
const KERNEL_RAM_BUDGET: u32 = 24 * 1024;

#[derive(Parser)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the flash image of a kernel
    Image {
        elf: PathBuf,
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Print what a kernel and its applications take of flash and RAM
    Size { kernel: PathBuf, tabs: Vec<PathBuf> },
}

fn main() -> ExitCode {
    let result = match CommandLine::parse().command {
        Command::Image { elf, output } => image(&elf, &output),
        Command::Size { kernel, tabs } => size(&kernel, &tabs),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("firmware: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn image(path: &Path, output: &Path) -> Result<(), Error> {
    let bytes = files::read(path, ELF_LIMIT)?;
    let image = Elf::parse(&bytes)
        .and_then(|elf| elf.image(OPENTITAN.flash_origin, OPENTITAN.kernel_room()))
        .map_err(|what| Error::input(path, what))?;
    files::write(output, &image, Access::Public)
}

fn size(kernel: &Path, tabs: &[PathBuf]) -> Result<(), Error> {
    println!("{:<28}{:>10}{:>10}", "", "flash", "RAM");
    let bytes = files::read(kernel, ELF_LIMIT)?;
    let (flash, ram) = kernel_size(&bytes).map_err(|what| Error::input(kernel, what))?;
    let within = row("kernel and capsules", flash, ram);
    println!(
        "{:<28}{KERNEL_FLASH_BUDGET:>10}{KERNEL_RAM_BUDGET:>10}",
        "  budget"
    );
    for path in tabs {
        let bytes = files::read(path, TAB_LIMIT)?;
        for entry in tab::unpack(&bytes).map_err(|what| Error::input(path, what))? {
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
            "the kernel is over its budget; see the table",
        ))
    }
}

fn row(name: &str, flash: u32, ram: u32) -> bool {
    let within = flash <= KERNEL_FLASH_BUDGET && ram <= KERNEL_RAM_BUDGET;
    let verdict = if within {
        "within budget"
    } else {
        "OVER BUDGET"
    };
    println!("{name:<28}{flash:>10}{ram:>10}  {verdict}");
    within
}

fn kernel_size(bytes: &[u8]) -> Result<(u32, u32), &'static str> {
    let elf = Elf::parse(bytes)?;
    let flash = elf.image(OPENTITAN.flash_origin, OPENTITAN.kernel_room())?;
    let end = OPENTITAN.ram_origin + OPENTITAN.ram_length;
    let ram = elf.memory_within(OPENTITAN.ram_origin..end)?;
    Ok((u32::try_from(flash.len()).unwrap_or(u32::MAX), ram))
}
