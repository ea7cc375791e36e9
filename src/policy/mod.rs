//! The relationship patch policy: validates and identifies relationships, and lets values flow along them.
//!
//! Pure and deterministic. Every change is an ordinary edit inside the transaction of the gesture that caused it, so one
//! undo takes the gesture and its patches back together. It never fails on a bad design: what it cannot do it reports.

pub mod evaluate;
pub mod selector;
pub mod trace;

pub use crate::wallet::relationship;
pub use evaluate::{Evaluation, Scope, evaluate, evaluated};
pub use selector::{Candidate, Refusal, can_contain};
pub use trace::{Conflict, FieldChange, RelationshipChange, Trace};
