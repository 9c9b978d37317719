//! Measurements as a bar chart: instructions, as a share of the peer's.

use super::measurement::Measurement;
use std::fmt::Write as _;

/// Where bars begin, in pixels.
const LEFT: f64 = 130.0;
/// The length of a bar that stands for the peer, in pixels.
const WHOLE: f64 = 420.0;
/// Height of a bar with the space below it, in pixels.
const STEP: usize = 26;

/// An SVG image with a bar for every model that a peer's figure is known of.
pub fn svg(measurements: &[Measurement]) -> String {
    let shares = measurements
        .iter()
        .filter_map(|one| Some((one, one.peer()?.0)));
    let shares: Vec<(&Measurement, u64)> = shares.collect();
    let height = (shares.len() + 2) * STEP;
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"680\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"680\" height=\"{height}\" fill=\"white\"/>\n\
         <text x=\"8\" y=\"18\">Instructions for one inference, as a share of TensorFlow Lite \
         Micro’s (Cortex-M4: with CMSIS-NN)</text>"
    );
    for (index, (measurement, peer)) in shares.iter().enumerate() {
        let share = measurement.total() as f64 / *peer as f64;
        let (top, base) = ((index + 1) * STEP, (index + 1) * STEP + 15);
        let name = format!(
            "{}, {}",
            measurement.model.name, measurement.board.processor
        );
        let millions = measurement.total() as f64 / 1e6;
        let _ = writeln!(
            svg,
            "<text x=\"8\" y=\"{base}\">{name}</text>\n\
             <rect x=\"{LEFT}\" y=\"{top}\" width=\"{WHOLE}\" height=\"20\" fill=\"#ddd\"/>\n\
             <rect x=\"{LEFT}\" y=\"{top}\" width=\"{:.1}\" height=\"20\" fill=\"#286\"/>\n\
             <text x=\"{}\" y=\"{base}\">{share:.2} ({millions:.2} M)</text>",
            share * WHOLE,
            LEFT + WHOLE + 8.0,
        );
    }
    svg.push_str("</svg>\n");
    svg
}
