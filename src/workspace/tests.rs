//! The running program without a window: documents, saving, export, clipboard, the guard for unsaved changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::editor::Destination;
use crate::model::{ComponentKind, Value};

mod definitions;
mod documents;
mod replaced;
mod exports;
mod texts;

/// A program with a folder of its own.
struct Session {
    workspace: Workspace,
    folder: tempfile::TempDir,
}

impl Session {
    fn new() -> Self {
        Self { workspace: Workspace::new(Arc::new(|| {})), folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn run(&mut self, command: Command) {
        self.workspace.run(command);
        self.workspace.settle();
    }

    fn answer(&mut self, command: Command) {
        self.workspace.answer(Some(command));
        self.workspace.settle();
    }

    fn add(&mut self, kind: ComponentKind) -> ComponentId {
        let destination = Destination::Canvas(None);
        self.run(Command::Edit(EditCommand::AddComponent { kind, destination, seed: fresh_seed() }));
        self.workspace.editor().selection().primary().unwrap()
    }

    fn add_filter(&mut self, wallet: ComponentId) -> ComponentId {
        let destination = Destination::Wallet { wallet, place: usize::MAX };
        let kind = ComponentKind::WASM_FILTER;
        self.run(Command::Edit(EditCommand::AddComponent { kind, destination, seed: fresh_seed() }));
        self.workspace.editor().selection().primary().unwrap()
    }

    fn set(&mut self, id: ComponentId, keys: &[&str], value: impl Into<Value>) {
        let (path, value) = (FieldPath::keys(keys), value.into());
        self.run(Command::Edit(EditCommand::SetField { id, path, value }));
    }

    fn titles(&self) -> Vec<&str> {
        self.workspace.notices().iter().map(|notice| notice.title.as_str()).collect()
    }

    fn is_dirty(&self) -> bool {
        self.workspace.editor().is_dirty()
    }
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
