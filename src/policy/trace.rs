//! What one evaluation did, and why: the same rows for the window, the trace file and the tests.
//!
//! The order is the order of the steps, which is the order of the document. Secret data never stands in a trace.

use crate::model::{
    Component, ComponentId, Design, Diagnostic, FieldPath, Map, Relationship, RelationshipId, Subject, Value,
};

/// What stands in a trace in the place of secret data.
pub const REDACTED: &str = "(secret)";

/// A relationship that was added, removed or updated.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationshipChange {
    /// Which.
    pub id: RelationshipId,
    /// `hierarchical-parent-wallet`.
    pub class: String,
    /// The pairs that were concerned: child and parent, or source and target.
    pub pairs: Vec<(Option<ComponentId>, Option<ComponentId>)>,
    /// The definition that describes it; blank when none does.
    pub definition: String,
    /// Why, for people.
    pub reason: String,
}

/// A field of a component that was written, removed or given back.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Whose field.
    pub component: ComponentId,
    /// The component's `displayName`.
    pub display_name: String,
    /// The component's kind.
    pub kind: String,
    /// The field, from the component's root.
    pub path: FieldPath,
    /// What stood there; `None`: nothing.
    pub before: Option<Value>,
    /// What stands there now; `None`: nothing.
    pub after: Option<Value>,
    /// The relationship that caused it.
    pub relationship: RelationshipId,
    /// The definition that caused it.
    pub definition: String,
    /// The patch strategy, or `restore`.
    pub strategy: &'static str,
    /// Where the value comes from, the other half of the pair of references: the giving component and the path that it
    /// is read at. `None` when nobody gives it (a value that goes back to what it was).
    pub source: Option<(ComponentId, FieldPath)>,
    /// Why, for people: "from filter basic-auth".
    pub why: String,
}

/// Two relationships that would write different values to one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Whose field.
    pub component: ComponentId,
    /// The field.
    pub path: FieldPath,
    /// The relationship whose value stands.
    pub kept: RelationshipId,
    /// The relationship whose value does not.
    pub ignored: RelationshipId,
}

/// Everything that one evaluation did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// How often the rules were gone through, the last time without a change.
    pub passes: usize,
    /// Relationships that were added by identification.
    pub relationships_added: Vec<RelationshipChange>,
    /// Relationships, or pairs of them, that were removed by validation.
    pub relationships_removed: Vec<RelationshipChange>,
    /// Relationships whose record of what they wrote changed.
    pub relationships_updated: Vec<RelationshipChange>,
    /// Fields that changed.
    pub components_updated: Vec<FieldChange>,
    /// Conflicts.
    pub conflicts: Vec<Conflict>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Trace {
    /// Tells whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.relationships_added.is_empty()
            && self.relationships_removed.is_empty()
            && self.relationships_updated.is_empty()
            && self.components_updated.is_empty()
    }

    /// The trace as it is written to a file (`policy.md`, Trace).
    pub fn to_value(&self) -> Value {
        let relationships = |changes: &[RelationshipChange], with_reason| {
            list(changes, |change| change.to_value(with_reason))
        };
        Value::from([
            ("passes", Value::from(i64::try_from(self.passes).unwrap_or(i64::MAX))),
            ("relationshipsAdded", relationships(&self.relationships_added, false)),
            ("relationshipsRemoved", relationships(&self.relationships_removed, true)),
            ("relationshipsUpdated", relationships(&self.relationships_updated, false)),
            ("componentsUpdated", list(&self.components_updated, FieldChange::to_value)),
            ("conflicts", list(&self.conflicts, Conflict::to_value)),
            ("diagnostics", list(&self.diagnostics, diagnostic)),
        ])
    }
}

fn list<T>(items: &[T], to_value: impl Fn(&T) -> Value) -> Value {
    Value::List(items.iter().map(to_value).collect())
}

impl RelationshipChange {
    /// A change of `relationship`.
    pub fn of(relationship: &Relationship, definition: &str, reason: impl Into<String>) -> Self {
        Self {
            id: relationship.id(),
            class: relationship.class().to_owned(),
            pairs: relationship.pairs().iter().map(|pair| (pair.from, pair.to)).collect(),
            definition: definition.to_owned(),
            reason: reason.into(),
        }
    }

    fn to_value(&self, with_reason: bool) -> Value {
        let end = |id: Option<ComponentId>| id.map_or(Value::Null, |id| id.to_string().into());
        let pair = |&(from, to): &(Option<ComponentId>, Option<ComponentId>)| {
            Value::from([("from", end(from)), ("to", end(to))])
        };
        let mut map = Map::from([
            ("id", self.id.to_string().into()),
            ("class", self.class.as_str().into()),
            ("pairs", list(&self.pairs, pair)),
            ("definition", self.definition.as_str().into()),
        ]);
        if with_reason {
            map.insert("reason", self.reason.as_str().into());
        }
        Value::Map(map)
    }
}

impl FieldChange {
    fn to_value(&self) -> Value {
        let mut map = Map::from([
            ("id", Value::from(self.component.to_string())),
            ("displayName", self.display_name.as_str().into()),
            ("kind", self.kind.as_str().into()),
            ("path", self.path.to_pointer().into()),
        ]);
        // Absent is not null.
        for (key, value) in [("before", &self.before), ("after", &self.after)] {
            if let Some(value) = value {
                map.insert(key, value.clone());
            }
        }
        map.insert("relationship", self.relationship.to_string().into());
        map.insert("definition", self.definition.as_str().into());
        map.insert("strategy", self.strategy.into());
        if let Some((giver, path)) = &self.source {
            let from = [("id", giver.to_string().into()), ("path", path.to_pointer().into())];
            map.insert("from", Value::from(from));
        }
        map.insert("why", self.why.as_str().into());
        Value::Map(map)
    }
}

impl Conflict {
    fn to_value(&self) -> Value {
        Value::from([
            ("id", self.component.to_string().into()),
            ("path", self.path.to_pointer().into()),
            ("kept", self.kept.to_string().into()),
            ("ignored", self.ignored.to_string().into()),
        ])
    }
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    let mut map = Map::from([
        ("code", Value::from(diagnostic.code)),
        ("severity", diagnostic.severity.word().into()),
        ("message", diagnostic.message.as_str().into()),
    ]);
    match diagnostic.location.subject {
        Subject::Design => {}
        Subject::Component(id) => {
            map.insert("component", id.to_string().into());
        }
        Subject::Relationship(id) => {
            map.insert("relationship", id.to_string().into());
        }
    }
    map.insert("path", diagnostic.location.path.to_pointer().into());
    Value::Map(map)
}

/// The value as a trace may show it: the data of a Secret is replaced, at whatever depth.
pub fn shown(component: &Component, path: &FieldPath, value: &Value) -> Value {
    let is_secret = component.is(&crate::model::ComponentKind::SECRET);
    let Some(rest) = path.strip_keys(&["configuration"]).filter(|_| is_secret) else { return value.clone() };
    match rest.first().map(|segment| segment.as_key()) {
        Some(Some("data" | "stringData")) => REDACTED.into(),
        Some(_) => value.clone(),
        None => {
            let mut shown = value.clone();
            for key in ["data", "stringData"] {
                if let Some(data) = shown.as_map_mut().and_then(|map| map.get_mut(key)) {
                    *data = REDACTED.into();
                }
            }
            shown
        }
    }
}

/// Names and kinds for the rows of a trace.
pub fn names(design: &Design, id: ComponentId) -> (String, String) {
    design
        .component(id)
        .map(|component| (component.display_name().to_owned(), component.kind().kind.to_string()))
        .unwrap_or_default()
}
