//! The design document: components, relationships, and the edits that change them.
//!
//! Values only: no IO, no clock, no randomness (ids are passed in), no egui.

pub mod configuration;
pub mod ids;
pub mod kind;
pub mod path;

pub use configuration::{Map, Number, Value};
pub use ids::{ComponentId, IdSeed, RelationshipId};
pub use kind::ComponentKind;
pub use path::{FieldPath, Segment};
