//! [`Component`]: a set-up step that a board can reuse.

/// Something a board builds in two steps: the constructor takes what the
/// object needs, [`Self::finalize`] takes the static memory it will live in.
pub trait Component {
    /// The static memory needed, as [`static_buf!`](crate::static_buf) gives
    /// it.
    type StaticInput;
    /// What comes out, usually a `&'static` to the finished object.
    type Output;

    /// Builds the object in `static_memory`. It must not claim static memory
    /// of its own, so that a component can be used several times.
    fn finalize(self, static_memory: Self::StaticInput) -> Self::Output;
}
