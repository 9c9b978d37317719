//! Evidence: the signed EAT that every answer is delivered in.
