//! Conv2D: every output channel sees every input channel under the window.
//!
//! As many groups of output channels as there are in memory are applied to the whole
//! image, a few positions at a time: what lies under their windows is gathered in
//! scratch memory, in the form that the processor's inner loop wants, by `windows` or
//! by `tiles`.

use super::geometry;
use super::requantize::{header, is_small};
#[cfg(not(target_arch = "arm"))]
use super::tiles::Image;
#[cfg(target_arch = "arm")]
use super::windows::Image;
use super::Lengths;
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};
#[cfg(not(target_arch = "arm"))]
use crate::processor::Runs;
use crate::processor::{as_words, GroupHeader, Known};
use crate::weights::Weights;

/// Bytes of scratch memory for an element of windows of two positions: 16 bits each.
const PAIR: u32 = 4;

/// Bytes of scratch memory that may lie before the first place for a word.
const UNALIGNED: u32 = 4;

/// Most groups of channels that are applied together.
const MOST_GROUPS: usize = 128;

/// Elements under the window, rounded up to fours.
pub fn patch(window: &Window) -> Result<u32, OperatorFault> {
    let [height, width] = window.kernel.map(u32::from);
    let elements = geometry::product(&[height, width, u32::from(window.input[2])])?;
    geometry::product(&[elements.div_ceil(4), 4])
}

/// Whether windows consist of whole fours in lines.
pub fn whole(window: &Window) -> bool {
    window.input[2].is_multiple_of(4) && window.gaps == [0; 2]
}

/// How many elements of a window are not under that of the position below it, if windows
/// lie over each other line by line; otherwise all.
pub fn below(window: &Window) -> Result<u32, OperatorFault> {
    let [height, width] = window.kernel.map(u32::from);
    let lines = match window.gaps {
        [0, 0] => height.min(window.stride[0].into()),
        _ => height,
    };
    geometry::product(&[lines, width, u32::from(window.input[2])])
}

/// Scratch memory: for windows one by one, which are put together byte by byte where
/// they are not [`whole`], or for those of four positions in a square.
fn scratch(window: &Window) -> Result<u32, OperatorFault> {
    let patch = patch(window)?;
    let windows = geometry::product(&[patch, if whole(window) { PAIR } else { PAIR + 1 }])?;
    let square = geometry::product(&[geometry::sum(patch, below(window)?)?, PAIR])?;
    Ok(windows.max(geometry::sum(square, UNALIGNED)?))
}

/// What the convolution takes.
pub fn lengths(window: &Window) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    let weights = geometry::product(&[patch(window)?, GROUP as u32])?;
    let row = geometry::sum(weights, GROUP_HEADER_BYTES as u32)?;
    let groups = u32::from(window.output[2]).div_ceil(GROUP as u32);
    Ok(Lengths {
        input: geometry::volume(window.input)?,
        output: geometry::volume(window.output)?,
        scratch: scratch(window)?,
        row,
        weights: geometry::product(&[groups, row])?,
    })
}

/// Computes the image.
#[inline(never)]
pub fn run(
    common: &Common,
    window: &Window,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(window).map_err(|_| RunError::Inconsistent)?;
    let [input, output, scratch] = Areas::borrow(common, &lengths, window.scratch_offset, arena)?;
    let image = Image::new(common, window, input, scratch);
    let mut image = image.map_err(|_| RunError::Inconsistent)?;
    let channels = usize::from(window.output[2]);
    let length = (lengths.row as usize).max(1);
    let mut findings = Findings::new();
    let mut channel = 0;
    while channel < channels {
        let left = (channels - channel).div_ceil(GROUP);
        let rows = weights.groups(length, left.min(MOST_GROUPS))?;
        findings.find(rows, length);
        let groups = Groups {
            rows,
            length,
            findings: &findings,
        };
        image.apply(&groups, channel, output)?;
        channel += rows.len() / length * GROUP;
    }
    Ok(())
}

/// Whether all weights are zero; most groups say so at once.
fn is_zero(weights: &[u8]) -> bool {
    let words = as_words(weights);
    match words.len() * 4 == weights.len() {
        true => words.iter().all(|word| *word == 0),
        false => weights.iter().all(|weight| *weight == 0),
    }
}

/// What is known of all groups that are applied together.
pub struct Findings {
    /// Of each group.
    pub known: [Known; MOST_GROUPS],
    /// Of all groups.
    #[cfg(not(target_arch = "arm"))]
    pub runs: Runs,
}

impl Findings {
    fn new() -> Self {
        Self {
            known: [Known::default(); MOST_GROUPS],
            #[cfg(not(target_arch = "arm"))]
            runs: Runs::new(),
        }
    }

    /// Looks at groups of `length` bytes.
    fn find(&mut self, rows: &[u8], length: usize) {
        let products = length.saturating_sub(GROUP_HEADER_BYTES) / GROUP;
        let mut copy = GroupHeader::default();
        #[cfg(not(target_arch = "arm"))]
        self.runs.clear();
        for (group, known) in rows.chunks_exact(length).zip(&mut self.known) {
            let weights = group.get(GROUP_HEADER_BYTES..).unwrap_or_default();
            *known = Known {
                is_small: is_small(header(group, &mut copy), products),
                is_idle: is_zero(weights),
                #[cfg(not(target_arch = "arm"))]
                runs: self.runs.add(as_words(weights)),
            };
        }
    }
}

/// Groups of weights that are applied together.
pub struct Groups<'a> {
    /// Groups, one after the other.
    pub rows: &'a [u8],
    /// Length of a group.
    pub length: usize,
    /// What is known of them.
    pub findings: &'a Findings,
}
