//! Looking for secrets where they must not be.

use std::collections::HashMap;

/// Bytes that must agree. Eight random bytes agree by chance once in 2^64.
pub const RUN: usize = 8;

/// Runs of fewer different bytes say nothing: zeros and padding are everywhere.
const DIFFERENT: usize = 6;

/// Bytes to look for, in runs of [`RUN`].
pub struct Secret {
    runs: HashMap<[u8; RUN], usize>,
    /// Whether some run begins with these two bytes: spares most look-ups.
    begins: Vec<bool>,
}

/// A run of a secret that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leak {
    /// Where in the searched bytes.
    pub at: usize,
    /// Which part of the secret: offset in bytes.
    pub secret_offset: usize,
}

impl Secret {
    /// The telling runs of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        Self::of_parts([bytes])
    }

    /// The telling runs of several secrets; offsets count through all of them.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut runs = HashMap::new();
        let mut begins = vec![false; 1 << 16];
        let mut offset = 0;
        for part in parts {
            for (index, run) in part.windows(RUN).enumerate() {
                if let Some(run) = run.first_chunk().filter(|run| tells(run)) {
                    runs.insert(*run, offset + index);
                    begins[beginning(run)] = true;
                }
            }
            offset += part.len();
        }
        Self { runs, begins }
    }

    /// How many runs are looked for.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Leaves out the runs that `public` has as well.
    pub fn without(mut self, public: &[u8]) -> Self {
        for run in public.windows(RUN) {
            self.runs.remove(run);
        }
        self
    }

    /// The runs that are in `bytes`, the first 16 of them.
    pub fn leaks(&self, bytes: &[u8]) -> Vec<Leak> {
        self.hits(bytes).take(16).collect()
    }

    /// How many different runs of the secret are in `bytes`.
    pub fn found(&self, bytes: &[u8]) -> usize {
        let mut found: Vec<_> = self.hits(bytes).map(|leak| leak.secret_offset).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    }

    fn hits<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Leak> + 'a {
        let runs = bytes.windows(RUN).enumerate();
        runs.filter(|(_, run)| self.begins[beginning(run)])
            .filter_map(|(at, run)| {
                let secret_offset = *self.runs.get(run)?;
                Some(Leak { at, secret_offset })
            })
    }
}

/// The first two bytes of a run, as a number.
fn beginning(run: &[u8]) -> usize {
    usize::from(run[0]) << 8 | usize::from(run[1])
}

fn tells(run: &[u8; RUN]) -> bool {
    let mut sorted = *run;
    sorted.sort_unstable();
    let repeated = sorted.windows(2).filter(|pair| pair[0] == pair[1]).count();
    RUN - repeated >= DIFFERENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_and_a_shorter_piece_is_not() {
        let secret = Secret::new(b"0123456789abcdef");
        let leak = Leak {
            at: 2,
            secret_offset: 3,
        };
        assert_eq!(secret.leaks(b"--3456789a--"), [leak]);
        assert!(secret.leaks(b"--3456789--").is_empty());
        assert_eq!(secret.found(b"0123456789abcdef"), 9);
    }

    #[test]
    fn what_says_nothing_is_not_looked_for() {
        assert!(Secret::new(&[0; 100]).is_empty());
        assert!(Secret::new(b"0123456789")
            .without(b"-0123456789-")
            .is_empty());
    }
}
