//! What measuring applications report on the serial port.

use std::collections::BTreeMap;

use anchorhold::{Class, Error};

/// The figures of a run: `bench <application> <what> <value>` lines.
#[derive(Debug, Default)]
pub struct Figures(BTreeMap<(String, String), u64>);

/// What a line of the board's output says.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// An application has measured something.
    Figure(&'a str, &'a str, u64),
    /// An application has measured everything.
    End(&'a str),
}

impl<'a> Line<'a> {
    /// Reads a line; `None` if it is somebody else's.
    pub fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.strip_prefix("bench ")?.split_whitespace();
        let (application, what) = (words.next()?, words.next()?);
        match (what, words.next()) {
            ("end", None) => Some(Line::End(application)),
            (_, value) => Some(Line::Figure(application, what, value?.parse().ok()?)),
        }
    }
}

impl Figures {
    /// Keeps a figure.
    pub fn keep(&mut self, application: &str, what: &str, value: u64) {
        let key = (application.to_owned(), what.to_owned());
        self.0.insert(key, value);
    }

    /// A figure that the application must have reported.
    pub fn get(&self, application: &str, what: &str) -> Result<u64, Error> {
        let key = (application.to_owned(), what.to_owned());
        self.0.get(&key).copied().ok_or_else(|| {
            Error::new(
                Class::Emulator,
                format!("the application {application} reported no `{what}`; see uart.log"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_reports_count() {
        let figure = Line::parse("bench calls command 772");
        assert_eq!(figure, Some(Line::Figure("calls", "command", 772)));
        assert_eq!(Line::parse("bench calls end"), Some(Line::End("calls")));
        for other in [
            "bench",
            "bench calls",
            "bench calls command",
            "reader: ready",
        ] {
            assert_eq!(Line::parse(other), None, "{other}");
        }
        assert_eq!(Line::parse("bench calls command many"), None);
    }

    #[test]
    fn a_missing_figure_is_named() {
        let mut figures = Figures::default();
        figures.keep("calls", "command", 5);
        assert_eq!(figures.get("calls", "command").unwrap(), 5);
        let error = figures.get("calls", "yield").unwrap_err();
        assert!(error.to_string().contains("no `yield`"), "{error}");
    }
}
