//! Random definitions of others over random values and gestures: the laws of `policy.md`, for every strategy at once.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::testing::*;
use super::super::{Scope, evaluate, evaluated};
use crate::model::{Design, Edit, Relationship, RelationshipId, Transaction};
use crate::registry::Registry;

const STRATEGIES: [&str; 8] = ["replace", "merge", "strategic", "add", "remove", "copy", "move", "test"];
const PATHS: [&str; 7] = ["a", "b", "c", "a, x", "l, _", "l, _, x", "m, n, o"];
const VALUES: [&str; 10] =
    ["1", "x", "null", "' '", "{x: 1}", "{x: 2, y: 3}", "[1]", "[1, {x: 2}]", "{}", "[]"];
const CLASSES: [&str; 4] = ["edge", "edge", "hierarchical", "sibling"];

/// (strategy, giving path, receiving path, whether the values flow back as well, class)
type Given = (usize, usize, usize, bool, usize);

fn registry(definitions: &[Given]) -> Registry {
    let mut registry = (*Registry::builtin()).clone();
    for (number, &(strategy, mutator, mutated, both, class)) in definitions.iter().enumerate() {
        let reference = |path: usize| format!("[[configuration, spec, {}]]", PATHS[path % PATHS.len()]);
        let strategy = STRATEGIES[strategy % STRATEGIES.len()];
        let (give, take) = (reference(mutator), reference(mutated));
        let back = |key: &str, path: &str| if both { format!(", {key}: {path}") } else { String::new() };
        let text = format!(
            "{{kind: {}, type: t, subType: s{number}, selectors: [{{allow: {{\
             from: [{{kind: Service, patch: {{patchStrategy: {strategy}, mutatorRef: {give}{}}}}}], \
             to: [{{kind: Service, patch: {{patchStrategy: {strategy}, mutatedRef: {take}{}}}}}]}}}}]}}",
            CLASSES[class % CLASSES.len()],
            back("mutatedRef", &give),
            back("mutatorRef", &take),
        );
        registry.add_relationship(&format!("s{number}.yaml"), &text).unwrap();
    }
    registry
}

/// A relationship that names its pair so many times.
fn named(definitions: &[Given], number: usize, from: usize, to: usize, times: usize) -> Relationship {
    let number = number % definitions.len();
    let set = format!("{{allow: {{from: [{{id: s{from}}}], to: [{{id: s{to}}}]}}}}");
    let tree = value(&format!(
        "{{kind: {}, type: t, subType: s{number}, selectors: [{}]}}",
        CLASSES[definitions[number].4 % CLASSES.len()],
        vec![set; times].join(", ")
    ));
    Relationship::from_tree(RelationshipId::from_name(&format!("{number} {from} {to} {times}")), tree)
}

const COUNT: usize = 4;

fn start(values: &[(usize, usize, usize)]) -> Design {
    let mut text = String::new();
    for n in 0..COUNT {
        writeln!(text, "s{n} Service {{spec: {{}}}}").unwrap();
    }
    let mut design = design(&text);
    for &(who, path, value) in values {
        let _blocked = design.apply(field(who, path, value));
    }
    design
}

fn field(who: usize, path: usize, value: usize) -> Edit {
    let path = PATHS[path % PATHS.len()].split(", ").filter(|it| *it != "_").collect::<Vec<_>>().join(".");
    set(&format!("s{}", who % COUNT), &format!("spec.{path}"), VALUES[value % VALUES.len()])
}

/// What a gesture does: a field, a join, a part, or a component that goes.
fn edits(design: &Design, definitions: &[Given], (what, a, b, c): (usize, usize, usize, usize)) -> Vec<Edit> {
    let relationships: Vec<RelationshipId> = design.relationships().map(Relationship::id).collect();
    let nth = |n: usize| relationships.get(n % relationships.len().max(1)).copied();
    match what % 8 {
        0..=2 => vec![field(a, b, c)],
        3 | 4 => {
            let relationship = named(definitions, a, b % COUNT, c % COUNT, what % 8 - 2);
            if nth(0).is_some() && relationships.contains(&relationship.id()) {
                return Vec::new();
            }
            vec![Edit::AddRelationship {
                index: Some(a % (relationships.len() + 1)),
                relationship: relationship.into(),
            }]
        }
        5 => nth(a).map(|id| Edit::RemoveRelationship { id }).into_iter().collect(),
        6 => nth(a)
            .map(|id| Edit::MoveRelationship { id, index: b % relationships.len() })
            .into_iter()
            .collect(),
        _ => {
            let path = crate::model::FieldPath::keys(&["status"]);
            let status = ["approved", "ignored", "deleted", ""][b % 4];
            let value = Some(crate::model::Value::from(status));
            let target = |id| crate::model::Target::Relationship(id);
            nth(a)
                .map(|id| Edit::SetField { target: target(id), path, value, place: None })
                .into_iter()
                .collect()
        }
    }
}

fn small() -> impl Strategy<Value = usize> {
    0..32_usize
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: ProptestConfig::default().cases.max(256),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_definitions_and_gestures_keep_the_laws(
        definitions in prop::collection::vec((small(), small(), small(), prop::bool::weighted(0.2), small()), 1..4),
        values in prop::collection::vec((small(), small(), small()), 0..8),
        gestures in prop::collection::vec((small(), small(), small(), small()), 1..14),
    ) {
        let registry = registry(&definitions);
        let mut design = start(&values);
        for gesture in gestures {
            let edits = edits(&design, &definitions, gesture);
            let before = design.clone();
            let mut everything = design.clone();
            let mut tx = Transaction::new(&mut design);
            let mut other = Transaction::new(&mut everything);
            let mut is_blocked = false;
            for edit in edits {
                is_blocked |= tx.apply(edit.clone()).is_err();
                is_blocked |= other.apply(edit).is_err();
            }
            let found = evaluate(&mut tx, &registry, Scope::Touched);
            evaluate(&mut other, &registry, Scope::Everything { identify: false });
            let change = tx.commit("touched");
            other.commit("everything");
            let mut undone = design.clone();
            change.undo(&mut undone).unwrap();
            prop_assert_eq!(&undone, &before, "undo");
            let is_settled = found.diagnostics.iter().all(|it| it.code != "DS006");
            if is_settled && !is_blocked {
                prop_assert_eq!(show(&design), show(&everything), "touched is the same as everything");
                let (again, second) = evaluated(&design, &registry, false);
                prop_assert_eq!(show(&again), show(&design), "an evaluated design stays as it is");
                prop_assert!(second.trace.is_empty());
                let (opened, found) = evaluated(&design, &registry, true);
                if found.diagnostics.iter().all(|it| it.code != "DS006") {
                    let (twice, _) = evaluated(&opened, &registry, true);
                    prop_assert_eq!(show(&twice), show(&opened), "an opened design stays as it is");
                }
            } else {
                // What does not settle is not evaluated, so what follows is not promised.
                break;
            }
        }
    }

    /// Joining and parting gives back what stood there, whatever the strategy, but for the order of keys.
    #[test]
    fn joining_and_parting_is_nothing(
        definition in (small(), small(), small(), prop::bool::weighted(0.2), small()),
        values in prop::collection::vec((small(), small(), small()), 0..8),
        (from, to, times) in (0..COUNT, 0..COUNT, 1..3_usize),
    ) {
        let definitions = [definition];
        let registry = registry(&definitions);
        let start = start(&values);
        let mut design = start.clone();
        let relationship = named(&definitions, 0, from, to, times);
        let id = relationship.id();
        for edit in [Edit::AddRelationship { index: None, relationship: relationship.into() }, Edit::RemoveRelationship { id }] {
            let mut tx = Transaction::new(&mut design);
            tx.apply(edit).unwrap();
            evaluate(&mut tx, &registry, Scope::Touched);
            tx.commit("test");
        }
        prop_assert!(design.to_tree() == start.to_tree(), "{}\n{}", show(&start), show(&design));
    }
}
