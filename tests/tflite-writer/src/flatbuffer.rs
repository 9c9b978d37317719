//! A writer of FlatBuffers, just enough for `.tflite` files.

/// A field's value.
pub enum Value {
    /// A byte.
    U8(u8),
    /// A signed 32-bit integer.
    I32(i32),
    /// A 32-bit number.
    F32(f32),
    /// A string or a vector of bytes.
    Bytes(Vec<u8>),
    /// A vector of signed 32-bit integers.
    I32s(Vec<i32>),
    /// A vector of signed 64-bit integers.
    I64s(Vec<i64>),
    /// A vector of 32-bit numbers.
    F32s(Vec<f32>),
    /// A table.
    Table(Table),
    /// A vector of tables.
    Tables(Vec<Table>),
}

/// Fields by number.
pub type Table = Vec<(usize, Value)>;

/// A file that starts with `root`, with the identifier that TensorFlow Lite uses.
pub fn file(root: Table) -> Vec<u8> {
    let mut out = vec![0; 4];
    out.extend(b"TFL3");
    let position = write_table(&mut out, &root);
    patch(&mut out, 0, position);
    out
}

fn word(out: &mut Vec<u8>, value: u32) {
    out.extend(value.to_le_bytes());
}

/// Makes the offset at `at` lead to `target`.
fn patch(out: &mut [u8], at: usize, target: usize) {
    out[at..at + 4].copy_from_slice(&((target - at) as u32).to_le_bytes());
}

fn align(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(4), 0);
}

/// Aligns so that what follows a vector's length is at a multiple of `alignment`.
fn align_elements(out: &mut Vec<u8>, alignment: usize) {
    out.resize((out.len() + 4).next_multiple_of(alignment) - 4, 0);
}

/// Vtable, then the table with four bytes a field, then what it refers to.
fn write_table(out: &mut Vec<u8>, fields: &Table) -> usize {
    align(out);
    let vtable = out.len();
    let count = fields
        .iter()
        .map(|(number, _)| number + 1)
        .max()
        .unwrap_or(0);
    let mut offsets = vec![0u16; count];
    for (slot, (number, _)) in fields.iter().enumerate() {
        offsets[*number] = 4 + 4 * slot as u16;
    }
    out.extend((4 + 2 * count as u16).to_le_bytes());
    out.extend((4 + 4 * fields.len() as u16).to_le_bytes());
    for offset in offsets {
        out.extend(offset.to_le_bytes());
    }
    align(out);
    let table = out.len();
    word(out, (table - vtable) as u32);
    for (_, value) in fields {
        match value {
            Value::U8(value) => word(out, (*value).into()),
            Value::I32(value) => out.extend(value.to_le_bytes()),
            Value::F32(value) => out.extend(value.to_le_bytes()),
            _ => word(out, 0),
        }
    }
    for (slot, (_, value)) in fields.iter().enumerate() {
        if let Some(target) = write_reference(out, value) {
            patch(out, table + 4 + 4 * slot, target);
        }
    }
    table
}

/// Writes what a field refers to.
fn write_reference(out: &mut Vec<u8>, value: &Value) -> Option<usize> {
    match value {
        Value::I64s(_) => align_elements(out, 8),
        // TensorFlow Lite wants contents at a multiple of 16.
        Value::Bytes(_) => align_elements(out, 16),
        _ => align(out),
    }
    let position = out.len();
    match value {
        Value::U8(_) | Value::I32(_) | Value::F32(_) => return None,
        Value::Bytes(bytes) => {
            word(out, bytes.len() as u32);
            out.extend(bytes);
            // Readers want it behind strings.
            out.push(0);
        }
        Value::I32s(values) => {
            word(out, values.len() as u32);
            out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        Value::I64s(values) => {
            word(out, values.len() as u32);
            out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        Value::F32s(values) => {
            word(out, values.len() as u32);
            out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        Value::Table(table) => return Some(write_table(out, table)),
        Value::Tables(tables) => {
            word(out, tables.len() as u32);
            let slots = out.len();
            out.resize(slots + 4 * tables.len(), 0);
            for (index, table) in tables.iter().enumerate() {
                let target = write_table(out, table);
                patch(out, slots + 4 * index, target);
            }
        }
    }
    Some(position)
}
