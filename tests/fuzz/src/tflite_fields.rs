//! Where a `.tflite` file has its numbers: a walk over the parts of its schema that
//! a compiler reads.
//!
//! The files are real, so the walk trusts them; a file it cannot follow has fewer
//! fields.

/// A number in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where it is.
    pub at: usize,
    /// Its bytes: 1, 2, 4 or 8.
    pub width: usize,
    /// What it is.
    pub kind: FieldKind,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// An integer: a size, an index, a type, an option.
    Integer,
    /// A scale or another 32-bit real.
    Real,
    /// An offset, or a vector's length, that holds the file together.
    Structure,
}

/// The tables of a file that are found in a vector, by the offset that leads to each.
pub type Slots = Vec<usize>;

/// What the walk found.
#[derive(Default)]
pub struct Fields {
    /// All numbers.
    pub fields: Vec<Field>,
    /// The offsets that lead to operators.
    pub operators: Slots,
    /// The offsets that lead to tensors.
    pub tensors: Slots,
}

struct Walk<'a> {
    bytes: &'a [u8],
    found: Fields,
}

/// Finds a file's numbers.
pub fn fields(bytes: &[u8]) -> Fields {
    let mut walk = Walk {
        bytes,
        found: Fields::default(),
    };
    walk.model();
    walk.found
}

impl Walk<'_> {
    fn word(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    }

    fn note(&mut self, at: usize, width: usize, kind: FieldKind) {
        self.found.fields.push(Field { at, width, kind });
    }

    /// Where the offset at `at` leads.
    fn follow(&mut self, at: usize) -> Option<usize> {
        self.note(at, 4, FieldKind::Structure);
        Some(at + self.word(at)? as usize)
    }

    /// Where field `number` of the table at `table` is, if it is there.
    fn place(&mut self, table: usize, number: usize) -> Option<usize> {
        let back = self.word(table)? as i32;
        let vtable = usize::try_from(i64::try_from(table).ok()? - i64::from(back)).ok()?;
        let short = |at: usize| {
            let bytes = self.bytes.get(at..)?.first_chunk()?;
            Some(usize::from(u16::from_le_bytes(*bytes)))
        };
        let entry = vtable + 4 + 2 * number;
        if entry >= vtable + short(vtable)? {
            return None;
        }
        let offset = short(entry)?;
        self.note(entry, 2, FieldKind::Structure);
        (offset != 0).then_some(table + offset)
    }

    fn scalar(&mut self, table: usize, number: usize, width: usize, kind: FieldKind) {
        if let Some(at) = self.place(table, number) {
            self.note(at, width, kind);
        }
    }

    fn table(&mut self, table: usize, number: usize) -> Option<usize> {
        let at = self.place(table, number)?;
        let target = self.follow(at)?;
        self.note(target, 4, FieldKind::Structure);
        Some(target)
    }

    /// Where the elements of a vector are, and how many.
    fn vector(&mut self, table: usize, number: usize) -> Option<(usize, usize)> {
        let at = self.place(table, number)?;
        let vector = self.follow(at)?;
        self.note(vector, 4, FieldKind::Structure);
        Some((vector + 4, self.word(vector)? as usize))
    }

    fn scalars(&mut self, table: usize, number: usize, width: usize, kind: FieldKind) {
        let (start, count) = self.vector(table, number).unwrap_or_default();
        for index in 0..count {
            self.note(start + width * index, width, kind);
        }
    }

    /// The offsets that lead to the tables of a vector.
    fn slots(&mut self, table: usize, number: usize) -> Slots {
        let (start, count) = self.vector(table, number).unwrap_or_default();
        (0..count).map(|index| start + 4 * index).collect()
    }

    fn tables(&mut self, slots: &[usize], visit: fn(&mut Self, usize)) {
        for slot in slots {
            if let Some(target) = self.follow(*slot) {
                visit(self, target);
            }
        }
    }

    fn model(&mut self) {
        let Some(root) = self.follow(0) else { return };
        self.scalar(root, 0, 4, FieldKind::Integer);
        let codes = self.slots(root, 1);
        self.tables(&codes, |walk, code| {
            walk.scalar(code, 0, 1, FieldKind::Integer);
            walk.scalar(code, 3, 4, FieldKind::Integer);
        });
        let graphs = self.slots(root, 2);
        self.tables(&graphs, Self::graph);
        let buffers = self.slots(root, 4);
        self.tables(&buffers, |walk, buffer| {
            walk.vector(buffer, 0);
        });
    }

    fn graph(&mut self, graph: usize) {
        self.found.tensors = self.slots(graph, 0);
        let tensors = self.found.tensors.clone();
        self.tables(&tensors, Self::tensor);
        self.scalars(graph, 1, 4, FieldKind::Integer);
        self.scalars(graph, 2, 4, FieldKind::Integer);
        self.found.operators = self.slots(graph, 3);
        let operators = self.found.operators.clone();
        self.tables(&operators, Self::operator);
    }

    fn tensor(&mut self, tensor: usize) {
        self.scalars(tensor, 0, 4, FieldKind::Integer);
        self.scalar(tensor, 1, 1, FieldKind::Integer);
        self.scalar(tensor, 2, 4, FieldKind::Integer);
        self.scalars(tensor, 7, 4, FieldKind::Integer);
        if let Some(quantization) = self.table(tensor, 4) {
            self.scalars(quantization, 2, 4, FieldKind::Real);
            self.scalars(quantization, 3, 8, FieldKind::Integer);
            self.scalar(quantization, 6, 4, FieldKind::Integer);
        }
    }

    fn operator(&mut self, operator: usize) {
        self.scalar(operator, 0, 4, FieldKind::Integer);
        self.scalars(operator, 1, 4, FieldKind::Integer);
        self.scalars(operator, 2, 4, FieldKind::Integer);
        if let Some(options) = self.table(operator, 4) {
            // No operator has more options; bytes and words look alike from here.
            for number in 0..8 {
                self.scalar(options, number, 1, FieldKind::Integer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tflite_writer::model::classifier;

    #[test]
    fn finds_all_kinds() {
        let bytes = classifier().file();
        let found = fields(&bytes);
        assert_eq!((found.operators.len(), found.tensors.len()), (7, 14));
        let all = |kind| found.fields.iter().filter(move |field| field.kind == kind);
        // One a tensor, but six for each filter of the convolutions.
        assert_eq!(all(FieldKind::Real).count(), 14 + 2 * 5);
        assert!(all(FieldKind::Structure).count() > 100);
        let image = [1, 7, 6, 2].map(i32::to_le_bytes);
        let mut integers = all(FieldKind::Integer);
        let first = integers
            .find(|field| bytes[field.at..].starts_with(image.as_flattened()))
            .map(|field| field.width);
        assert_eq!(first, Some(4));
    }
}
