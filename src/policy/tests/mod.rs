//! The policy, gesture by gesture. `testing.rs` says how the designs are written; its `gesture` holds on every step that
//! undo takes it back, that the touched part is enough, and that evaluating again changes nothing.

mod envoy_filter;
mod foreign;
mod identify;
mod identify_pairs;
mod questions;
mod random;
mod released;
mod repeated;
mod sentences;
mod restore;
mod settled;
mod strategies;
mod wallet;
