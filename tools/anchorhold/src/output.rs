//! Standard output: lines for people, JSON for programs.

use serde::Serialize;

use crate::error::{Class, Error};

/// Prints `value` as one line of JSON.
pub fn json(value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string(value)
        .map_err(|error| Error::new(Class::Environment, format!("no JSON: {error}")))?;
    println!("{text}");
    Ok(())
}

/// Prints names and values in two columns.
pub fn lines(lines: &[(&str, String)]) {
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in lines {
        println!("  {name:width$}  {value}");
    }
}
