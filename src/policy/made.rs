//! What a relationship makes on the way to a field that it writes.

use crate::model::{Component, Segment};

/// How many of the segments above a field did not hold anything, and whether a null stood at the outermost of them: it
/// comes back when what was made in its place goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Made {
    pub(super) segments: usize,
    pub(super) over_null: bool,
}

impl Made {
    /// Nothing was made.
    pub(super) const NOTHING: Self = Self { segments: 0, over_null: false };

    /// So many segments were made where nothing stood.
    pub(super) const fn segments(segments: usize) -> Self {
        Self { segments, over_null: false }
    }

    /// What must be made before a value can stand at `path`.
    pub(super) fn before_writing(component: &Component, path: &[Segment]) -> Self {
        let parents = path.split_last().map_or(path, |(_, parents)| parents);
        let exists = |depth: &usize| component.get(&parents[..*depth]).is_some_and(|value| !value.is_null());
        let present = (1..=parents.len()).take_while(exists).count();
        let over_null = present < parents.len() && component.get(&parents[..=present]).is_some();
        Self { segments: parents.len() - present, over_null }
    }
}
