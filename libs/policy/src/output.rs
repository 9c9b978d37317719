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

/// What the scores of an output tensor are; the discriminants are the manifest's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreType {
    /// One byte each, two's complement.
    Int8 = 1,
    /// Two bytes each, two's complement, the lower first.
    Int16 = 2,
}

impl ScoreType {
    /// The type with this manifest code, if there is one.
    pub fn from_code(code: u8) -> Option<ScoreType> {
        match code {
            1 => Some(ScoreType::Int8),
            2 => Some(ScoreType::Int16),
            _ => None,
        }
    }

    /// Bytes of a score.
    pub fn bytes(self) -> usize {
        match self {
            ScoreType::Int8 => 1,
            ScoreType::Int16 => 2,
        }
    }

    /// A score of as many bytes.
    fn score(self, bytes: &[u8]) -> i16 {
        match (self, bytes) {
            (ScoreType::Int8, [byte]) => i16::from(*byte as i8),
            (ScoreType::Int16, [low, high]) => i16::from_le_bytes([*low, *high]),
            _ => 0,
        }
    }

    /// The bucket of a score, which is below `buckets`: that of its share in all scores
    /// of int8, whose least stands for nothing, or in those of int16 from zero up, where
    /// zero stands for nothing. Either way a probability of p, in the scale that
    /// TensorFlow Lite gives it, is in bucket `p * buckets`.
    fn bucket(self, score: i16, buckets: u8) -> u8 {
        let (offset, range) = match self {
            ScoreType::Int8 => (i32::from(score) + 128, 256),
            ScoreType::Int16 => (i32::from(score).max(0), 32_768),
        };
        (offset * i32::from(buckets) / range) as u8
    }
}

/// What an answer says: the only part of an output tensor that leaves the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Index of the highest score; of equal scores the first.
    pub label: u8,
    /// Bucket of the highest score, from 0 to one less than the policy's number.
    pub score_bucket: Option<u8>,
}

/// Reduces the bytes of a raw output tensor to what the policy lets out. `None` for a
/// tensor that is empty, has more than 256 scores, or has not whole ones.
pub fn summarize(policy: &OutputPolicy, scores: ScoreType, output: &[u8]) -> Option<Summary> {
    let all = output.chunks_exact(scores.bytes());
    if !all.remainder().is_empty() || all.len() > 256 {
        return None;
    }
    let mut best: Option<(i16, usize)> = None;
    for (label, bytes) in all.enumerate() {
        let score = scores.score(bytes);
        if best.is_none_or(|(best, _)| score > best) {
            best = Some((score, label));
        }
    }
    let (best, label) = best?;
    let score_bucket = match policy.detail {
        OutputDetail::TopLabel => None,
        OutputDetail::TopLabelAndScore => Some(scores.bucket(best, policy.score_buckets)),
    };
    Some(Summary {
        label: u8::try_from(label).ok()?,
        score_bucket,
    })
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
        let summary = summarize(&SCORED, ScoreType::Int8, &[251, 90, 90, 3]).unwrap();
        assert_eq!(summary.label, 1);
        let wide = [0xff, 0xff, 0, 3, 0xff, 2, 0, 3];
        let summary = summarize(&SCORED, ScoreType::Int16, &wide).unwrap();
        assert_eq!(summary.label, 1);
    }

    #[test]
    fn buckets_span_the_whole_range() {
        let of = |score: i8| {
            let summary = summarize(&SCORED, ScoreType::Int8, &[score as u8]);
            summary.unwrap().score_bucket
        };
        assert_eq!(of(-128), Some(0));
        assert_eq!(of(-103), Some(0));
        assert_eq!(of(-102), Some(1));
        assert_eq!(of(0), Some(5));
        assert_eq!(of(127), Some(9));
    }

    #[test]
    fn buckets_of_int16_start_at_zero() {
        let of = |score: i16| {
            let summary = summarize(&SCORED, ScoreType::Int16, &score.to_le_bytes());
            summary.unwrap().score_bucket
        };
        assert_eq!(of(i16::MIN), Some(0));
        assert_eq!(of(-1), Some(0));
        assert_eq!(of(3276), Some(0));
        assert_eq!(of(3277), Some(1));
        assert_eq!(of(16_384), Some(5));
        assert_eq!(of(i16::MAX), Some(9));
    }

    #[test]
    fn a_label_only_policy_hides_the_score() {
        let policy = OutputPolicy {
            detail: OutputDetail::TopLabel,
            ..SCORED
        };
        let summary = summarize(&policy, ScoreType::Int8, &[1, 2]).unwrap();
        assert_eq!((summary.label, summary.score_bucket), (1, None));
    }

    #[test]
    fn odd_tensors_have_no_summary() {
        for scores in [ScoreType::Int8, ScoreType::Int16] {
            let of = |length: usize| summarize(&SCORED, scores, &[0; 520][..length]);
            assert_eq!(of(0), None);
            assert_eq!(of(257 * scores.bytes()), None);
            assert!(of(256 * scores.bytes()).is_some());
        }
        assert_eq!(summarize(&SCORED, ScoreType::Int16, &[1, 2, 3]), None);
    }
}
