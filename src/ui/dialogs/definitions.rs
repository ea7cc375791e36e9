//! "Relationship definitions…": which definitions are in force, which are not and why, and where to put one's own.

use std::path::Path;
use std::sync::Arc;

use egui::{Align, Color32, Frame, Id, Label, Layout, Margin, RichText, ScrollArea, Ui, Vec2};
use egui::{Rect, pos2};

use super::frame::{DialogFrame, show_dialog};
use crate::registry::{DefinitionEntry, DefinitionState, DefinitionSubject, Registry};
use crate::ui::queue::{CommandQueue, UiEvent};
use crate::ui::theme::{RADIUS, Theme, size, space};
use crate::ui::widgets::{
    List, SearchField, Walked, list_item, one_line, paint_line, primary_button, quiet_button, search_field,
    secondary_button,
};
use crate::workspace::{Command, Workspace};

/// Height of a row in points: what it is, and below it the reason and the file.
const ROW: f32 = 44.0;
/// Width of the word for the state.
const STATE: f32 = 96.0;
/// Height of the whole of the row at hand, below the list.
const DETAIL: f32 = 84.0;

/// The dialog, and what it remembers between frames.
#[derive(Default)]
pub(super) struct DefinitionsDialog {
    /// The registry that the rows were made of.
    made_of: Option<Arc<Registry>>,
    rows: Vec<Row>,
    query: String,
    /// Indices into the rows that are shown, and what they were found with.
    visible: Vec<usize>,
    found_with: Option<String>,
    /// The row at hand, among the visible ones.
    current: Option<usize>,
}

/// One definition, in the words of the list.
struct Row {
    /// `None` for one that comes with the program.
    state: Option<DefinitionState>,
    /// It is in force, and something in it is not.
    is_doubtful: bool,
    what: String,
    pair: String,
    model: String,
    place: String,
    /// Why it is not in force, and what else there is to know: a sentence each.
    notes: Vec<String>,
}

impl Row {
    fn of_file(entry: &DefinitionEntry, folder: Option<&Path>) -> Self {
        let place = entry.place();
        let inside = folder.and_then(|folder| place.strip_prefix(&*folder.to_string_lossy()));
        let place = inside.map_or(place.as_str(), |rest| rest.trim_start_matches(std::path::is_separator));
        let reason = (!entry.reason.is_empty()).then(|| entry.reason.clone());
        let remarks = entry.remarks.iter().map(|remark| {
            let line = remark.position.map_or_else(String::new, |at| format!("line {}: ", at.line));
            let code = remark.code.map_or_else(String::new, |code| format!("{code}: "));
            format!("{line}{code}{}", remark.message)
        });
        Self {
            state: Some(entry.state),
            is_doubtful: entry.remarks.iter().any(|remark| remark.code == Some("DS009")),
            place: place.to_owned(),
            notes: reason.into_iter().chain(remarks).collect(),
            ..Self::about(&entry.subject)
        }
    }

    /// One that comes with the program.
    fn about(subject: &DefinitionSubject) -> Self {
        let (what, pair, model) = match subject {
            DefinitionSubject::Relationship { class, model, from, to } => {
                let pair =
                    if from.is_empty() || to.is_empty() { String::new() } else { format!("{from} → {to}") };
                (class.clone(), pair, model.clone())
            }
            DefinitionSubject::Component { kind, model } => {
                ("component".to_owned(), kind.clone(), model.clone())
            }
            DefinitionSubject::File => ("file".to_owned(), String::new(), String::new()),
        };
        Self {
            state: None,
            is_doubtful: false,
            what,
            pair,
            model,
            place: "comes with the program".to_owned(),
            notes: Vec::new(),
        }
    }

    fn word(&self) -> &'static str {
        self.state.map_or("built in", DefinitionState::words)
    }

    fn color(&self, theme: &Theme) -> Color32 {
        match self.state {
            Some(DefinitionState::Unsupported) => theme.error,
            Some(DefinitionState::Inert) => theme.warning,
            _ if self.is_doubtful => theme.warning,
            Some(DefinitionState::Loaded) => theme.success,
            Some(DefinitionState::Known) | None => theme.dim,
        }
    }

    /// All of it, for a screen reader and the search.
    fn text(&self) -> String {
        let parts = [self.word(), &self.what, &self.pair, &self.model, &self.place];
        let parts = parts.into_iter().chain(self.notes.iter().map(String::as_str));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

impl DefinitionsDialog {
    /// Shows it; returns whether it is done with.
    pub(super) fn show(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        workspace: &Workspace,
        queue: &mut CommandQueue,
    ) -> bool {
        self.refresh(workspace);
        let dialog = DialogFrame { id: "definitions", title: "Relationship definitions", width: 760.0 };
        let (done, closed) = show_dialog(ctx, theme, dialog, |ui| {
            folder_ui(ui, theme, workspace, queue);
            let report = workspace.editor().registry().report();
            if report.is_empty() {
                no_files_ui(ui, theme, workspace.is_reading_definitions());
            } else {
                let text = RichText::new(format!("{}.", report.summary())).color(theme.dim);
                ui.add(Label::new(text).wrap());
            }
            self.search(ui, theme);
            self.list_ui(ui, theme);
            self.detail_ui(ui, theme);
            let row = Vec2::new(ui.available_width(), 32.0);
            ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
                let close = primary_button(ui, theme, "Close");
                if ui.memory(|memory| memory.focused().is_none()) {
                    close.request_focus();
                }
                close.clicked()
            })
            .inner
        });
        done || closed
    }

    /// Makes the rows again when other definitions are in force: what needs attention comes first.
    fn refresh(&mut self, workspace: &Workspace) {
        let registry = workspace.editor().registry();
        if self.made_of.as_ref().is_some_and(|made_of| Arc::ptr_eq(made_of, registry)) {
            return;
        }
        let folder = workspace.definitions_folder();
        self.rows = registry.report().entries.iter().map(|entry| Row::of_file(entry, folder)).collect();
        self.rows.sort_by_key(|row| match row.state {
            Some(DefinitionState::Unsupported) => 0,
            Some(DefinitionState::Inert) => 1,
            Some(DefinitionState::Loaded) if row.is_doubtful => 2,
            Some(DefinitionState::Loaded) => 3,
            Some(DefinitionState::Known) | None => 4,
        });
        let own = Registry::builtin();
        self.rows.extend(own.relationships().iter().map(|it| Row::about(&DefinitionSubject::from(&**it))));
        self.made_of = Some(Arc::clone(registry));
        self.found_with = None;
    }

    fn search(&mut self, ui: &mut Ui, theme: &Theme) {
        let field = SearchField {
            id: Id::new("definitions search"),
            name: "Search definitions",
            hint: "Search by kind, class, model, file or reason…",
        };
        search_field(ui, theme, field, &mut self.query);
        if self.found_with.as_ref() == Some(&self.query) {
            return;
        }
        let query = self.query.to_lowercase();
        let words: Vec<&str> = query.split_whitespace().collect();
        let fits = |row: &Row| {
            let text = row.text().to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let rows = self.rows.iter().enumerate();
        self.visible = rows.filter(|(_, row)| fits(row)).map(|(index, _)| index).collect();
        self.current = None;
        self.found_with = Some(self.query.clone());
    }

    fn row(&self, number: usize) -> Option<&Row> {
        self.rows.get(*self.visible.get(number)?)
    }

    fn list_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let room = (ui.ctx().content_rect().height() - 460.0).clamp(ROW * 2.0, 420.0);
        let height = room.min(self.rows.len().max(2) as f32 * ROW);
        let frame = Frame::new().fill(theme.field).corner_radius(RADIUS).inner_margin(Margin::same(2));
        frame.show(ui, |ui| {
            ui.set_height(height);
            ui.spacing_mut().item_spacing.y = 0.0;
            if self.visible.is_empty() {
                ui.centered_and_justified(|ui| {
                    ui.label(RichText::new("No definition fits the search.").color(theme.dim));
                });
                return;
            }
            let list = List {
                id: Id::new("definitions list"),
                name: "Definitions",
                row_height: ROW,
                count: self.visible.len(),
                current: self.current,
            };
            let walked = list.keyboard(ui, false);
            if let Some(Walked::To(row)) = walked {
                self.current = Some(row);
            }
            let list = List { current: self.current, ..list };
            let clicked = list.show(ui, theme, walked.is_some(), |ui, number| {
                self.row(number).is_some_and(|row| row_ui(ui, list.current == Some(number), row, theme))
            });
            self.current = clicked.or(self.current);
        });
    }

    /// All of the row at hand, in room of its own, so that the dialog stays as large as it is.
    fn detail_ui(&self, ui: &mut Ui, theme: &Theme) {
        let area = ScrollArea::vertical().id_salt("definition detail").auto_shrink([false, false]);
        area.max_height(DETAIL).min_scrolled_height(DETAIL).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::XS;
            let line = |ui: &mut Ui, text: &str, color: Color32| {
                ui.add(Label::new(RichText::new(text).color(color)).wrap().selectable(true));
            };
            let Some(row) = self.current.and_then(|current| self.row(current)) else {
                return line(ui, "Choose a definition to read all of it.", theme.dim);
            };
            line(ui, [row.what.as_str(), &row.pair].join(" ").trim(), theme.text);
            for note in &row.notes {
                line(ui, note, theme.text);
            }
            let model = if row.model.is_empty() { String::new() } else { format!("model {}, ", row.model) };
            line(ui, &format!("{model}{}", row.place), theme.dim);
        });
    }
}

/// Where the user's own definitions stand, and how to read them again.
fn folder_ui(ui: &mut Ui, theme: &Theme, workspace: &Workspace, queue: &mut CommandQueue) {
    let Some(folder) = workspace.definitions_folder() else {
        ui.label(RichText::new("This system names no folder for settings.").color(theme.dim));
        return;
    };
    let path = folder.display().to_string();
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let label = if workspace.is_reading_definitions() { "Reading…" } else { "Reload" };
            let reload = secondary_button(ui, label);
            if reload.on_hover_text("Read the files of the folder again").clicked() {
                queue.push(Command::ReloadDefinitions);
            }
            if quiet_button(ui, theme, "Copy path").clicked() {
                queue.event(UiEvent::CopyText(path.clone()));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(RichText::new("Folder").color(theme.dim));
                let text = RichText::new(&path).font(Theme::mono(size::MONO)).color(theme.text);
                ui.add(Label::new(text).truncate().selectable(true));
            });
        });
    });
}

fn no_files_ui(ui: &mut Ui, theme: &Theme, is_reading: bool) {
    if is_reading {
        return;
    }
    let text = "The folder holds no definitions of your own. Put relationship and component definitions of Meshery there, \
                as YAML or JSON files or whole folders of them, and choose Reload. Every design is then evaluated with \
                them, in this window and on the command line.";
    ui.add(Label::new(RichText::new(text).color(theme.text)).wrap());
}

/// One definition. Returns whether it was clicked.
fn row_ui(ui: &mut Ui, is_current: bool, row: &Row, theme: &Theme) -> bool {
    let (rect, response) = list_item(ui, theme, ROW, is_current, &row.text());
    paint_row(ui, rect, row, theme);
    response.clicked()
}

fn paint_row(ui: &Ui, rect: Rect, row: &Row, theme: &Theme) {
    let painter = ui.painter();
    let (top, bottom) = (rect.top() + 14.0, rect.bottom() - 14.0);
    let (left, right) = (rect.left() + space::M, rect.right() - space::M);
    let word = one_line(painter, row.word(), Theme::mono(size::SMALL), row.color(theme), STATE);
    paint_line(painter, pos2(left, top), word);
    let left = left + STATE;
    let model = one_line(painter, &row.model, Theme::plain(size::SMALL), theme.dim, (right - left) * 0.25);
    let model_left = right - model.size().x;
    paint_line(painter, pos2(model_left, top), model);
    let room = model_left - space::S - left;
    let what = one_line(painter, &row.what, Theme::plain(size::BODY), theme.text, room * 0.6);
    let used = paint_line(painter, pos2(left, top), what) + space::S;
    let pair = one_line(painter, &row.pair, Theme::plain(size::BODY), theme.dim, room - used);
    paint_line(painter, pos2(left + used, top), pair);
    let small = Theme::plain(size::SMALL + 1.0);
    let place = if row.state.is_some() { row.place.as_str() } else { "" };
    let place = one_line(painter, place, small.clone(), theme.dim, (right - left) * 0.4);
    let place_left = right - place.size().x;
    paint_line(painter, pos2(place_left, bottom), place);
    if let Some(note) = row.notes.first() {
        let note = one_line(painter, note, small, theme.text, place_left - space::M - left);
        paint_line(painter, pos2(left, bottom), note);
    }
}
