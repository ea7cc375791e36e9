//! One thing that an evaluation did, in the words of the panel. Secret data never stands here: the trace has none.

use crate::editor::{Conflict, FieldChange, RelationshipChange, Trace};
use crate::model::{ComponentId, Design, FieldPath, Value};
use crate::ui::inspector::in_short;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Two relationships write different values.
    Conflict,
    /// Validation took a relationship out.
    Removed,
    /// Identification joined two components.
    Joined,
    /// A value flowed.
    Written,
    /// A value was given back.
    GivenBack,
    /// A relationship remembers something else now.
    Recorded,
}

impl Deed {
    /// In the order of the list.
    pub(super) const ALL: [Self; 6] =
        [Self::Conflict, Self::Removed, Self::Joined, Self::Written, Self::GivenBack, Self::Recorded];

    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Removed => "removed",
            Self::Joined => "joined",
            Self::Written => "written",
            Self::GivenBack => "given back",
            Self::Recorded => "recorded",
        }
    }

    /// "2 joined", "1 conflict".
    pub(super) fn counted(self, count: usize) -> String {
        let plural = if self == Self::Conflict && count != 1 { "s" } else { "" };
        format!("{count} {}{plural}", self.word())
    }
}

/// The class of a relationship for people: "edge / non-binding / network".
pub fn class_in_words(class: &str) -> String {
    let (kind, rest) = class.split_once('-').unwrap_or((class, ""));
    let at = rest.strip_prefix("non-").and_then(|rest| rest.find('-')).map(|at| at + "non-".len());
    let (of_type, sub_type) = match at.or_else(|| rest.find('-')) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, ""),
    };
    [kind, of_type, sub_type].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// A component, and a field of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) component: ComponentId,
    pub(super) name: String,
    pub(super) path: FieldPath,
}

impl Place {
    fn new(design: &Design, component: ComponentId, path: FieldPath, fallback: &str) -> Self {
        Self { component, name: name(design, component, fallback), path }
    }

    /// The field, without the `configuration` that nearly every one begins with.
    pub(super) fn field(&self) -> String {
        match self.path.strip_keys(&["configuration"]) {
            Some(rest) => FieldPath::from(rest).to_string(),
            None => self.path.to_string(),
        }
    }

    fn written(&self) -> String {
        if self.path.is_empty() { self.name.clone() } else { format!("{} of {}", self.field(), self.name) }
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) deed: Deed,
    /// Whose field, or who is joined with whom.
    pub(super) subject: String,
    /// The field, or the class of the relationship.
    pub(super) field: String,
    /// Before and after, for a field.
    pub(super) values: Option<[Option<Value>; 2]>,
    /// Why.
    pub(super) why: String,
    /// The definition that caused it, and its patch strategy.
    pub(super) definition: String,
    pub(super) strategy: &'static str,
    /// Where it happened.
    pub(super) place: Option<Place>,
    /// Where the value came from.
    pub(super) source: Option<Place>,
    /// Lower case, for the filter.
    haystack: String,
}

impl Row {
    /// Tells whether every word stands somewhere in the row. The words are in lower case.
    pub(super) fn holds(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.haystack.contains(word))
    }

    /// Before and after, each on one short line.
    pub(super) fn short_values(&self) -> Option<[String; 2]> {
        self.values.as_ref().map(|values| {
            values.each_ref().map(|value| value.as_ref().map_or_else(|| "(not set)".to_owned(), in_short))
        })
    }

    /// The row in one sentence, as a screen reader says it.
    pub(super) fn sentence(&self) -> String {
        let values = self.short_values().map(|[before, after]| format!(": {before} → {after}"));
        let Self { subject, field, why, .. } = self;
        format!("{} {subject} {field}{}; {why}", self.deed.word(), values.unwrap_or_default())
    }

    /// The row as it is copied: whole values, and below them where they come from.
    pub(super) fn text(&self) -> String {
        let Self { subject, field, why, definition, strategy, .. } = self;
        let mut lines = vec![format!("{}  {subject}  {field}", self.deed.word())];
        if let Some(values) = &self.values {
            let whole = |value: &Option<Value>| {
                value.as_ref().map_or_else(|| "(not set)".to_owned(), crate::yaml::emit_json_compact)
            };
            lines.push(format!("    {}", values.each_ref().map(whole).join(" → ")));
        }
        let source = self.source.as_ref().map(|source| format!(" ({})", source.written()));
        let by = match (definition.as_str(), *strategy) {
            ("", _) => String::new(),
            (definition, "") => format!("; by {definition}"),
            (definition, strategy) => format!("; by {definition}, {strategy}"),
        };
        lines.push(format!("    {why}{}{by}\n", source.unwrap_or_default()));
        lines.join("\n")
    }

    fn with_haystack(mut self) -> Self {
        self.haystack = format!("{} {} {}", self.sentence(), self.definition, self.strategy).to_lowercase();
        self
    }

    fn of_relationship(deed: Deed, design: &Design, change: &RelationshipChange) -> Self {
        let (from, to) = change.pairs.first().copied().unwrap_or_default();
        let end = |id: Option<ComponentId>| id.map_or_else(|| "(none)".to_owned(), |id| name(design, id, ""));
        Self {
            deed,
            subject: format!("{} → {}", end(from), end(to)),
            field: class_in_words(&change.class),
            values: None,
            why: change.reason.clone(),
            definition: change.definition.clone(),
            strategy: "",
            place: from.map(|id| Place::new(design, id, FieldPath::root(), "")),
            source: None,
            haystack: String::new(),
        }
        .with_haystack()
    }

    fn of_field(design: &Design, change: &FieldChange) -> Self {
        let place = Place::new(design, change.component, change.path.clone(), &change.display_name);
        Self {
            deed: if change.strategy == "restore" { Deed::GivenBack } else { Deed::Written },
            subject: place.name.clone(),
            field: place.field(),
            values: Some([change.before.clone(), change.after.clone()]),
            why: change.why.clone(),
            definition: change.definition.clone(),
            strategy: change.strategy,
            place: Some(place),
            source: change.source.as_ref().map(|(id, path)| Place::new(design, *id, path.clone(), "")),
            haystack: String::new(),
        }
        .with_haystack()
    }

    fn of_conflict(design: &Design, conflict: &Conflict) -> Self {
        let place = Place::new(design, conflict.component, conflict.path.clone(), "");
        let child = |relationship| {
            let pair = design.relationship(relationship)?.pairs().first()?;
            Some(design.name_of(pair.from?))
        };
        let why = match (child(conflict.kept), child(conflict.ignored)) {
            (Some(kept), Some(ignored)) => {
                format!("{kept} and {ignored} give different values; the first one, {kept}, wins")
            }
            _ => "two relationships give different values; the first one wins".to_owned(),
        };
        Self {
            deed: Deed::Conflict,
            subject: place.name.clone(),
            field: place.field(),
            values: None,
            why,
            definition: String::new(),
            strategy: "",
            place: Some(place),
            source: None,
            haystack: String::new(),
        }
        .with_haystack()
    }
}

fn name(design: &Design, id: ComponentId, fallback: &str) -> String {
    match design.component(id) {
        Some(_) => design.name_of(id),
        None if fallback.is_empty() => "(gone)".to_owned(),
        None => fallback.to_owned(),
    }
}

/// The rows of a trace, in the order of [`Deed::ALL`].
pub(super) fn rows(trace: &Trace, design: &Design) -> Vec<Row> {
    let of_relationships = |deed, changes: &[RelationshipChange]| {
        changes.iter().map(|change| Row::of_relationship(deed, design, change)).collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = trace.conflicts.iter().map(|it| Row::of_conflict(design, it)).collect();
    rows.extend(of_relationships(Deed::Removed, &trace.relationships_removed));
    rows.extend(of_relationships(Deed::Joined, &trace.relationships_added));
    let mut fields: Vec<Row> =
        trace.components_updated.iter().map(|change| Row::of_field(design, change)).collect();
    fields.sort_by_key(|row| row.deed == Deed::GivenBack);
    rows.append(&mut fields);
    rows.extend(of_relationships(Deed::Recorded, &trace.relationships_updated));
    rows
}

#[cfg(test)]
mod tests {
    use super::class_in_words;

    #[test]
    fn a_class_is_told_by_its_three_words() {
        for (class, words) in [
            ("hierarchical-parent-wallet", "hierarchical / parent / wallet"),
            ("edge-non-binding-network", "edge / non-binding / network"),
            ("edge-binding-match-labels", "edge / binding / match-labels"),
            ("sibling--x", "sibling / x"),
            ("--", ""),
            ("edge", "edge"),
        ] {
            assert_eq!(class_in_words(class), words);
        }
    }
}
