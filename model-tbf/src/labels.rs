//! The names of a model's outputs.

/// Most labels of a model.
pub const MAX_LABELS: usize = 16;
/// Longest label, in bytes of UTF-8.
pub const MAX_LABEL_LEN: usize = 24;

/// Up to [`MAX_LABELS`] names, each 1 to [`MAX_LABEL_LEN`] bytes; the index of a name is
/// the index of the output tensor's element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels<'a> {
    names: [&'a str; MAX_LABELS],
    count: usize,
}

impl<'a> Labels<'a> {
    /// Takes the names over; `None` when there are none or too many, or one is empty or
    /// too long.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut labels = Labels {
            names: [""; MAX_LABELS],
            count: 0,
        };
        for name in names {
            if name.is_empty() || name.len() > MAX_LABEL_LEN {
                return None;
            }
            *labels.names.get_mut(labels.count)? = name;
            labels.count += 1;
        }
        (labels.count > 0).then_some(labels)
    }

    /// The names, in order.
    pub fn as_slice(&self) -> &[&'a str] {
        self.names.get(..self.count).unwrap_or(&[])
    }

    /// The name of the output with this index.
    pub fn get(&self, index: u8) -> Option<&'a str> {
        self.as_slice().get(usize::from(index)).copied()
    }
}
