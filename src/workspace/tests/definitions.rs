//! The folder of definitions beside the settings: read once, read again on demand, and never half in force.

use super::*;
use crate::registry::DefinitionState;

const QUEUES: &str = include_str!("../../../tests/fixtures/definitions/queues.yaml");
const QUEUE_TO_WORKER: &str = include_str!("../../../tests/fixtures/definitions/good/queue-to-worker.yaml");
const KINDS: &str = include_str!("../../../tests/fixtures/definitions/good/nested/kinds.yaml");

impl Session {
    /// The folder of definitions of this program, with these files in it; the program is told to use it.
    fn with_definitions(files: &[(&str, &str)]) -> Self {
        let mut session = Self::new();
        session.write_definitions(files);
        let settings = session.path("settings.yaml");
        session.workspace.use_settings_file(settings);
        session
    }

    fn write_definitions(&self, files: &[(&str, &str)]) {
        let folder = self.path("definitions");
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
    }

    fn queue_name(&self) -> Option<String> {
        let design = self.workspace.editor().design();
        let worker = design.components().find(|it| it.kind().kind == "Worker")?;
        let path = FieldPath::keys(&["configuration", "spec", "queueName"]);
        worker.get(&path)?.as_text().map(ToOwned::to_owned)
    }
}

#[test]
fn a_document_that_is_opened_while_the_program_starts_is_evaluated_with_all_definitions() {
    let mut session = Session::with_definitions(&[("a.yaml", QUEUE_TO_WORKER), ("kinds.yaml", KINDS)]);
    let path = session.file("queues.yaml", QUEUES);
    // Nothing is waited for between the two.
    session.run(Command::Open(path));
    assert_eq!(session.queue_name().as_deref(), Some("orders"));
    let report = session.workspace.editor().registry().report();
    assert_eq!(report.count(DefinitionState::Loaded), 4);
    assert!(!session.workspace.editor().offers_evaluation());
    assert!(session.workspace.preview().contains("queueName: orders"), "{}", session.workspace.preview());
    assert_eq!(session.workspace.definitions_folder(), Some(&*session.path("definitions")));
}

#[test]
fn definitions_that_are_read_again_are_in_force_from_the_next_evaluation_on() {
    let mut session = Session::with_definitions(&[]);
    let path = session.file("queues.yaml", QUEUES);
    session.run(Command::Open(path));
    session.run(Command::UndoAll);
    let revision = session.workspace.editor().revision();
    session.run(Command::ReloadDefinitions);
    assert!(session.workspace.editor().registry().report().is_empty());

    session.write_definitions(&[("a.yaml", QUEUE_TO_WORKER), ("kinds.yaml", KINDS)]);
    session.run(Command::ReloadDefinitions);
    assert!(session.workspace.editor().revision() > revision, "what follows is derived anew");
    assert_eq!(session.queue_name(), None, "nobody asked for it");
    assert!(!session.is_dirty());
    assert!(session.workspace.preview().contains("queueName: orders"), "an export is of an evaluated copy");
    assert!(session.workspace.editor().offers_evaluation());
    session.run(Command::EvaluateNow);
    assert_eq!(session.queue_name().as_deref(), Some("orders"));
    assert!(!session.workspace.editor().offers_evaluation());
    // A state of before was evaluated with others.
    session.run(Command::Undo);
    assert_eq!(session.queue_name(), None);
    assert!(session.workspace.editor().offers_evaluation());
    session.run(Command::Edit(EditCommand::RenameDesign { name: "any gesture".to_owned() }));
    assert_eq!(session.queue_name().as_deref(), Some("orders"));
}

#[test]
fn what_is_wrong_with_definitions_is_said_once_and_gone_when_mended() {
    let mut session = Session::with_definitions(&[("broken.yaml", "kind: [")]);
    session.workspace.settle();
    assert_eq!(session.titles(), ["1 definition is not used"]);
    session.write_definitions(&[("broken.yaml", QUEUE_TO_WORKER)]);
    session.run(Command::ReloadDefinitions);
    assert_eq!(session.titles(), [""; 0]);
    let design = session.workspace.editor().design();
    assert!(design.components().len() == 0 && !session.workspace.editor().offers_evaluation());
}
