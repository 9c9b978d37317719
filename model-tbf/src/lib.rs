//! The sealed model package: format, writer and reader.
