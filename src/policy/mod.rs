//! The relationship patch policy: validates and identifies relationships, and lets values flow along them.
//!
//! Pure and deterministic. Every change is an ordinary edit inside the transaction of the gesture that caused it, so one
//! undo takes the gesture and its patches back together. It never fails on a bad design: what it cannot do it reports.

mod alias;
pub mod containment;
mod engine;
mod envoy_filter_entry;
mod envoy_filter_wallet;
pub mod evaluate;
mod field;
mod gift;
mod hierarchical_wallet;
mod identify;
mod identify_bounds;
mod identify_join;
mod identify_pairs;
mod inventory;
mod legacy;
mod made;
pub mod missing_parent;
mod module_fields;
mod record;
mod released;
mod repeated;
mod selector;
mod settled;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod trace;
mod units;
mod validate_relationships;

pub use crate::wallet::relationship;
pub use containment::{Candidate, Refusal, can_contain};
pub use evaluate::{Evaluation, Scope, evaluate, evaluated};
pub use missing_parent::{MissingParent, missing_parents};
pub use trace::{Conflict, FieldChange, RelationshipChange, Trace};
