//! Meshery designs (`designs.meshery.io`): reading, writing, and what a new design or component consists of.
//!
//! The tree of the file is kept as it is, so that what this program does not know survives; a design is saved in the
//! version and format in which it was opened.

mod new;
mod read;
mod write;

pub use new::new_design;
pub use read::version_of;
pub use write::write;

pub(super) use read::opened;

/// The schema version of a design.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// Nearly all designs; what this program makes.
    #[default]
    V1Beta1,
    /// As v1beta1, with components of `v1beta2`.
    V1Beta3,
}

impl Version {
    pub(crate) const PREFIX: &'static str = "designs.meshery.io/";

    /// Reads the part behind `designs.meshery.io/`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "v1beta1" => Some(Self::V1Beta1),
            "v1beta3" => Some(Self::V1Beta3),
            _ => None,
        }
    }

    /// The `schemaVersion` of a design.
    pub fn schema_version(self) -> &'static str {
        match self {
            Self::V1Beta1 => "designs.meshery.io/v1beta1",
            Self::V1Beta3 => "designs.meshery.io/v1beta3",
        }
    }
}
