//! Opening, saving, and never losing anything on the way.

use super::*;
use crate::model::Position;

/// A sample that evaluation does not change, so that its bytes can be compared.
fn sample() -> &'static str {
    SAMPLES[2].text
}

#[test]
fn every_sample_opens_under_its_name() {
    for (index, sample) in SAMPLES.iter().enumerate() {
        let mut session = Session::new();
        session.run(Command::OpenSample(index));
        assert_eq!(session.workspace.editor().design().name(), sample.title);
        assert_eq!(session.workspace.document().name, sample.title);
        assert!(!session.workspace.document().is_blank && session.workspace.document().path.is_none());
        assert!(session.workspace.take_outbox().fit_all);
        assert_eq!(session.workspace.derived().revision, session.workspace.editor().revision());
        assert!(!session.is_dirty(), "{:?}", session.titles());
    }
}

#[test]
fn until_the_first_result_nothing_is_said_of_a_document() {
    let mut session = Session::new();
    session.run(Command::OpenSample(2));
    assert!(!session.workspace.is_first_derivation());
    session.workspace.run(Command::New);
    assert!(session.workspace.is_first_derivation());
    session.workspace.settle();
    assert!(!session.workspace.is_first_derivation());
    session.workspace.run(Command::Edit(EditCommand::RenameDesign { name: "Renamed".to_owned() }));
    assert!(!session.workspace.is_first_derivation(), "the last good result stays");
}

#[test]
fn a_document_is_edited_saved_and_opened_again() {
    let mut session = Session::new();
    let plugin = session.add(ComponentKind::WASM_PLUGIN);
    let filter = session.add_filter(plugin);
    session.set(filter, &["configuration", "wasmFilter"], "oci://reg.example.com/a:1");
    assert!(session.is_dirty());
    session.run(Command::Save);
    let suggestion = "untitled.yaml".to_owned();
    assert_eq!(
        session.workspace.question(),
        Some(&Question::SavePath { suggestion, copy: false, problem: None })
    );
    let path = session.path("shop.yaml");
    session.answer(Command::SaveAs(path.clone()));
    assert!(!session.is_dirty(), "{:?}", session.titles());
    assert_eq!(session.workspace.document().name, "shop.yaml");
    let saved = session.workspace.editor().design().clone();

    session.set(plugin, &["configuration", "spec", "phase"], "AUTHN");
    assert!(session.is_dirty());
    session.run(Command::Undo);
    assert!(!session.is_dirty(), "back at what was saved");

    let mut other = Session::new();
    other.run(Command::Open(path.clone()));
    assert_eq!(*other.workspace.editor().design(), saved);
    assert_eq!(other.workspace.recent_files(), std::slice::from_ref(&path));
    let before = text(&path);
    other.set(plugin, &["configuration", "spec", "phase"], "AUTHN");
    other.run(Command::Save);
    assert!(text(&path).contains("phase: AUTHN") && before != text(&path));
}

#[test]
fn an_unedited_document_is_saved_with_the_bytes_that_were_read() {
    let mut session = Session::new();
    let odd =
        format!("# a comment\n{}\n\n", sample().replace("\n  version: v1.0.0", "\n  version:   v1.0.0"));
    let path = session.file("odd.yaml", &odd);
    session.run(Command::Open(path.clone()));
    assert!(!session.is_dirty(), "{:?}", session.titles());
    session.run(Command::Save);
    assert_eq!(text(&path), odd);
    let copy = session.path("copy.yml");
    session.run(Command::SaveCopy(copy.clone()));
    assert_eq!(text(&copy), odd);
    assert_eq!(session.workspace.document().path, Some(path.clone()));
    let plugin =
        session.workspace.editor().design().of_kind(&ComponentKind::WASM_PLUGIN).next().unwrap().id();
    session.set(plugin, &["configuration", "spec", "phase"], "STATS");
    session.run(Command::UndoAll);
    assert!(!session.is_dirty());
    session.run(Command::Save);
    assert_eq!(text(&path), odd, "undo all is back to the bytes that were read");
}

#[test]
fn comments_are_not_lost_without_a_word() {
    let mut session = Session::new();
    let commented = format!("# one\n# two\n{}", sample());
    let path = session.file("commented.yaml", &commented);
    session.run(Command::Open(path.clone()));
    session.run(Command::Edit(EditCommand::RenameDesign { name: "Renamed".to_owned() }));
    session.run(Command::Save);
    let what = "2 comments".to_owned();
    assert_eq!(session.workspace.question(), Some(&Question::SaveLoses { what }));
    assert_eq!(text(&path), commented);
    session.workspace.answer(None);
    assert!(session.is_dirty());
    session.run(Command::Save);
    session.answer(Command::SaveAnyway);
    assert!(!session.is_dirty());
    assert!(text(&path).contains("name: Renamed") && !text(&path).contains("# one"));
    session.run(Command::Edit(EditCommand::RenameDesign { name: "Again".to_owned() }));
    session.run(Command::Save);
    assert_eq!(session.workspace.question(), None, "asked once for a document");
    assert!(!session.is_dirty());
}

#[test]
fn what_another_program_wrote_is_not_overwritten_without_a_word() {
    let mut session = Session::new();
    session.add(ComponentKind::WASM_PLUGIN);
    let path = session.path("shared.yaml");
    session.run(Command::SaveAs(path.clone()));
    fs::write(&path, "# theirs\n").unwrap();
    session.add(ComponentKind::NAMESPACE);
    session.run(Command::Save);
    assert_eq!(session.workspace.question(), Some(&Question::ChangedOnDisk { path: path.clone() }));
    assert_eq!(text(&path), "# theirs\n");
    session.workspace.answer(None);
    assert!(session.is_dirty());
    session.run(Command::Save);
    session.answer(Command::SaveAnyway);
    assert!(text(&path).contains("kind: Namespace") && !session.is_dirty());
    session.add(ComponentKind::NAMESPACE);
    session.run(Command::Save);
    assert_eq!(session.workspace.question(), None, "our own save is no change by another");
    fs::remove_file(&path).unwrap();
    session.add(ComponentKind::NAMESPACE);
    session.run(Command::Save);
    assert!(path.exists(), "a file that is gone is made again");
    session.run(Command::Open(path.clone()));
    fs::write(&path, "# theirs again\n").unwrap();
    session.run(Command::SaveAs(path.clone()));
    assert!(matches!(session.workspace.question(), Some(Question::ChangedOnDisk { .. })));
}

#[test]
fn json_stays_json_and_a_name_may_ask_for_it() {
    let mut session = Session::new();
    session.add(ComponentKind::WASM_PLUGIN);
    let path = session.path("design.json");
    session.run(Command::SaveAs(path.clone()));
    assert!(text(&path).starts_with('{'));
    let renamed = session.path("design.yml");
    fs::rename(&path, &renamed).unwrap();
    session.run(Command::Open(renamed.clone()));
    session.run(Command::Edit(EditCommand::RenameDesign { name: "Renamed".to_owned() }));
    session.run(Command::Save);
    assert!(text(&renamed).starts_with('{'), "the notation of the file is kept, whatever its name");
}

#[test]
fn what_cannot_be_opened_changes_nothing() {
    let mut session = Session::new();
    session.run(Command::OpenSample(0));
    let before = session.workspace.editor().design().clone();
    let broken = session.file("broken.yaml", "name: x\ncomponents: [\n  {id: 1,\n");
    session.run(Command::Open(broken.clone()));
    let notice = session.workspace.notices().last().unwrap().clone();
    assert_eq!(notice.severity, Severity::Error);
    assert!(notice.title.starts_with("broken.yaml could not be opened: "), "{notice:?}");
    assert!(notice.detail.starts_with("Line ") && notice.detail.contains("column"), "{notice:?}");
    assert!(notice.detail.ends_with(&broken.display().to_string()), "{notice:?}");
    session.run(Command::Open(session.path("missing.yaml")));
    assert!(session.titles().last().unwrap().contains("it is not there"));
    let empty = session.file("empty.yaml", "# nothing\n");
    session.run(Command::Import(vec![empty]));
    assert_eq!(*session.workspace.editor().design(), before);
    assert!(session.workspace.document().path.is_none() && session.workspace.jobs().is_empty());
}

#[test]
fn unsaved_changes_are_asked_for_and_saving_goes_on() {
    let mut session = Session::new();
    let path = session.path("mine.yaml");
    session.add(ComponentKind::WASM_PLUGIN);
    session.run(Command::SaveAs(path.clone()));
    for (n, then) in [Command::New, Command::OpenSample(1), Command::Quit].into_iter().enumerate() {
        session.run(Command::Open(path.clone()));
        assert!(!session.is_dirty());
        session.add(ComponentKind::NAMESPACE);
        session.run(then.clone());
        let asked = Question::UnsavedChanges { then: Box::new(then.clone()) };
        assert_eq!(session.workspace.question(), Some(&asked));
        session.workspace.answer(None);
        assert!(session.is_dirty() && !session.workspace.take_outbox().quit);
        session.run(then.clone());
        // One way or the other it is done.
        let answer = if n == 1 { then.clone() } else { Command::Save };
        session.answer(answer);
        assert_eq!(session.workspace.question(), None);
        assert!(!session.is_dirty());
        assert_eq!(text(&path).matches("kind: Namespace").count(), [1, 1, 2][n]);
    }
    assert!(session.workspace.take_outbox().quit);
}

#[test]
fn a_save_that_fails_stops_what_was_to_follow() {
    let mut session = Session::new();
    session.add(ComponentKind::WASM_PLUGIN);
    session.run(Command::Quit);
    let nowhere = session.path("no/such/folder.yaml");
    session.answer(Command::SaveAs(nowhere.clone()));
    assert!(session.is_dirty() && !session.workspace.take_outbox().quit);
    let missing = session.path("no").display().to_string();
    let Some(Question::SavePath { suggestion, copy: false, problem: Some(problem) }) =
        session.workspace.question()
    else {
        panic!("it is asked again: {:?}", session.workspace.question());
    };
    assert_eq!(*suggestion, nowhere.display().to_string());
    assert!(problem.ends_with(&format!("there is no folder {missing}")), "{problem}");
    session.workspace.answer(None);
    session.run(Command::SaveAs(session.path("design.yaml")));
    assert!(!session.workspace.take_outbox().quit, "that was long ago");
}

#[test]
fn a_path_that_is_asked_for_again_goes_on_with_what_was_to_follow() {
    let mut session = Session::new();
    session.add(ComponentKind::WASM_PLUGIN);
    session.run(Command::Quit);
    session.answer(Command::Save);
    session.answer(Command::SaveAs(session.path("no/design.yaml")));
    session.answer(Command::SaveAs(session.path("design.yaml")));
    assert!(session.workspace.take_outbox().quit && !session.is_dirty());
    session.run(Command::SaveCopy(session.path("no/copy.yaml")));
    assert!(matches!(session.workspace.question(), Some(Question::SavePath { copy: true, .. })));
}

#[test]
fn a_save_that_is_stopped_lets_those_behind_it_go_on() {
    let mut session = Session::new();
    session.add(ComponentKind::WASM_PLUGIN);
    let (first, second) = (session.path("first.yaml"), session.path("second.yaml"));
    session.workspace.run(Command::SaveAs(first));
    session.workspace.run(Command::SaveAs(second.clone()));
    let key = session.workspace.jobs()[0].key;
    session.run(Command::CancelJob(key));
    assert!(text(&second).contains("WasmPlugin"));
    assert_eq!(session.workspace.document().path, Some(second));
    assert!(!session.is_dirty() && session.workspace.jobs().is_empty());
}

#[test]
fn what_failed_is_said_until_it_succeeds() {
    let mut session = Session::new();
    let path = session.path("design.yaml");
    session.run(Command::Open(path.clone()));
    assert_eq!(session.titles(), ["design.yaml could not be read: it is not there"]);
    session.add(ComponentKind::WASM_PLUGIN);
    session.run(Command::SaveAs(path.clone()));
    assert_eq!(session.titles().len(), 1, "saving is another matter");
    session.run(Command::Open(path.clone()));
    assert_eq!(session.titles(), [""; 0]);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    session.add(ComponentKind::NAMESPACE);
    session.run(Command::Save);
    session.answer(Command::SaveAnyway);
    assert_eq!(session.titles(), ["design.yaml is a folder, not a file"]);
    fs::remove_dir(&path).unwrap();
    session.run(Command::Save);
    assert_eq!(session.titles(), [""; 0]);
}

#[test]
fn manifests_are_imported_as_a_new_document() {
    let mut session = Session::new();
    let plugin = "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: edge}\n\
                  spec: {url: 'oci://reg.example.com/a:1'}\n";
    let one = session.file("edge.yaml", plugin);
    session.run(Command::Open(one.clone()));
    assert!(session.is_dirty(), "it is in no file yet");
    assert!(session.workspace.document().path.is_none());
    assert_eq!(session.workspace.document().name, "edge");
    assert_eq!(session.workspace.editor().history().depth(), 0);
    assert!(session.titles()[0].contains("imported"), "{:?}", session.titles());
    let design = session.workspace.editor().design();
    assert_eq!(design.of_kind(&ComponentKind::WASM_FILTER).count(), 1);

    let two = session.file("more.yaml", &plugin.replace("edge", "more"));
    session.workspace.run(Command::Import(vec![one, two]));
    session.answer(Command::Import(vec![session.path("edge.yaml"), session.path("more.yaml")]));
    assert_eq!(session.workspace.editor().design().of_kind(&ComponentKind::WASM_PLUGIN).count(), 2);
}

#[test]
fn what_is_opened_while_the_user_edits_takes_nothing_away() {
    let mut session = Session::new();
    let path = session.file("sample.yaml", sample());
    session.workspace.run(Command::Open(path.clone()));
    // The edit comes before the file: nothing was polled yet.
    let (kind, destination) = (ComponentKind::NAMESPACE, Destination::Canvas(Some(Position::new(1.0, 2.0))));
    session.workspace.run(Command::Edit(EditCommand::AddComponent { kind, destination, seed: fresh_seed() }));
    session.workspace.settle();
    assert!(matches!(session.workspace.question(), Some(Question::UnsavedChanges { .. })));
    assert_eq!(session.workspace.editor().design().components().len(), 1);
    session.answer(Command::Open(path));
    assert!(session.workspace.editor().design().components().len() > 5);
}

#[test]
fn saves_in_a_row_end_with_the_last() {
    let mut session = Session::new();
    let path = session.path("design.yaml");
    session.add(ComponentKind::WASM_PLUGIN);
    for name in ["first", "second", "third"] {
        session.workspace.run(Command::Edit(EditCommand::RenameDesign { name: name.to_owned() }));
        session.workspace.run(Command::SaveAs(path.clone()));
    }
    session.workspace.settle();
    assert!(text(&path).contains("name: third"));
    assert!(!session.is_dirty());
}

#[test]
fn recent_files_survive_a_restart() {
    let mut session = Session::new();
    let store = session.path("settings/settings.yaml");
    session.workspace.use_settings_file(store.clone());
    session.add(ComponentKind::WASM_PLUGIN);
    let path = session.path("design.yaml");
    session.run(Command::SaveAs(path.clone()));
    assert_eq!(session.workspace.recent_files(), std::slice::from_ref(&path));
    let mut next = Workspace::new(Arc::new(|| {}));
    next.use_settings_file(store);
    next.settle();
    assert_eq!(next.recent_files(), std::slice::from_ref(&path));
    fs::remove_file(&path).unwrap();
    next.run(Command::Open(path));
    next.settle();
    assert!(next.recent_files().is_empty(), "what is gone is forgotten");
}

#[test]
fn a_page_that_is_no_web_address_is_refused_before_anything_is_asked() {
    let mut session = Session::new();
    session.workspace.run(Command::OpenUrl("file:///etc/passwd".to_owned()));
    assert!(session.workspace.jobs().is_empty());
    assert_eq!(session.workspace.notices().last().unwrap().severity, Severity::Error);
}

/// Answers each connection with one text; what is asked for `slow` gets its head only, until the other side goes.
#[cfg(feature = "gui")]
fn serve(text: &'static str) -> String {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let head =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", text.len());
            let _gone = stream.write_all(head.as_bytes());
            let _gone = if request.contains("slow") {
                stream.read_to_end(&mut Vec::new()).map(drop)
            } else {
                stream.write_all(text.as_bytes())
            };
        }
    });
    format!("http://{address}")
}

#[cfg(feature = "gui")]
#[test]
fn a_design_is_opened_from_the_web() {
    let address = serve(sample());
    let mut session = Session::new();
    session.run(Command::OpenUrl(format!(" {address}/designs/shop.yaml ")));
    assert_eq!(session.workspace.editor().design().name(), SAMPLES[2].title, "{:?}", session.titles());
    assert!(session.workspace.document().path.is_none() && !session.is_dirty());
    let before = session.workspace.editor().design().clone();

    session.workspace.run(Command::OpenUrl(format!("{address}/slow.yaml")));
    assert_eq!(session.workspace.jobs()[0].label, "Downloading slow.yaml");
    let key = session.workspace.jobs()[0].key;
    session.run(Command::CancelJob(key));
    assert!(session.workspace.jobs().is_empty());
    let broken = serve("a: [b\n");
    session.run(Command::OpenUrl(format!("{broken}/broken.yaml")));
    let notice = session.workspace.notices().last().unwrap();
    assert!(notice.title.starts_with("broken.yaml could not be opened: "), "{notice:?}");
    assert!(notice.detail.contains(&broken), "{notice:?}");
    assert_eq!(*session.workspace.editor().design(), before, "a failure changes nothing");
}

#[test]
fn the_checks_follow_the_project_of_the_document() {
    let mut session = Session::new();
    session.file(
        "billfold.toml",
        "no-rule = [\"WP\"]\n[[ignore]]\nrule = \"DS002\"\npath = \"a.yaml\"\nreason = \"a draft\"\n",
    );
    let lone = "name: a\nschemaVersion: designs.meshery.io/v1beta1\ncomponents:\n\
        - {id: f, displayName: f, component: {kind: WASMFilter, version: core.meshery.io/v1alpha1}, configuration: {wasmFilter: 'oci://reg.example.com/a:1'}}\n\
        relationships: []\n";
    let (path, other) = (session.file("a.yaml", lone), session.file("b.yaml", lone));
    let codes = |session: &Session| {
        let derived = session.workspace.derived();
        let ignored: Vec<&str> = derived.suppressed.iter().map(|it| it.reason.as_str()).collect();
        (derived.diagnostics.iter().any(|it| it.code == "DS002"), ignored.concat())
    };
    session.run(Command::Open(path.clone()));
    assert_eq!(codes(&session), (false, "a draft".to_owned()));
    session.run(Command::Open(other));
    assert_eq!(codes(&session), (true, String::new()));
    session.file("billfold.toml", "no-rul = 1\n");
    session.run(Command::Open(path));
    assert_eq!(codes(&session), (true, String::new()), "what cannot be used changes nothing");
    let said = session.titles().join("\n");
    assert!(said.contains("billfold.toml"), "{said}");
}
