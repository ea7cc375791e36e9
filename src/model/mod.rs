//! The design document: components, relationships, and the edits that change them.
//!
//! Values only: no IO, no clock, no randomness (ids are passed in), no egui.

pub mod component;
pub mod configuration;
pub mod design;
pub mod diagnostic;
pub mod edit;
pub mod ids;
pub mod kind;
pub mod map;
mod memo;
mod names;
mod ordered;
pub mod path;
pub mod relationship;
pub mod transaction;
pub mod view;

pub use component::{Component, Position};
pub use configuration::{Number, Value};
pub use design::{Design, Link};
pub use diagnostic::{Diagnostic, Fix, Location, Severity, Subject};
pub use edit::{Edit, EditError, Target};
pub use ids::{ComponentId, IdSeed, RelationshipId};
pub use kind::ComponentKind;
pub use map::Map;
pub use memo::Kept;
pub use path::{FieldPath, Segment};
pub use relationship::{Pair, Relationship, Status};
pub use transaction::{Change, Touched, Transaction};
