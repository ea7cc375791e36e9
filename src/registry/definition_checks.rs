//! What there is to say about one definition: references that lead nowhere, words that mean nothing here, and why no
//! value flows along it.

use crate::model::{FieldPath, Segment, Value};
use crate::yaml::Document;

use super::definition_report::DefinitionRemark;
use super::relationship_definition::{MatchStrategy, PatchStrategy, RelationshipDefinition, Selector};
use super::{Registry, Resolution};

/// What was noticed of a definition, and where.
pub(super) struct Found {
    code: Option<&'static str>,
    message: String,
    path: FieldPath,
}

impl Found {
    pub(super) fn new(message: impl Into<String>, path: FieldPath) -> Self {
        Self { code: None, message: message.into(), path }
    }

    pub(super) fn remark(self, document: &Document) -> DefinitionRemark {
        DefinitionRemark {
            code: self.code,
            message: self.message,
            pointer: self.path.to_pointer(),
            position: Some(document.source.position(&document.value, &self.path)),
        }
    }
}

/// Why no value flows by this definition; `None` when one does.
pub(super) fn why_inert(definition: &RelationshipDefinition) -> Option<&'static str> {
    if definition.derived {
        return None;
    }
    if !definition.selectors.iter().any(|set| set.allow.has_pairs()) {
        return Some("it only denies, so nothing is written");
    }
    let mut sides = [[false; 2]; 2];
    let mut is_paired = false;
    for set in &definition.selectors {
        let from = Refs::of(&set.allow.from);
        let to = Refs::of(&set.allow.to);
        if from.gives.pairs_with(&to.receives) || to.gives.pairs_with(&from.receives) {
            return None;
        }
        for (side, refs) in sides.iter_mut().zip([&from, &to]) {
            side[0] |= refs.gives.count > 0;
            side[1] |= refs.receives.count > 0;
        }
        is_paired |= from.gives.count.min(to.receives.count) + to.gives.count.min(from.receives.count) > 0;
    }
    Some(match sides {
        _ if is_paired => "none of its pairs of references leads somewhere on both sides",
        [[false, false], [false, false]] => "it has no patch, so nothing is written",
        [_, [false, false]] => "only `from` has references, so nothing is written",
        [[false, false], _] => "only `to` has references, so nothing is written",
        [[_, false], [_, false]] => "mutatorRef stands on both sides, so nothing receives",
        [[false, _], [false, _]] => "mutatedRef stands on both sides, so nothing gives",
        _ => "no selector receives what another one gives",
    })
}

/// The references of one side of a set.
struct Refs {
    gives: Places,
    receives: Places,
}

/// The places of a list of references: how many there are, and which lead somewhere in any of the selectors.
#[derive(Default)]
struct Places {
    count: usize,
    live: Vec<bool>,
}

impl Refs {
    fn of(selectors: &[Selector]) -> Self {
        let mut refs = Self { gives: Places::default(), receives: Places::default() };
        for patch in selectors.iter().filter_map(|selector| selector.patch.as_ref()) {
            refs.gives.add(&patch.mutator_ref);
            refs.receives.add(&patch.mutated_ref);
        }
        refs
    }
}

impl Places {
    fn add(&mut self, refs: &[FieldPath]) {
        self.count = self.count.max(refs.len());
        self.live.resize(self.count, false);
        for (live, reference) in self.live.iter_mut().zip(refs) {
            *live |= !reference.is_empty();
        }
    }

    fn pairs_with(&self, other: &Self) -> bool {
        self.live.iter().zip(&other.live).any(|(&a, &b)| a && b)
    }
}

/// References that have no partner on the other side.
pub(super) fn uneven(definition: &RelationshipDefinition, base: &FieldPath) -> Option<Found> {
    definition.selectors.iter().enumerate().find_map(|(index, set)| {
        let (from, to) = (Refs::of(&set.allow.from), Refs::of(&set.allow.to));
        let directions = [(&from.gives, &to.receives), (&to.gives, &from.receives)];
        let (gives, receives) = directions.into_iter().find(|(a, b)| a.count > 0 && b.count > 0)?;
        (gives.count != receives.count).then(|| {
            let message = format!(
                "{} give and {} receive: what has no partner is left alone",
                references(gives.count),
                receives.count
            );
            Found::new(message, base.join(&[Segment::from("selectors"), Segment::Index(index)]))
        })
    })
}

fn references(count: usize) -> String {
    if count == 1 { "1 reference".to_owned() } else { format!("{count} references") }
}

/// What stands in a definition and means nothing here: patterns, words that are not known, `match`.
pub(super) fn curiosities(value: &Value, base: &FieldPath) -> Vec<Found> {
    let mut found = Vec::new();
    let mut says_match = false;
    for (set, sets) in
        value.at(&["selectors"]).and_then(Value::as_list).unwrap_or_default().iter().enumerate()
    {
        for (list, side) in [("allow", "from"), ("allow", "to"), ("deny", "from"), ("deny", "to")] {
            let selectors = sets.at(&[list, side]).and_then(Value::as_list).unwrap_or_default();
            for (index, selector) in selectors.iter().enumerate() {
                let at = |keys: &[&str]| {
                    let own = [Segment::from("selectors"), Segment::Index(set), list.into(), side.into()];
                    base.join(&own).join(&[Segment::Index(index)]).join(&FieldPath::keys(keys))
                };
                if let Some(kind) = selector.text_at(&["kind"]).filter(|kind| is_pattern(kind)) {
                    let message = format!("kinds are compared as they stand, so {kind:?} is met by none");
                    found.push(Found::new(message, at(&["kind"])));
                }
                if let Some(word) = selector.text_at(&["patch", "patchStrategy"])
                    && !word.trim().is_empty()
                    && PatchStrategy::parse(word).word() != word.trim().to_lowercase()
                {
                    let message = format!("the patchStrategy {word:?} is not known, so values are replaced");
                    found.push(Found::new(message, at(&["patch", "patchStrategy"])));
                }
                if let Some((key, word)) = unknown_match_strategy(selector) {
                    let message =
                        format!("the match strategy {word:?} is not known, so values are compared as equal");
                    found.push(Found::new(message, at(&[key])));
                }
                if !says_match && selector.at(&["match"]).is_some_and(says_something) {
                    says_match = true;
                    found.push(Found::new("`match` is not evaluated", at(&["match"])));
                }
            }
        }
    }
    found
}

/// The first word of a matrix of match strategies that is none, and the key of the matrix.
fn unknown_match_strategy(selector: &Value) -> Option<(&'static str, &str)> {
    let matrix = |key| Some((key, selector.at(&[key])?));
    let (key, matrix) = matrix("matchStrategyMatrix").or_else(|| matrix("match_strategy_matrix"))?;
    let rows = matrix.as_list().unwrap_or_default().iter();
    let words = rows.flat_map(|row| row.as_list().unwrap_or(std::slice::from_ref(row)));
    let is_unknown = |word: &&str| {
        !word.trim().is_empty() && !MatchStrategy::parse(word).word().eq_ignore_ascii_case(word.trim())
    };
    words.filter_map(Value::as_text).find(is_unknown).map(|word| (key, word))
}

/// Tells whether a kind was plainly meant as a pattern.
fn is_pattern(kind: &str) -> bool {
    let kind = kind.trim();
    kind != "*" && kind.contains(['*', '^', '$', '|', '(', '[', '+', '?', '\\'])
}

/// Tells whether anything stands in a value.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Text(text) => !text.trim().is_empty(),
        Value::List(items) => items.iter().any(says_something),
        Value::Map(map) => map.iter().any(|(_, value)| says_something(value)),
        _ => true,
    }
}

impl Registry {
    /// Rewrites references in a spelling of other programs to ours (DS008), and empties those that lead nowhere (DS009):
    /// an empty one is inert. A kind without a schema, and any kind, is not asked.
    pub(super) fn checked(
        &self,
        mut definition: RelationshipDefinition,
        base: &FieldPath,
    ) -> (RelationshipDefinition, Vec<Found>) {
        let mut found = Vec::new();
        for (set, list, side, index, selector) in definition.selectors_mut() {
            let Some(kind) = selector.kind.clone() else { continue };
            let components = self.named(&kind, selector.group.as_deref(), selector.model.as_deref());
            let Some(first) = components.first() else { continue };
            let Some(refs) = selector.patch.as_mut() else { continue };
            for (key, refs) in [("mutatorRef", &mut refs.mutator_ref), ("mutatedRef", &mut refs.mutated_ref)]
            {
                for (place, reference) in refs.iter_mut().enumerate() {
                    let at = || {
                        let own = [Segment::from("selectors"), Segment::Index(set), list.into(), side.into()];
                        let last = [Segment::Index(index), "patch".into(), key.into(), Segment::Index(place)];
                        base.join(&own).join(&last)
                    };
                    let canonical = first.canonical(reference).into_owned();
                    if canonical != *reference {
                        let path = at();
                        let message =
                            format!("{reference} is read as {canonical} (at {})", path.to_pointer());
                        found.push(Found { code: Some("DS008"), message, path });
                        *reference = canonical;
                    }
                    if components.iter().all(|it| it.resolve(reference) == Resolution::Nowhere) {
                        let path = at();
                        let message = format!(
                            "no field {reference} in {kind}, so that pair writes nothing (at {})",
                            path.to_pointer()
                        );
                        found.push(Found { code: Some("DS009"), message, path });
                        *reference = FieldPath::root();
                    }
                }
            }
        }
        (definition, found)
    }
}
