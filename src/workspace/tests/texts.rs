//! The YAML tab and the clipboard.

use super::*;

#[test]
fn a_text_becomes_the_configuration_or_an_error_at_its_line() {
    let mut session = Session::new();
    let plugin = session.add(ComponentKind::WASM_PLUGIN);
    let apply = |text: &str| Command::ApplyYaml { id: plugin, text: text.to_owned() };
    session.run(apply("metadata:\n  name: edge\nspec:\n  phase: AUTHN\n"));
    let design = session.workspace.editor().design();
    assert_eq!(design.component(plugin).unwrap().metadata_name(), Some("edge"));
    let before = design.clone();
    session.run(apply("metadata:\n  name: [edge\n"));
    let error = session.workspace.yaml_error().unwrap();
    assert_eq!((error.id, error.line >= 2), (plugin, true), "{error:?}");
    session.run(apply("a: 1\n---\nb: 2\n"));
    assert_eq!(session.workspace.yaml_error().unwrap().line, 3);
    session.run(apply("- a\n"));
    assert!(session.workspace.yaml_error().unwrap().message.contains("a list"));
    assert_eq!(*session.workspace.editor().design(), before);
    session.run(apply("metadata:\n  name: edge\n"));
    assert!(session.workspace.yaml_error().is_none());
}

#[test]
fn what_comes_back_when_a_url_is_cleared_in_the_yaml_is_said() {
    let mut session = Session::new();
    let plugin = session.add(ComponentKind::WASM_PLUGIN);
    session.set(plugin, &["configuration", "spec", "url"], "oci://reg.example.com/own:1");
    let filter = session.add_filter(plugin);
    session.set(filter, &["configuration", "wasmFilter"], "oci://reg.example.com/a:1");
    let text = "metadata:\n  name: edge\nspec:\n  url: ''\n".to_owned();
    session.run(Command::ApplyYaml { id: plugin, text });
    let notice = session.workspace.notices().last().unwrap();
    assert_eq!(notice.detail, "spec.url is oci://reg.example.com/own:1 again");
    assert!(
        session
            .workspace
            .editor()
            .design()
            .component(filter)
            .unwrap()
            .tree()
            .at(&["configuration"])
            .is_some()
    );
}

#[test]
fn what_is_copied_can_be_pasted() {
    let mut session = Session::new();
    let plugin = session.add(ComponentKind::WASM_PLUGIN);
    session.add_filter(plugin);
    session.run(Command::Select(vec![plugin]));
    session.run(Command::Copy);
    let copied = session.workspace.take_outbox().clipboard.unwrap();
    session.run(Command::Paste { text: copied.clone(), position: None });
    let design = session.workspace.editor().design();
    assert_eq!(design.components().len(), 4);
    let pasted = session.workspace.editor().selection().primary().unwrap();
    assert_eq!(design.chain(pasted).len(), 1);
    session.run(Command::Cut);
    assert_eq!(session.workspace.editor().design().components().len(), 2);
    assert!(session.workspace.take_outbox().clipboard.is_some());
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n";
    session.run(Command::Paste { text: manifest.to_owned(), position: None });
    assert_eq!(session.workspace.editor().design().components().len(), 3);
    session.run(Command::Paste { text: "just words".to_owned(), position: None });
    assert!(session.titles().last().unwrap().starts_with("This text cannot be pasted"));
    assert_eq!(session.workspace.editor().design().components().len(), 3);
}

#[test]
fn secret_data_never_goes_to_the_clipboard() {
    let mut session = Session::new();
    let secret = session.add(ComponentKind::SECRET);
    session.set(secret, &["configuration", "stringData"], Value::from([("password", "hunter2".into())]));
    session.run(Command::Copy);
    let copied = session.workspace.take_outbox().clipboard.unwrap();
    assert!(copied.contains("kind: Secret") && !copied.contains("hunter2"));
    assert!(session.titles().last().unwrap().contains("not copied"));
    session.run(Command::CopyAsManifest);
    let copied = session.workspace.take_outbox().clipboard.unwrap_or_default();
    assert!(!copied.contains("hunter2"));
}

#[test]
fn manifests_of_the_selection() {
    let mut session = Session::new();
    session.run(Command::OpenSample(2));
    let plugin =
        session.workspace.editor().design().of_kind(&ComponentKind::WASM_PLUGIN).next().unwrap().id();
    session.run(Command::Select(vec![plugin]));
    session.run(Command::CopyAsManifest);
    let copied = session.workspace.take_outbox().clipboard.unwrap();
    assert_eq!(copied.matches("kind: WasmPlugin").count(), 2, "{copied}");
    assert!(!copied.contains("kind: Deployment"));
}

#[test]
fn a_refusal_is_said_and_changes_nothing() {
    let mut session = Session::new();
    let plugin = session.add(ComponentKind::WASM_PLUGIN);
    session.run(Command::Edit(EditCommand::Rename { id: plugin, name: " ".to_owned() }));
    let notice = session.workspace.notices().last().unwrap();
    assert_eq!(
        (notice.severity, notice.title.as_str()),
        (Severity::Warning, "A name cannot be blank; type one")
    );
    session.run(Command::Select(vec![plugin, ComponentId::from_name("gone")]));
    assert_eq!(session.workspace.editor().selection().len(), 1);
}
