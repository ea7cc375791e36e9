//! Jobs that end after another document has come in: they do their work and leave the new document alone. What a job
//! brings is taken over in `poll` only, so a job is held open here by not polling.

use super::*;

/// A session on a file with one plugin more than it was saved with; and the file.
fn edited() -> (Session, PathBuf) {
    let mut session = Session::new();
    session.add(ComponentKind::WASM_PLUGIN);
    let path = session.path("old.yaml");
    session.run(Command::SaveAs(path.clone()));
    session.add(ComponentKind::NAMESPACE);
    (session, path)
}

/// What "Don't save" does while a save is under way.
fn replace(session: &mut Session) {
    session.workspace.run(Command::New);
    session.workspace.answer(Some(Command::New));
}

#[test]
fn a_save_that_ends_after_the_next_document_came_in_changes_nothing_of_it() {
    let (mut session, path) = edited();
    session.workspace.run(Command::Save);
    replace(&mut session);
    let (kind, destination) = (ComponentKind::DEPLOYMENT, Destination::Canvas(None));
    session.workspace.run(Command::Edit(EditCommand::AddComponent { kind, destination, seed: fresh_seed() }));
    session.workspace.settle();
    assert!(text(&path).contains("kind: Namespace"), "the old one is saved all the same");
    assert_eq!(session.workspace.document().path, None);
    assert!(session.is_dirty());
    assert!(session.titles().contains(&"old.yaml was saved"), "{:?}", session.titles());
    // It is asked where the new document goes; the old file keeps the old one.
    session.run(Command::Save);
    assert!(matches!(session.workspace.question(), Some(Question::SavePath { .. })));
    assert!(!text(&path).contains("Deployment"));
}

#[test]
fn a_save_that_waited_writes_its_own_document_to_its_own_file() {
    let (mut session, path) = edited();
    session.workspace.run(Command::Save);
    session.workspace.run(Command::Edit(EditCommand::RenameDesign { name: "Last".to_owned() }));
    session.workspace.run(Command::Save);
    replace(&mut session);
    session.workspace.settle();
    assert!(text(&path).contains("name: Last"), "{:?}", session.titles());
    assert_eq!((session.workspace.document().path.clone(), session.workspace.question()), (None, None));
    assert!(!session.is_dirty());
}

#[test]
fn two_saves_in_a_row_are_no_change_by_another_program() {
    let (mut session, path) = edited();
    session.workspace.run(Command::Save);
    session.workspace.run(Command::Edit(EditCommand::RenameDesign { name: "A longer name".to_owned() }));
    session.workspace.run(Command::Save);
    session.workspace.settle();
    assert_eq!(session.workspace.question(), None);
    assert!(text(&path).contains("name: A longer name") && !session.is_dirty());
}

#[test]
fn a_save_that_fails_late_is_said_and_asks_nothing() {
    let (mut session, path) = edited();
    fs::write(&path, "# theirs\n").unwrap();
    session.workspace.run(Command::Save);
    session.workspace.run(Command::SaveAs(session.path("no/such.yaml")));
    replace(&mut session);
    session.workspace.settle();
    assert_eq!(session.workspace.question(), None);
    assert_eq!(text(&path), "# theirs\n");
    let lost = session
        .titles()
        .into_iter()
        .filter(|title| title.starts_with("The document before this one was not saved"));
    assert_eq!(lost.count(), 2, "{:?}", session.titles());
    assert!(session.workspace.document().path.is_none() && !session.is_dirty());
}

#[test]
fn an_export_of_the_document_before_is_no_export_of_this_one() {
    let mut session = Session::new();
    session.run(Command::OpenSample(2));
    let path = session.path("out.yaml");
    let export = Command::Export { path: path.clone(), partial: false, with_secrets: false };
    session.workspace.run(export.clone());
    session.workspace.run(Command::New);
    session.workspace.settle();
    assert!(text(&path).contains("kind: WasmPlugin"));
    assert!(
        session.workspace.no_longer_exported().is_empty(),
        "{:?}",
        session.workspace.no_longer_exported()
    );

    // What it would ask is not answered for another document.
    session.add(ComponentKind::WASM_PLUGIN);
    session.workspace.run(Command::Export {
        path: session.path("blocked.yaml"),
        partial: false,
        with_secrets: false,
    });
    replace(&mut session);
    session.workspace.settle();
    assert_eq!(session.workspace.question(), None);
    let said = session
        .titles()
        .into_iter()
        .any(|it| it.starts_with("The document before this one was not exported"));
    assert!(said, "{:?}", session.titles());
}

#[test]
fn a_new_document_is_not_replaced_by_a_file_that_was_asked_for_before() {
    let mut session = Session::new();
    session.workspace.run(Command::OpenSample(0));
    session.workspace.run(Command::New);
    session.workspace.settle();
    assert_eq!(session.workspace.editor().design().components().len(), 0);
}
