//! What a behaviour is.

use crate::report::Report;

/// Something that a document says system calls do.
pub struct Behaviour {
    /// Document and section: `104/4.2` is section 4.2 of TRD 104, `readable/2.1` is of
    /// the draft about Userspace Readable Allow. `tock` is said by none, and is what Tock
    /// does.
    pub source: &'static str,
    /// Its name in the output, one word.
    pub name: &'static str,
    /// Tries it, and reports what happens.
    pub run: fn(&mut Report),
}

/// A row of the table.
pub const fn behaviour(
    source: &'static str,
    name: &'static str,
    run: fn(&mut Report),
) -> Behaviour {
    Behaviour { source, name, run }
}
