//! Jobs, as the host leaves them in flash.

/// One inference: a plan, an input, and the buffers it gets.
pub struct Job<'a> {
    /// Length of the tile buffer: a multiple of 64, or zero to run in memory.
    pub tile_bytes: usize,
    /// Length of the row buffer; the plan's own where that is longer.
    pub row_bytes: usize,
    /// How far behind a word the plan lies, and buffers are to: below 4.
    pub shift: usize,
    /// A whole plan.
    pub plan: &'a [u8],
    /// The model's input.
    pub input: &'a [u8],
}

/// Jobs one after another; the first without a plan ends them.
pub struct Jobs<'a>(pub &'a [u8]);

impl<'a> Jobs<'a> {
    fn word(&mut self) -> Option<usize> {
        let (word, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*word) as usize)
    }

    /// `length` bytes behind `shift` others, and what fills all up to fours.
    fn bytes(&mut self, shift: usize, length: usize) -> Option<&'a [u8]> {
        let end = shift.checked_add(length)?;
        let (bytes, rest) = self.0.split_at_checked(end.checked_next_multiple_of(4)?)?;
        self.0 = rest;
        bytes.get(shift..end)
    }
}

impl<'a> Iterator for Jobs<'a> {
    type Item = Job<'a>;

    fn next(&mut self) -> Option<Job<'a>> {
        let plan_bytes = self.word().filter(|length| *length > 0)?;
        let input_bytes = self.word()?;
        let (tile_bytes, row_bytes, shift) = (self.word()?, self.word()?, self.word()?);
        Some(Job {
            tile_bytes,
            row_bytes,
            shift,
            plan: self.bytes(shift, plan_bytes)?,
            input: self.bytes(0, input_bytes)?,
        })
    }
}
