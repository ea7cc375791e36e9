//! "Relationship definitions…": what is in force, what is not and why, and where to put more.

use super::*;

const QUEUE_TO_WORKER: &str = include_str!("../../../tests/fixtures/definitions/good/queue-to-worker.yaml");

/// The labels of the rows of the dialog.
fn rows(harness: &Harness<'static, App>) -> Vec<String> {
    let rows = harness.query_all_by_role(Role::ListItem);
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

/// Names of what the palette offers from definitions of others.
fn offered(harness: &Harness<'static, App>, names: &[&str]) -> Vec<bool> {
    names.iter().map(|name| harness.query_by_role_and_label(Role::Button, name).is_some()).collect()
}

fn open(harness: &mut Harness<'static, App>) {
    press(harness, Modifiers::COMMAND, Key::K);
    harness.get_by_role(Role::SearchInput).type_text("relationship definitions");
    harness.run();
    press(harness, Modifiers::NONE, Key::Enter);
}

#[test]
fn each_definition_is_listed_with_its_reason_and_files_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    let mut harness = window();
    harness.state_mut().workspace_mut().use_settings_file(folder.path().join("settings.yaml"));
    settle(&mut harness);
    open(&mut harness);
    harness.get_by_label_contains("The folder holds no definitions of your own.");
    harness.get_by_label(&definitions.display().to_string());
    let built_in = rows(&harness);
    assert_eq!(built_in.len(), 5, "{built_in:?}");
    assert!(
        built_in[0].starts_with("built in, hierarchical-parent-wallet, WASMFilter → WasmPlugin, istio-base")
    );

    std::fs::create_dir_all(&definitions).unwrap();
    std::fs::write(definitions.join("a.yaml"), QUEUE_TO_WORKER).unwrap();
    std::fs::write(definitions.join("broken.yaml"), "kind: [").unwrap();
    harness.get_by_role_and_label(Role::Button, "Reload").click();
    harness.step();
    settle(&mut harness);
    harness.get_by_label("1 loaded, 1 not loaded.");
    let all = rows(&harness);
    assert!(all[0].starts_with("not loaded, file, broken.yaml:1:8, it cannot be read: "), "{all:?}");
    assert_eq!(all[1], "loaded, hierarchical-parent-inventory, Worker → Queue, example-queues, a.yaml:2:1");
    harness.get_by_role(Role::SearchInput).focus();
    harness.run();
    harness.get_by_role(Role::SearchInput).type_text("worker queue");
    harness.run();
    assert_eq!(rows(&harness).len(), 1);
    harness.get_by_role(Role::ListItem).click();
    harness.run();
    harness.get_by_label("model example-queues, a.yaml:2:1");
    click(&mut harness, Role::Button, "Close");
    assert_eq!(rows(&harness).len(), 0);
}

#[test]
fn a_long_list_is_walked_to_its_end_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    std::fs::create_dir_all(&definitions).unwrap();
    for number in 0..60 {
        let text = QUEUE_TO_WORKER.replace("inventory", &format!("inventory-{number:02}"));
        std::fs::write(definitions.join(format!("{number:02}.yaml")), text).unwrap();
    }
    let mut harness = window();
    harness.state_mut().workspace_mut().use_settings_file(folder.path().join("settings.yaml"));
    settle(&mut harness);
    open(&mut harness);
    let is_shown = |harness: &Harness<'static, App>, file: &str| {
        let list = harness.get_by_role_and_label(Role::List, "Definitions").rect();
        let rows: Vec<_> = harness.query_all_by_role(Role::ListItem).collect();
        rows.iter().any(|row| {
            let text = row.accesskit_node().label().unwrap_or_default();
            text.contains(file) && list.contains_rect(row.rect())
        })
    };
    harness.get_by_role_and_label(Role::List, "Definitions").focus();
    harness.run();
    let keys = [(Key::ArrowDown, "00.yaml"), (Key::End, "WasmPlugin → Secret"), (Key::Home, "00.yaml")];
    for (key, file) in keys {
        press(&mut harness, Modifiers::NONE, key);
        assert!(is_shown(&harness, file), "{key:?}");
    }
    for _ in 0..25 {
        press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    assert!(is_shown(&harness, "25.yaml"));
    for _ in 0..25 {
        press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    }
    assert!(is_shown(&harness, "00.yaml"));
}

#[test]
fn the_palette_and_the_command_search_have_the_kinds_of_definitions() {
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    std::fs::create_dir_all(&definitions).unwrap();
    let kinds = include_str!("../../../tests/fixtures/definitions/good/nested/kinds.yaml");
    std::fs::write(definitions.join("kinds.yaml"), kinds).unwrap();
    let mut harness = window();
    harness.state_mut().workspace_mut().use_settings_file(folder.path().join("settings.yaml"));
    settle(&mut harness);
    harness.state_mut().workspace_mut().run(Command::New);
    settle(&mut harness);
    harness.get_by_role_and_label(Role::Heading, "From definitions");
    assert_eq!(offered(&harness, &["Add WasmPlugin", "Add Work queue", "Add Worker"]), [true, true, true]);

    press(&mut harness, Modifiers::COMMAND, Key::Num1);
    harness.get_by_role_and_label(Role::SearchInput, "Filter components").type_text("worker");
    harness.run();
    assert_eq!(offered(&harness, &["Add WasmPlugin", "Add Worker"]), [false, true]);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(names(&harness), ["worker-1"]);

    press(&mut harness, Modifiers::COMMAND, Key::K);
    harness.get_by_role_and_label(Role::SearchInput, "Search actions and components").type_text("add work q");
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(names(&harness), ["worker-1", "queue-1"]);

    harness.get_by_role_and_label(Role::Button, "Add Handler").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(names(&harness).len(), 3);
    let design = harness.state().workspace().editor().design();
    let queue = design.components().nth(1).unwrap();
    assert_eq!(queue.kind(), &ComponentKind::parse("Queue", "queues.example.com/v1"));
}

/// Thousands of kinds cost no more than those in view.
#[test]
fn of_very_many_kinds_only_those_in_view_are_built() {
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    std::fs::create_dir_all(&definitions).unwrap();
    let kind = |number: usize| {
        format!(
            "---\nschemaVersion: components.meshery.io/v1beta1\ndisplayName: Kind {number:04}\nmodel: {{name: many}}\n\
             component: {{kind: Kind{number:04}, version: many.example.com/v1, schema: ''}}\n"
        )
    };
    std::fs::write(definitions.join("kinds.yaml"), (0..2000).map(kind).collect::<String>()).unwrap();
    let mut harness = window();
    harness.state_mut().workspace_mut().use_settings_file(folder.path().join("settings.yaml"));
    settle(&mut harness);
    harness.state_mut().workspace_mut().run(Command::New);
    settle(&mut harness);
    let built = |harness: &Harness<'static, App>| {
        let buttons = harness.query_all_by_role(Role::Button);
        let label = |button: &egui_kittest::Node<'_>| button.accesskit_node().label().unwrap_or_default();
        buttons.filter(|button| label(button).starts_with("Add Kind ")).count()
    };
    assert!((1..60).contains(&built(&harness)), "{}", built(&harness));
    // The Tab key comes to each, further than the view is high.
    harness.get_by_role_and_label(Role::Button, "Add Kind 0000").focus();
    harness.run();
    for _ in 0..40 {
        press(&mut harness, Modifiers::NONE, Key::Tab);
    }
    assert!(harness.get_by_role_and_label(Role::Button, "Add Kind 0040").is_focused());
    assert!((1..60).contains(&built(&harness)), "{}", built(&harness));
}
