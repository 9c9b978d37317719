//! Power-safe persistent device state: counters, accepted models, budget.
