//! What the user asks of the checks beside what the design says: the version, the mesh.

use super::facts::Facts;
use crate::istio::{DEFAULT_ROOT_NAMESPACE, Mesh, Version};
use crate::model::Design;

use super::filter::CodeFilter;
use super::ignore::{Files, Ignore};

/// How to check, from the command line, the project's file and the window's settings together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The version to check for, whatever the design says (`--target`).
    pub target: Option<Version>,
    /// The version for designs that say none (the project's file).
    pub default_target: Option<Version>,
    /// The mesh's root namespace, if it is not Istio's default.
    pub root_namespace: Option<String>,
    /// The design stands for manifests that somebody applies as they stand, not for what an export would write.
    pub as_they_stand: bool,
    /// What is known of modules and images.
    pub facts: Facts,
    /// Which codes are reported at all.
    pub filter: CodeFilter,
    /// What is accepted, beside what the design and its objects accept.
    pub ignores: Vec<Ignore>,
    /// Which files the components stand in, for those that are accepted in some only.
    pub files: Files,
}

impl Options {
    /// What to assume about the mesh that `design` is for. A version in the design that cannot be read counts as none.
    pub fn mesh_of(&self, design: &Design) -> Mesh {
        let own = || design.istio_version().and_then(|text| text.parse().ok());
        let version = self.target.or_else(own).or(self.default_target).unwrap_or(Version::NEWEST);
        let root_namespace = self.root_namespace.as_deref().unwrap_or(DEFAULT_ROOT_NAMESPACE).to_owned();
        Mesh { version, root_namespace }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    #[test]
    fn the_command_line_goes_over_the_design_and_that_over_the_project() {
        let version = Version::new;
        let design = |text: &str| {
            let billfold = Value::from([("istioVersion", text.into())]);
            Design::from_tree(Value::from([("metadata", Value::from([("billfold", billfold)]))]))
        };
        let mut options = Options::default();
        assert_eq!(options.mesh_of(&Design::from_tree(Value::Null)).version, Version::NEWEST);
        options.default_target = Some(version(1, 24));
        assert_eq!(options.mesh_of(&Design::from_tree(Value::Null)).version, version(1, 24));
        assert_eq!(options.mesh_of(&design("1.27")).version, version(1, 27));
        assert_eq!(options.mesh_of(&design("newest")).version, version(1, 24));
        options.target = Some(version(1, 30));
        assert_eq!(options.mesh_of(&design("1.27")).version, version(1, 30));
    }
}
