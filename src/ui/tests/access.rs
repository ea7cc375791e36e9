//! Whatever can be focused, clicked or typed into has a name and a role, in every state of the window.

use egui::accesskit::{Action, Role};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{click, new_design, press, settle, window};
use crate::model::{Component, ComponentKind, Severity};
use crate::ui::app::App;
use crate::workspace::{Command, SAMPLES};

/// Fails on a control that a screen reader could not name.
fn check(harness: &Harness<'static, App>, state: &str) {
    let mut wrong = Vec::new();
    let mut controls = 0;
    for node in harness.get_all_by(|_| true) {
        let node = node.accesskit_node();
        let data = node.data();
        if !data.supports_action(Action::Focus) && !data.supports_action(Action::Click) {
            continue;
        }
        if node.role() == Role::ScrollBar {
            continue; // What scrolls is named; the bar is not reached with the keyboard.
        }
        controls += 1;
        let text = || node.value().filter(|_| node.role() == Role::Label);
        let name = node.label().or_else(text).unwrap_or_default();
        let has_role = !matches!(node.role(), Role::Unknown | Role::GenericContainer | Role::Pane);
        if name.trim().is_empty() || !has_role {
            wrong.push(format!("{:?} {name:?} {:?}", node.role(), node.bounding_box()));
        }
    }
    assert!(controls > 3, "{state}: only {controls} controls");
    assert!(
        wrong.is_empty(),
        "{state}: {} controls without name or role:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn sample(index: usize) -> Harness<'static, App> {
    let mut harness = window();
    harness.run();
    harness.state_mut().workspace_mut().run(Command::OpenSample(index));
    settle(&mut harness);
    harness
}

/// Selects the first component of a kind.
fn select(harness: &mut Harness<'static, App>, kind: &ComponentKind) {
    let design = harness.state().workspace().editor().shared_design();
    let id = design.components().find(|it| it.is(kind)).map(Component::id).expect("one of this kind");
    harness.state_mut().workspace_mut().run(Command::Select(vec![id]));
    harness.run();
}

#[test]
fn nothing_open_and_nothing_selected() {
    let mut harness = window();
    harness.run();
    check(&harness, "empty state");
    let mut harness = new_design();
    check(&harness, "a new design");
    click(&mut harness, Role::Tab, "Outline");
    check(&harness, "an empty outline");
}

#[test]
fn every_panel_of_every_sample() {
    for (index, it) in SAMPLES.iter().enumerate() {
        let mut harness = sample(index);
        for tab in ["Outline", "Insert", "YAML", "Form", "Evaluation", "Problems", "Topology", "Canvas"] {
            // Behind the word may stand a count.
            let tabs = harness.get_all_by_role(Role::Tab);
            let is_it = |label: String| label.starts_with(tab);
            tabs.into_iter().find(|it| it.accesskit_node().label().is_some_and(is_it)).unwrap().click();
            harness.run();
            check(&harness, &format!("{}: {tab}", it.title));
        }
    }
}

#[test]
fn every_kind_that_can_be_selected() {
    let mut harness = new_design();
    for kind in ComponentKind::KNOWN {
        let seed = crate::workspace::fresh_seed();
        let add = crate::editor::EditCommand::AddComponent {
            kind: kind.clone(),
            destination: crate::editor::Destination::Canvas(None),
            seed,
        };
        harness.state_mut().workspace_mut().run(Command::Edit(add));
        harness.state_mut().workspace_mut().run(Command::Select(vec![seed.component(0)]));
        settle(&mut harness);
        for tab in ["YAML", "Form"] {
            click(&mut harness, Role::Tab, tab);
            check(&harness, &format!("{kind}: {tab}"));
        }
    }
    press(&mut harness, Modifiers::COMMAND, Key::Num2);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    check(&harness, "everything selected");
}

/// Lists, maps and nested values of the samples, all sections open: what a filled-in form has that an empty one lacks.
#[test]
fn every_field_of_a_filled_in_form_and_of_a_relationship() {
    for index in 0..SAMPLES.len() {
        let mut harness = sample(index);
        let kinds = [
            ComponentKind::WASM_PLUGIN,
            ComponentKind::WASM_FILTER,
            ComponentKind::ENVOY_FILTER,
            ComponentKind::NAMESPACE,
            ComponentKind::GATEWAY,
            ComponentKind::DEPLOYMENT,
        ];
        for kind in kinds {
            let design = harness.state().workspace().editor().shared_design();
            if design.components().any(|it| it.is(&kind)) {
                select(&mut harness, &kind);
                // Each round opens what the one before has shown.
                for _ in 0..4 {
                    for node in harness.query_all_by(|node| {
                        node.data().is_expanded() == Some(false) && node.role() != Role::TreeItem
                    }) {
                        node.click();
                    }
                    harness.run();
                    check(&harness, &format!("{index}: {kind}"));
                }
            }
        }
    }
}

#[test]
fn every_dialog() {
    for name in [
        "Open…",
        "Import manifests…",
        "Save as…",
        "Save a copy…",
        "Export…",
        "Open from URL…",
        "Rename design…",
        "Keyboard shortcuts",
        "About Billfold",
    ] {
        let mut harness = sample(0);
        press(&mut harness, Modifiers::COMMAND, Key::K);
        harness.event(egui::Event::Text(name.to_owned()));
        harness.run();
        press(&mut harness, Modifiers::NONE, Key::Enter);
        assert!(harness.query_by_role(Role::Dialog).is_some(), "{name} opens no dialog");
        check(&harness, name);
        for key in [Key::Tab, Key::Tab, Key::Tab, Key::ArrowDown] {
            press(&mut harness, Modifiers::NONE, key);
        }
        check(&harness, name);
    }
    let mut harness = sample(0);
    select(&mut harness, &ComponentKind::WASM_FILTER);
    for key in [Key::F2, Key::P] {
        press(&mut harness, Modifiers::COMMAND, Key::Num2);
        press(&mut harness, Modifiers::NONE, key);
        assert!(harness.query_by_role(Role::Dialog).is_some(), "{key:?} opens no dialog");
        check(&harness, &format!("{key:?}"));
        press(&mut harness, Modifiers::NONE, Key::Escape);
    }
    press(&mut harness, Modifiers::NONE, Key::Delete);
    harness.state_mut().workspace_mut().run(Command::New);
    harness.run();
    check(&harness, "unsaved changes");
}

#[test]
fn menus_searches_and_notices() {
    let mut harness = sample(0);
    for menu in ["File", "Edit", "View", "Insert", "Help"] {
        click(&mut harness, Role::MenuItem, menu);
        check(&harness, menu);
        press(&mut harness, Modifiers::NONE, Key::Escape);
    }
    press(&mut harness, Modifiers::COMMAND, Key::F);
    check(&harness, "find on canvas");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    press(&mut harness, Modifiers::COMMAND, Key::Num1);
    harness.event(egui::Event::Text("filter".to_owned()));
    harness.run();
    check(&harness, "palette search");
    press(&mut harness, Modifiers::COMMAND, Key::K);
    harness.event(egui::Event::Text("add".to_owned()));
    harness.run();
    check(&harness, "command search");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    harness.state_mut().workspace_mut().run(Command::Open("no/such/design.yaml".into()));
    settle(&mut harness);
    check(&harness, "a notice");
    assert!(harness.state().workspace().notices().iter().any(|notice| notice.severity == Severity::Error));
}

/// The panels at the bottom, as they are read: what a relationship wrote and why, and the manifests line by line.
#[test]
fn the_trace_and_the_manifests_are_read_by_role_and_label() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::SHIFT, Key::A);
    settle(&mut harness);
    let design = harness.state().workspace().editor().shared_design();
    let filter =
        design.components().find(|it| it.is(&ComponentKind::WASM_FILTER)).map(Component::id).unwrap();
    let path = crate::model::FieldPath::keys(&["configuration", "wasmFilter"]);
    let value = "oci://reg.example.com/a:1".into();
    let set = crate::editor::EditCommand::SetField { id: filter, path, value };
    harness.state_mut().workspace_mut().run(Command::Edit(set));
    settle(&mut harness);
    click(&mut harness, Role::Tab, "Evaluation");
    let written = harness.get_all_by_role(Role::ListItem).find_map(|row| {
        let name = row.accesskit_node().label().unwrap_or_default();
        name.starts_with("written wasm-plugin-1 spec.url").then_some(name)
    });
    let written = written.expect("the trace tells of the url");
    assert!(written.contains("(not set) → oci://reg.example.com/a:1"), "{written}");
    harness.get_by_role_and_label(Role::Document, "Manifests");
    harness.get_by_role_and_label(Role::Label, "  url: oci://reg.example.com/a:1");
    harness.get_by_role_and_label(Role::Button, "Copy");
    // A row leads to what it tells of.
    harness.state_mut().workspace_mut().run(Command::Select(Vec::new()));
    harness.run();
    click(&mut harness, Role::ListItem, &written);
    let selected = harness.state().workspace().editor().selection().primary();
    assert!(selected.is_some_and(|id| id != filter));
}

#[test]
fn an_empty_trace_and_an_empty_export_say_so() {
    let mut harness = new_design();
    click(&mut harness, Role::Tab, "Evaluation");
    harness.get_by_label("No changes");
    harness.get_by_label("Nothing to export yet");
    assert!(harness.query_by_role(Role::Document).is_none());
}

/// A key that means a region does nothing while no document is open: there is nothing to give the focus to.
#[test]
fn regions_take_no_focus_while_nothing_is_open() {
    let mut harness = window();
    harness.run();
    for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::B, Key::J, Key::I] {
        press(&mut harness, Modifiers::COMMAND, key);
    }
    let mut harness = sample(0);
    click(&mut harness, Role::Tab, "Topology");
    for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::B, Key::J, Key::I, Key::B, Key::J]
    {
        press(&mut harness, Modifiers::COMMAND, key);
        press(&mut harness, Modifiers::NONE, Key::Escape);
    }
}

#[test]
fn the_edges_of_panels_are_moved_with_the_arrows() {
    let mut harness = sample(0);
    harness.get_by_role_and_label(Role::Splitter, "Width of the left panel").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    let left = |harness: &Harness<'static, App>| harness.state().workspace().panel_sizes().left;
    let wide = left(&harness).expect("the width is remembered");
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(left(&harness), Some(wide - 16.0));
    assert!(harness.get_by_role_and_label(Role::Splitter, "Width of the left panel").is_focused());
}
