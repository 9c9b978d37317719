//! The table that a section results in.

use anchorhold::{output, Error};
use serde::Serialize;

/// Names and numbers, in rows and columns.
#[derive(Debug, Serialize)]
pub struct Table {
    /// What it shows, and in which unit.
    pub title: String,
    /// The heads of the columns.
    pub columns: Vec<String>,
    /// The rows, with a cell for each column.
    pub rows: Vec<Row>,
    /// Where numbers that were not measured here come from.
    pub sources: Vec<&'static str>,
}

/// A row of a [`Table`].
#[derive(Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// A cell for each column.
    pub values: Vec<Cell>,
}

/// What is in a [`Row`].
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// How many.
    Count(u64),
    /// How many times as much, or a part of one.
    Ratio(f64),
    /// There is no number.
    Nothing,
}

impl Cell {
    /// How many times `whole` is in `part`; nothing if `whole` is.
    pub fn ratio(part: u64, whole: u64) -> Self {
        match whole {
            0 => Cell::Nothing,
            _ => Cell::Ratio(part as f64 / whole as f64),
        }
    }
}

/// A table as a line of JSON.
#[derive(Serialize)]
struct Named<'a> {
    section: &'a str,
    #[serde(flatten)]
    table: &'a Table,
}

impl Table {
    /// Prints the table of `section`, for people or as one line of JSON.
    pub fn print(&self, section: &str, json: bool) -> Result<(), Error> {
        if json {
            return output::json(&Named {
                section,
                table: self,
            });
        }
        output::line(self.to_text());
        Ok(())
    }

    fn to_text(&self) -> String {
        let rows = self.rows.iter();
        let cells = |row: &Row| row.values.iter().map(|value| cell(*value)).collect();
        let body: Vec<(&str, Vec<String>)> =
            rows.map(|row| (row.name.as_str(), cells(row))).collect();
        let first = body.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                let cells = body.iter().filter_map(|(_, cells)| cells.get(column));
                cells
                    .chain(self.columns.get(column))
                    .map(String::len)
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut text = format!("{}\n", self.title);
        for (name, cells) in std::iter::once(("", self.columns.clone())).chain(body) {
            let mut line = format!("  {name:first$}");
            for (cell, width) in cells.iter().zip(&widths) {
                line += &format!("  {cell:>width$}");
            }
            text += line.trim_end();
            text.push('\n');
        }
        for source in &self.sources {
            text += &format!("  {source}\n");
        }
        text
    }
}

/// A number with a comma before every three digits.
fn cell(value: Cell) -> String {
    let value = match value {
        Cell::Count(value) => value,
        Cell::Ratio(value) => return format!("{value:.2}"),
        Cell::Nothing => return "-".to_owned(),
    };
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            title: "lengths, in metres".into(),
            columns: vec!["bus".into(), "goal".into()],
            rows: vec![
                Row {
                    name: "short".into(),
                    values: vec![Cell::Count(999), Cell::ratio(1, 0)],
                },
                Row {
                    name: "very long".into(),
                    values: vec![Cell::Count(1_234_567), Cell::ratio(5, 2)],
                },
            ],
            sources: vec!["goal: wished for"],
        }
    }

    #[test]
    fn numbers_are_under_their_heads() {
        let expected = "lengths, in metres
                   bus  goal
  short            999     -
  very long  1,234,567  2.50
  goal: wished for
";
        assert_eq!(table().to_text(), expected);
    }

    #[test]
    fn a_program_reads_the_same() {
        let named = Named {
            section: "lengths",
            table: &table(),
        };
        let json = serde_json::to_value(&named).unwrap();
        assert_eq!(json["section"], "lengths");
        assert_eq!(json["columns"][0], "bus");
        assert_eq!(json["rows"][1]["values"][0], 1_234_567);
        assert!(json["rows"][0]["values"][1].is_null());
    }
}
