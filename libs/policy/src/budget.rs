//! How often a device may answer: a token bucket and a licence of answers.
//!
//! Invariant: a budget restored from [`Budget::reserve`]'s snapshot never holds
//! more than the budget that the device really had when it lost power. Resetting
//! a device therefore never buys an answer.

/// The signed limits on the number of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatePolicy {
    /// Answers a minute in the long run; 0 = unlimited.
    pub per_minute: u16,
    /// Answers that may follow each other at once; 0 counts as 1.
    pub burst: u16,
    /// Answers in all, over the life of the model on this device; 0 = unlimited.
    pub answers: u32,
}

/// Why no answer may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetError {
    /// Too many answers lately; waiting helps.
    RateExceeded,
    /// The licence is used up; only a new model version helps.
    LicenceExhausted,
}

/// What must survive a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetSnapshot {
    /// Fill level of the bucket, in [`UNITS_PER_ANSWER`]ths of an answer.
    pub level: u32,
    /// Answers given, or reserved and so counted as given.
    pub answers_used: u32,
}

/// Fractions that the bucket counts in: with one a millisecond for each answer a
/// minute, refilling needs no division. 65,535 answers fit in a u32.
pub const UNITS_PER_ANSWER: u32 = 60_000;

/// What is left of the owner's limits.
pub struct Budget {
    policy: RatePolicy,
    level: u32,
    answers_used: u32,
}

impl Budget {
    /// The budget of a model that was never used: a full bucket.
    pub fn new(policy: RatePolicy) -> Budget {
        Budget {
            policy,
            level: capacity(&policy),
            answers_used: 0,
        }
    }

    /// The budget as it was stored. Time without power does not refill it.
    pub fn restore(policy: RatePolicy, snapshot: BudgetSnapshot) -> Budget {
        Budget {
            policy,
            level: snapshot.level.min(capacity(&policy)),
            answers_used: snapshot.answers_used,
        }
    }

    /// Lets `elapsed_ms` milliseconds of running time refill the bucket.
    pub fn refill(&mut self, elapsed_ms: u32) {
        let gained = elapsed_ms.saturating_mul(u32::from(self.policy.per_minute));
        self.level = self
            .level
            .saturating_add(gained)
            .min(capacity(&self.policy));
    }

    /// Whether `answers` more answers may be given now.
    pub fn covers(&self, answers: u32) -> Result<(), BudgetError> {
        let wanted = answers.saturating_mul(UNITS_PER_ANSWER);
        if self.remaining_answers().is_some_and(|left| left < answers) {
            Err(BudgetError::LicenceExhausted)
        } else if self.policy.per_minute != 0 && self.level < wanted {
            Err(BudgetError::RateExceeded)
        } else {
            Ok(())
        }
    }

    /// Takes one answer out of the budget, or says why it cannot be had.
    pub fn spend(&mut self) -> Result<(), BudgetError> {
        self.covers(1)?;
        self.level = self.level.saturating_sub(UNITS_PER_ANSWER);
        self.answers_used = self.answers_used.saturating_add(1);
        Ok(())
    }

    /// The budget as it is.
    pub fn snapshot(&self) -> BudgetSnapshot {
        BudgetSnapshot {
            level: self.level,
            answers_used: self.answers_used,
        }
    }

    /// What to store before giving up to `answers` answers without storing again:
    /// the budget as if all of them had been given at once.
    pub fn reserve(&self, answers: u32) -> BudgetSnapshot {
        let licensed = self.remaining_answers().unwrap_or(answers).min(answers);
        BudgetSnapshot {
            level: self
                .level
                .saturating_sub(answers.saturating_mul(UNITS_PER_ANSWER)),
            answers_used: self.answers_used.saturating_add(licensed),
        }
    }

    /// Answers left in the licence; `None` = unlimited.
    pub fn remaining_answers(&self) -> Option<u32> {
        match self.policy.answers {
            0 => None,
            answers => Some(answers.saturating_sub(self.answers_used)),
        }
    }
}

/// The bucket's size; at least one answer, or a policy could never be met.
fn capacity(policy: &RatePolicy) -> u32 {
    u32::from(policy.burst.max(1)).saturating_mul(UNITS_PER_ANSWER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RatePolicy = RatePolicy {
        per_minute: 6,
        burst: 2,
        answers: 5,
    };

    #[test]
    fn a_burst_then_the_rate() {
        let mut budget = Budget::new(POLICY);
        assert_eq!(budget.spend(), Ok(()));
        assert_eq!(budget.spend(), Ok(()));
        assert_eq!(budget.spend(), Err(BudgetError::RateExceeded));
        budget.refill(9_999);
        assert_eq!(budget.spend(), Err(BudgetError::RateExceeded));
        budget.refill(1);
        assert_eq!(budget.spend(), Ok(()));
    }

    #[test]
    fn waiting_never_fills_beyond_the_burst() {
        let mut budget = Budget::new(POLICY);
        budget.refill(u32::MAX);
        budget.refill(u32::MAX);
        assert_eq!(budget.spend(), Ok(()));
        assert_eq!(budget.spend(), Ok(()));
        assert_eq!(budget.spend(), Err(BudgetError::RateExceeded));
    }

    #[test]
    fn the_licence_ends_for_good() {
        let mut budget = Budget::new(POLICY);
        for _ in 0..5 {
            assert_eq!(budget.spend(), Ok(()));
            budget.refill(60_000);
        }
        assert_eq!(budget.spend(), Err(BudgetError::LicenceExhausted));
        assert_eq!(budget.remaining_answers(), Some(0));
    }

    #[test]
    fn several_answers_are_covered_or_not() {
        let mut budget = Budget::new(POLICY);
        assert_eq!(budget.covers(2), Ok(()));
        assert_eq!(budget.covers(3), Err(BudgetError::RateExceeded));
        assert_eq!(budget.covers(6), Err(BudgetError::LicenceExhausted));
        assert_eq!(budget.spend(), Ok(()));
        assert_eq!(budget.covers(2), Err(BudgetError::RateExceeded));
    }

    #[test]
    fn zero_means_unlimited() {
        let mut budget = Budget::new(RatePolicy {
            per_minute: 0,
            burst: 0,
            answers: 0,
        });
        for _ in 0..1000 {
            assert_eq!(budget.spend(), Ok(()));
        }
        assert_eq!(budget.remaining_answers(), None);
    }

    /// Spends through every reservation and cuts the power after each answer: the
    /// restored budget never holds more than the one that was lost.
    #[test]
    fn a_reset_never_buys_an_answer() {
        const BLOCK: u32 = 3;
        let policy = RatePolicy {
            per_minute: 60,
            burst: 4,
            answers: 20,
        };
        let mut budget = Budget::new(policy);
        for step in 0..30u32 {
            let stored = budget.reserve(BLOCK);
            for _ in 0..BLOCK {
                budget.refill(step * 100);
                let _ = budget.spend();
                let restored = Budget::restore(policy, stored);
                assert!(restored.level <= budget.level);
                assert!(restored.remaining_answers() <= budget.remaining_answers());
            }
        }
        assert_eq!(budget.remaining_answers(), Some(0));
    }
}
