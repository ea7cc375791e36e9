//! Fresh ids: the one place where randomness enters the program.

use crate::formats::meshery;
use crate::model::{Design, IdSeed};

/// A seed that no other gesture has.
#[cfg(feature = "gui")]
pub fn fresh_seed() -> IdSeed {
    IdSeed(uuid::Uuid::new_v4())
}

/// A seed that no other gesture has. Without the window there is no source of true randomness in the program; the
/// standard library seeds its hash maps from the system.
#[cfg(not(feature = "gui"))]
pub fn fresh_seed() -> IdSeed {
    use std::hash::{BuildHasher as _, RandomState};
    let half = || RandomState::new().hash_one(std::process::id());
    IdSeed(
        uuid::Builder::from_random_bytes(((u128::from(half()) << 64) | u128::from(half())).to_be_bytes())
            .into_uuid(),
    )
}

/// An empty design with an id of its own.
pub(super) fn new_design(name: &str) -> Design {
    meshery::new_design(&fresh_seed().id(0).to_string(), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_seeds_are_alike() {
        let (a, b) = (fresh_seed(), fresh_seed());
        assert_ne!(a, b);
        assert_eq!(a.0.get_version_num(), 4);
    }
}
