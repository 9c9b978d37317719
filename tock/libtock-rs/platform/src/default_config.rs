//! The configuration that driver libraries use when they are given none.

/// Ignores what [`allow_ro::Config`](crate::allow_ro::Config) and its siblings
/// would report.
pub struct DefaultConfig;

impl crate::allow_ro::Config for DefaultConfig {}
impl crate::allow_rw::Config for DefaultConfig {}
impl crate::subscribe::Config for DefaultConfig {}
