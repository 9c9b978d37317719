//! `anchorhold flash`: programs a real board, or says how.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::board::{Board, Programmer};
use crate::error::{Class, Error};
use crate::sealed::FILE_LIMIT;
use crate::simulation::tools;
use crate::{files, output};

/// Program a real board with kernel, applications and sealed models
#[derive(Debug, Args)]
pub struct Arguments {
    /// Which board
    #[arg(long)]
    board: String,
    /// An application to install; by default the inference and reader TABs of the
    /// artifacts
    #[arg(long = "app", value_name = "TAB")]
    apps: Vec<PathBuf>,
    /// The directory of the device that `anchorhold provision` made, to provision the
    /// board with. An nRF52840 keeps its records; an Earl Grey is erased first, so that its
    /// numbers would begin again: give it a new device each time
    #[arg(long, value_name = "DIRECTORY")]
    device: Option<PathBuf>,
    /// A sealed model to install
    #[arg(long = "model", value_name = "TAB")]
    models: Vec<PathBuf>,
    /// Where `make` put kernels, TABs and tools
    #[arg(long, default_value = "target", value_name = "DIRECTORY")]
    artifacts: PathBuf,
    /// Print the commands, and the TABs' SHA-256, instead
    #[arg(long)]
    dry_run: bool,
}

/// A command that is part of the work: the program, and what it is given.
type Step = Vec<String>;

/// Programs the board.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let board = Board::chosen("--board", &arguments.board)?;
    let programmer = board.programmer()?;
    let artifacts = &arguments.artifacts;
    let kernel = artifacts.join(board.name).join("kernel.bin");
    let mut tabs = arguments.apps.clone();
    if tabs.is_empty() {
        tabs = ["inference", "reader"]
            .map(|name| artifacts.join(format!("tab/{name}.tab")))
            .to_vec();
    }
    tabs.extend(arguments.models.iter().cloned());
    for tab in &tabs {
        files::must_be_there(tab, "give a TAB")?;
    }
    let page = arguments
        .device
        .as_ref()
        .map(|device| device.join("otp.bin"));
    if let Some(page) = &page {
        files::must_be_there(page, "give the directory that `anchorhold provision` made")?;
    }
    let tockloader = tools::tockloader(artifacts)?;
    let tockloader = text(&tockloader);
    let steps = steps(
        board,
        programmer,
        &tockloader,
        &kernel,
        page.as_deref(),
        &tabs,
    );
    if arguments.dry_run {
        return print(&tabs, &steps);
    }
    if !kernel.is_file() {
        return Err(Error::environment(
            &kernel,
            "not there; build the board's kernel first, with `make upstream`",
        ));
    }
    steps.iter().try_for_each(execute)
}

fn steps(
    board: &Board,
    programmer: Programmer,
    tockloader: &str,
    kernel: &Path,
    page: Option<&Path>,
    tabs: &[PathBuf],
) -> Vec<Step> {
    let family = board.family;
    let image = text(&kernel.with_file_name("flash.bin"));
    let channel: Step = match programmer {
        Programmer::JLink => words(&["--jlink"]),
        Programmer::OpenTitanTool => words(&["--flash-file", &image]),
    };
    let tockloader = |command: &str, option: &str, address: u32, files: Step| {
        let address = format!("{address:#010x}");
        let board = words(&[tockloader, command, "--board", family.tockloader]);
        [board, channel.clone(), words(&[option, &address]), files].concat()
    };
    let (start, applications) = (family.flash_origin, family.applications);
    let tabs = tabs.iter().map(|tab| text(tab)).collect();
    let mut steps = vec![tockloader("flash", "--address", start, vec![text(kernel)])];
    steps.extend(
        page.map(|page| tockloader("flash", "--address", family.own_flash, vec![text(page)])),
    );
    steps.push(tockloader("install", "--app-address", applications, tabs));
    match programmer {
        Programmer::JLink => steps,
        Programmer::OpenTitanTool => {
            // An image of earlier would keep its applications. With a page, the image holds
            // the board's keys: nobody else may read it, and it does not stay.
            let remove = words(&["rm", "-f", &image]);
            let private = words(&["install", "-m", "600", "/dev/null", &image]);
            let bootstrap = words(&["opentitantool", "--interface=cw310", "bootstrap", &image]);
            [
                vec![remove.clone(), private],
                steps,
                vec![bootstrap, remove],
            ]
            .concat()
        }
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn words(words: &[&str]) -> Step {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Prints the commands as a shell takes them.
fn print(tabs: &[PathBuf], steps: &[Step]) -> Result<(), Error> {
    for tab in tabs {
        let digest = files::digest_line(tab, FILE_LIMIT)?;
        output::line(format_args!("# SHA-256 {digest}"));
    }
    for step in steps {
        let words: Vec<_> = step.iter().map(|word| quoted(word)).collect();
        output::line(words.join(" "));
    }
    Ok(())
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=./".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn execute(step: &Step) -> Result<(), Error> {
    let Some((program, arguments)) = step.split_first() else {
        return Ok(());
    };
    let path = Path::new(program);
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Error::environment(path, format_args!("cannot be started: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::new(
        Class::Environment,
        format!("{program} failed ({status}); what it printed says why"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::{EARLGREY_CW310, NRF52840DK};

    fn lines(board: &Board) -> Vec<String> {
        let kernel = Path::new("target/board/kernel.bin");
        let tabs = ["a.tab".into(), "my model.tab".into()];
        let programmer = board.programmer().unwrap();
        let page = Some(Path::new("device/otp.bin"));
        let steps = steps(board, programmer, "tockloader", kernel, page, &tabs);
        let quote = |step: &Step| step.iter().map(|word| quoted(word)).collect::<Vec<_>>();
        steps.iter().map(|step| quote(step).join(" ")).collect()
    }

    #[test]
    fn tockloader_programs_an_nrf52840() {
        assert_eq!(
            lines(&NRF52840DK),
            [
                "tockloader flash --board nrf52dk --jlink --address 0x00000000 target/board/kernel.bin",
                "tockloader flash --board nrf52dk --jlink --address 0x000fb000 device/otp.bin",
                "tockloader install --board nrf52dk --jlink --app-address 0x00040000 a.tab 'my model.tab'",
            ]
        );
    }

    #[test]
    fn an_earl_grey_gets_an_image_from_tockloader() {
        let lines = lines(&EARLGREY_CW310);
        let image = "target/board/flash.bin";
        assert_eq!(lines[0], format!("rm -f {image}"));
        assert_eq!(
            lines[4],
            format!("tockloader install --board opentitan_earlgrey --flash-file {image} --app-address 0x20030000 a.tab 'my model.tab'")
        );
        assert_eq!(
            lines[5],
            format!("opentitantool --interface=cw310 bootstrap {image}")
        );
    }

    #[test]
    fn an_image_with_keys_is_private_and_does_not_stay() {
        let lines = lines(&EARLGREY_CW310);
        let image = "target/board/flash.bin";
        assert_eq!(lines[1], format!("install -m 600 /dev/null {image}"));
        assert_eq!(lines.last(), Some(&format!("rm -f {image}")));
    }
}
