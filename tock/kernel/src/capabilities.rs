//! Capabilities: proofs that their holder may call something dangerous.
//!
//! Each is an `unsafe` trait without methods. A board makes values of types
//! that implement them with [`create_capability!`](crate::create_capability)
//! and hands them to whom it trusts; capsules, which forbid `unsafe`, cannot
//! make their own.

/// The holder may stop, restart and look into processes.
///
/// # Safety
///
/// Implement it only where the board decides who manages processes.
pub unsafe trait ProcessManagementCapability {}

/// The holder may run the kernel's main loop.
///
/// # Safety
///
/// Implement it only in the board's main function.
pub unsafe trait MainLoopCapability {}

/// The holder may reserve process memory for itself: create grants.
///
/// # Safety
///
/// Implement it only where the board sets capsules up.
pub unsafe trait MemoryAllocationCapability {}

/// The holder may choose where debug output goes.
///
/// # Safety
///
/// Implement it only where the board sets capsules up.
pub unsafe trait SetDebugWriterCapability {}
