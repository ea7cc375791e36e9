//! Another document comes in: every view shows that one, though components and counts may be the same as before.

use super::*;
use crate::model::ComponentId;

/// A design of plugins, the first of which is always the same component.
fn design(name: &str, plugins: &[&str], phase: &str) -> String {
    let plugins = plugins.iter().enumerate().map(|(n, plugin)| {
        format!(
            "- id: 5b1c1f2e-0000-4000-8000-00000000000{n}\n  displayName: {plugin}\n  component:\n    version: \
             extensions.istio.io/v1alpha1\n    kind: WasmPlugin\n  configuration:\n    metadata: {{name: {plugin}}}\n    \
             spec: {{url: 'oci://reg.example.com/{plugin}:1', phase: {phase}}}\n"
        )
    });
    let components: String = plugins.collect();
    format!(
        "id: 5b1c1f2e-0000-4000-8000-0000000000ff\nname: {name}\ncomponents:\n{components}relationships: []\n"
    )
}

fn open(harness: &mut Harness<'static, App>, path: &std::path::Path) {
    harness.state_mut().workspace_mut().run(Command::Open(path.to_owned()));
    settle(harness);
    harness.run();
}

fn first(harness: &Harness<'static, App>) -> ComponentId {
    harness.state().workspace().editor().design().components().next().unwrap().id()
}

/// What the views say: the rows of the Outline, the YAML of the first component, the count of the status bar.
fn shown(harness: &mut Harness<'static, App>) -> (Vec<String>, String, bool) {
    let id = first(harness);
    harness.state_mut().workspace_mut().run(Command::Select(vec![id]));
    harness.run();
    let rows = harness.get_all_by_role(Role::TreeItem);
    let rows = rows.map(|row| row.accesskit_node().label().unwrap_or_default()).collect();
    let field = harness.get_by_role_and_label(Role::MultilineTextInput, "Configuration as YAML");
    let yaml = field.value().unwrap_or_default();
    (rows, yaml, harness.query_by_label_contains("2 wallets").is_some())
}

#[test]
fn every_view_shows_the_document_that_came_last() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
    std::fs::write(&a, design("one", &["edge"], "AUTHN")).unwrap();
    std::fs::write(&b, design("two", &["core", "rest"], "STATS")).unwrap();
    let mut harness = window();
    open(&mut harness, &a);
    click(&mut harness, Role::Tab, "Outline");
    click(&mut harness, Role::Tab, "YAML");
    let (rows, yaml, two) = shown(&mut harness);
    assert!(rows.len() == 1 && rows[0].contains("edge") && !two, "{rows:?}");
    assert!(yaml.contains("phase: AUTHN"), "{yaml}");
    let before = harness.state().workspace().editor().revision();

    open(&mut harness, &b);
    assert!(harness.state().workspace().editor().revision() > before);
    assert!(harness.state().workspace().editor().selection().is_empty());
    let (rows, yaml, two) = shown(&mut harness);
    assert!(rows.len() == 2 && rows[0].contains("core") && two, "{rows:?}");
    assert!(yaml.contains("phase: STATS") && !yaml.contains("edge"), "{yaml}");
    assert_eq!(harness.state().workspace().derived().design.components().len(), 2);

    // The same file, changed on disk.
    std::fs::write(&b, design("two", &["core"], "AUTHZ")).unwrap();
    open(&mut harness, &b);
    let (rows, yaml, two) = shown(&mut harness);
    assert!(rows.len() == 1 && yaml.contains("phase: AUTHZ") && !two, "{rows:?} {yaml}");
    assert!(!harness.state().workspace().editor().is_dirty());
}

#[test]
fn what_was_typed_into_the_yaml_of_one_document_is_not_written_into_another() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
    std::fs::write(&a, design("one", &["edge"], "AUTHN")).unwrap();
    std::fs::write(&b, design("two", &["core"], "STATS")).unwrap();
    let mut harness = window();
    open(&mut harness, &a);
    click(&mut harness, Role::Tab, "YAML");
    shown_field(&mut harness).focus();
    harness.run();
    harness.event(egui::Event::Text("broken: [".to_owned()));
    harness.run();
    assert!(harness.query_by_label_contains("Not taken over").is_some());
    open(&mut harness, &b);
    let field = shown_field(&mut harness);
    assert!(field.value().unwrap().contains("phase: STATS"));
    field.focus();
    harness.run();
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(harness.query_by_label_contains("Not taken over").is_none());
    let text = shown_field(&mut harness).value().unwrap();
    assert!(text.contains("core") && !text.contains("edge"), "{text}");
    assert!(!harness.state().workspace().editor().is_dirty());
}

fn shown_field<'h>(harness: &'h mut Harness<'static, App>) -> egui_kittest::Node<'h> {
    let id = first(harness);
    harness.state_mut().workspace_mut().run(Command::Select(vec![id]));
    harness.run();
    harness.get_by_role_and_label(Role::MultilineTextInput, "Configuration as YAML")
}

#[test]
fn an_empty_design_is_begun_on_the_canvas() {
    let mut harness = window();
    harness.state_mut().workspace_mut().run(Command::OpenSample(0));
    settle(&mut harness);
    click(&mut harness, Role::Tab, "Topology");
    harness.state_mut().workspace_mut().run(Command::OpenSample(1));
    settle(&mut harness);
    assert_eq!(harness.state().view().centre, CentreTab::Topology, "there is something to see");
    press(&mut harness, Modifiers::COMMAND, Key::N);
    settle(&mut harness);
    assert_eq!(harness.state().view().centre, CentreTab::Canvas);
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::SHIFT, Key::A);
    assert_eq!(names(&harness).len(), 2);
}

#[test]
fn what_another_program_wrote_can_be_taken_instead() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    std::fs::write(&path, design("one", &["edge"], "AUTHN")).unwrap();
    let mut harness = window();
    open(&mut harness, &path);
    press(&mut harness, Modifiers::NONE, Key::A);
    let theirs = design("one", &["theirs"], "AUTHN");
    std::fs::write(&path, &theirs).unwrap();
    press(&mut harness, Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    click(&mut harness, Role::Button, "Reload");
    assert_eq!(names(&harness).len(), 2, "nothing goes before it was asked for");
    click(&mut harness, Role::Button, "Don't save");
    settle(&mut harness);
    assert_eq!(names(&harness), ["theirs"]);
    assert!(
        !harness.state().workspace().editor().is_dirty() && harness.query_by_role(Role::Dialog).is_none()
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), theirs);
}
