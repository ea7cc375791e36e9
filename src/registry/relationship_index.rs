//! Relationship definitions in order, found by class and by kind without a look at each.
//!
//! A design that uses none of 500 loaded definitions pays for none.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::relationship_definition::{RelationshipDefinition, Side};

type Places = HashMap<String, Vec<usize>, foldhash::fast::FixedState>;

/// Every relationship definition, and where to find it.
#[derive(Clone, Debug, Default)]
pub(super) struct RelationshipIndex {
    definitions: Vec<Arc<RelationshipDefinition>>,
    by_class: Places,
    from: Ends,
    to: Ends,
}

/// What the selectors of one side name.
#[derive(Clone, Debug, Default)]
struct Ends {
    by_kind: Places,
    of_any_kind: Vec<usize>,
}

impl RelationshipIndex {
    pub(super) fn push(&mut self, definition: RelationshipDefinition) {
        let place = self.definitions.len();
        self.by_class.entry(definition.class()).or_default().push(place);
        for set in &definition.selectors {
            for (ends, selectors) in [(&mut self.from, &set.allow.from), (&mut self.to, &set.allow.to)] {
                for selector in selectors {
                    let places = match &selector.kind {
                        Some(kind) => ends.by_kind.entry(kind.clone()).or_default(),
                        None => &mut ends.of_any_kind,
                    };
                    // Several selectors of one definition may name the same kind.
                    if places.last() != Some(&place) {
                        places.push(place);
                    }
                }
            }
        }
        self.definitions.push(Arc::new(definition));
    }

    pub(super) fn all(&self) -> &[Arc<RelationshipDefinition>] {
        &self.definitions
    }

    pub(super) fn of_class(
        &self,
        class: &str,
    ) -> impl Iterator<Item = &Arc<RelationshipDefinition>> + use<'_> {
        let is_lower_case = class.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let class = if is_lower_case { Cow::Borrowed(class) } else { Cow::Owned(class.to_lowercase()) };
        let places = self.by_class.get(class.as_ref()).map_or(&[][..], Vec::as_slice);
        places.iter().map(|&place| &self.definitions[place])
    }

    pub(super) fn with(
        &self,
        side: Side,
        kind: &str,
    ) -> impl Iterator<Item = &Arc<RelationshipDefinition>> + use<'_> {
        let ends = match side {
            Side::From => &self.from,
            Side::To => &self.to,
        };
        let named = ends.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        in_order(named, &ends.of_any_kind).map(|place| &self.definitions[place])
    }
}

/// What stands in either of two ascending lists, ascending, each once.
fn in_order<'a>(mut a: &'a [usize], mut b: &'a [usize]) -> impl Iterator<Item = usize> + use<'a> {
    std::iter::from_fn(move || {
        let next = match (a.first(), b.first()) {
            (Some(&a), Some(&b)) => a.min(b),
            (Some(&only), None) | (None, Some(&only)) => only,
            (None, None) => return None,
        };
        a = a.strip_prefix(&[next]).unwrap_or(a);
        b = b.strip_prefix(&[next]).unwrap_or(b);
        Some(next)
    })
}

#[cfg(test)]
mod tests {
    use super::super::relationship_definition::{Selector, SelectorPairs, SelectorSet};
    use super::*;

    /// A definition of `class` with selectors for these kinds on each side; `*` is any.
    fn definition(class: &str, from: &[&str], to: &[&str]) -> RelationshipDefinition {
        let selectors = |kinds: &[&str]| -> Vec<Selector> {
            let kind = |kind: &&str| (*kind != "*").then(|| (*kind).to_owned());
            kinds.iter().map(|it| Selector { kind: kind(it), ..Selector::default() }).collect()
        };
        let allow = SelectorPairs { from: selectors(from), to: selectors(to) };
        RelationshipDefinition {
            kind: class.to_owned(),
            type_: "t".to_owned(),
            sub_type: "s".to_owned(),
            selectors: vec![SelectorSet { allow, deny: SelectorPairs::default() }],
            ..RelationshipDefinition::default()
        }
    }

    #[test]
    fn lookups_give_what_a_look_at_each_would_give_in_order() {
        let mut index = RelationshipIndex::default();
        index.push(definition("Edge", &["Pod", "Pod"], &["*"]));
        index.push(definition("edge", &["*"], &["Service"]));
        index.push(definition("sibling", &["Pod", "*"], &["Service", "Pod"]));
        let places = |found: Vec<&Arc<RelationshipDefinition>>| -> Vec<usize> {
            let place = |it: &Arc<_>| index.all().iter().position(|own| Arc::ptr_eq(own, it)).unwrap();
            found.into_iter().map(place).collect()
        };
        assert_eq!(places(index.of_class("edge-t-s").collect()), [0, 1]);
        assert_eq!(places(index.of_class("EDGE-T-S").collect()), [0, 1]);
        assert!(places(index.of_class("edge-t").collect()).is_empty());
        assert_eq!(places(index.with(Side::From, "Pod").collect()), [0, 1, 2]);
        assert_eq!(places(index.with(Side::From, "Po").collect()), [1, 2]);
        assert_eq!(places(index.with(Side::To, "Service").collect()), [0, 1, 2]);
        assert_eq!(places(index.with(Side::To, "Gateway").collect()), [0]);
    }
}
