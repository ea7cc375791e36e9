//! Work with the keyboard alone, where no other test stands for it.

use super::*;
use crate::editor::EditCommand;

#[test]
fn a_menu_is_walked_by_keys_alone() {
    let mut harness = new_design();
    harness.get_by_role_and_label(Role::MenuItem, "File").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(harness.get_by_role_and_label(Role::MenuItem, "New design").is_focused());
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    assert!(harness.get_by_role_and_label(Role::MenuItem, "Open…").is_focused());
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    assert!(harness.get_by_role_and_label(Role::MenuItem, "About Billfold").is_focused());
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_role_and_label(Role::Dialog, "About Billfold");
}

#[test]
fn a_component_is_renamed_by_keyboard_alone() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::NONE, Key::F2);
    harness.get_by_role_and_label(Role::Dialog, "Rename component");
    // The old name is selected: typing replaces it.
    let name_has_focus = |harness: &Harness<'static, App>| {
        harness.get_all_by_role_and_label(Role::TextInput, "Name").any(|field| field.is_focused())
    };
    assert!(name_has_focus(&harness));
    harness.event(egui::Event::Text("edge-auth".to_owned()));
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(harness.query_by_role(Role::Dialog).is_none());
    assert_eq!(names(&harness), ["edge-auth"]);
}

#[test]
fn a_parent_is_set_by_keyboard_alone() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::SHIFT, Key::A);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    press(&mut harness, Modifiers::NONE, Key::A);
    let editor = harness.state().workspace().editor();
    let ids: Vec<_> = editor.design().components().map(crate::model::Component::id).collect();
    harness.state_mut().workspace_mut().run(Command::Select(vec![ids[0]]));
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::P);
    harness.get_by_role_and_label(Role::Dialog, "Set parent");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(harness.state().workspace().editor().design().chain(ids[1]).len(), 1);
}

#[test]
fn a_filter_moves_in_its_chain_by_the_brackets() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    for _ in 0..3 {
        press(&mut harness, Modifiers::SHIFT, Key::A);
    }
    let chain = |harness: &Harness<'static, App>| {
        let design = harness.state().workspace().editor().design();
        let plugin = design.components().next().unwrap().id();
        let names = design.chain(plugin).into_iter().map(|link| design.name_of(link.from));
        names.map(|name| name.trim_start_matches("wasm-filter-").to_owned()).collect::<String>()
    };
    assert_eq!(chain(&harness), "123");
    press(&mut harness, Modifiers::NONE, Key::OpenBracket);
    assert_eq!(chain(&harness), "132");
    press(&mut harness, Modifiers::NONE, Key::OpenBracket);
    assert_eq!(chain(&harness), "312");
    // It runs first already.
    press(&mut harness, Modifiers::NONE, Key::OpenBracket);
    assert_eq!(chain(&harness), "312");
    press(&mut harness, Modifiers::NONE, Key::CloseBracket);
    assert_eq!(chain(&harness), "132");
    press(&mut harness, Modifiers::NONE, Key::CloseBracket);
    assert_eq!(chain(&harness), "123");
}

#[test]
fn the_menus_and_the_recent_files_are_reached_without_a_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lately.yaml");
    std::fs::write(&file, SAMPLES[0].text).unwrap();
    let mut harness = window();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::F10);
    assert!(harness.get_by_role_and_label(Role::MenuItem, "File").is_focused());
    harness.state_mut().workspace_mut().run(Command::Open(file));
    settle(&mut harness);
    assert!(harness.ctx.memory(|memory| memory.has_focus(crate::ui::canvas::CanvasState::id())));
    harness.state_mut().workspace_mut().run(Command::New);
    settle(&mut harness);
    press(&mut harness, Modifiers::COMMAND, Key::K);
    harness.event(egui::Event::Text("lately".to_owned()));
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert_eq!(harness.state().workspace().document().name, "lately.yaml");
}

#[test]
fn a_choice_is_made_with_the_keyboard_and_the_focus_comes_back() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    let phase =
        |harness: &Harness<'static, App>| harness.get_by_role_and_label(Role::ComboBox, "Phase").is_focused();
    harness.get_by_role_and_label(Role::ComboBox, "Phase").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert!(harness.state().workspace().editor().design().components().any(|it| {
        it.configured(&["spec", "phase"]).and_then(crate::model::Value::as_text) == Some("AUTHN")
    }));
    assert!(phase(&harness) && harness.query_by_role(Role::ListBox).is_none(), "it closes");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(harness.query_by_role(Role::ListBox).is_some());
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(phase(&harness) && harness.query_by_role(Role::ListBox).is_none(), "Esc leaves it as it was");
    press(&mut harness, Modifiers::NONE, Key::Space);
    for _ in 0..5 {
        press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    assert!(harness.get_by_label("STATS").is_focused(), "what lies behind the list gets no focus");
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    assert!(harness.get_by_label("AUTHZ").is_focused());
}

#[test]
fn a_problem_is_mended_with_the_keyboard_and_f8_goes_on_where_it_stood() {
    let mut harness = new_design();
    for _ in 0..3 {
        press(&mut harness, Modifiers::NONE, Key::Escape);
        press(&mut harness, Modifiers::NONE, Key::A);
        let id = harness.state().workspace().editor().selection().primary().unwrap();
        let path = crate::model::FieldPath::keys(&["configuration", "spec", "url"]);
        let value = "oci://reg.example.com/a@sha256:00".into();
        let set = crate::editor::EditCommand::SetField { id, path, value };
        harness.state_mut().workspace_mut().run(Command::Edit(set));
    }
    settle(&mut harness);
    let codes = |harness: &Harness<'static, App>| -> Vec<&'static str> {
        harness.state().workspace().derived().diagnostics.iter().map(|it| it.code).collect()
    };
    let before = codes(&harness);
    let at = before.iter().position(|code| *code == "WP082").expect("equal priorities");
    for _ in 0..=at {
        press(&mut harness, Modifiers::NONE, Key::F8);
    }
    assert_eq!(harness.state().view().problem, Some(at));
    press(&mut harness, Modifiers::ALT, Key::Enter);
    settle(&mut harness);
    let after = codes(&harness);
    assert_ne!(after, before, "nothing was mended");
    assert_eq!(harness.state().view().problem, None, "it is mended");
    press(&mut harness, Modifiers::NONE, Key::F8);
    assert_eq!(harness.state().view().problem, Some(at % after.len()), "{before:?} {after:?}");
}

#[test]
fn the_namespace_that_a_component_names_is_made_by_the_command_search() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    let editor = harness.state().workspace().editor();
    let plugin = editor.selection().primary().unwrap();
    let search = |harness: &mut Harness<'static, App>, text: &str| {
        press(harness, Modifiers::COMMAND, Key::K);
        harness.get_by_role_and_label(Role::SearchInput, "Search actions and components").type_text(text);
        harness.run();
        press(harness, Modifiers::NONE, Key::Enter);
    };
    search(&mut harness, "create missing parent");
    assert_eq!(names(&harness).len(), 1, "it names none: nothing is made");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    let path = crate::model::FieldPath::keys(&["configuration", "metadata", "namespace"]);
    harness.state_mut().workspace_mut().run(Command::Edit(EditCommand::SetField {
        id: plugin,
        path,
        value: "edge".into(),
    }));
    harness.run();
    search(&mut harness, "create namespace edge");
    let design = harness.state().workspace().editor().design();
    let namespace = design.frame_of(plugin).expect("it lies in the new frame").to;
    assert_eq!(design.name_of(namespace), "edge");
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(harness.state().workspace().editor().design().frame_of(plugin).is_none());
    assert_eq!(names(&harness), ["wasm-plugin-1"]);
}
