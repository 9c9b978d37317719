//! Reading and writing integers at fixed places of a view.

/// Copies `N` bytes out. Callers pass constant offsets inside the view, so the
/// zeros that would stand for missing bytes never appear.
pub fn take<const N: usize, const VIEW: usize>(view: &[u8; VIEW], offset: usize) -> [u8; N] {
    let tail = view.get(offset..).unwrap_or_default();
    tail.first_chunk().copied().unwrap_or([0; N])
}

/// The inverse of [`take`].
pub fn put<const N: usize, const VIEW: usize>(
    view: &mut [u8; VIEW],
    offset: usize,
    bytes: [u8; N],
) {
    let target = view.get_mut(offset..).and_then(<[u8]>::first_chunk_mut);
    if let Some(target) = target {
        *target = bytes;
    }
}
