//! What is seen to be settled at a glance is settled: going the long way leads to the same document.

use super::super::evaluate::{Glance, evaluate_at_a};
use super::super::testing::*;
use super::super::{Evaluation, Scope, evaluated};
use crate::model::{Design, Edit, FieldPath, Relationship, Transaction};
use crate::registry::Registry;

/// Makes the edits and evaluates what they touched: with the glance and without, which must come to the same.
fn evaluate_both_ways(design: &Design, edits: &[Edit]) -> (Design, Evaluation) {
    let registry = Registry::builtin();
    let settle = |glance| {
        let mut design = design.clone();
        let mut tx = Transaction::new(&mut design);
        for edit in edits {
            tx.apply(edit.clone()).unwrap();
        }
        let evaluation = evaluate_at_a(glance, &mut tx, &registry, Scope::Touched);
        tx.commit("test");
        (design, evaluation)
    };
    let (short, found) = settle(Glance::Trust);
    let (long, said) = settle(Glance::Ignore);
    assert_eq!(show(&short), show(&long), "the glance and the long way come to the same");
    assert_eq!(short, long);
    assert_eq!(found.diagnostics, said.diagnostics);
    assert_eq!(found.passes, said.passes);
    let (again, _) = evaluated(&short, &registry, false);
    assert_eq!(show(&again), show(&short), "an evaluated design stays as it is");
    (short, found)
}

fn configuration(name: &str, text: &str) -> Edit {
    Edit::set(id(name), FieldPath::keys(&["configuration"]), value(text))
}

/// The first filter loses its module in the gesture that empties its plugin, so its record goes over to the second.
#[test]
fn a_record_that_went_over_to_the_next_filter_does_not_come_back() {
    let mut start = design(
        "p WasmPlugin {metadata: {name: p}, spec: {phase: AUTHN, url: own}}
         f WASMFilter {wasmFilter: 'oci://a', config: {x: 1}}
         g WASMFilter {wasmFilter: 'oci://b', pluginName: root}
         f -> p
         g -> p",
    );
    open(&mut start);
    let bare = "{metadata: {name: p}}";
    for text in
        ["{}", bare, "{spec: {}}", "{spec: {phase: AUTHN}}", "{spec: {url: own}}", "{spec: {url: 'oci://a'}}"]
    {
        for is_emptied in [false, true] {
            let mut edits = vec![configuration("p", text)];
            if is_emptied {
                edits.extend([set("f", "wasmFilter", ""), set("f", "config", "")]);
            }
            let (design, _) = evaluate_both_ways(&start, &edits);
            let mut checked = start.clone();
            gesture(&mut checked, edits);
            assert_eq!(show(&checked), show(&design));
            if is_emptied {
                let owner = design.relationships().filter(|it| it.has_billfold()).map(Relationship::id);
                assert_eq!(owner.collect::<Vec<_>>(), [joined(&design, "g", "p")]);
                assert_eq!(show(&design).contains("made:1"), !text.contains("spec"), "{}", show(&design));
            }
        }
    }
}
