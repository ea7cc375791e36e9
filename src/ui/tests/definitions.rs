//! "Relationship definitions…": what is in force, what is not and why, and where to put more.

use super::*;

const QUEUE_TO_WORKER: &str = include_str!("../../../tests/fixtures/definitions/good/queue-to-worker.yaml");

/// The labels of the rows of the dialog.
fn rows(harness: &Harness<'static, App>) -> Vec<String> {
    let rows = harness.query_all_by_role(Role::ListItem);
    rows.filter_map(|row| row.accesskit_node().label()).collect()
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
