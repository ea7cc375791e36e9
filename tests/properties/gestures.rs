//! Random gestures on a design, as the edits that an editor makes of them.

use std::sync::Arc;

use billfold::model::{Design, Edit, FieldPath, Relationship, Target};
use billfold::wallet::{edited_filter, redirect};
use proptest::prelude::*;

use super::designs::{CONFIGS, SMALL, URLS, made, nth, nth_parent, pick, value};

/// A gesture, as numbers that find their meaning in the design at hand.
#[derive(Clone, Debug)]
pub(crate) struct Gesture {
    what: usize,
    numbers: [usize; 4],
}

pub(crate) fn gesture() -> impl Strategy<Value = Gesture> {
    (0..14_usize, [0..64_usize, 0..64, 0..64, 0..64]).prop_map(|(what, numbers)| Gesture { what, numbers })
}

fn field(keys: &[&str]) -> FieldPath {
    FieldPath::keys(keys)
}

impl Gesture {
    /// The edits, as far as the gesture means anything in this design.
    pub(crate) fn edits(&self, design: &Design) -> Vec<Edit> {
        let [a, b, c, d] = self.numbers;
        let relationships: Vec<&Relationship> = design.relationships().collect();
        let some = (!relationships.is_empty()).then(|| relationships[a % relationships.len()].id());
        let component = design.component(nth(design, a)).unwrap();
        let id = component.id();
        match self.what {
            // Into, or into another one.
            0..=2 => {
                let (from, to) = (id, nth_parent(design, id, b));
                let Some(relationship) = made(design, from, to) else { return Vec::new() };
                let is_same_class =
                    |id| design.relationship(id).is_some_and(|it| it.class() == relationship.class());
                let former = design.links_from(from).into_iter().map(|link| link.relationship);
                let mut edits: Vec<Edit> = former
                    .filter(|id| is_same_class(*id))
                    .map(|id| Edit::RemoveRelationship { id })
                    .collect();
                if edits
                    .iter()
                    .any(|edit| matches!(edit, Edit::RemoveRelationship { id } if *id == relationship.id()))
                {
                    return Vec::new();
                }
                let index = (c % 3 == 0).then(|| d % (relationships.len() + 1));
                edits.push(Edit::AddRelationship { index, relationship: Arc::new(relationship) });
                edits
            }
            3 => some.map(|id| Edit::RemoveRelationship { id }).into_iter().collect(),
            4 => some
                .map(|id| Edit::MoveRelationship { id, index: b % relationships.len() })
                .into_iter()
                .collect(),
            5 | 6 => {
                let (key, list) =
                    [("wasmFilter", URLS), ("config", CONFIGS), ("sha256", SMALL), ("pluginName", SMALL)]
                        [b % 4];
                let path = field(&["configuration", key]);
                vec![pick(list, c).map_or_else(
                    || Edit::unset(id, path.clone()),
                    |text| Edit::set(id, path.clone(), value(text)),
                )]
            }
            // A field of the plugin, through the redirection that every editor uses.
            7 | 8 => {
                let (key, list) =
                    [("url", URLS), ("pluginConfig", CONFIGS), ("sha256", SMALL), ("phase", SMALL)][b % 4];
                let path = field(&["configuration", "spec", key]);
                let value = pick(list, c).map(value);
                redirect(design, id, edited_filter(design, id), &path, value.as_ref()).unwrap_or_else(|| {
                    vec![Edit::SetField { target: Target::Component(id), path, value, place: None }]
                })
            }
            // The same behind its back.
            9 => {
                let key = ["url", "pluginConfig", "sha256", "configPatches"][b % 4];
                let path = field(&["configuration", "spec", key]);
                vec![pick(SMALL, c).map_or_else(
                    || Edit::unset(id, path.clone()),
                    |text| Edit::set(id, path.clone(), value(text)),
                )]
            }
            10 => vec![Edit::set(id, field(&["displayName"]), ["x", "edge", ""][b % 3])],
            11 => vec![Edit::set(
                id,
                field(&["configuration", "metadata", "name"]),
                ["x", "edge", "shop"][b % 3],
            )],
            // Deleted as an editor does it, or alone.
            12 => {
                let links = [design.links_from(id), design.links_to(id)].concat();
                let mut ids: Vec<_> = links.iter().map(|link| link.relationship).collect();
                ids.sort_unstable();
                ids.dedup();
                let mut edits: Vec<Edit> = if b % 3 == 0 {
                    Vec::new()
                } else {
                    ids.into_iter().map(|id| Edit::RemoveRelationship { id }).collect()
                };
                if design.components().len() > 1 {
                    edits.push(Edit::RemoveComponent { id });
                }
                edits
            }
            _ => {
                let path = field(&[
                    "preferences",
                    "layers",
                    "relationships",
                    ["hierarchical-parent-wallet", "hierarchical-parent-inventory"][b % 2],
                ]);
                vec![Edit::SetField {
                    target: Target::Design,
                    path,
                    value: Some((c % 2 == 0).into()),
                    place: None,
                }]
            }
        }
    }
}
