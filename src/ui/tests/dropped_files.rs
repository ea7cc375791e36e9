//! Files that are dropped on the window from a file manager.

use std::path::{Path, PathBuf};

use super::*;
use crate::editor::EditCommand;

/// A file as the window system hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|err| err.to_string())
    }
}

fn drop_files(harness: &mut Harness<'static, App>, files: &[PathBuf]) {
    let dropped = files.iter().map(|file| Arc::new(Dropped(file.clone())) as egui::DroppedFileHandle);
    harness.input_mut().dropped_files.extend(dropped);
    harness.step();
    harness.input_mut().dropped_files.clear();
    settle(harness);
}

fn service(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(format!("{name}.yaml"));
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{ports: [{{port: 80}}]}}\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn one_file_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("design.yaml");
    std::fs::write(&path, SAMPLES[0].text).unwrap();
    let mut harness = window();
    drop_files(&mut harness, std::slice::from_ref(&path));
    assert_eq!(harness.state().workspace().document().path.as_ref(), Some(&path));
    assert_eq!(harness.state().workspace().editor().design().name(), SAMPLES[0].title);
}

#[test]
fn several_files_become_one_design() {
    let folder = tempfile::tempdir().unwrap();
    let files = [service(folder.path(), "shop"), service(folder.path(), "cart")];
    let mut harness = window();
    drop_files(&mut harness, &files);
    let mut names = names(&harness);
    names.sort();
    assert_eq!(names, ["cart", "shop"]);
}

#[test]
fn what_has_unsaved_changes_is_not_dropped_for_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = new_design();
    let design = EditCommand::RenameDesign { name: "mine".to_owned() };
    harness.state_mut().workspace_mut().run(Command::Edit(design));
    settle(&mut harness);
    drop_files(&mut harness, &[service(folder.path(), "shop")]);
    assert_eq!(harness.state().workspace().editor().design().name(), "mine");
    assert!(harness.state().workspace().question().is_some());
}
