//! Deferred calls: work that a capsule asks the kernel loop to do soon.
//!
//! A capsule that must call back, but is itself being called, sets its
//! deferred call; the kernel loop then calls its client from a clean stack.
//!
//! The board calls [`initialize_deferred_call_state_unsafe`] once, before the
//! first [`DeferredCall::new`].

use core::cell::Cell;

use crate::platform::chip::ThreadIdProvider;
use crate::utilities::cells::OptionalCell;
use crate::utilities::single_thread_value::SingleThreadValue;

/// How many deferred calls there can be: one bit each in `pending`.
const SLOTS: usize = 32;

/// What handles a deferred call.
pub trait DeferredCallClient: Sized {
    /// Does the deferred work.
    fn handle_deferred_call(&self);

    /// Registers `self` with its own deferred call:
    /// `self.deferred_call.register(self)`.
    fn register(&'static self);
}

/// A client without its type: the object and how to call it.
#[derive(Clone, Copy)]
struct Handler {
    client: *const (),
    call: unsafe fn(*const ()),
}

struct State {
    /// How many deferred calls exist.
    created: Cell<usize>,
    /// Bit n is set while call n waits to be served.
    pending: Cell<u32>,
    handlers: [OptionalCell<Handler>; SLOTS],
}

static STATE: SingleThreadValue<State> = SingleThreadValue::new();

/// Sets the state of all deferred calls up for the calling thread. Called
/// again, it forgets every deferred call that was made before.
///
/// # Safety
///
/// No other thread (interrupt handlers included) may use deferred calls
/// before this returns.
pub unsafe fn initialize_deferred_call_state_unsafe<P: ThreadIdProvider>() {
    let state = State {
        created: Cell::new(0),
        pending: Cell::new(0),
        handlers: [const { OptionalCell::empty() }; SLOTS],
    };
    // SAFETY: the caller keeps other threads out.
    if unsafe { STATE.bind_to_thread_unsafe::<P>(state) }.is_err() {
        if let Some(state) = STATE.get() {
            state.created.set(0);
            state.pending.set(0);
            state.handlers.iter().for_each(OptionalCell::clear);
        }
    }
}

/// A capsule's right to one deferred call.
pub struct DeferredCall {
    index: usize,
}

impl DeferredCall {
    /// A new deferred call.
    ///
    /// # Panics
    ///
    /// If the board did not initialize the state first. Creating too many is
    /// reported by [`Self::verify_setup`].
    #[allow(clippy::new_without_default)] // Tock's interface
    pub fn new() -> Self {
        let Some(state) = STATE.get() else {
            panic!("deferred calls are not initialized");
        };
        let index = state.created.get();
        state.created.set(index + 1);
        Self { index }
    }

    /// Names the client to be called.
    pub fn register<DC: DeferredCallClient>(&self, client: &'static DC) {
        /// # Safety
        ///
        /// `client` points to a `DC` that lives for ever.
        unsafe fn call<DC: DeferredCallClient>(client: *const ()) {
            // SAFETY: what the caller promises.
            unsafe { &*client.cast::<DC>() }.handle_deferred_call();
        }
        let handler = Handler {
            client: core::ptr::from_ref(client).cast(),
            call: call::<DC>,
        };
        if let Some(slot) = STATE.get().and_then(|state| state.handlers.get(self.index)) {
            slot.set(handler);
        }
    }

    /// Asks for the client to be called.
    pub fn set(&self) {
        if let Some(state) = STATE.get() {
            state.pending.set(state.pending.get() | self.bit());
        }
    }

    /// Whether the client is still to be called.
    pub fn is_pending(&self) -> bool {
        STATE
            .get()
            .is_some_and(|state| state.pending.get() & self.bit() != 0)
    }

    /// Calls the client of one pending deferred call; returns its number.
    pub fn service_next_pending() -> Option<usize> {
        let state = STATE.get()?;
        let pending = state.pending.get();
        let index = pending.trailing_zeros() as usize;
        let handler = state.handlers.get(index)?.get();
        state.pending.set(pending & (pending - 1));
        if let Some(handler) = handler {
            // SAFETY: `register` made the pair from a `&'static` client.
            unsafe { (handler.call)(handler.client) };
        }
        Some(index)
    }

    /// Whether any deferred call is pending.
    pub fn has_tasks() -> bool {
        STATE.get().is_some_and(|state| state.pending.get() != 0)
    }

    /// Checks the board's set-up before the kernel loop starts.
    ///
    /// # Panics
    ///
    /// If there are more deferred calls than fit, or one has no client.
    pub fn verify_setup() {
        let Some(state) = STATE.get() else {
            panic!("deferred calls are not initialized");
        };
        let created = state.created.get();
        let registered = state
            .handlers
            .iter()
            .filter(|slot| slot.get().is_some())
            .count();
        if created > SLOTS || created != registered {
            panic!("{created} deferred calls, {registered} registered, {SLOTS} possible");
        }
    }

    fn bit(&self) -> u32 {
        1u32.checked_shl(self.index as u32).unwrap_or(0)
    }
}
