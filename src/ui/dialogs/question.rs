//! Shows what the program has to ask, as a dialog whose buttons are verbs.

use egui::{RichText, ScrollArea, Ui};

use super::frame::{Answer, DialogFrame, answers_row, show_dialog};
use super::path::PathPurpose;
use crate::ui::queue::{CommandQueue, UiEvent};
use crate::ui::theme::{Theme, size, space};
use crate::workspace::{Command, Question, Workspace};

/// Shows the program's question. A path that is asked for is another dialog's matter.
pub(super) fn question_ui(
    ctx: &egui::Context,
    theme: &Theme,
    workspace: &Workspace,
    question: &Question,
    queue: &mut CommandQueue,
) {
    let words = words(question, workspace);
    let dialog = DialogFrame { id: "question", title: &words.title, width: 460.0 };
    let (answer, closed) = show_dialog(ctx, theme, dialog, |ui| {
        ui.label(RichText::new(&words.body).color(theme.dim));
        list(ui, theme, &words.list);
        // What another program wrote can also be taken instead.
        let third = matches!(question, Question::ChangedOnDisk { .. }).then_some("Reload");
        answers_row(ui, theme, (words.accept, true), [words.alternative, third], "Cancel")
    });
    let answer = answer.or(closed.then_some(Answer::Cancel));
    if let Some(answer) = answer {
        respond(question, answer, queue);
    }
}

struct Words {
    title: String,
    body: String,
    list: Vec<String>,
    accept: &'static str,
    alternative: Option<&'static str>,
}

fn words(question: &Question, workspace: &Workspace) -> Words {
    match question {
        Question::UnsavedChanges { .. } => Words {
            title: format!("Save the changes to {}?", workspace.document().name),
            body: "They are lost otherwise.".to_owned(),
            list: Vec::new(),
            accept: "Save",
            alternative: Some("Don't save"),
        },
        Question::SaveLoses { what } => Words {
            title: "Saving rewrites the file".to_owned(),
            body: format!(
                "The file that was opened holds {what}. This version writes the file anew, and they go. \
                 A copy leaves the file as it is."
            ),
            list: Vec::new(),
            accept: "Save a copy…",
            alternative: Some("Save anyway"),
        },
        Question::ChangedOnDisk { .. } => Words {
            title: format!("{} was changed by another program", workspace.document().name),
            body: "Saving replaces what it holds now. A copy leaves the file as it is. Reloading shows what it holds \
                   now, without your changes."
                .to_owned(),
            list: Vec::new(),
            accept: "Save a copy…",
            alternative: Some("Save anyway"),
        },
        Question::SavePath { .. } => Words {
            title: String::new(),
            body: String::new(),
            list: Vec::new(),
            accept: "Save",
            alternative: None,
        },
        Question::ExportBlocked { blocked, rest, .. } => Words {
            title: match blocked.len() {
                1 => "1 object is blocked by an error".to_owned(),
                count => format!("{count} objects are blocked by errors"),
            },
            body: match rest {
                0 => "Nothing is left to export. Mend the errors first.".to_owned(),
                1 => "1 other object can be written without them.".to_owned(),
                rest => format!("{rest} other objects can be written without them."),
            },
            list: blocked.clone(),
            accept: if *rest == 0 { "Show problems" } else { "Export the rest" },
            alternative: (*rest > 0).then_some("Show problems"),
        },
        Question::ExportSecrets { secrets, .. } => Words {
            title: "Write secret data?".to_owned(),
            body: "These Secrets hold data in the design. Without it they are left out of the export."
                .to_owned(),
            list: secrets.clone(),
            accept: "Export without",
            alternative: Some("Export with secrets"),
        },
    }
}

fn list(ui: &mut Ui, theme: &Theme, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    egui::Frame::new().fill(theme.field).corner_radius(6).inner_margin(space::S).show(ui, |ui| {
        ScrollArea::vertical().max_height(200.0).show(ui, |ui| {
            for line in lines {
                ui.label(RichText::new(line).font(Theme::mono(size::MONO)).color(theme.text));
            }
        });
    });
}

fn respond(question: &Question, answer: Answer, queue: &mut CommandQueue) {
    let command = match (question, answer) {
        (Question::ChangedOnDisk { path }, Answer::Third) => Some(Command::Open(path.clone())),
        (_, Answer::Cancel | Answer::Third) | (Question::SavePath { .. }, _) => None,
        (Question::UnsavedChanges { .. }, Answer::Accept) => Some(Command::Save),
        (Question::UnsavedChanges { then }, Answer::Alternative) => Some((**then).clone()),
        (Question::SaveLoses { .. } | Question::ChangedOnDisk { .. }, Answer::Accept) => {
            queue.event(UiEvent::Open(super::Dialog::Path(PathPurpose::SaveCopy)));
            None
        }
        (Question::SaveLoses { .. } | Question::ChangedOnDisk { .. }, Answer::Alternative) => {
            Some(Command::SaveAnyway)
        }
        (Question::ExportBlocked { path, rest, .. }, Answer::Accept) if *rest > 0 => {
            Some(Command::Export { path: path.clone(), partial: true, with_secrets: false })
        }
        (Question::ExportBlocked { .. }, _) => {
            queue.event(UiEvent::ShowBottom(crate::ui::queue::BottomTab::Problems));
            None
        }
        (Question::ExportSecrets { path, .. }, answer) => Some(Command::Export {
            path: path.clone(),
            partial: false,
            with_secrets: answer == Answer::Alternative,
        }),
    };
    queue.event(UiEvent::Answer(command));
}
