//! How much of an output tensor may leave the device.

/// The detail that the owner permits; the discriminants are the manifest's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputDetail {
    /// The index of the best label alone.
    TopLabel = 1,
    /// The index of the best label and its score, coarsened into buckets.
    TopLabelAndScore = 2,
}

impl OutputDetail {
    /// The detail with this manifest code, if there is one.
    pub fn from_code(code: u8) -> Option<OutputDetail> {
        match code {
            1 => Some(OutputDetail::TopLabel),
            2 => Some(OutputDetail::TopLabelAndScore),
            _ => None,
        }
    }
}

/// The signed limits on what an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputPolicy {
    /// Label alone, or label and score.
    pub detail: OutputDetail,
    /// Buckets that the range of scores is cut into, 2 to 100.
    pub score_buckets: u8,
}

/// What an answer says: the only part of an output tensor that leaves the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Index of the highest score; of equal scores the first.
    pub label: u8,
    /// Bucket of the highest score, from 0 to one less than the policy's number.
    pub score_bucket: Option<u8>,
}

/// Reduces a raw int8 output tensor to what the policy lets out. `None` for a
/// tensor that is empty or has more than 256 scores.
pub fn summarize(policy: &OutputPolicy, output: &[i8]) -> Option<Summary> {
    let mut best = *output.first()?;
    let mut label = 0usize;
    for (index, &score) in output.iter().enumerate() {
        if score > best {
            best = score;
            label = index;
        }
    }
    let score_bucket = match policy.detail {
        OutputDetail::TopLabel => None,
        OutputDetail::TopLabelAndScore => Some(bucket(best, policy.score_buckets)),
    };
    Some(Summary {
        label: u8::try_from(label).ok().filter(|_| output.len() <= 256)?,
        score_bucket,
    })
}

/// `(score + 128) * buckets / 256`, which is below `buckets` for every score.
fn bucket(score: i8, buckets: u8) -> u8 {
    let offset = i32::from(score) + 128;
    (offset * i32::from(buckets) / 256) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORED: OutputPolicy = OutputPolicy {
        detail: OutputDetail::TopLabelAndScore,
        score_buckets: 10,
    };

    #[test]
    fn the_first_of_equal_scores_wins() {
        let summary = summarize(&SCORED, &[-5, 90, 90, 3]).unwrap();
        assert_eq!(summary.label, 1);
    }

    #[test]
    fn buckets_span_the_whole_range() {
        let of = |score| summarize(&SCORED, &[score]).unwrap().score_bucket;
        assert_eq!(of(-128), Some(0));
        assert_eq!(of(-103), Some(0));
        assert_eq!(of(-102), Some(1));
        assert_eq!(of(0), Some(5));
        assert_eq!(of(127), Some(9));
    }

    #[test]
    fn a_label_only_policy_hides_the_score() {
        let policy = OutputPolicy {
            detail: OutputDetail::TopLabel,
            ..SCORED
        };
        let summary = summarize(&policy, &[1, 2]).unwrap();
        assert_eq!((summary.label, summary.score_bucket), (1, None));
    }

    #[test]
    fn odd_tensors_have_no_summary() {
        assert_eq!(summarize(&SCORED, &[]), None);
        assert_eq!(summarize(&SCORED, &[0; 257]), None);
        assert!(summarize(&SCORED, &[0; 256]).is_some());
    }
}
