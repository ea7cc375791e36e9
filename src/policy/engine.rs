//! The hands of an evaluation: it changes fields and records inside the transaction, and notes each change in the trace.

use std::cell::OnceCell;
use std::collections::HashSet;

use indexmap::IndexMap;

use super::alias::Aliases;
use super::evaluate::Glance;
use super::made::Made;
use super::record::{PairId, Record};
use super::released::Released;
use super::selector::Rules;
use super::trace::{self, Conflict, FieldChange, RelationshipChange, Trace};
use crate::model::{
    Component, ComponentId, Design, Diagnostic, Edit, FieldPath, Location, Map, RelationshipId, Segment,
    Target, Transaction, Value,
};
use crate::registry::Registry;

pub(super) type Hasher = foldhash::fast::FixedState;

/// Why a field changes.
#[derive(Clone, Debug)]
pub(super) struct Cause<'a> {
    pub(super) relationship: RelationshipId,
    pub(super) definition: &'a str,
    pub(super) strategy: &'static str,
    /// The giver, and where it has the value.
    pub(super) source: Option<(ComponentId, FieldPath)>,
    pub(super) why: String,
}

/// The strategy that a trace shows for a value that is given back.
pub(super) const RESTORE: &str = "restore";

/// Findings that hold as long as nothing changes.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) conflicts: Vec<Conflict>,
}

/// No value that a relationship writes has more mappings, lists and scalars than this. Relationships that read what they
/// write make it several times as large with each pass, long before they are told by how often they write.
const MAX_NODES: usize = 1_000_000;

/// What no relationship writes, whatever its definition says, and why.
fn never_written(path: &FieldPath, written: Option<&Value>) -> Option<&'static str> {
    match [path.first(), path.get(1)].map(|segment| segment.and_then(Segment::as_key)) {
        // These say who may be joined to it; written, they would pull the ground from under the relationship.
        [Some("component" | "schemaVersion"), _] => Some("what kind a component is of stays as it is"),
        [Some("metadata"), Some("billfold")] => Some("metadata.billfold is for what this program records"),
        // A file with something else there is no design.
        [Some("configuration" | "metadata" | "styles"), None]
            if written.is_some_and(|value| value.as_map().is_none()) =>
        {
            Some("a mapping has to stand there")
        }
        _ => None,
    }
}

/// Tells whether a value has more nodes than `left`, which is counted down. Looks at no more of them than that.
fn has_more_nodes(value: &Value, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else { return true };
    *left = rest;
    match value {
        Value::List(items) => items.iter().any(|item| has_more_nodes(item, left)),
        Value::Map(map) => map.iter().any(|(_, value)| has_more_nodes(value, left)),
        _ => false,
    }
}

/// An evaluation under way.
pub(super) struct Engine<'e, 'd> {
    pub(super) tx: &'e mut Transaction<'d>,
    pub(super) rules: Rules<'e>,
    pub(super) trace: Trace,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Pairs that were taken out and whose patches are dealt with.
    pub(super) handled: HashSet<(RelationshipId, ComponentId, ComponentId), Hasher>,
    /// Pairs whose record this evaluation took away, as another filter has it now or nothing is written any more.
    pub(super) dropped: HashSet<(RelationshipId, Option<ComponentId>, Option<ComponentId>), Hasher>,
    /// Pairs that validation has just taken out, with what they had written.
    pub(super) taken_out: Vec<Released<'e>>,
    /// Fields that got back in this evaluation what was recorded about them, so that what stands there now is the receiver's
    /// own: in later passes there is no record any more that says so.
    pub(super) given_back: HashSet<(ComponentId, FieldPath), Hasher>,
    /// Relationships whose value has grown beyond [`MAX_NODES`]: they write what they read, more of it each time.
    pub(super) overgrown: Vec<RelationshipId>,
    /// Relationships that do not settle (DS006): they neither write nor give back.
    pub(super) suspended: HashSet<RelationshipId, Hasher>,
    /// Relationships that were found by identification: the values stood there before them.
    pub(super) identified: HashSet<RelationshipId, Hasher>,
    /// What was found out about the fields of a receiver when it was settled last: in later passes it may be otherwise.
    pub(super) findings: IndexMap<ComponentId, Findings, Hasher>,
    /// Components that stand for a part of another.
    pub(super) aliases: Aliases,
    /// As it was when the transaction began, where it may have been otherwise.
    pub(super) original_aliases: Option<Aliases>,
    /// Whether a definition other than that of the wallet writes module fields; asked for once.
    pub(super) others_write_modules: OnceCell<bool>,
    /// Classes of relationships that the design's layers switch off.
    frozen: Vec<String>,
    /// Who wrote in this pass.
    pub(super) writers: Vec<RelationshipId>,
    /// What becomes of what looks settled.
    pub(super) glance: Glance,
}

impl<'e, 'd> Engine<'e, 'd> {
    pub(super) fn new(tx: &'e mut Transaction<'d>, registry: &'e Registry, glance: Glance) -> Self {
        let frozen = frozen_classes(tx.design());
        let aliases = Aliases::of(tx.design().head());
        let original_aliases = tx.touched().head.then(|| Aliases::of(tx.original_head()));
        Self {
            tx,
            rules: Rules::new(registry),
            frozen,
            aliases,
            original_aliases,
            trace: Trace::default(),
            diagnostics: Vec::new(),
            handled: HashSet::default(),
            dropped: HashSet::default(),
            taken_out: Vec::new(),
            given_back: HashSet::default(),
            overgrown: Vec::new(),
            suspended: HashSet::default(),
            identified: HashSet::default(),
            findings: IndexMap::default(),
            writers: Vec::new(),
            others_write_modules: OnceCell::new(),
            glance,
        }
    }

    pub(super) fn design(&self) -> &Design {
        self.tx.design()
    }

    /// Tells whether relationships of this class are left alone.
    pub(super) fn is_frozen(&self, class: &str) -> bool {
        self.frozen.iter().any(|frozen| frozen.eq_ignore_ascii_case(class))
    }

    pub(super) fn registry(&self) -> &'e Registry {
        self.rules.registry
    }

    /// The component's name for messages.
    pub(super) fn name(&self, id: ComponentId) -> String {
        self.design()
            .component(id)
            .or_else(|| self.tx.original_component(id))
            .and_then(Component::own_name)
            .map_or_else(|| self.design().name_of(id), str::to_owned)
    }

    /// Sets or removes a field of a component. Returns what was made above it, or `None` when something is in the way,
    /// which is reported.
    pub(super) fn set_field(
        &mut self,
        id: ComponentId,
        path: &FieldPath,
        value: Option<Value>,
        cause: Cause<'_>,
    ) -> Option<Made> {
        let design = self.tx.design();
        let component = design.component(id)?;
        let before = component.get(path).cloned();
        let made = match &value {
            Some(_) => Made::before_writing(component, path),
            None => Made::NOTHING,
        };
        let place = match (&value, &before) {
            (Some(_), None) => self.place_of_new_key(component, path),
            _ => None,
        };
        let change = field_change(component, path, before.as_ref(), value.as_ref(), cause);
        let edit = Edit::SetField { target: Target::Component(id), path: path.clone(), value, place };
        self.apply_change(edit, change).then_some(made)
    }

    /// Inserts an item into a list of a component; what stands there and behind moves down. Nothing is made on the
    /// way.
    pub(super) fn insert_item(
        &mut self,
        id: ComponentId,
        path: &FieldPath,
        value: Value,
        cause: Cause<'_>,
    ) -> Option<Made> {
        let component = self.tx.design().component(id)?;
        let change = field_change(component, path, None, Some(&value), cause);
        let edit = Edit::InsertItem { target: Target::Component(id), path: path.clone(), value };
        self.apply_change(edit, change).then_some(Made::NOTHING)
    }

    fn apply_change(&mut self, edit: Edit, change: FieldChange) -> bool {
        // Not what the change shows: that redacts secret data.
        let written = match &edit {
            Edit::SetField { value: Some(value), .. } | Edit::InsertItem { value, .. } => Some(value),
            _ => None,
        };
        if written.is_some_and(|value| has_more_nodes(value, &mut { MAX_NODES })) {
            self.overgrown.push(change.relationship);
            return false;
        }
        let refused = match never_written(&change.path, written) {
            Some(reason) => Some(reason.to_owned()),
            None => self.tx.apply(edit).err().map(|err| err.to_string()),
        };
        if let Some(reason) = refused {
            let message = format!("a relationship cannot write here: {reason}");
            let location = Location::component(change.component, change.path);
            self.diagnostics.push(Diagnostic::new("DS014", location, message));
            return false;
        }
        self.writers.push(change.relationship);
        self.trace.components_updated.push(change);
        true
    }

    /// A key that comes back stands before the first present sibling that the schema lists later.
    fn place_of_new_key(&self, component: &Component, path: &FieldPath) -> Option<usize> {
        let (last, parents) = path.split_last()?;
        let siblings = component.get(parents)?.as_map()?;
        let spec = self.registry().field(component.kind(), parents)?;
        let key = last.as_key().filter(|key| spec.properties.contains_key(*key))?;
        spec.keys_after(key).find_map(|later| siblings.place_of(later))
    }

    /// Removes the mappings and lists that were made above `path`, as far as they are empty.
    pub(super) fn clean_up(&mut self, id: ComponentId, path: &FieldPath, made: Made) {
        for above in 1..=made.segments.min(path.len().saturating_sub(1)) {
            let path = FieldPath::from(&path[..path.len() - above]);
            let is_empty = self.design().component(id).and_then(|it| it.get(&path)).is_some_and(is_empty);
            let edit = if made.over_null && above == made.segments {
                Edit::set(id, path, Value::Null)
            } else {
                Edit::unset(id, path)
            };
            if !is_empty || self.tx.apply(edit).is_err() {
                return;
            }
        }
    }

    /// Makes `record` the record of a pair. An empty one is final: [`Self::record_of`] does not look behind it.
    pub(super) fn set_record(&mut self, pair: PairId, record: &Record, definition: &str) {
        let Some(relationship) = self.tx.design().relationship(pair.relationship) else { return };
        if let (true, Some(ends)) = (record.is_empty(), relationship.pairs().get(pair.pair)) {
            self.dropped.insert((pair.relationship, ends.from, ends.to));
        }
        if Record::of(relationship, pair.pair) == *record {
            return;
        }
        let Some(edit) = record.edit(relationship, pair.pair) else { return };
        let change = RelationshipChange::of(relationship, definition, "what it wrote has changed");
        if self.tx.apply(edit).is_ok() {
            self.writers.push(pair.relationship);
            let is_noted = self.trace.relationships_updated.iter().any(|it| it.id == change.id);
            if !is_noted {
                self.trace.relationships_updated.push(change);
            }
        }
    }
}

fn frozen_classes(design: &Design) -> Vec<String> {
    let layers = design.head().at(&["preferences", "layers", "relationships"]).and_then(Value::as_map);
    let off = layers.into_iter().flat_map(Map::iter);
    off.filter(|(_, value)| value.as_bool() == Some(false)).map(|(class, _)| class.to_owned()).collect()
}

fn field_change(
    component: &Component,
    path: &FieldPath,
    before: Option<&Value>,
    after: Option<&Value>,
    cause: Cause<'_>,
) -> FieldChange {
    let shown = |value: &Value| trace::shown(component, path, value);
    FieldChange {
        component: component.id(),
        display_name: component.display_name().to_owned(),
        kind: component.kind().kind.to_string(),
        path: path.clone(),
        before: before.map(shown),
        after: after.map(shown),
        relationship: cause.relationship,
        definition: cause.definition.to_owned(),
        strategy: cause.strategy,
        source: cause.source,
        why: cause.why,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Map(map) => map.is_empty(),
        Value::List(items) => items.is_empty(),
        _ => false,
    }
}
