//! Dialogs: one at a time, over everything; Esc cancels, Enter does the default.

mod browse;
mod definitions;
mod frame;
mod help;
mod parent;
mod path;
mod proxy;
mod question;
mod rename;
mod target;
mod url;

pub use frame::{Answer, DialogFrame, answer_row, show_dialog};
pub use path::PathPurpose;

use browse::Browser;
use definitions::DefinitionsDialog;
use parent::ParentDialog;
use path::PathDialog;
use proxy::ProxyDialog;
use rename::RenameDialog;
use target::TargetDialog;
use url::UrlDialog;

use super::command_palette::CommandPalette;
use super::queue::CommandQueue;
use super::theme::Theme;
use super::view::View;
use crate::model::ComponentId;
use crate::workspace::Workspace;

/// A dialog that an action opens.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Asks for a path.
    Path(PathPurpose),
    /// Asks for an address.
    Url,
    /// Asks for a component's new name.
    Rename(ComponentId),
    /// Asks for the design's new name.
    RenameDesign,
    /// Asks for a parent of these components.
    SetParent(Vec<ComponentId>),
    /// Asks for the version of Istio that the design is for.
    Target,
    /// Asks whose chain of filters is to be shown.
    Proxy,
    /// The definitions in force.
    Definitions,
    /// The command search.
    CommandSearch,
    /// The table of shortcuts.
    Shortcuts,
    /// What the program is.
    About,
}

enum Open {
    Path(PathDialog),
    Url(UrlDialog),
    Rename(RenameDialog),
    SetParent(ParentDialog),
    Target(TargetDialog),
    Proxy(ProxyDialog),
    Definitions(DefinitionsDialog),
    CommandSearch(CommandPalette),
    Shortcuts,
    About,
}

/// The dialog that is open, if any, and the threads that look at the outside for it.
#[derive(Default)]
pub struct Dialogs {
    open: Option<Open>,
    /// The path dialog that answers a question of the program.
    answering: Option<PathDialog>,
    browser: Browser,
    /// What had the focus before the dialog.
    focus_before: Option<egui::Id>,
}

impl Dialogs {
    /// Opens a dialog in place of the one that is open.
    pub fn open(&mut self, ctx: &egui::Context, dialog: Dialog, workspace: &Workspace) {
        if self.open.is_none() {
            self.focus_before = ctx.memory(egui::Memory::focused);
        }
        self.open = Some(match dialog {
            Dialog::Path(purpose) => Open::Path(PathDialog::new(purpose, workspace)),
            Dialog::Url => Open::Url(UrlDialog::default()),
            Dialog::Rename(id) => Open::Rename(RenameDialog::new(Some(id), workspace)),
            Dialog::RenameDesign => Open::Rename(RenameDialog::new(None, workspace)),
            Dialog::SetParent(ids) => Open::SetParent(ParentDialog::new(ids, workspace)),
            Dialog::Target => Open::Target(TargetDialog::new(workspace)),
            Dialog::Proxy => Open::Proxy(ProxyDialog::new(workspace)),
            Dialog::Definitions => Open::Definitions(DefinitionsDialog::default()),
            Dialog::CommandSearch => Open::CommandSearch(CommandPalette::new(workspace)),
            Dialog::Shortcuts => Open::Shortcuts,
            Dialog::About => Open::About,
        });
    }

    /// Tells whether a dialog is open, so that shortcuts of the window wait.
    pub fn is_open(&self) -> bool {
        self.open.is_some() || self.answering.is_some()
    }

    /// Shows the program's question, else the dialog that is open.
    pub fn show(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        workspace: &Workspace,
        view: &View,
        queue: &mut CommandQueue,
    ) {
        self.take_found(queue);
        if let Some(question) = workspace.question() {
            if let Some(asked) = path::asks_for_path(question) {
                let dialog = self.answering.get_or_insert_with(|| PathDialog::answering(asked, workspace));
                if dialog.show(ctx, theme, &mut self.browser, queue) {
                    self.answering = None;
                }
            } else {
                question::question_ui(ctx, theme, workspace, question, queue);
            }
            return;
        }
        self.answering = None;
        let done = match &mut self.open {
            None => false,
            Some(Open::Path(dialog)) => dialog.show(ctx, theme, &mut self.browser, queue),
            Some(Open::Url(dialog)) => dialog.show(ctx, theme, queue),
            Some(Open::Rename(dialog)) => dialog.show(ctx, theme, queue),
            Some(Open::SetParent(dialog)) => dialog.show(ctx, theme, queue),
            Some(Open::Target(dialog)) => dialog.show(ctx, theme, queue),
            Some(Open::Proxy(dialog)) => dialog.show(ctx, theme, queue),
            Some(Open::Definitions(dialog)) => dialog.show(ctx, theme, workspace, queue),
            Some(Open::CommandSearch(palette)) => palette.show(ctx, theme, workspace, view, queue),
            Some(Open::Shortcuts) => help::shortcuts_ui(ctx, theme),
            Some(Open::About) => help::about_ui(ctx, theme),
        };
        if done {
            self.open = None;
            if let Some(id) = self.focus_before.take() {
                ctx.memory_mut(|memory| memory.request_focus(id));
            }
        }
    }

    /// Hands what threads have found to the path dialog that is open.
    fn take_found(&mut self, queue: &mut CommandQueue) {
        for found in self.browser.take() {
            let ((Some(dialog), _) | (None, Some(Open::Path(dialog)))) =
                (&mut self.answering, &mut self.open)
            else {
                continue;
            };
            if let Some(files) = dialog.found(found) {
                dialog.send(files, queue);
                if self.answering.take().is_none() {
                    self.open = None;
                }
            }
        }
    }
}
