//! How much is joined by identification at most, so that hundreds of definitions that say nearly the same do not bury a
//! design under their relationships.
//!
//! Both bounds count what is there already, so that opening a design again joins no more; and neither depends on the order
//! of the components: definitions come in the order in which they were loaded, and one that would go too far joins nothing.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::engine::Hasher;
use crate::model::{ComponentId, Design, Diagnostic, Location, Relationship, Severity};

/// Two components are joined by no more relationships than this.
pub(super) const MAX_BETWEEN: usize = 8;

/// No definition joins anything that takes a design beyond this number of relationships.
const MAX_RELATIONSHIPS: usize = 250_000;

/// How many definitions a finding names.
const NAMED: usize = 3;

/// What is joined so far, and what was not.
pub(super) struct Bounds<'r> {
    between: HashMap<(ComponentId, ComponentId), usize, Hasher>,
    total: usize,
    max_total: usize,
    crowded: usize,
    crowded_by: IndexSet<&'r str, Hasher>,
    refused: Vec<(&'r str, usize)>,
}

impl<'r> Bounds<'r> {
    pub(super) fn of(design: &Design) -> Self {
        let mut bounds = Self {
            between: HashMap::default(),
            total: design.relationships().len(),
            max_total: MAX_RELATIONSHIPS,
            crowded: 0,
            crowded_by: IndexSet::default(),
            refused: Vec::new(),
        };
        let live = design.relationships().filter(|it| it.is_live());
        for pair in live.flat_map(Relationship::pairs) {
            if let (Some(from), Some(to)) = (pair.from, pair.to) {
                *bounds.between.entry((from, to)).or_default() += 1;
            }
        }
        bounds
    }

    /// Tells whether these two may be joined by one more definition; that they may not is noted.
    pub(super) fn have_room(&mut self, from: ComponentId, to: ComponentId, definition: &'r str) -> bool {
        let has_room = self.between.get(&(from, to)).is_none_or(|count| *count < MAX_BETWEEN);
        if !has_room {
            self.crowded += 1;
            self.crowded_by.insert(definition);
        }
        has_room
    }

    /// Tells whether a definition may join so many pairs; that it may not is noted.
    pub(super) fn take(&mut self, definition: &'r str, count: usize) -> bool {
        let is_taken = self.total + count <= self.max_total;
        if !is_taken {
            self.refused.push((definition, count));
        }
        is_taken
    }

    pub(super) fn join(&mut self, from: ComponentId, to: ComponentId) {
        self.total += 1;
        *self.between.entry((from, to)).or_default() += 1;
    }

    /// What was not joined, and why.
    pub(super) fn findings(&self) -> Vec<Diagnostic> {
        let mut messages = Vec::new();
        if self.crowded > 0 {
            messages.push(format!(
                "values also fit by {}, {} times, where {MAX_BETWEEN} relationships join the same two already: \
                 these were not joined. Load fewer definitions that say the same",
                list_of(self.crowded_by.iter().copied()),
                self.crowded
            ));
        }
        if !self.refused.is_empty() {
            let pairs: usize = self.refused.iter().map(|(_, count)| count).sum();
            messages.push(format!(
                "{} would join {pairs} more, and a design is not taken beyond {} relationships by opening it: \
                 none of these was joined",
                list_of(self.refused.iter().map(|(name, _)| *name)),
                self.max_total
            ));
        }
        let found = |message| Diagnostic::new("DS014", Location::design(), message);
        messages.into_iter().map(|message| found(message).with_severity(Severity::Warning)).collect()
    }
}

/// "a, b, c and 4 more definitions".
fn list_of<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut first: Vec<String> = names.take(NAMED).map(str::to_owned).collect();
    match (first.pop(), more) {
        (Some(last), 0) if first.is_empty() => last,
        (Some(last), 0) => format!("{} and {last}", first.join(", ")),
        (Some(last), more) => {
            first.push(last);
            let definitions = if more == 1 { "definition" } else { "definitions" };
            format!("{} and {more} more {definitions}", first.join(", "))
        }
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_that_goes_too_far_joins_nothing_and_a_smaller_one_may() {
        let mut bounds =
            Bounds { max_total: 10, ..Bounds::of(&Design::from_tree(crate::model::Value::Null)) };
        let id = ComponentId::from_name;
        assert!(bounds.take("first", 8));
        for number in 0..8 {
            bounds.join(id(&format!("a{number}")), id("b"));
        }
        assert!(!bounds.take("second", 3));
        assert!(bounds.take("third", 2));
        let found = bounds.findings();
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message,
            "second would join 3 more, and a design is not taken beyond 10 relationships by opening it: \
             none of these was joined"
        );
    }
}
