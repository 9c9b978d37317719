//! The build's helper: kernel ELF to flash image, and the table of sizes.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anchorhold::board::{Board, Family, Kernel};
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
    let family = Board::chosen("--board", board)?.family;
    let bytes = files::read(path, ELF_LIMIT)?;
    let image = Elf::parse(&bytes)
        .and_then(|elf| elf.image(family.flash_origin, family.kernel_room()))
        .map_err(|what| Error::input(path, what))?;
    files::write(output, &image, Access::Public)
}

fn size(name: &str, kernel: &Path, tabs: &[PathBuf]) -> Result<(), Error> {
    let board = Board::chosen("--board", name)?;
    let family = board.family;
    println!("{name:<28}{:>10}{:>10}", "flash", "RAM");
    let bytes = files::read(kernel, ELF_LIMIT)?;
    let (flash, ram) = kernel_size(family, &bytes).map_err(|what| Error::input(kernel, what))?;
    let verdict = verdict(board, flash, ram);
    row("kernel and capsules", flash, ram, verdict.text());
    if let Some(budget) = board.budget {
        row("  budget", budget.flash, budget.ram, "");
    }
    if let Kernel::Upstream(Some(without)) = board.kernel {
        row("  upstream alone", without.flash, without.ram, "");
    }
    for path in tabs {
        let bytes = files::read(path, TAB_LIMIT)?;
        let entries = tab::unpack(&bytes).map_err(|what| Error::input(path, what))?;
        let is_for_it = |entry: &&Entry| entry.architecture() == family.architecture;
        for entry in entries.iter().filter(is_for_it) {
            let tbf = Tbf::parse(&entry.tbf).map_err(|what| Error::input(path, what))?;
            let summary = tbf.summary;
            row(
                &summary.name,
                summary.total_bytes,
                summary.minimum_ram_bytes,
                "",
            );
        }
    }
    println!("Bytes. A kernel's RAM includes its stack and static buffers; a process's, its stack and grants.");
    match verdict {
        Verdict::Over => Err(Error::new(
            Class::Refused,
            format!("the kernel of {name} is over its budget; see the table"),
        )),
        _ => Ok(()),
    }
}

/// How a kernel's size compares with its board's budget.
enum Verdict {
    Within,
    Over,
    /// Over it for what upstream's part takes, which nobody here can help.
    UpstreamOver,
    NoBudget,
}

impl Verdict {
    fn text(&self) -> &'static str {
        match self {
            Verdict::Within => "within budget",
            Verdict::Over => "OVER BUDGET",
            Verdict::UpstreamOver => "over budget, with upstream's kernel",
            Verdict::NoBudget => "no budget",
        }
    }
}

fn verdict(board: &Board, flash: u32, ram: u32) -> Verdict {
    match (board.budget, board.kernel) {
        (None, _) => Verdict::NoBudget,
        (Some(budget), _) if flash <= budget.flash && ram <= budget.ram => Verdict::Within,
        (Some(_), Kernel::Own) => Verdict::Over,
        (Some(_), Kernel::Upstream(_)) => Verdict::UpstreamOver,
    }
}

fn row(name: &str, flash: u32, ram: u32, remark: &str) {
    let line = format!("{name:<28}{flash:>10}{ram:>10}  {remark}");
    println!("{}", line.trim_end());
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
