//! The policy against a second, naive evaluator (`naive.rs`), over random designs and random gestures.
//!
//! Both read `policy.md`; where they differ one of them read it wrong. Compared are every component, every relationship with
//! its pairs and what it wrote, and which relationships were added and removed. Key order is not: mappings that come back
//! stand where the schema says, which tests of their own hold.

mod foreign;

use std::collections::BTreeMap;

use billfold::model::{Design, Edit, Transaction, Value};
use billfold::policy::{Evaluation, Scope, evaluate};
use billfold::registry::Registry;
use billfold::yaml;
use proptest::prelude::*;

use crate::fuzz::mutate::{Numbers, wound_tree};
use crate::naive;
use crate::naive::definition::{Definition, Definitions};
use crate::naive::document::{Document, at, list_at, own_selector, pairs, path, remove};
use crate::naive::record::{KEYS, Record};
use crate::properties::designs::recipe;
use crate::properties::gestures::gesture;
use crate::{properties, tree};

/// How many random designs are compared.
const DESIGNS: u32 = 2_000;

fn config() -> ProptestConfig {
    let config = properties::config();
    ProptestConfig { cases: config.cases.max(DESIGNS), ..config }
}

fn parsed(text: &str) -> Value {
    yaml::parse(text).unwrap().into_first().unwrap().value
}

fn definition(text: &str) -> Definition {
    Definition { tree: parsed(text) }
}

/// The definitions that come with the program, from their files.
fn builtin() -> Vec<Definition> {
    let files = tree::files("assets/registry/relationships", ".yaml");
    assert!(files.len() >= 5, "{files:?}");
    files.iter().map(|file| definition(&tree::read(file))).collect()
}

/// A design as it is compared: its components, and each relationship by what it joins and wrote.
#[derive(Debug, PartialEq)]
struct Shown {
    components: Vec<Value>,
    /// Those that were there, in document order.
    kept: Vec<String>,
    /// Those that identification added, by what they join.
    added: BTreeMap<String, usize>,
}

fn shown(document: &Document, before: &Document) -> Shown {
    let mut shown = Shown {
        components: document.components.iter().map(|(_, tree)| tree.clone()).collect(),
        kept: Vec::new(),
        added: BTreeMap::new(),
    };
    for (id, tree) in &document.relationships {
        let pairs = pairs(*id, tree);
        let is_new = before.relationship(*id).is_none();
        let mut joined: Vec<String> = pairs
            .iter()
            .map(|pair| {
                let id = |side| {
                    own_selector(tree, pair, side).and_then(|it| at(it, "id")).and_then(Value::as_text)
                };
                let record = Record::of(tree, pair);
                let item = |side| match own_selector(tree, pair, side) {
                    Some(item) if !is_new => yaml::emit_json_compact(&sorted(item)),
                    _ => id(side).unwrap_or_default().to_owned(),
                };
                format!("{} -> {} wrote {}", item("from"), item("to"), record_text(&record))
            })
            .collect();
        // A set that lost a pair is split, and how is not the concern here.
        joined.sort();
        let class = naive::document::class(tree);
        if is_new {
            let ends =
                pairs.iter().map(|pair| format!("{:?} -> {:?}", pair.from, pair.to)).collect::<Vec<_>>();
            let records = pairs.iter().map(|pair| record_text(&Record::of(tree, pair))).collect::<Vec<_>>();
            *shown.added.entry(format!("{class} {} {}", ends.join(", "), records.join(", "))).or_default() +=
                1;
        } else {
            let mut rest = tree.clone();
            remove(&mut rest, &path("selectors"));
            for key in KEYS.iter().chain(&["pairs"]) {
                remove(&mut rest, &path("metadata.billfold").child(*key));
            }
            for keys in ["metadata.billfold", "metadata"] {
                let is_bare =
                    at(&rest, keys).is_some_and(|it| it.as_map().is_none_or(billfold::model::Map::is_empty));
                if is_bare {
                    remove(&mut rest, &path(keys));
                }
            }
            shown.kept.push(format!("{} {}", yaml::emit_json_compact(&sorted(&rest)), joined.join(", ")));
        }
    }
    shown
}

fn record_text(record: &Record) -> String {
    let mut wrote: Vec<String> = record
        .wrote
        .iter()
        .map(|wrote| {
            let text = |value: &Option<Value>| value.as_ref().map(|it| yaml::emit_json_compact(&sorted(it)));
            let moved = wrote
                .moved
                .as_ref()
                .map(|(path, value)| format!("{path} {}", yaml::emit_json_compact(&sorted(value))));
            format!(
                "{}: {:?} before {:?} made {:?} back {} moved {moved:?}",
                wrote.path,
                text(&wrote.value),
                text(&wrote.before),
                wrote.made,
                wrote.is_back
            )
        })
        .collect();
    wrote.sort();
    format!("{wrote:?} patch {:?} made {} around {:?}", record.patch, record.made, record.made_around)
}

/// The value with its keys in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Map(map) => {
            let mut entries: Vec<(&str, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), sorted(value))).collect())
        }
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// Evaluates both ways what `edits` make of `design`, and holds that it comes to the same. Returns what it comes to.
fn compare(
    design: &Design,
    edits: &[Edit],
    registry: &Registry,
    definitions: &Definitions<'_>,
    identify: bool,
) -> Design {
    let mut evaluated = design.clone();
    let mut tx = Transaction::new(&mut evaluated);
    for edit in edits {
        tx.apply(edit.clone()).unwrap();
    }
    let before = Document::of(design);
    let after = Document::of(tx.design());
    let evaluation = evaluate(&mut tx, registry, Scope::Everything { identify });
    tx.commit("compared");
    let naive = naive::evaluate(&before, &after, definitions, identify);

    let ours = shown(&Document::of(&evaluated), &after);
    let theirs = shown(&naive.document, &after);
    assert!(ours == theirs, "{}", difference(&ours, &theirs, &after, &evaluation));
    let removed: usize = evaluation.trace.relationships_removed.iter().map(|change| change.pairs.len()).sum();
    assert_eq!(removed, naive.removed.len(), "pairs that were taken out");
    let mut conflicts: Vec<String> =
        evaluation.trace.conflicts.iter().map(|it| format!("{} {}", it.component, it.path)).collect();
    let mut others: Vec<String> =
        naive.conflicts.iter().map(|(id, path, _)| format!("{id} {path}")).collect();
    for list in [&mut conflicts, &mut others] {
        list.sort();
        list.dedup();
    }
    // A conflict of an early pass may be gone in the last.
    assert!(others.iter().all(|it| conflicts.contains(it)), "conflicts {conflicts:?} against {others:?}");
    evaluated
}

fn difference(ours: &Shown, theirs: &Shown, after: &Document, evaluation: &Evaluation) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut note = |what: &str, a: &str, b: &str| {
        if a != b {
            lines.push(format!("{what}\n  policy: {a}\n  naive:  {b}"));
        }
    };
    let compact = |value: &Value| yaml::emit_json_compact(&sorted(value));
    for (a, b) in ours.components.iter().zip(&theirs.components) {
        note("component", &compact(a), &compact(b));
    }
    let nth = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_else(|| "(none)".to_owned());
    for index in 0..ours.kept.len().max(theirs.kept.len()) {
        note("relationship", &nth(&ours.kept, index), &nth(&theirs.kept, index));
    }
    note("added", &format!("{:#?}", ours.added), &format!("{:#?}", theirs.added));
    lines.push("evaluated was".to_owned());
    lines.push(yaml::emit_json_compact(&after.head));
    lines.extend(after.components.iter().map(|(_, tree)| yaml::emit_json_compact(tree)));
    for (_, tree) in &after.relationships {
        let sets: Vec<String> = list_at(tree, "selectors").iter().map(yaml::emit_json_compact).collect();
        let metadata = at(tree, "metadata").map(yaml::emit_json_compact).unwrap_or_default();
        lines.push(format!("{} {} {metadata}", naive::document::class(tree), sets.join(" ")));
    }
    lines.extend(evaluation.diagnostics.iter().map(|found| format!("{} {}", found.code, found.message)));
    lines.join("\n")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn opening_a_design_comes_to_the_same(recipe in recipe(), identify in any::<bool>()) {
        let registry = Registry::builtin();
        let definitions = Definitions { list: builtin(), registry: &registry };
        compare(&recipe.design(), &[], &registry, &definitions, identify);
    }


    /// Ids blanked and repeated, kinds that are wrong, values of other types, keys that are gone.
    #[test]
    fn opening_a_wounded_design_comes_to_the_same(recipe in recipe(), seed in any::<u64>(), wounds in 1..4_usize) {
        let registry = Registry::builtin();
        let definitions = Definitions { list: builtin(), registry: &registry };
        let mut tree = recipe.design().to_tree();
        let mut numbers = Numbers::new(seed);
        for _ in 0..wounds {
            wound_tree(&mut tree, &mut numbers);
        }
        compare(&Design::from_tree(tree), &[], &registry, &definitions, true);
    }
}

proptest! {
    #![proptest_config(properties::config())]

    #[test]
    fn a_gesture_comes_to_the_same(recipe in recipe(), gestures in prop::collection::vec(gesture(), 1..5)) {
        let registry = Registry::builtin();
        let definitions = Definitions { list: builtin(), registry: &registry };
        let mut design = compare(&recipe.design(), &[], &registry, &definitions, true);
        for gesture in &gestures {
            design = compare(&design, &gesture.edits(&design), &registry, &definitions, false);
        }
    }
}
