//! Parents that values name and that are not in the design: "Create Namespace X".
//!
//! An evaluation never makes a parent, and that one is missing is no finding: a name that only stands in
//! `metadata.namespace` means a namespace of the cluster. It is an offer, made on the user's word: one step makes the
//! component with the values that its children have, and joins every child of that value.

use super::selector::{Handler, Rule};
use crate::model::{Component, ComponentId, ComponentKind, Design, FieldPath, Relationship, Value};
use crate::registry::{Registry, Side};
use crate::wallet::patch;
use crate::wallet::relationship::{self, candidate};

/// A parent that could be made.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingParent {
    /// Its kind, which the registry knows.
    pub kind: ComponentKind,
    /// The value that names it, for the button: "edge".
    pub name: String,
    /// Where it gives its values, and the values: never none.
    pub values: Vec<(FieldPath, Value)>,
    /// Number of the definition, and of its selectors, within the registry.
    place: Place,
}

/// Where the two selectors of a pair stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    definition: usize,
    set: usize,
    from: usize,
    to: usize,
}

impl Place {
    fn rule(self, registry: &Registry) -> Option<Rule<'_>> {
        let definition = registry.relationships().get(self.definition)?;
        let allow = &definition.selectors.get(self.set)?.allow;
        Some(Rule::new(definition, allow.from.get(self.from)?, allow.to.get(self.to)?))
    }
}

/// The parents that `child` names by the values of an inventory relationship, and that are not in the design.
pub fn missing_parents(design: &Design, registry: &Registry, child: ComponentId) -> Vec<MissingParent> {
    let Some(child) = design.component(child) else { return Vec::new() };
    let mut missing: Vec<MissingParent> = Vec::new();
    for (number, definition) in registry.relationships().iter().enumerate() {
        let is_inventory = definition.holds() && definition.sub_type.eq_ignore_ascii_case("inventory");
        if !is_inventory || design.is_frozen(&definition.class()) {
            continue;
        }
        for (set, selectors) in definition.selectors.iter().enumerate() {
            let allow = &selectors.allow;
            let asked = candidate(registry, child);
            let Some(from) = allow.from.iter().position(|it| it.matches(asked)) else { continue };
            for (to, selector) in allow.to.iter().enumerate() {
                let place = Place { definition: number, set, from, to };
                let found = selector.kind.as_deref().and_then(|kind| {
                    let known = registry.named(kind, selector.group.as_deref(), selector.model.as_deref());
                    named_by(design, registry, child, place, &known.first()?.kind)
                });
                if let Some(found) = found.filter(|it| !missing.iter().any(|other| other.kind == it.kind)) {
                    missing.push(found);
                }
            }
        }
    }
    missing
}

/// The parent of this kind that a child names, unless it has one, or one is there.
fn named_by(
    design: &Design,
    registry: &Registry,
    child: &Component,
    place: Place,
    kind: &ComponentKind,
) -> Option<MissingParent> {
    let rule = place.rule(registry)?;
    let values = values_of(rule, child)?;
    let is_of_kind = |id| design.component(id).is_some_and(|it| it.kind().same_kind(kind));
    let has_one = design.links_from(child.id()).iter().any(|link| {
        is_of_kind(link.to) && design.relationship(link.relationship).is_some_and(Relationship::is_live)
    });
    let gives = |parent: &Component, path: &FieldPath, value: &Value| {
        if is_name(kind, path) {
            return parent.own_name() == value.as_text();
        }
        parent.get(path).is_some_and(|it| it.equivalent(value))
    };
    let name = values.first().and_then(|(_, value)| match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.text().to_owned()),
        _ => None,
    })?;
    if has_one {
        return None;
    }
    let is_there = match &values[..] {
        [(path, _)] if is_name(kind, path) => design.is_named(kind, &name),
        values => {
            design.of_kind(kind).any(|parent| values.iter().all(|(path, value)| gives(parent, path, value)))
        }
    };
    (!is_there).then(|| MissingParent { kind: kind.clone(), name, values, place })
}

/// The value of a Namespace's `displayName` is its name.
fn is_name(kind: &ComponentKind, path: &FieldPath) -> bool {
    kind.same_kind(&ComponentKind::NAMESPACE) && path.is_keys(&["displayName"])
}

/// What a child says about its parent: all values that the parent would give it; `None` where one is absent.
fn values_of(rule: Rule<'_>, child: &Component) -> Option<Vec<(FieldPath, Value)>> {
    let flow =
        rule.flows().find(|flow| flow.giver == Side::To).filter(|_| rule.handler == Handler::Fields)?;
    let values = flow.pairs().map(|pair| {
        let value = child.get(&patch::resolve(child.tree(), pair.mutated)).filter(|it| !it.is_blank())?;
        // A place in a list is nobody's before the list is there.
        let path = patch::resolve(&Value::Null, pair.mutator);
        Some((path, value.clone()))
    });
    values.collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())
}

impl MissingParent {
    /// The relationships that join every child of the same values to `parent`, which need not be in the design yet.
    pub fn joins(&self, design: &Design, registry: &Registry, parent: &Component) -> Vec<Relationship> {
        let Some(rule) = self.place.rule(registry) else { return Vec::new() };
        let is_child = |child: &&Component| {
            child.id() != parent.id()
                && rule.from.matches(candidate(registry, child))
                && named_by(design, registry, child, self.place, &self.kind).as_ref() == Some(self)
        };
        let children = design.components().filter(is_child);
        let joins = children.filter_map(|child| {
            rule.definition.joins(candidate(registry, child), candidate(registry, parent))?;
            let made =
                relationship::of_definition(registry, rule.definition, (rule.from, rule.to), child, parent);
            relationship::with_free_id(design, made)
        });
        joins.collect()
    }
}
