//! The whole journey without a window: draw a design, see it patched, export it, save it, open it again, take it all back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use billfold::editor::{Destination, EditCommand};
use billfold::model::{Component, ComponentId, ComponentKind, FieldPath, Position, Severity};
use billfold::workspace::{Command, SAMPLES, Workspace, fresh_seed};
use billfold::{formats, yaml};

use crate::{schema, tree};

fn workspace() -> Workspace {
    Workspace::new(Arc::new(|| {}))
}

fn run(workspace: &mut Workspace, command: Command) {
    workspace.run(command);
    workspace.settle();
}

fn edit(workspace: &mut Workspace, command: EditCommand) {
    run(workspace, Command::Edit(command));
    let worst = workspace.notices().iter().map(|notice| notice.severity).min();
    assert_ne!(worst, Some(Severity::Error), "{:?}", workspace.notices());
}

fn add(workspace: &mut Workspace, kind: ComponentKind, destination: Destination) -> ComponentId {
    edit(workspace, EditCommand::AddComponent { kind, destination, seed: fresh_seed() });
    workspace.editor().selection().primary().unwrap()
}

fn set(workspace: &mut Workspace, id: ComponentId, keys: &[&str], value: &str) {
    edit(workspace, EditCommand::SetField { id, path: FieldPath::keys(keys), value: value.into() });
}

/// What of a saved design does not fit the schema.
fn faults(path: &Path) -> Vec<String> {
    let value = yaml::parse(&fs::read_to_string(path).unwrap()).unwrap().into_first().unwrap().value;
    schema::faults(&serde_json::from_str(&yaml::emit(&value, yaml::Format::Json)).unwrap())
}

#[test]
fn draw_patch_export_save_open_and_take_back() {
    let folder = tempfile::tempdir().unwrap();
    let (design, exported) = (folder.path().join("shop.yaml"), folder.path().join("out.yaml"));
    let mut workspace = workspace();
    run(&mut workspace, Command::New);
    let plugin = add(
        &mut workspace,
        ComponentKind::WASM_PLUGIN,
        Destination::Canvas(Some(Position { x: 10.0, y: 20.0 })),
    );
    let into = Destination::Wallet { wallet: plugin, place: usize::MAX };
    let filter = add(&mut workspace, ComponentKind::WASM_FILTER, into);
    let url = format!("oci://reg.example.com/basic-auth@sha256:{}", "a".repeat(64));
    set(&mut workspace, filter, &["configuration", "wasmFilter"], &url);
    set(&mut workspace, filter, &["configuration", "config"], "{\"realm\": \"shop\"}");
    set(&mut workspace, plugin, &["configuration", "spec", "phase"], "AUTHN");
    assert!(workspace.preview().contains(&format!("url: {url}")), "{}", workspace.preview());
    assert!(workspace.preview().contains("realm: shop"));

    run(&mut workspace, Command::Export { path: exported.clone(), partial: false, with_secrets: false });
    assert_eq!(fs::read_to_string(&exported).unwrap(), workspace.preview());
    run(&mut workspace, Command::SaveAs(design.clone()));
    assert_eq!(faults(&design), [""; 0]);

    let mut again = self::workspace();
    run(&mut again, Command::Open(design.clone()));
    assert_eq!(again.editor().design(), workspace.editor().design());
    assert!(!again.editor().is_dirty(), "what we save is evaluated");
    assert_eq!(again.preview(), workspace.preview());

    run(&mut workspace, Command::UndoAll);
    assert_eq!(workspace.editor().design().components().len(), 0);
    while workspace.editor().history().redo_label().is_some() {
        run(&mut workspace, Command::Redo);
    }
    assert_eq!(workspace.editor().design(), again.editor().design());
    assert!(!workspace.editor().is_dirty());
}

#[test]
fn whatever_is_made_here_fits_the_schema_and_is_evaluated() {
    let folder = tempfile::tempdir().unwrap();
    let mut workspace = workspace();
    run(&mut workspace, Command::New);
    let namespace = add(&mut workspace, ComponentKind::NAMESPACE, Destination::Canvas(None));
    let registry = Arc::clone(workspace.editor().registry());
    for definition in registry.palette() {
        let position = Some(Position { x: 3.25, y: -4.0 });
        let destination = if definition.namespaced {
            Destination::Frame { namespace, position }
        } else {
            Destination::Canvas(position)
        };
        let id = add(&mut workspace, definition.kind.clone(), destination);
        if definition.kind.is_wallet() {
            let into = Destination::Wallet { wallet: id, place: 0 };
            for name in ["one", "two"] {
                let filter = add(&mut workspace, ComponentKind::WASM_FILTER, into);
                set(
                    &mut workspace,
                    filter,
                    &["configuration", "wasmFilter"],
                    &format!("file:///{name}.wasm"),
                );
            }
        }
    }
    let all: Vec<ComponentId> = workspace.editor().design().components().map(Component::id).collect();
    run(&mut workspace, Command::Select(all.clone()));
    run(&mut workspace, Command::Copy);
    let text = workspace.take_outbox().clipboard.unwrap();
    run(&mut workspace, Command::Paste { text, position: Some(Position { x: 0.5, y: 99.125 }) });
    edit(&mut workspace, EditCommand::Duplicate { ids: all.clone(), seed: fresh_seed() });
    edit(&mut workspace, EditCommand::Move { moves: vec![(namespace, Position { x: 1.0, y: 1.0 })] });
    edit(&mut workspace, EditCommand::SetReferenceOnly { id: all[1], reference_only: true });
    edit(&mut workspace, EditCommand::Delete { ids: vec![all[2]], keep_filters: true });
    for name in ["made.yaml", "made.json"] {
        let path = folder.path().join(name);
        run(&mut workspace, Command::SaveAs(path.clone()));
        assert_eq!(faults(&path), [""; 0]);
        let mut again = self::workspace();
        run(&mut again, Command::Open(path));
        let steps: Vec<&str> = again.editor().history().labels().collect();
        assert_eq!(steps, [""; 0], "opening changes nothing: {:?}", again.editor().evaluation().trace);
        assert_eq!(again.editor().design(), workspace.editor().design());
    }
}

#[test]
fn every_valid_file_is_saved_unedited_with_its_own_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for file in tree::files("tests/fixtures/valid", "").into_iter().chain(tree::files("designs", ".yaml")) {
        let bytes = tree::bytes(&file);
        let path = folder.path().join(file.replace('/', "-"));
        fs::write(&path, &bytes).unwrap();
        let mut workspace = workspace();
        run(&mut workspace, Command::Open(path.clone()));
        assert!(!workspace.document().is_blank, "{file}: {:?}", workspace.notices());
        // Evaluating may change it; "Undo all" is back at what was read.
        run(&mut workspace, Command::UndoAll);
        assert!(!workspace.editor().is_dirty(), "{file}");
        run(&mut workspace, Command::Save);
        assert_eq!(fs::read(&path).unwrap(), bytes, "{file}");
        assert!(workspace.question().is_none(), "{file}");
    }
}

#[test]
fn every_broken_file_is_refused_with_its_place_and_changes_nothing() {
    let mut workspace = workspace();
    run(&mut workspace, Command::OpenSample(0));
    let before = workspace.editor().design().clone();
    for file in tree::files("tests/fixtures/invalid", "") {
        run(&mut workspace, Command::Open(tree::root().join(&file)));
        let notice = workspace.notices().last().unwrap().clone();
        assert_eq!(notice.severity, Severity::Error, "{file}");
        assert!(notice.title.contains("could not be opened: "), "{file}: {notice:?}");
        assert!(notice.detail.starts_with("Line "), "{file}: {notice:?}");
        assert_eq!(*workspace.editor().design(), before, "{file}");
        assert_eq!(workspace.document().name, SAMPLES[0].title);
    }
}

#[test]
fn the_window_and_the_engine_export_the_same() {
    for (index, sample) in SAMPLES.iter().enumerate() {
        let mut workspace = workspace();
        run(&mut workspace, Command::OpenSample(index));
        let opened = formats::open(sample.text.as_bytes()).unwrap();
        let registry = workspace.editor().registry();
        let (design, _) = billfold::policy::evaluated(&opened.design, registry, true);
        let findings = &workspace.derived().diagnostics;
        let export = formats::export(&design, registry, findings, formats::ExportOptions::default());
        assert_eq!(workspace.preview(), export.text(), "{}", sample.title);
        assert!(!workspace.preview().is_empty());
    }
}
