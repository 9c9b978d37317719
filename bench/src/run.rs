//! One boot of a board with applications that measure.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anchorhold::board::Board;
use anchorhold::progress;
use anchorhold::simulation::recording::Recording;
use anchorhold::simulation::{FlashImage, Pace, RunDirectory, Session, Tools};
use anchorhold::{Class, Error};

use crate::figures::{Figures, Line};

/// No application measures for so long, on a computer that does other things as well.
const PATIENCE: Duration = Duration::from_secs(600);

/// What is on a board.
pub struct Installed<'a> {
    /// Names of applications.
    pub applications: &'a [&'a str],
    /// The TAB of a sealed model.
    pub model: Option<PathBuf>,
    /// What its sensor sees.
    pub recording: &'a Recording,
}

/// Boots `board`, and waits until an application has reported everything.
pub fn run(
    artifacts: &Path,
    board: &'static Board,
    installed: &Installed,
) -> Result<Figures, Error> {
    let names = installed.applications;
    let _progress = progress::spinner(format!("{}: {}", board.name, names.join(", ")));
    let tools = Tools::find(artifacts, board)?;
    let device = artifacts.join("demo").join(board.name);
    let place = artifacts.join("bench").join(board.name);
    // A model that was sealed anew with its old version would be refused by a device that
    // remembers the earlier one.
    let _ = fs::remove_file(place.join("storage.bin"));
    let directory = RunDirectory::prepare(&place, &device, installed.recording)?;
    let kernel = artifacts.join(board.name).join("kernel.bin");
    let flash = FlashImage::create(board.family, &kernel, &place.join("flash.bin"))?;
    let tabs: Vec<PathBuf> = names
        .iter()
        .map(|name| artifacts.join("tab").join(format!("{name}.tab")))
        .chain(installed.model.clone())
        .collect();
    flash.install(&tools.tockloader, &tabs)?;

    let pace = Pace::Counting;
    let mut session = Session::boot_at(pace, &tools, board, &flash, directory.path(), PATIENCE)?;
    let mut figures = Figures::default();
    session.wait_for("the end of the measurement", |line| {
        note(&mut figures, line)
    })??;
    directory.forget_secrets();
    session.stop()?;
    Ok(figures)
}

/// Keeps a line's figure; the result of the measurement, if it ends by this line.
fn note(figures: &mut Figures, line: &str) -> Option<Result<(), Error>> {
    if line.starts_with("fault: ") {
        let message = format!("an application that measures ended early: {line}");
        return Some(Err(Error::new(Class::Emulator, message)));
    }
    match Line::parse(line)? {
        Line::Figure(application, what, value) => {
            figures.keep(application, what, value);
            None
        }
        Line::End(_) => Some(Ok(())),
    }
}
