//! Short texts for designs, and gestures on them: what the tests of this module are written in.

use std::fmt::Write as _;

use super::{Evaluation, Scope, evaluate, relationship};
use crate::model::{ComponentId, ComponentKind, Design, Edit, FieldPath, RelationshipId, Transaction, Value};
use crate::registry::Registry;
use crate::yaml;

pub(super) fn id(name: &str) -> ComponentId {
    ComponentId::from_text(name).unwrap()
}

pub(super) fn value(text: &str) -> Value {
    yaml::parse(text).unwrap().into_first().unwrap().value
}

fn kind(word: &str) -> ComponentKind {
    ComponentKind::KNOWN.into_iter().find(|kind| kind.kind == word).unwrap()
}

/// A design of lines: `p WasmPlugin {spec: …}` is a component called p with this configuration, `f -> p` puts f into p.
pub(super) fn design(text: &str) -> Design {
    let mut design = Design::from_tree(Value::from([("name", "test".into())]));
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some((from, to)) = line.split_once(" -> ") {
            let (from, to) = (id(from.trim()), id(to.trim()));
            let relationship = relationship::wallet(&design, from, to)
                .or_else(|| relationship::inventory(&design, from, to))
                .unwrap();
            design
                .apply(Edit::AddRelationship { index: None, relationship: std::sync::Arc::new(relationship) })
                .unwrap();
        } else {
            design
                .apply(Edit::AddComponent { index: None, component: std::sync::Arc::new(component(line)) })
                .unwrap();
        }
    }
    design
}

pub(super) fn component(line: &str) -> crate::model::Component {
    let mut words = line.splitn(3, ' ');
    let (name, word) = (words.next().unwrap(), words.next().unwrap());
    let configuration = words.next().map_or_else(|| Value::Map(crate::model::Map::new()), value);
    let kind = kind(word);
    let tree = Value::from([
        ("id", name.into()),
        ("displayName", name.into()),
        (
            "component",
            Value::from([
                ("kind", kind.kind.as_ref().into()),
                ("version", kind.api_version().as_ref().into()),
            ]),
        ),
        ("configuration", configuration),
    ]);
    crate::model::Component::from_tree(id(name), tree)
}

/// The wallet or inventory relationship that puts one into the other.
pub(super) fn join(design: &Design, from: &str, to: &str) -> Edit {
    let (from, to) = (id(from), id(to));
    let relationship =
        relationship::wallet(design, from, to).or_else(|| relationship::inventory(design, from, to)).unwrap();
    Edit::AddRelationship { index: None, relationship: std::sync::Arc::new(relationship) }
}

/// The relationship between the two.
pub(super) fn joined(design: &Design, from: &str, to: &str) -> RelationshipId {
    let links = design.links_from(id(from));
    links.into_iter().find(|link| link.to == id(to)).unwrap().relationship
}

pub(super) fn part(design: &Design, from: &str, to: &str) -> Edit {
    Edit::RemoveRelationship { id: joined(design, from, to) }
}

/// Sets (or with blank text removes) a field below `configuration`.
pub(super) fn set(name: &str, path: &str, text: &str) -> Edit {
    let mut keys = vec!["configuration"];
    keys.extend(path.split('.'));
    let path = FieldPath::keys(&keys);
    if text.is_empty() { Edit::unset(id(name), path) } else { Edit::set(id(name), path, value(text)) }
}

/// Makes a gesture under the built-in definitions, as [`gesture_with`] does.
pub(super) fn gesture(design: &mut Design, edits: Vec<Edit>) -> Evaluation {
    gesture_with(design, &Registry::builtin(), edits)
}

/// Makes a gesture and evaluates what it touched. Holds on the way that undo takes it back, that evaluating everything
/// gives the same, and that evaluating again changes nothing.
pub(super) fn gesture_with(design: &mut Design, registry: &Registry, edits: Vec<Edit>) -> Evaluation {
    let before = design.clone();
    let mut everything = design.clone();
    let mut tx = Transaction::new(design);
    for edit in &edits {
        tx.apply(edit.clone()).unwrap();
    }
    let evaluation = evaluate(&mut tx, registry, Scope::Touched);
    let change = tx.commit("test");
    let mut undone = design.clone();
    change.undo(&mut undone).unwrap();
    assert_eq!(undone, before, "undo takes the gesture and its patches back");
    let mut tx = Transaction::new(&mut everything);
    for edit in edits {
        tx.apply(edit).unwrap();
    }
    evaluate(&mut tx, registry, Scope::Everything { identify: false });
    tx.commit("test");
    assert_eq!(show(&everything), show(design), "touched is the same as everything");
    let (again, second) = super::evaluated(design, registry, false);
    assert_eq!(show(&again), show(design), "an evaluated design stays as it is");
    assert!(second.trace.is_empty(), "{:?}", second.trace);
    evaluation
}

/// Opens a design: evaluates everything, with identification.
pub(super) fn open(design: &mut Design) -> Evaluation {
    let (opened, evaluation) = super::evaluated(design, &Registry::builtin(), true);
    *design = opened;
    evaluation
}

/// The design in lines like those of [`design`], with the record of each relationship behind it.
pub(super) fn show(design: &Design) -> String {
    let mut text = String::new();
    for component in design.components() {
        let configuration = component.tree().at(&["configuration"]).cloned().unwrap_or_default();
        writeln!(text, "{} {}", component.display_name(), shown(&configuration)).unwrap();
    }
    let name = |id: Option<ComponentId>| {
        id.and_then(|id| design.component(id)).map_or("?", crate::model::Component::display_name)
    };
    for relationship in design.relationships() {
        let pairs: Vec<String> =
            relationship.pairs().iter().map(|it| format!("{} -> {}", name(it.from), name(it.to))).collect();
        let metadata = relationship.tree().at(&["metadata"]).map(shown).unwrap_or_default();
        writeln!(text, "{} {metadata}", pairs.join(", ")).unwrap();
    }
    text
}

fn shown(value: &Value) -> String {
    yaml::emit_json_compact(value).replace('"', "")
}

/// Compares what is shown with lines that may be indented.
#[track_caller]
pub(super) fn expect(design: &Design, expected: &str) {
    let lines =
        |text: &str| text.lines().map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&show(design)), lines(expected));
}

/// The codes of the findings, in order.
pub(super) fn codes(evaluation: &Evaluation) -> Vec<&'static str> {
    evaluation.diagnostics.iter().map(|it| it.code).collect()
}
