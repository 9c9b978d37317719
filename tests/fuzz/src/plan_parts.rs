//! Plans taken apart and put together again.

use anchorhold_engine::format::{Record, RECORD_BYTES};
use anchorhold_engine::{Header, Plan, HEADER_BYTES};
use tflite_writer::Random;

/// Longest weights that a repaired plan gets.
const LONGEST: usize = 1 << 18;

/// A plan's header, and its operators, each with its weights.
#[derive(Clone)]
pub struct Parts {
    /// The header's bytes.
    pub header: [u8; HEADER_BYTES],
    /// Records and the weights that go with them.
    pub operators: Vec<([u8; RECORD_BYTES], Vec<u8>)>,
}

impl Parts {
    /// Takes a valid plan apart.
    ///
    /// # Panics
    /// The plan is not valid.
    pub fn of(plan: &[u8]) -> Self {
        let valid = Plan::validate(plan).expect("a valid plan");
        let resident = &plan[HEADER_BYTES..valid.header().resident_bytes as usize];
        let mut weights = &plan[valid.header().resident_bytes as usize..];
        let records = resident.as_chunks::<RECORD_BYTES>().0;
        let operators = records.iter().map(|record| {
            let operator = Record(record).parse().expect("a valid operator");
            let lengths = operator.body.lengths().expect("a valid operator");
            let (own, rest) = weights.split_at(lengths.weights as usize);
            weights = rest;
            (*record, own.to_vec())
        });
        let operators = operators.collect();
        Self {
            header: *plan.first_chunk().expect("a header"),
            operators,
        }
    }

    /// A part of the plan: one to six operators that follow each other.
    pub fn excerpt(&self, random: &mut Random) -> Self {
        let count = 1 + random.below(self.operators.len().min(6));
        let start = random.below(self.operators.len() - count + 1);
        Self {
            header: self.header,
            operators: self.operators[start..start + count].to_vec(),
        }
    }

    /// The plan's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.header.to_vec();
        for (record, _) in &self.operators {
            bytes.extend(record);
        }
        for (_, weights) in &self.operators {
            bytes.extend(weights);
        }
        bytes
    }

    /// Makes weights as long as their operators need them, and corrects the header's
    /// lengths, so that the plan is refused for nothing that follows from another
    /// number. Parts that make no sense remain as they are.
    pub fn repair(&mut self) {
        let Ok(mut header) = Header::parse(&self.repaired_count()) else {
            return;
        };
        header.row_bytes = 0;
        let mut length = header.resident_bytes as usize;
        for (record, weights) in &mut self.operators {
            let lengths = Record(record)
                .parse()
                .and_then(|operator| operator.body.lengths());
            if let Ok(lengths) = lengths {
                if lengths.weights as usize <= LONGEST {
                    weights.resize(lengths.weights as usize, 0x35);
                }
                header.row_bytes = header.row_bytes.max(lengths.row);
            }
            length += weights.len();
        }
        header.plan_bytes = length as u32;
        header.emit(&mut self.header);
    }

    /// The header with the right number of operators, and a length to match.
    fn repaired_count(&self) -> [u8; HEADER_BYTES] {
        let mut header = self.header;
        let count = self.operators.len();
        let resident = (HEADER_BYTES + RECORD_BYTES * count) as u32;
        header[6..8].copy_from_slice(&(count as u16).to_le_bytes());
        header[12..16].copy_from_slice(&resident.to_le_bytes());
        header[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        header
    }
}
