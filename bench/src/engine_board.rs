//! The bare boards: jobs in, instructions and outputs out. The formats are those
//! of `boards/bare_bench`.

use crate::engine_code::engine_bytes;
pub use crate::engine_code::EngineBytes;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A board in QEMU that runs an engine and nothing else.
pub struct Board {
    /// Our name for it.
    pub name: &'static str,
    /// What its processor is called.
    pub processor: &'static str,
    /// Instructions that one step of its counter stands for.
    pub resolution: u32,
    emulator: &'static str,
    machine: &'static str,
    target: &'static str,
    /// The image, and in the same order its package's folder.
    image: [&'static str; 2],
    jobs: u32,
    jobs_bytes: usize,
}

const ENGINE: [&str; 2] = ["engine-bench", "engine_bench"];

/// The boards with our engine.
pub static BOARDS: [Board; 2] = [
    Board {
        name: "mps2_an386",
        processor: "Cortex-M4",
        resolution: 40,
        emulator: "qemu-system-arm",
        machine: "mps2-an386",
        target: "thumbv7em-none-eabi",
        image: ENGINE,
        jobs: 0x0002_0000,
        jobs_bytes: 0xe_0000,
    },
    Board {
        name: "opentitan",
        processor: "RV32IMC",
        resolution: 1,
        emulator: "qemu-system-riscv32",
        machine: "opentitan",
        target: "riscv32imc-unknown-none-elf",
        image: ENGINE,
        jobs: 0x2002_0000,
        jobs_bytes: 0xe_0000,
    },
];

/// The Cortex-M4 with microflow, whose jobs name a model instead of having a plan.
pub static MICROFLOW: Board = Board {
    name: "mps2_an386",
    processor: "Cortex-M4",
    resolution: 40,
    emulator: "qemu-system-arm",
    machine: "mps2-an386",
    target: "thumbv7em-none-eabihf",
    image: ["microflow-bench", "microflow_bench"],
    jobs: 0x0020_0000,
    jobs_bytes: 0x10_0000,
};

/// QEMU loads no file that is larger than the board's RAM.
const PIECE: usize = 64 << 10;

/// One inference to run.
pub struct Job<'a> {
    /// A whole plan; for microflow, a model's name.
    pub plan: &'a [u8],
    /// The model's input.
    pub input: &'a [u8],
    /// Length of the tile buffer.
    pub tile_bytes: u32,
    /// Length of the row buffer, if the plan does not ask for more.
    pub row_bytes: u32,
    /// How far behind a word the plan and all buffers lie: below 4.
    pub shift: u32,
}

/// What became of a job.
#[derive(Default)]
pub struct Inference {
    /// Its operators, as far as they ran.
    pub operators: Vec<Operator>,
    /// Zero for well; else see `boards/bare_bench`.
    pub status: u32,
}

/// What became of one operator.
pub struct Operator {
    /// What it took.
    pub instructions: u32,
    /// What it made, two's complement.
    pub output: Vec<u8>,
}

impl Board {
    /// Runs `jobs`, in as many boots as flash makes necessary.
    ///
    /// # Errors
    /// The image is not built, the emulator fails, or what it wrote makes no sense.
    pub fn run<'a>(
        &self,
        name: &str,
        jobs: impl Iterator<Item = Job<'a>>,
    ) -> Result<Vec<Inference>, String> {
        let (mut inferences, mut waiting) = (Vec::new(), Vec::new());
        for job in jobs {
            let bytes = bytes(&job);
            if waiting.len() + bytes.len() > self.jobs_bytes {
                inferences.extend(self.boot(name, &waiting)?);
                waiting.clear();
            }
            waiting.extend(bytes);
        }
        inferences.extend(self.boot(name, &waiting)?);
        Ok(inferences)
    }

    /// Bytes of the engine's code in the image.
    ///
    /// # Errors
    /// The image is not built, or its symbols are missing.
    pub fn engine_bytes(&self) -> Result<EngineBytes, String> {
        let image = self.built()?;
        let unreadable = || format!("{}: no symbols; build it again", image.display());
        let elf = std::fs::read(&image).map_err(|_| unreadable())?;
        engine_bytes(&elf).ok_or_else(unreadable)
    }

    /// Where its image is once it is built.
    pub fn image(&self) -> PathBuf {
        root().join(format!("target/{}/release/{}", self.target, self.image[0]))
    }

    fn built(&self) -> Result<PathBuf, String> {
        let image = self.image();
        if image.exists() {
            return Ok(image);
        }
        let command = format!(
            "cargo build --release --target {} --target-dir ../../target",
            self.target
        );
        Err(format!(
            "{} is not built; in boards/{}, run: {command}",
            image.display(),
            self.image[1]
        ))
    }

    fn boot(&self, name: &str, jobs: &[u8]) -> Result<Vec<Inference>, String> {
        let image = self.built()?;
        let folder = root().join(format!("target/bench/{}/{name}", self.name));
        let at = |error: std::io::Error| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(&folder).map_err(at)?;
        let mut loaders = Vec::new();
        for (piece, address) in jobs.chunks(PIECE).zip((self.jobs..).step_by(PIECE)) {
            let file = format!("jobs-{address:x}.bin");
            std::fs::write(folder.join(&file), piece).map_err(at)?;
            loaders.push("-device".to_owned());
            loaders.push(format!("loader,file={file},addr={address:#x},force-raw=on"));
        }
        let output = Command::new(self.emulator)
            .current_dir(&folder)
            .args([
                "-M",
                self.machine,
                "-nographic",
                "-monitor",
                "none",
                "-serial",
                "none",
            ])
            .args([
                "-icount",
                "shift=0",
                "-semihosting-config",
                "enable=on,target=native",
            ])
            .args(&loaders)
            .arg("-kernel")
            .arg(&image)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("{}: {error}; is it installed?", self.emulator))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{}: {}: {said}", self.emulator, output.status));
        }
        let results = std::fs::read(folder.join("results.bin")).map_err(at)?;
        parse(&results).ok_or_else(|| format!("{}: results.bin makes no sense", folder.display()))
    }
}

/// The root of the project.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A job as the board reads it.
fn bytes(job: &Job) -> Vec<u8> {
    let lengths = [job.plan.len() as u32, job.input.len() as u32];
    let mut bytes = Vec::new();
    let buffers = [job.tile_bytes, job.row_bytes, job.shift];
    for word in lengths.into_iter().chain(buffers) {
        bytes.extend(word.to_le_bytes());
    }
    bytes.resize(bytes.len() + job.shift as usize, 0);
    for part in [job.plan, job.input] {
        bytes.extend(part);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

fn parse(mut results: &[u8]) -> Option<Vec<Inference>> {
    let mut inferences = Vec::new();
    let mut inference = Inference::default();
    while !results.is_empty() {
        let (head, rest) = results.split_first_chunk::<12>()?;
        let word =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        results = rest;
        match word(0) {
            0 => {
                inference.status = word(8);
                inferences.push(std::mem::take(&mut inference));
            }
            1 => {
                let (output, rest) = results.split_at_checked(word(8) as usize)?;
                results = rest;
                inference.operators.push(Operator {
                    instructions: word(4),
                    output: output.to_vec(),
                });
            }
            _ => return None,
        }
    }
    Some(inferences)
}

impl Operator {
    /// The first 16 hexadecimal digits of the output's SHA-256.
    pub fn digest(&self) -> String {
        let mut digits = String::new();
        for byte in Sha256::digest(&self.output).iter().take(8) {
            let _ = write!(digits, "{byte:02x}");
        }
        digits
    }
}
