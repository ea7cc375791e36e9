//! The list of findings as a person or a screen reader meets it: by role and label.

use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::editor::Counts;
use crate::model::{ComponentId, Edit, FieldPath, Location};
use crate::validate;

struct Bench {
    derived: Derived,
    state: ProblemsState,
    queue: CommandQueue,
}

fn harness(count: usize) -> Harness<'static, Bench> {
    let id = ComponentId::from_name("p");
    let path = FieldPath::keys(&["configuration", "spec", "url"]);
    let mut diagnostics = Vec::new();
    for number in 0..count {
        let code = if number % 2 == 0 { "WP001" } else { "WP012" };
        let location = Location::component(id, path.clone());
        let mut diagnostic = Diagnostic::new(code, location, format!("finding {number}"));
        if number == 1 {
            diagnostic = diagnostic.with_fix("Pin digest", vec![Edit::unset(id, path.clone())]);
        }
        diagnostics.push(diagnostic);
    }
    diagnostics.sort_by_key(|it| it.severity);
    let mut total = Counts::default();
    for finding in &diagnostics {
        total.add(finding.severity);
    }
    let derived = Derived { diagnostics, total, ..Derived::default() };
    let bench = Bench { derived, state: ProblemsState::default(), queue: CommandQueue::default() };
    let window = Harness::builder().with_size(vec2(700.0, 260.0));
    let mut harness = crate::ui::bench::harness(window, bench, |ui, bench, theme| {
        show(ui, &mut bench.state, &bench.derived, theme, &mut bench.queue);
    });
    harness.run();
    harness
}

#[test]
fn no_findings_say_so() {
    assert!(harness(0).query_by_label("No problems").is_some());
}

#[test]
fn a_click_shows_the_field_and_the_button_mends_it() {
    let mut harness = harness(3);
    harness.get_by_label("error WP001: finding 0 ()").click();
    harness.run();
    let commands = harness.state_mut().queue.take_commands();
    let path = FieldPath::keys(&["configuration", "spec", "url"]);
    assert_eq!(commands, [Command::Reveal(ComponentId::from_name("p"), path)]);
    harness.get_by_label("Pin digest").click();
    harness.run();
    let commands = harness.state_mut().queue.take_commands();
    assert!(
        matches!(&commands[..], [Command::Edit(EditCommand::ApplyFix { fix })] if fix.label == "Pin digest")
    );
}

#[test]
fn severities_can_be_hidden() {
    let mut harness = harness(3);
    harness.get_by_label("2 errors").click();
    harness.run();
    assert!(harness.query_by_label_contains("finding 0").is_none());
    assert!(harness.query_by_label_contains("finding 1").is_some());
    harness.get_by_label("1 warning").click();
    harness.run();
    assert!(harness.query_by_label("Nothing to show").is_some());
}

#[test]
fn the_keyboard_walks_the_list() {
    let mut harness = harness(1000);
    assert!(harness.get_all_by(|_| true).count() < 120, "only the rows in view are there");
    harness.state_mut().state.take_focus();
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().state.row(), Some(1));
    harness.key_press(Key::End);
    harness.run();
    assert!(harness.query_by_label_contains("finding 999").is_some(), "the list scrolls along");
    harness.key_press(Key::Enter);
    harness.run();
    assert!(matches!(harness.state().queue.commands(), [Command::Reveal(..)]));
}

#[test]
fn what_is_ignored_is_listed_with_its_reason_on_request() {
    let mut harness = harness(3);
    let location = Location::component(ComponentId::from_name("p"), FieldPath::keys(&["displayName"]));
    let diagnostic = Diagnostic::new("WP015", location, "latest stays").with_fix("Mend it", Vec::new());
    let ignored = validate::Suppressed { diagnostic, reason: "mirrored".to_owned(), entry: None };
    harness.state_mut().derived.suppressed.push(ignored);
    harness.run();
    assert!(harness.query_by_label_contains("latest stays").is_none());
    harness.get_by_label("1 ignored").click();
    harness.run();
    let row = "info WP015: ignored (mirrored): latest stays ()";
    assert!(harness.query_by_label(row).is_some());
    assert!(harness.query_by_label("Mend it").is_none(), "what was accepted needs no fix");
    harness.state_mut().state.take_focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert!(
        matches!(harness.state().queue.commands(), [Command::Reveal(_, path)] if path.is_keys(&["displayName"]))
    );
}

#[test]
fn what_could_not_be_checked_is_told_at_the_end() {
    let mut harness = harness(1);
    let component = ComponentId::from_name("p");
    harness.state_mut().derived.report.unchecked =
        vec![validate::Unchecked { component, what: "image (no network)", codes: vec!["IMG001", "IMG002"] }];
    harness.run();
    assert!(harness.query_by_label("not checked: image (no network): IMG001 IMG002 ()").is_none());
    harness.get_by_label("1 not checked").click();
    harness.run();
    harness.get_by_label("not checked: image (no network): IMG001 IMG002 ()").click();
    harness.run();
    assert_eq!(harness.state_mut().queue.take_commands(), [Command::Select(vec![component])]);
}
