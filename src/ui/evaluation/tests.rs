//! The list of changes as a person or a screen reader meets it: by role and label.

use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::model::{ComponentId, FieldPath, RelationshipId, Value};
use crate::policy::{Evaluation, FieldChange, RelationshipChange, Trace};

struct Bench {
    editor: Editor,
    derived: Derived,
    state: EvaluationState,
    queue: CommandQueue,
}

fn change(number: usize, strategy: &'static str) -> FieldChange {
    FieldChange {
        component: ComponentId::from_name("p"),
        display_name: "plugin".to_owned(),
        kind: "WasmPlugin".to_owned(),
        path: FieldPath::keys(&["configuration", "spec", "url"]),
        before: None,
        after: Some(Value::from(format!("oci://reg.example.com/filters/number-{number}"))),
        relationship: RelationshipId::from_name("r"),
        definition: "wallet".to_owned(),
        strategy,
        source: Some((ComponentId::from_name("f"), FieldPath::keys(&["configuration", "wasmFilter"]))),
        why: "from filter one".to_owned(),
    }
}

fn harness(changes: Vec<FieldChange>, size: egui::Vec2) -> Harness<'static, Bench> {
    let removed = RelationshipChange {
        id: RelationshipId::from_name("r"),
        class: "hierarchical-parent-wallet".to_owned(),
        pairs: vec![(None, None)],
        definition: "wallet".to_owned(),
        reason: "its child is not in the design".to_owned(),
    };
    let trace = Trace {
        passes: 2,
        relationships_removed: vec![removed; usize::from(!changes.is_empty())],
        components_updated: changes,
        ..Trace::default()
    };
    let editor = Editor::open(crate::model::Design::default(), crate::registry::Registry::builtin());
    let derived = Derived {
        revision: editor.revision(),
        evaluation: Evaluation { passes: 2, trace, ..Evaluation::default() },
        ..Derived::default()
    };
    let bench = Bench { editor, derived, state: EvaluationState::default(), queue: CommandQueue::default() };
    let window = Harness::builder().with_size(size);
    let mut harness = crate::ui::bench::harness(window, bench, |ui, bench, theme| {
        show(ui, &mut bench.state, &bench.editor, &bench.derived, theme, &mut bench.queue);
    });
    harness.run();
    harness
}

fn many(count: usize) -> Vec<FieldChange> {
    (0..count).map(|number| change(number, if number % 2 == 0 { "replace" } else { "restore" })).collect()
}

const WIDE: egui::Vec2 = vec2(900.0, 300.0);

#[test]
fn a_click_goes_to_the_field_and_shows_the_change_whole() {
    let mut harness = harness(many(1), WIDE);
    assert!(harness.query_by_label("Before").is_none());
    harness.get_by_label_contains("written plugin spec.url: (not set) → oci://").click();
    harness.run();
    let commands = harness.state_mut().queue.take_commands();
    let path = FieldPath::keys(&["configuration", "spec", "url"]);
    assert_eq!(commands, [Command::Reveal(ComponentId::from_name("p"), path)]);
    assert!(harness.query_by_label("Before").is_some(), "the detail is there");
    assert!(harness.query_by_label("wallet (replace)").is_some());
}

#[test]
fn rows_are_searched_and_sorts_hidden() {
    let mut harness = harness(many(4), WIDE);
    harness.get_by_label("2 given back").click();
    harness.run();
    assert!(harness.query_by_label_contains("number-1").is_none());
    assert!(harness.query_by_label_contains("number-2").is_some());
    harness.state_mut().state.query = "URL Number-2".to_owned();
    harness.run();
    assert!(harness.query_by_label_contains("number-2").is_some());
    assert!(harness.query_by_label_contains("number-0").is_none());
    assert!(harness.query_by_label_contains("its child is not in the design").is_none());
    harness.state_mut().state.query = "nothing like it".to_owned();
    harness.run();
    assert!(harness.query_by_label("Nothing to show").is_some());
}

#[test]
fn what_is_listed_is_copied() {
    let mut harness = harness(many(2), WIDE);
    harness.get_by_label("Copy changes").click();
    harness.run();
    let copied = |harness: &mut Harness<'static, Bench>| match &harness.state_mut().queue.take_events()[..] {
        [UiEvent::CopyText(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        copied(&mut harness),
        "removed  (none) → (none)  hierarchical / parent / wallet\n    its child is not in the design; by wallet\n\
         written  plugin  spec.url\n    (not set) → \"oci://reg.example.com/filters/number-0\"\n    \
         from filter one (wasmFilter of (gone)); by wallet, replace\n\
         given back  plugin  spec.url\n    (not set) → \"oci://reg.example.com/filters/number-1\"\n    \
         from filter one (wasmFilter of (gone)); by wallet, restore\n"
    );
    // With the keyboard in the list it is the row at hand.
    harness.state_mut().state.take_focus();
    harness.run();
    harness.key_press(Key::Home);
    harness.run();
    harness.event(egui::Event::Copy);
    harness.run();
    assert!(copied(&mut harness).starts_with("removed  "));
}

#[test]
fn the_keyboard_walks_the_list_and_only_rows_in_view_are_built() {
    let mut harness = harness(many(2000), WIDE);
    assert!(harness.get_all_by(|_| true).count() < 120, "only the rows in view are there");
    harness.state_mut().state.take_focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    assert!(
        harness
            .query_by_label_contains("url: (not set) → oci://reg.example.com/filters/number-1999")
            .is_some(),
        "the list scrolls along"
    );
    harness.key_press(Key::Enter);
    harness.run();
    assert!(matches!(harness.state().queue.commands(), [Command::Reveal(..)]));
}

#[test]
fn an_evaluation_without_changes_says_so() {
    let harness = harness(Vec::new(), vec2(320.0, 200.0));
    assert!(harness.query_by_label("No changes").is_some());
    assert!(harness.query_by_label("Copy changes").is_none());
}

/// In a small window nothing of the head lies over another part, or beyond the edge.
#[test]
fn a_narrow_panel_shows_its_whole_head() {
    let mut harness =
        harness(vec![change(1, "replace"), change(2, "restore"), change(3, "add")], vec2(380.0, 240.0));
    harness.run();
    let labels = ["2 written", "1 given back", "1 removed", "Search changes", "Copy changes"];
    let rects = labels.map(|label| harness.get_by_label(label).rect());
    for (index, rect) in rects.iter().enumerate() {
        assert!(rect.left() >= 0.0 && rect.right() <= 380.0, "{} stands at {rect}", labels[index]);
        for (other, label) in rects.iter().zip(labels).skip(index + 1) {
            assert!(!rect.intersects(other.shrink(0.5)), "{} lies over {label}", labels[index]);
        }
    }
}
