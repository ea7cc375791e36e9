//! What is saved and exported after gestures, on every sample: it fits the schemas, and comes back as it was.

use billfold::editor::{Destination, EditCommand, Editor};
use billfold::formats::{ExportOptions, export, meshery, open};
use billfold::model::ids::name_uuid;
use billfold::model::{ComponentId, ComponentKind, FieldPath, IdSeed, Position, Value};
use billfold::registry::{Registry, structural};
use billfold::yaml::Format;

use crate::{schema, tree};

struct Session {
    path: String,
    editor: Editor,
    seeds: usize,
}

impl Session {
    fn open(path: &str) -> Self {
        let opened = open(tree::read(path).as_bytes()).unwrap();
        Self { path: path.to_owned(), editor: Editor::open(opened.design, Registry::builtin()), seeds: 0 }
    }

    fn apply(&mut self, command: EditCommand) {
        let label = format!("{command:?}");
        self.editor.apply(command).unwrap_or_else(|err| panic!("{}: {label}: {err}", self.path));
        self.check(&label);
    }

    fn add(&mut self, kind: ComponentKind, destination: Destination) -> ComponentId {
        let seed = self.seed();
        self.apply(EditCommand::AddComponent { kind, destination, seed });
        self.editor.selection().primary().unwrap()
    }

    fn seed(&mut self) -> IdSeed {
        self.seeds += 1;
        IdSeed(name_uuid(&format!("seed {}", self.seeds)))
    }

    fn set(&mut self, id: ComponentId, keys: &[&str], value: impl Into<Value>) {
        self.apply(EditCommand::SetField { id, path: FieldPath::keys(keys), value: value.into() });
    }

    fn first(&self, kind: &ComponentKind) -> Option<ComponentId> {
        self.editor.design().of_kind(kind).next().map(billfold::model::Component::id)
    }

    /// Saved and exported as it is now.
    fn check(&self, after: &str) {
        let design = self.editor.design();
        let place = format!("{} after {after}", self.path);
        let json = meshery::write(design, Format::Json);
        let faults = schema::faults(&serde_json::from_str(&json).unwrap());
        assert_eq!(faults, [""; 0], "{place}");
        for format in [Format::Yaml, Format::Json] {
            let text = meshery::write(design, format);
            let again = open(text.as_bytes()).unwrap_or_else(|err| panic!("{place}: {err}\n{text}"));
            assert!(again.design == *design, "{place}: the save is another design\n{text}");
        }
        let registry = Registry::builtin();
        let written = export(design, &registry, &[], ExportOptions { with_secrets: true });
        for object in &written.objects {
            let Some(definition) = registry.component(&object.kind) else { continue };
            let found = structural::check_manifest(&definition.schema, &object.value);
            // What a gesture leaves unfinished (a plugin without a module) a check blocks; nothing else is wrong.
            let found: Vec<_> =
                found.iter().filter(|it| it.kind != structural::ViolationKind::Required).collect();
            assert!(found.is_empty(), "{place}: {found:?}\n{}", object.text);
        }
    }
}

#[test]
fn every_save_and_export_after_a_gesture_fits() {
    let samples = tree::files("designs", ".yaml");
    assert!(samples.len() >= 4, "{samples:?}");
    for path in samples {
        let mut session = Session::open(&path);
        session.check("opening");
        let frame = session.add(ComponentKind::NAMESPACE, Destination::Canvas(None));
        let at = Position::new(120.333, -4.0);
        let plugin = session
            .add(ComponentKind::WASM_PLUGIN, Destination::Frame { namespace: frame, position: Some(at) });
        let chain = |place| Destination::Wallet { wallet: plugin, place };
        let filters = [0, 0, 1].map(|place| session.add(ComponentKind::WASM_FILTER, chain(place)));
        for (number, filter) in filters.into_iter().enumerate() {
            session.set(
                filter,
                &["configuration", "wasmFilter"],
                format!("oci://reg.example.com/f{number}:1"),
            );
            session.set(filter, &["configuration", "config"], "{\"a\": 1.50, \"on\": [\"no\"]}");
        }
        session.set(plugin, &["configuration", "spec", "phase"], "AUTHN");
        session.set(plugin, &["configuration", "spec", "priority"], -5);
        session.apply(EditCommand::Place { ids: vec![filters[0]], destination: chain(0) });
        session.apply(EditCommand::Rename { id: plugin, name: "edge-two".to_owned() });
        let seed = session.seed();
        session.apply(EditCommand::Duplicate { ids: vec![plugin, frame], seed });
        for kind in ComponentKind::KNOWN {
            if Registry::builtin().component(&kind).is_some_and(|definition| definition.in_palette) {
                session.add(kind, Destination::Canvas(Some(at)));
            }
        }
        if let Some(envoy_filter) = session.first(&ComponentKind::ENVOY_FILTER) {
            let wallet = Destination::Wallet { wallet: envoy_filter, place: 0 };
            session.apply(EditCommand::Place { ids: vec![filters[1]], destination: wallet });
        }
        session.apply(EditCommand::Move { moves: vec![(plugin, Position::new(1.0, 2.0))] });
        session.apply(EditCommand::Delete { ids: vec![filters[2]], keep_filters: false });
        session.apply(EditCommand::Delete { ids: vec![plugin], keep_filters: true });
        session.apply(EditCommand::Delete { ids: vec![frame], keep_filters: false });
        while session.editor.undo().unwrap().is_some() {
            session.check("undo");
        }
        let as_read = open(tree::read(&path).as_bytes()).unwrap().design;
        assert!(*session.editor.design() == as_read, "{path}: undoing everything leaves another design");
    }
}
