//! Holds a value against the structural schema of its kind, as an API server would, with words for people.
//!
//! Nothing is changed and nothing is assumed: what the schema says is checked, the rest is left to the rules.
//! Null counts as absent, as it does on export.
//!
//! This is no JSON Schema crate on purpose. A finding here has the field in words, the value that was probably meant and
//! the rule that reports it, for edits in a window that come every few milliseconds; list-map keys, int-or-string and
//! pruning are Kubernetes' own and no part of JSON Schema.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::{FieldPath, Map, Segment, Value};

mod assertions;

use super::field_spec::{FieldKind, FieldSpec, Input, Others};
use super::format::TextFormat;

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViolationKind {
    /// A value of another type.
    Type,
    /// Something that must be there is not.
    Required,
    /// Not one of the allowed values.
    Enum,
    /// A number that is too small or too large.
    Bound,
    /// A text that is too short or too long.
    Length,
    /// Too few or too many items or entries.
    Count,
    /// A text of another form.
    Format,
    /// A key that the schema does not know.
    Unknown,
    /// Two items that must differ.
    Duplicate,
    /// Fields that exclude each other.
    Exclusive,
    /// A field that may not be set beside what another says.
    Condition,
    /// None of several forms, or too many of them.
    Form,
}

/// One place where a value is not what its schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where, from the value that was checked.
    pub path: FieldPath,
    /// What kind of thing is wrong.
    pub kind: ViolationKind,
    /// What is wrong and what would be right, for people.
    pub message: String,
    /// The rule that reports this by itself (`WP009`), if there is one.
    pub rule: Option<Arc<str>>,
    /// The key or value that was probably meant.
    pub suggestion: Option<String>,
}

/// Everything in `value`, a whole configuration, that is not what `spec` says, in the order of the value.
pub fn check(spec: &FieldSpec, value: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    match value {
        Value::Null => visit(spec, &Value::Map(Map::new()), Trail::ROOT, &mut found),
        _ => visit(spec, value, Trail::ROOT, &mut found),
    }
    found
}

/// As [`check`], for a whole manifest: `apiVersion` and `kind` belong to it, and `status` is the server's.
pub fn check_manifest(spec: &FieldSpec, manifest: &Value) -> Vec<Violation> {
    let mut found = check(spec, manifest);
    found.retain(|violation| {
        let top = ["apiVersion", "kind", "status"].iter().any(|key| violation.path.is_keys(&[key]));
        !(top && violation.kind == ViolationKind::Unknown)
    });
    found
}

/// The way to a value, kept on the stack so that a sound value costs no allocation.
#[derive(Clone, Copy)]
struct Trail<'a> {
    above: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

impl<'a> Trail<'a> {
    const ROOT: Self = Self { above: None, step: Step::Root };

    fn key(&'a self, key: &'a str) -> Self {
        Self { above: Some(self), step: Step::Key(key) }
    }

    fn item(&'a self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Item(index) }
    }

    fn path(&self) -> FieldPath {
        let mut segments = Vec::new();
        let mut trail = Some(self);
        while let Some(this) = trail {
            match this.step {
                Step::Root => {}
                Step::Key(key) => segments.push(Segment::from(key)),
                Step::Item(index) => segments.push(Segment::from(index)),
            }
            trail = this.above;
        }
        segments.reverse();
        segments.into()
    }

    /// The last part of the way, as the subject of a sentence: `` `ports[2]` ``.
    fn name(&self) -> String {
        let mut indices = String::new();
        let mut trail = self;
        loop {
            match (trail.step, trail.above) {
                (Step::Key(key), _) => return format!("`{key}{indices}`"),
                (Step::Item(index), Some(above)) => {
                    indices.insert_str(0, &format!("[{index}]"));
                    trail = above;
                }
                (Step::Root | Step::Item(_), _) => return "this".to_owned(),
            }
        }
    }

    fn report(
        &self,
        kind: ViolationKind,
        rule: Option<&Arc<str>>,
        message: String,
        found: &mut Vec<Violation>,
    ) {
        found.push(Violation { path: self.path(), kind, message, rule: rule.cloned(), suggestion: None });
    }
}

fn visit(spec: &FieldSpec, value: &Value, trail: Trail<'_>, found: &mut Vec<Violation>) {
    let matched = match (spec.kind, value) {
        (FieldKind::Any, _) | (FieldKind::Boolean, Value::Bool(_)) => true,
        (_, Value::Null) => spec.nullable,
        (FieldKind::Text | FieldKind::IntOrString, Value::Text(text)) => {
            text_fits(spec, text, trail, found);
            true
        }
        (FieldKind::Enum, Value::Text(text)) => {
            enum_fits(spec, text, trail, found);
            true
        }
        (FieldKind::Integer | FieldKind::IntOrString, Value::Number(number)) => {
            match number.as_whole() {
                Some(whole) => {
                    number_fits(spec, whole, trail, found);
                    true
                }
                // An amount such as 0.5 is a quantity in YAML too.
                None => {
                    spec.format == Some(TextFormat::Quantity) && number.as_f64().is_some_and(f64::is_finite)
                }
            }
        }
        (FieldKind::Number, Value::Number(number)) => number.as_f64().is_some_and(f64::is_finite),
        (FieldKind::List, Value::List(items)) => {
            visit_list(spec, items, trail, found);
            true
        }
        (FieldKind::Map | FieldKind::Object, Value::Map(map)) => {
            visit_map(spec, map, trail, found);
            true
        }
        _ => false,
    };
    if let (true, Some(demands)) = (matched, &spec.assertions) {
        assertions::check(spec, demands, value, trail, found);
    }
    if !matched {
        let message = wrong_type(spec, value, &trail.name());
        // Null in a list is an item that somebody left out; a rule may say so in words of its own.
        let rule = spec.rule.as_ref().filter(|_| value.is_null());
        trail.report(ViolationKind::Type, rule, message, found);
    }
}

fn wrong_type(spec: &FieldSpec, value: &Value, name: &str) -> String {
    let mut message = format!("{name} must be {}, not {}", spec.kind.expected(), value.kind_name());
    if spec.input == Input::Secret {
        // What is secret is said nowhere.
        return message;
    }
    match (spec.kind, value) {
        (FieldKind::Text | FieldKind::Enum, Value::Number(number)) => {
            _ = write!(message, ": write \"{number}\" in quotes");
        }
        (FieldKind::Text | FieldKind::Enum, Value::Bool(truth)) => {
            _ = write!(message, ": write \"{truth}\" in quotes");
        }
        (FieldKind::Integer, Value::Number(number)) => {
            message = format!("{name} must be a whole number, not {number}");
        }
        (FieldKind::Integer | FieldKind::Number, Value::Text(text)) if text.parse::<f64>().is_ok() => {
            message.push_str(": write it without quotes");
        }
        (FieldKind::Boolean, Value::Text(text)) if text == "true" || text == "false" => {
            message.push_str(": write it without quotes");
        }
        _ => {}
    }
    message
}

fn number_fits(spec: &FieldSpec, number: i128, trail: Trail<'_>, found: &mut Vec<Violation>) {
    let low = spec.minimum.is_some_and(|minimum| number < minimum.into());
    let high = spec.maximum.is_some_and(|maximum| number > maximum.into());
    if low || high {
        let name = trail.name();
        let message = match (spec.minimum, spec.maximum) {
            (Some(minimum), Some(maximum)) => {
                format!("{name} must be from {minimum} to {maximum}, not {number}")
            }
            (Some(minimum), None) => format!("{name} must be {minimum} or more, not {number}"),
            (None, Some(maximum)) => format!("{name} must be {maximum} or less, not {number}"),
            (None, None) => return,
        };
        trail.report(ViolationKind::Bound, spec.rule.as_ref(), message, found);
    }
}

fn text_fits(spec: &FieldSpec, text: &str, trail: Trail<'_>, found: &mut Vec<Violation>) {
    // Bytes are never fewer than characters, so a text that is short in bytes needs no count.
    if spec.max_length.is_some_and(|most| text.len() > most && text.chars().count() > most) {
        let most = spec.max_length.unwrap_or_default();
        let message =
            format!("{} must have at most {most} characters, not {}", trail.name(), text.chars().count());
        trail.report(ViolationKind::Length, spec.rule.as_ref(), message, found);
        return;
    }
    if let Some(fewest) = spec.min_length.filter(|&fewest| text.chars().take(fewest).count() < fewest) {
        let name = trail.name();
        let message = match fewest {
            1 => format!("{name} must not be empty"),
            _ => format!("{name} must have at least {fewest} characters"),
        };
        trail.report(ViolationKind::Length, spec.rule.as_ref(), message, found);
        return;
    }
    if let Some(format) = spec.format.filter(|format| !format.accepts(text)) {
        let message = format!("{} must be {}", trail.name(), format.expected());
        trail.report(ViolationKind::Format, spec.rule.as_ref(), message, found);
    }
}

fn enum_fits(spec: &FieldSpec, text: &str, trail: Trail<'_>, found: &mut Vec<Violation>) {
    if spec.allows(text) {
        return;
    }
    let suggestion = nearest(text, spec.choices.iter().map(|choice| choice.value.as_str()));
    let mut message = format!("{} must be one of ", trail.name());
    for (index, choice) in spec.choices.iter().enumerate() {
        message.push_str(if index == 0 { "" } else { ", " });
        message.push_str(&choice.value);
    }
    if let Some(suggestion) = suggestion {
        _ = write!(message, ": did you mean {suggestion}?");
    }
    trail.report(ViolationKind::Enum, spec.rule.as_ref(), message, found);
    name_suggestion(suggestion, found);
}

fn name_suggestion(suggestion: Option<&str>, found: &mut [Violation]) {
    if let (Some(violation), Some(suggestion)) = (found.last_mut(), suggestion) {
        violation.suggestion = Some(suggestion.to_owned());
    }
}

fn count_fits(
    spec: &FieldSpec,
    count: usize,
    (fewest, most, what): (Option<usize>, Option<usize>, &str),
    trail: Trail<'_>,
    found: &mut Vec<Violation>,
) {
    let message = if let Some(most) = most.filter(|&most| count > most) {
        format!("{} must have at most {most} {what}, not {count}", trail.name())
    } else if let Some(fewest) = fewest.filter(|&fewest| count < fewest) {
        format!("{} must have at least {fewest} {what}", trail.name())
    } else {
        return;
    };
    trail.report(ViolationKind::Count, spec.rule.as_ref(), message, found);
}

fn visit_list(spec: &FieldSpec, items: &[Value], trail: Trail<'_>, found: &mut Vec<Violation>) {
    count_fits(spec, items.len(), (spec.min_items, spec.max_items, "items"), trail, found);
    let Some(item_spec) = spec.items.as_deref() else { return };
    for (index, item) in items.iter().enumerate() {
        visit(item_spec, item, trail.item(index), found);
    }
    if items.len() > 1 && (spec.unique_items || !spec.list_map_keys.is_empty()) {
        items_differ(spec, item_spec, items, trail, found);
    }
}

fn items_differ(
    spec: &FieldSpec,
    item_spec: &FieldSpec,
    items: &[Value],
    trail: Trail<'_>,
    found: &mut Vec<Violation>,
) {
    let mut seen = HashSet::with_capacity_and_hasher(items.len(), foldhash::fast::FixedState::default());
    for (index, item) in items.iter().enumerate() {
        let identity: Option<Vec<String>> = if spec.unique_items {
            scalar_text(item).map(|text| vec![text])
        } else {
            // Without one of its keys an item is reported as incomplete, not as a duplicate.
            spec.list_map_keys.iter().map(|key| key_text(item_spec, item, key)).collect()
        };
        let Some(identity) = identity else { continue };
        let shown = identity.join(", ");
        if !seen.insert(identity) {
            let place = trail.item(index);
            let (place, name) = match spec.list_map_keys.as_slice() {
                [key] => (place.key(key), format!("`{key}`")),
                _ => (place, "it".to_owned()),
            };
            let message = format!("{shown} stands twice in {}: {name} must differ", trail.name());
            place.report(ViolationKind::Duplicate, spec.rule.as_ref(), message, found);
        }
    }
}

fn key_text(item_spec: &FieldSpec, item: &Value, key: &str) -> Option<String> {
    let default = || item_spec.properties.get(key)?.default.as_ref();
    item.as_map()?.get(key).filter(|value| !value.is_null()).or_else(default).and_then(scalar_text)
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.text().to_owned()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn visit_map(spec: &FieldSpec, map: &Map, trail: Trail<'_>, found: &mut Vec<Violation>) {
    count_fits(spec, map.len(), (None, spec.max_properties, "entries"), trail, found);
    for (key, value) in map.iter() {
        let place = trail.key(key);
        if let Some(property) = spec.properties.get(key) {
            if !value.is_null() || property.nullable {
                visit(property, value, place, found);
            }
            continue;
        }
        if let Some(format) = spec.key_format.filter(|format| !format.accepts(key)) {
            let message = format!("the key `{key}` must be {}", format.expected());
            place.report(ViolationKind::Format, spec.rule.as_ref(), message, found);
        }
        match &spec.others {
            Others::Refused => unknown_key(spec, map, key, place, found),
            Others::Free => {}
            Others::Of(value_spec) => visit(value_spec, value, place, found),
        }
    }
    for key in &spec.required {
        if is_absent(map, key) {
            missing(spec, key, trail, format!("`{key}` is required"), found);
        }
    }
    for group in &spec.exclusive {
        let mut present = group.fields.iter().filter(|key| !is_absent(map, key));
        if let (Some(first), Some(second)) = (present.next(), present.next()) {
            let message = format!("`{second}` and `{first}` exclude each other: keep one of them");
            trail.key(second).report(ViolationKind::Exclusive, group.rule.as_ref(), message, found);
        }
    }
    conditions_hold(spec, map, trail, found);
}

fn conditions_hold(spec: &FieldSpec, map: &Map, trail: Trail<'_>, found: &mut Vec<Violation>) {
    for (key, property) in &spec.properties {
        let absent = is_absent(map, key);
        if let Some(condition) = property.only_when.as_ref().filter(|only| !absent && !only.holds(map)) {
            let message = format!("`{key}` may be set only when {condition}");
            trail.key(key).report(ViolationKind::Condition, property.rule.as_ref(), message, found);
        }
        if let Some(condition) = property.required_when.as_ref().filter(|when| absent && when.holds(map)) {
            let message = format!("`{key}` is required when {condition}");
            missing(spec, key, trail, message, found);
        }
    }
}

fn is_absent(map: &Map, key: &str) -> bool {
    map.get(key).is_none_or(Value::is_null)
}

fn missing(spec: &FieldSpec, key: &str, trail: Trail<'_>, message: String, found: &mut Vec<Violation>) {
    let rule = spec.properties.get(key).and_then(|property| property.rule.as_ref());
    trail.key(key).report(ViolationKind::Required, rule, message, found);
}

fn unknown_key(spec: &FieldSpec, map: &Map, key: &str, place: Trail<'_>, found: &mut Vec<Violation>) {
    let free = spec.properties.iter().filter(|(known, spec)| !spec.hidden && !map.contains_key(known));
    let free = || free.clone().map(|(known, _)| known.as_str());
    // Who has so many unknown fields did not misspell them.
    let suggestion =
        (found.len() < 100).then(|| nearest(key, free()).or_else(|| qualified(key, free()))).flatten();
    let message = match suggestion {
        Some(suggestion) => format!("unknown field `{key}`: did you mean `{suggestion}`?"),
        None => format!("unknown field `{key}`"),
    };
    place.report(ViolationKind::Unknown, None, message, found);
    name_suggestion(suggestion, found);
}

/// The one candidate that is `word` with another word in front, or without one: `matchLabels` and `labels`.
fn qualified<'a>(word: &str, mut candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let ends_with = |long: &str, short: &str| {
        let start = long.len().checked_sub(short.len()).filter(|start| *start > 0 && short.len() > 3);
        start.and_then(|start| long.get(start..)).is_some_and(|end| {
            end.starts_with(|c: char| c.is_ascii_uppercase()) && end.eq_ignore_ascii_case(short)
        })
    };
    let mut fitting = candidates.by_ref().filter(|known| ends_with(word, known) || ends_with(known, word));
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The candidate that `word` most likely is a misspelling of.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // A long text is no misspelt word, and comparing it would cost.
    if word.len() > 64 {
        return None;
    }
    let plain = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let word = plain(word);
    let most = if word.len() < 3 { 0 } else { (word.len() / 3).max(1) };
    let near = candidates.map(|candidate| (distance(&word, &plain(candidate)), candidate));
    near.filter(|(away, _)| *away <= most).min_by_key(|(away, _)| *away).map(|(_, candidate)| candidate)
}

/// The number of letters to add, drop, change or swap with their neighbour (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    // The row before the last, the last one, and the one that is made.
    let mut table = [vec![0; b.len() + 1], vec![0; b.len() + 1], (0..=b.len()).collect()];
    for (i, left) in a.iter().enumerate() {
        table.rotate_left(1);
        let [older, last, fresh] = &mut table;
        fresh[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(left != right)).min(last[j + 1] + 1).min(fresh[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                cost = cost.min(older[j - 1] + 1);
            }
            fresh[j + 1] = cost;
        }
    }
    table[2][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("phase", "phase", 0),
            ("pahse", "phase", 1),
            ("failStratgy", "failStrategy", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
        }
    }

    #[test]
    fn the_nearest_word_is_near() {
        let words = ["failStrategy", "phase", "vmConfig"];
        assert_eq!(nearest("failStratgy", words.into_iter()), Some("failStrategy"));
        assert_eq!(nearest("vm Config", words.into_iter()), Some("vmConfig"));
        assert_eq!(nearest("PHASE", words.into_iter()), Some("phase"));
        assert_eq!(nearest("replicas", words.into_iter()), None);
        assert_eq!(nearest(&"x".repeat(100_000), words.into_iter()), None);
    }
}
