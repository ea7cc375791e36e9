//! What gestures do to a design, and that each can be taken back.

use super::*;
use crate::model::{ComponentKind, FieldPath, IdSeed, Map, Position, Value, ids::name_uuid};

mod foreign_definitions;
mod gestures;
mod module_texts;
mod policy;
mod random;
mod reorder;

/// A session on an empty design, with ids that count up.
struct Session {
    editor: Editor,
    seeds: usize,
}

impl Session {
    fn new() -> Self {
        let head = Value::from([("name", "test".into()), ("components", Value::List(Vec::new()))]);
        Self::of(Design::from_tree(head))
    }

    fn of(design: Design) -> Self {
        Self { editor: Editor::open(design, Registry::builtin()), seeds: 0 }
    }

    fn seed(&mut self) -> IdSeed {
        self.seeds += 1;
        IdSeed(name_uuid(&format!("seed {}", self.seeds)))
    }

    fn apply(&mut self, command: EditCommand) {
        self.editor.apply(command).unwrap();
    }

    fn refused(&mut self, command: EditCommand) -> String {
        let before = self.editor.design().clone();
        let err = self.editor.apply(command).unwrap_err();
        assert_eq!(*self.editor.design(), before, "a refusal changes nothing");
        err.to_string()
    }

    fn add(&mut self, kind: ComponentKind, destination: Destination) -> ComponentId {
        let seed = self.seed();
        self.apply(EditCommand::AddComponent { kind, destination, seed });
        self.editor.selection().primary().unwrap()
    }

    fn plugin(&mut self) -> ComponentId {
        self.add(ComponentKind::WASM_PLUGIN, Destination::Canvas(None))
    }

    /// A filter at the end of a chain, called `name`, with a module of that name.
    fn filter(&mut self, wallet: ComponentId, name: &str) -> ComponentId {
        let id = self.add(ComponentKind::WASM_FILTER, Destination::Wallet { wallet, place: usize::MAX });
        self.apply(EditCommand::Rename { id, name: name.to_owned() });
        self.set(id, &["configuration", "wasmFilter"], format!("oci://reg.example.com/{name}:1").into());
        id
    }

    fn set(&mut self, id: ComponentId, keys: &[&str], value: Value) {
        self.apply(EditCommand::SetField { id, path: FieldPath::keys(keys), value });
    }

    fn chain(&self, wallet: ComponentId) -> Vec<String> {
        let design = self.editor.design();
        design.chain(wallet).iter().map(|link| design.name_of(link.from)).collect()
    }

    fn text(&self, id: ComponentId, keys: &[&str]) -> Option<&str> {
        self.editor.design().component(id)?.tree().text_at(keys)
    }

    fn undo_label(&self) -> &str {
        self.editor.history().undo_label().unwrap_or_default()
    }
}
