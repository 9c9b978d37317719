//! A checked reader of FlatBuffers tables: every offset is verified before use.
//!
//! The encoding: a table starts with a signed offset back to its vtable; the
//! vtable holds its own length, the table's length, and per field the field's
//! offset in the table (0 where absent). Vectors, strings and tables are reached
//! through unsigned forward offsets, so that no reference can form a cycle.

use crate::error::CompileError;

/// A table inside a buffer.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    bytes: &'a [u8],
    position: usize,
    vtable: usize,
    fields: usize,
}

/// A vector inside a buffer, whose elements lie in the buffer.
#[derive(Clone, Copy)]
pub struct Vector<'a> {
    bytes: &'a [u8],
    position: usize,
    length: usize,
}

fn corrupt(what: &'static str, offset: usize) -> CompileError {
    CompileError::Corrupt { what, offset }
}

fn read<const N: usize>(
    bytes: &[u8],
    offset: usize,
    what: &'static str,
) -> Result<[u8; N], CompileError> {
    bytes
        .get(offset..)
        .and_then(|tail| tail.first_chunk())
        .copied()
        .ok_or(corrupt(what, offset))
}

/// Where the forward offset at `position` leads.
fn follow(bytes: &[u8], position: usize, what: &'static str) -> Result<usize, CompileError> {
    let offset = u32::from_le_bytes(read(bytes, position, what)?);
    position
        .checked_add(offset as usize)
        .filter(|target| *target < bytes.len())
        .ok_or(corrupt(what, position))
}

impl<'a> Table<'a> {
    /// The root table of a buffer.
    pub fn root(bytes: &'a [u8]) -> Result<Self, CompileError> {
        Self::new(bytes, follow(bytes, 0, "root table")?, "root table")
    }

    fn new(bytes: &'a [u8], position: usize, what: &'static str) -> Result<Self, CompileError> {
        let back = i32::from_le_bytes(read(bytes, position, what)?);
        let vtable = i64::try_from(position)
            .ok()
            .and_then(|position| position.checked_sub(i64::from(back)))
            .and_then(|vtable| usize::try_from(vtable).ok())
            .ok_or(corrupt(what, position))?;
        let length = usize::from(u16::from_le_bytes(read(bytes, vtable, what)?));
        let end = vtable.checked_add(length);
        if length < 4 || end.is_none_or(|end| end > bytes.len()) {
            return Err(corrupt(what, vtable));
        }
        Ok(Self {
            bytes,
            position,
            vtable,
            fields: (length - 4) / 2,
        })
    }

    /// Where field `index` lies, unless it is absent.
    fn field(&self, index: usize, what: &'static str) -> Result<Option<usize>, CompileError> {
        if index >= self.fields {
            return Ok(None);
        }
        let entry = read(self.bytes, self.vtable + 4 + 2 * index, what)?;
        let offset = usize::from(u16::from_le_bytes(entry));
        Ok((offset != 0).then_some(self.position + offset))
    }

    /// A field of `N` bytes, unless it is absent.
    pub fn scalar<const N: usize>(
        &self,
        index: usize,
        what: &'static str,
    ) -> Result<Option<[u8; N]>, CompileError> {
        let field = self.field(index, what)?;
        field.map(|at| read(self.bytes, at, what)).transpose()
    }

    /// An unsigned byte, 0 where absent.
    pub fn u8(&self, index: usize, what: &'static str) -> Result<u8, CompileError> {
        let [byte] = self.scalar(index, what)?.unwrap_or_default();
        Ok(byte)
    }

    /// A 32-bit integer, `default` where absent.
    pub fn i32(&self, index: usize, what: &'static str, default: i32) -> Result<i32, CompileError> {
        let bytes = self.scalar(index, what)?;
        Ok(bytes.map_or(default, i32::from_le_bytes))
    }

    /// A 32-bit number, 0 where absent.
    pub fn f32(&self, index: usize, what: &'static str) -> Result<f32, CompileError> {
        let bytes = self.scalar(index, what)?.unwrap_or_default();
        Ok(f32::from_le_bytes(bytes))
    }

    /// A table, unless it is absent.
    pub fn table(
        &self,
        index: usize,
        what: &'static str,
    ) -> Result<Option<Table<'a>>, CompileError> {
        let Some(at) = self.field(index, what)? else {
            return Ok(None);
        };
        Table::new(self.bytes, follow(self.bytes, at, what)?, what).map(Some)
    }

    /// A vector of elements of `size` bytes; empty where absent.
    pub fn vector(
        &self,
        index: usize,
        size: usize,
        what: &'static str,
    ) -> Result<Vector<'a>, CompileError> {
        let Some(at) = self.field(index, what)? else {
            return Ok(Vector {
                bytes: self.bytes,
                position: 0,
                length: 0,
            });
        };
        let start = follow(self.bytes, at, what)?;
        let length = u32::from_le_bytes(read(self.bytes, start, what)?) as usize;
        let position = start + 4;
        let end = length
            .checked_mul(size)
            .and_then(|bytes| bytes.checked_add(position));
        if end.is_none_or(|end| end > self.bytes.len()) {
            return Err(corrupt(what, start));
        }
        Ok(Vector {
            bytes: self.bytes,
            position,
            length,
        })
    }

    /// A vector of scalars of `N` bytes.
    pub fn scalars<const N: usize>(
        &self,
        index: usize,
        what: &'static str,
    ) -> Result<&'a [[u8; N]], CompileError> {
        let vector = self.vector(index, N, what)?;
        let tail = vector.bytes.get(vector.position..).unwrap_or_default();
        let elements = tail.as_chunks().0.get(..vector.length);
        elements.ok_or(corrupt(what, vector.position))
    }

    /// A vector of 32-bit integers.
    pub fn integers(&self, index: usize, what: &'static str) -> Result<Vec<i32>, CompileError> {
        let elements = self.scalars(index, what)?;
        Ok(elements.iter().copied().map(i32::from_le_bytes).collect())
    }

    /// A string, with anything that is not UTF-8 replaced; empty where absent.
    pub fn string(&self, index: usize, what: &'static str) -> Result<String, CompileError> {
        let bytes = self.scalars::<1>(index, what)?.as_flattened();
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// A vector of tables.
    pub fn tables(
        &self,
        index: usize,
        what: &'static str,
    ) -> Result<impl ExactSizeIterator<Item = Result<Table<'a>, CompileError>>, CompileError> {
        let vector = self.vector(index, 4, what)?;
        Ok((0..vector.length).map(move |element| {
            let at = vector.position + 4 * element;
            Table::new(vector.bytes, follow(vector.bytes, at, what)?, what)
        }))
    }
}
