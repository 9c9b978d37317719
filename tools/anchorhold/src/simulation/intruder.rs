//! What the intruder application tried, read from the lines that it and the kernel print.

use std::collections::BTreeMap;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It began and nothing more was heard of it.
    Open,
    /// The device refused it, or stopped the process for it.
    Refused,
    /// It got through.
    Breach,
}

/// The attempts of one run, by name.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    outcomes: BTreeMap<String, Outcome>,
    /// The attempt whose fault is awaited.
    begun: Option<String>,
}

impl Tally {
    /// Notes one line of the board's output, if it is about an attempt.
    pub fn note(&mut self, line: &str) {
        if let Some(attempt) = line.strip_prefix("attack ") {
            let mut words = attempt.splitn(3, ' ');
            if let (Some(name), Some(verdict)) = (words.next(), words.next()) {
                self.note_verdict(name, verdict);
            }
        } else if line.starts_with("fault: process intruder ") {
            // The kernel prints this line and stops the process: that is the refusal.
            if let Some(name) = self.begun.take() {
                self.record(name, Outcome::Refused);
            }
        }
    }

    /// Distinct attempts.
    pub fn attempts(&self) -> usize {
        self.outcomes.len()
    }

    /// How many attempts ended with `outcome`.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.named(outcome).count()
    }

    /// The names of the attempts that ended with `outcome`.
    pub fn named(&self, outcome: Outcome) -> impl Iterator<Item = &str> {
        self.outcomes
            .iter()
            .filter(move |(_, found)| **found == outcome)
            .map(|(name, _)| name.as_str())
    }

    fn note_verdict(&mut self, name: &str, verdict: &str) {
        let outcome = match verdict {
            "begin" => {
                self.begun = Some(name.to_owned());
                Outcome::Open
            }
            "refused" => Outcome::Refused,
            "BREACH" => Outcome::Breach,
            _ => return,
        };
        self.record(name.to_owned(), outcome);
    }

    /// An attempt is repeated as long as the run lasts; the worst outcome stays,
    /// and one that was refused before does not become open again.
    fn record(&mut self, name: String, outcome: Outcome) {
        let worst = self.outcomes.entry(name).or_insert(outcome);
        *worst = outcome.max(*worst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.note(line));
        tally
    }

    #[test]
    fn repeated_attempts_count_once() {
        let tally = tally(&[
            "attack read-vault refused NOSUPPORT",
            "attack read-vault refused NOSUPPORT",
            "attack read-console refused",
        ]);
        assert_eq!(tally.attempts(), 2);
        assert_eq!(tally.count(Outcome::Refused), 2);
    }

    #[test]
    fn a_fault_refuses_the_attempt_that_had_begun() {
        let tally = tally(&[
            "attack kernel-ram begin",
            "fault: process intruder load access at 0x10000000 pc 0x20048100",
            "attack flash begin",
            "fault: process inference store access at 0x0 pc 0x0",
        ]);
        assert_eq!(
            tally.named(Outcome::Refused).collect::<Vec<_>>(),
            ["kernel-ram"]
        );
        assert_eq!(tally.named(Outcome::Open).collect::<Vec<_>>(), ["flash"]);
    }

    #[test]
    fn a_breach_is_never_forgotten() {
        let tally = tally(&[
            "attack kernel-ram begin",
            "attack kernel-ram BREACH read 4 bytes",
            "attack kernel-ram begin",
            "fault: process intruder load access at 0x10000000 pc 0x20048100",
        ]);
        assert_eq!(tally.count(Outcome::Breach), 1);
        assert_eq!(tally.attempts(), 1);
    }
}
