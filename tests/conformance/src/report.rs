//! What happened, in words that are the same wherever the process is: addresses by their
//! names, results by the names that TRD 104 gives them.

use core::fmt::{self, Display, Formatter, Write};

use libtock::platform::ErrorCode;

use crate::calls::Registers;
use crate::line::Line;
use crate::upcalls;

/// Addresses that can have a name at a time.
const NAMES: usize = 4;
/// How far from a named address others are told by their distance from it.
const NEAR: usize = 512;
/// The largest number that is no address.
const MOST: usize = 9999;

/// What happened.
pub struct Report {
    text: Line,
    names: [(&'static str, usize); NAMES],
    named: usize,
}

impl Report {
    pub const fn new() -> Self {
        Self {
            text: Line::new(),
            names: [("", 0); NAMES],
            named: 0,
        }
    }

    /// Gives an address a name, and returns it.
    pub fn name(&mut self, name: &'static str, address: usize) -> usize {
        if let Some(place) = self.names.get_mut(self.named) {
            *place = (name, address);
            self.named += 1;
        }
        address
    }

    /// What a system call returned (TRD 104, 3.3).
    pub fn answer(&mut self, [r0, r1, r2, r3]: Registers) {
        match r0 {
            0 => self.failure("Failure", r1, &[]),
            1 => self.failure("Failure with u32", r1, &[r2]),
            2 => self.failure("Failure with 2 u32", r1, &[r2, r3]),
            3 => self.failure("Failure with u64", r1, &[r2, r3]),
            128 => self.text("Success"),
            129 => self.success("Success with u32", &[r1]),
            130 => self.success("Success with 2 u32", &[r1, r2]),
            131 => self.success("Success with u64", &[r1, r2]),
            132 => self.success("Success with 3 u32", &[r1, r2, r3]),
            133 => self.success("Success with u32 and u64", &[r1, r2, r3]),
            other => self.success("no variant", &[other, r1, r2, r3]),
        }
    }

    /// One more thing that happened.
    pub fn text(&mut self, text: &str) {
        self.text_of(format_args!("{text}"));
    }

    /// One more thing that happened, with a number or an address in it.
    pub fn value(&mut self, what: &str, value: usize) {
        self.begin();
        let _ = write!(self.text, "{what} ");
        self.write_value(value);
    }

    /// Numbers and addresses.
    pub fn values(&mut self, what: &str, values: &[usize]) {
        self.success(what, values);
    }

    /// Whether something holds that should.
    pub fn check(&mut self, what: &str, holds: bool) {
        self.text_of(format_args!("{}{what}", if holds { "" } else { "NOT " }));
    }

    /// The upcalls since the last report, each with the data that it was registered with.
    pub fn upcalls(&mut self) {
        self.each_upcall(false);
    }

    /// The upcalls since the last report, with all arguments.
    pub fn upcalls_with_arguments(&mut self) {
        self.each_upcall(true);
    }

    fn each_upcall(&mut self, with_arguments: bool) {
        self.begin();
        let _ = match upcalls::count() {
            0 => self.text.write_str("no upcall"),
            1 => self.text.write_str("upcall"),
            count => write!(self.text, "{count} upcalls"),
        };
        for call in upcalls::calls() {
            let _ = write!(self.text, " {}", call.function);
            let [first, second, third] = call.arguments;
            if with_arguments {
                self.write_values(&[first, second, third, call.data]);
            } else {
                self.write_values(&[call.data]);
            }
        }
        upcalls::forget();
    }

    fn success(&mut self, variant: &str, values: &[usize]) {
        self.begin();
        let _ = write!(self.text, "{variant} ");
        self.write_values(values);
    }

    fn failure(&mut self, variant: &str, error: usize, values: &[usize]) {
        self.begin();
        let _ = match ErrorCode::try_from(error as u32) {
            Ok(error) => write!(self.text, "{variant} {error:?}"),
            Err(_) => write!(self.text, "{variant} {error}"),
        };
        if !values.is_empty() {
            let _ = self.text.write_str(" ");
            self.write_values(values);
        }
    }

    fn text_of(&mut self, arguments: fmt::Arguments<'_>) {
        self.begin();
        let _ = self.text.write_fmt(arguments);
    }

    /// Separates what comes next from what was there.
    fn begin(&mut self) {
        if !self.text.as_bytes().is_empty() {
            let _ = self.text.write_str("; ");
        }
    }

    fn write_values(&mut self, values: &[usize]) {
        for (index, value) in values.iter().enumerate() {
            let _ = self.text.write_str(if index == 0 { "(" } else { ", " });
            self.write_value(*value);
        }
        let _ = self.text.write_str(")");
    }

    fn write_value(&mut self, value: usize) {
        let named = self.names.iter().take(self.named);
        let nearest = named
            .map(|(name, address)| (name, value.wrapping_sub(*address).cast_signed()))
            .filter(|(_, distance)| distance.unsigned_abs() <= NEAR)
            .min_by_key(|(_, distance)| distance.unsigned_abs());
        let _ = match nearest {
            _ if value <= MOST => write!(self.text, "{value}"),
            Some((name, 0)) => write!(self.text, "{name}"),
            Some((name, distance)) => write!(self.text, "{name}{distance:+}"),
            None => write!(self.text, "{value:#x}"),
        };
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = core::str::from_utf8(self.text.as_bytes()).map_err(|_| fmt::Error)?;
        f.write_str(text)
    }
}
