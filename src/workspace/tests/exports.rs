//! Export: the bytes of the preview, questions before anything is lost or told, and what is left in the cluster.

use super::*;

fn wallet(session: &mut Session) -> (ComponentId, ComponentId) {
    let plugin = session.add(ComponentKind::WASM_PLUGIN);
    session.run(Command::Edit(EditCommand::Rename { id: plugin, name: "edge".to_owned() }));
    let filter = session.add_filter(plugin);
    let digest = "a".repeat(64);
    session.set(filter, &["configuration", "wasmFilter"], format!("oci://reg.example.com/a@sha256:{digest}"));
    (plugin, filter)
}

fn export(path: &Path) -> Command {
    Command::Export { path: path.to_owned(), partial: false, with_secrets: false }
}

#[test]
fn an_export_is_the_preview() {
    let mut session = Session::new();
    session.run(Command::OpenSample(2));
    assert!(session.workspace.preview().contains("kind: WasmPlugin"));
    let path = session.path("out.yaml");
    session.run(export(&path));
    assert_eq!(session.workspace.question(), None, "{:?}", session.workspace.question());
    assert_eq!(text(&path), session.workspace.preview());
    assert!(session.titles().last().unwrap().contains("exported"), "{:?}", session.titles());
}

#[test]
fn a_renamed_resource_is_said_to_stay_in_the_cluster() {
    let mut session = Session::new();
    let (plugin, _) = wallet(&mut session);
    let path = session.path("out.yaml");
    session.run(export(&path));
    assert!(text(&path).contains("name: edge\n"), "{}", text(&path));
    session.run(Command::Edit(EditCommand::Rename { id: plugin, name: "gate".to_owned() }));
    assert_eq!(session.workspace.no_longer_exported().len(), 1);
    session.run(export(&path));
    let warning = session.titles().last().copied().unwrap();
    assert_eq!(warning, "No longer exported: delete WasmPlugin edge in the cluster, or both run");
    session.run(export(&path));
    assert_eq!(session.titles().iter().filter(|title| title.starts_with("No longer")).count(), 1);
}

#[test]
fn a_folder_keeps_what_is_not_exported_any_more() {
    let mut session = Session::new();
    let (plugin, _) = wallet(&mut session);
    let folder = session.path("out");
    let target = PathBuf::from(format!("{}/", folder.display()));
    session.run(export(&target));
    let list = |name: &str| text(&folder.join(name));
    let listed = || {
        let list = list(".billfold-export");
        list.lines().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(), ["wasmplugin_edge.yaml"]);
    fs::write(folder.join("mine.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n").unwrap();
    session.run(Command::Edit(EditCommand::Rename { id: plugin, name: "gate".to_owned() }));
    session.run(export(&folder));
    assert_eq!(listed(), ["wasmplugin_edge.yaml", "wasmplugin_gate.yaml"]);
    assert!(folder.join("wasmplugin_edge.yaml").exists());
    let detail = &session.workspace.notices().last().unwrap().detail;
    assert!(detail.contains("WasmPlugin edge, still in") && detail.contains("ConfigMap mine"), "{detail}");

    let export = session.workspace.preview_export();
    let written = super::super::export::write_export(export, &folder, true).unwrap();
    assert_eq!(written.pruned, [folder.join("wasmplugin_edge.yaml")]);
    assert!(!folder.join("wasmplugin_edge.yaml").exists());
    assert!(folder.join("mine.yaml").exists(), "what is not ours stays");
    assert_eq!(listed(), ["wasmplugin_gate.yaml"]);
}

#[test]
fn secrets_are_exported_only_after_asking() {
    let mut session = Session::new();
    wallet(&mut session);
    let secret = session.add(ComponentKind::SECRET);
    session.set(secret, &["configuration", "stringData"], Value::from([("password", "hunter2".into())]));
    assert!(!session.workspace.preview().contains("hunter2"));
    let path = session.path("out.yaml");
    session.run(export(&path));
    assert!(
        matches!(session.workspace.question(), Some(Question::ExportSecrets { secrets, .. }) if secrets.len() == 1)
    );
    session.answer(export(&path));
    assert_eq!(session.workspace.question(), None, "answered");
    assert!(!text(&path).contains("hunter2"));
    session.run(export(&path));
    session.answer(Command::Export { path: path.clone(), partial: false, with_secrets: true });
    assert!(text(&path).contains("hunter2"));
    let said = format!("{:?}", session.workspace.notices());
    assert!(!said.contains("hunter2"));
}

#[test]
fn nothing_to_export_writes_nothing() {
    let mut session = Session::new();
    session.run(Command::New);
    let path = session.path("out.yaml");
    session.run(export(&path));
    assert!(!path.exists());
    assert!(session.titles().last().unwrap().starts_with("Nothing to export"));
}
