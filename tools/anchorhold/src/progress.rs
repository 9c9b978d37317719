//! A spinner or a bar on the terminal, and nothing at all where no person watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output;

/// A spinner that says what is going on until it is dropped.
pub fn spinner(message: impl Into<String>) -> Progress {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_message(message.into());
    bar.enable_steady_tick(Duration::from_millis(120));
    Progress(bar)
}

/// A bar of `length` steps.
pub fn bar(length: u64, message: impl Into<String>) -> Progress {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar.set_message(message.into());
    Progress(bar)
}

/// Progress of one piece of work; disappears when dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// Another step is done.
    pub fn advance(&self) {
        self.0.inc(1);
    }

    /// Prints a line above the bar, on standard output.
    pub fn println(&self, line: &str) {
        self.0.suspend(|| output::line(line));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
