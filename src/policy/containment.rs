//! May this lie in that? And if not, which selector of which definition says so.
//!
//! Asked in every frame of a drag: it takes microseconds, whatever the size of the design.

use super::selector::name_of;
use crate::model::{ComponentId, ComponentKind, Design};
use crate::registry::{self, Registry, RelationshipDefinition, Selector, Side};
use crate::wallet::relationship::candidate;

/// What is about to be put somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Candidate<'a> {
    /// A new component of this kind.
    New(&'a ComponentKind),
    /// A component of the design.
    Existing(ComponentId),
}

/// Why it may not be put there; a sentence for people, which names the definition whose selector refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// Tells whether `child` may lie in `parent`, or why not.
///
/// Whether it lies there already makes no difference: it may be moved within.
pub fn can_contain(
    design: &Design,
    registry: &Registry,
    child: Candidate<'_>,
    parent: ComponentId,
) -> Result<(), Refusal> {
    let refuse = |reason: &str| Err(Refusal(reason.to_owned()));
    let Some(parent) = design.component(parent) else { return refuse("it is not in the design any more") };
    let child = match child {
        Candidate::New(kind) => {
            let namespaced = registry.component(kind).is_some_and(|definition| definition.namespaced);
            registry::Candidate { kind, model: None, namespaced }
        }
        Candidate::Existing(id) if id == parent.id() => return refuse("nothing can lie in itself"),
        Candidate::Existing(id) => match design.component(id) {
            Some(component) => candidate(registry, component),
            None => return refuse("it is not in the design any more"),
        },
    };
    let parent = candidate(registry, parent);
    if takers(registry, parent.kind).any(|definition| definition.joins(child, parent).is_some()) {
        return Ok(());
    }
    Err(refusal(registry, child, parent))
}

/// At most this many kinds are named.
const NAMED: usize = 3;

/// The reason, from the definition that comes nearest to joining the two: a `deny`, then a selector that fits but for its
/// group, model or scope, then the kinds that the parent takes, then the places where the child goes.
fn refusal(registry: &Registry, child: registry::Candidate<'_>, parent: registry::Candidate<'_>) -> Refusal {
    let (child_words, parent_words) = (article(child.kind), article(parent.kind));
    let mut near = None;
    let mut takes: Vec<&str> = Vec::new();
    let mut named_once = None;
    for definition in takers(registry, parent.kind) {
        for set in &definition.selectors {
            if set.allow.matching(child, parent).is_some() {
                let name = name_of(definition);
                return Refusal(format!("{child_words} may not lie in {parent_words}: {name} denies it"));
            }
            if set.allow.to.iter().any(|to| to.matches(parent)) {
                let unfit = set.allow.from.iter().find_map(|from| Some((from, misfit(from, child)?)));
                if let (None, Some((from, what))) = (&near, unfit) {
                    near = Some(format!(
                        "{parent_words} takes {}, and {child_words} {what} ({})",
                        scope(from),
                        name_of(definition)
                    ));
                }
                takes.extend(set.allow.from.iter().filter_map(|from| from.kind.as_deref()));
                // Several definitions need no name: the kinds say it.
                named_once = if named_once.is_none() { Some(Some(definition)) } else { Some(None) };
            }
        }
    }
    Refusal(match (near, named_once) {
        (Some(near), _) => near,
        (None, Some(definition)) if !takes.is_empty() => {
            let name = definition.map(|it| format!(" ({})", name_of(it))).unwrap_or_default();
            format!("{parent_words} takes {}, not {child_words}{name}", one_of(&takes))
        }
        _ => match places_of(registry, child) {
            places if places.is_empty() => format!("{parent_words} holds nothing"),
            places => format!("{parent_words} holds nothing; {child_words} goes into {}", one_of(&places)),
        },
    })
}

/// The definitions that put something into this kind.
fn takers<'r>(
    registry: &'r Registry,
    parent: &'r ComponentKind,
) -> impl Iterator<Item = &'r RelationshipDefinition> {
    registry.relationships_with(Side::To, &parent.kind).map(|it| &**it).filter(|it| it.holds())
}

/// The kinds into which this child may be put.
fn places_of<'r>(registry: &'r Registry, child: registry::Candidate<'_>) -> Vec<&'r str> {
    let definitions = registry.relationships_with(Side::From, &child.kind.kind).filter(|it| it.holds());
    let sets = definitions.flat_map(|it| &it.selectors);
    sets.filter(|set| set.allow.from.iter().any(|from| from.matches(child)))
        .flat_map(|set| set.allow.to.iter().filter_map(|to| to.kind.as_deref()))
        .collect()
}

/// What keeps a candidate of the right kind from standing here; `None` when it is of another kind.
fn misfit(selector: &Selector, candidate: registry::Candidate<'_>) -> Option<String> {
    if selector.kind.as_deref().is_some_and(|kind| kind != candidate.kind.kind) {
        return None;
    }
    if selector.namespaced.is_some_and(|namespaced| namespaced != candidate.namespaced) {
        return Some("does not".to_owned());
    }
    match (&selector.group, candidate.model) {
        (Some(_), _) if candidate.kind.group.is_empty() => Some("is of the core group".to_owned()),
        (Some(_), _) => Some(format!("is of the group {}", candidate.kind.group)),
        (None, Some(model)) => Some(format!("is of the model {model}")),
        (None, None) => None,
    }
}

/// What a selector takes, told so that it says what a candidate of that kind lacks.
fn scope(selector: &Selector) -> String {
    let which = match (selector.namespaced, selector.group.as_deref(), selector.model.as_deref()) {
        (Some(true), ..) => "lives in a namespace".to_owned(),
        (Some(false), ..) => "lives outside namespaces".to_owned(),
        (None, Some(""), _) => "is of the core group".to_owned(),
        (None, Some(group), _) => format!("is of the group {group}"),
        (None, None, Some(model)) => format!("is of the model {model}"),
        (None, None, None) => "is there".to_owned(),
    };
    match selector.kind.as_deref().map(in_words) {
        Some(kind) => format!("{kind} that {which}"),
        None => format!("what {which}"),
    }
}

/// "A", "A or B", "A, B, C or 4 others".
fn one_of(kinds: &[&str]) -> String {
    let mut named: Vec<&str> = Vec::new();
    for kind in kinds.iter().map(|kind| in_words(kind)) {
        if !named.contains(&kind) {
            named.push(kind);
        }
    }
    // One more is as short as "1 other kind".
    let others = if named.len() > NAMED + 1 { named.len() - NAMED } else { 0 };
    named.truncate(named.len() - others);
    match (named.split_last(), others) {
        (None, _) => String::new(),
        (Some((last, [])), 0) => (*last).to_owned(),
        (Some((last, before)), 0) => format!("{} or {last}", before.join(", ")),
        (Some(_), others) => format!("{} or {others} other kinds", named.join(", ")),
    }
}

/// The kind of a selector in the words of the window.
fn in_words(kind: &str) -> &str {
    if kind == ComponentKind::WASM_FILTER.kind { "WasmFilter" } else { kind }
}

/// The kind with its article: "an EnvoyFilter", "a Service".
fn article(kind: &ComponentKind) -> String {
    let word = kind.in_words();
    let vowel = word.starts_with(['A', 'E', 'I', 'O', 'U']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}
