//! The evaluation trace: what the relationships did, a row a change, with the reason. Rows can be searched and copied,
//! and lead to the field that changed and to the one that its value came from.

mod detail;
mod row;

use egui::{Align, Event, Frame, Id, Label, Layout, Margin, Painter, Panel, Rect, RichText, Ui, Vec2, pos2};

pub use self::row::class_in_words;
use self::row::{Deed, Row, rows};
use super::problems::empty_ui;
use super::queue::{CommandQueue, UiEvent};
use super::theme::{Theme, size, space};
use super::widgets::{
    List, SearchField, Walked, list_item, one_line, paint_line, quiet_button, search_field, secondary_button,
    toggle,
};
use crate::editor::{Derived, Editor, Revision};
use crate::workspace::{Command, Workspace};

/// Height of a row in points.
const ROW: f32 = 32.0;
/// From this width on the row at hand is shown whole beside the list.
const WIDE: f32 = 640.0;
/// Width of the word for what was done.
const DEED: f32 = 66.0;
/// Width of the search field.
const SEARCH: f32 = 180.0;
/// Width of the button that copies, with what is around it.
const COPY: f32 = 116.0;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct EvaluationState {
    made_of: Option<(Revision, Revision)>,
    summary: String,
    rows: Vec<Row>,
    /// What is searched for.
    query: String,
    /// Deeds that are not shown, as in [`Deed::ALL`].
    hidden: [bool; Deed::ALL.len()],
    /// Indices into the rows that are shown, and what they were found with.
    visible: Vec<usize>,
    found_with: Option<(String, [bool; Deed::ALL.len()])>,
    /// The row at hand, among the visible ones.
    current: Option<usize>,
    takes_focus: bool,
}

/// Fills the panel's body.
pub fn evaluation_ui(
    ui: &mut Ui,
    state: &mut EvaluationState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    show(ui, state, workspace.editor(), workspace.derived(), theme, queue);
}

impl EvaluationState {
    /// Tells whether there is a list that can take the keyboard.
    pub fn has_rows(&self) -> bool {
        !self.visible.is_empty()
    }

    /// Gives the list the keyboard focus in the next frame.
    pub fn take_focus(&mut self) {
        self.takes_focus = true;
    }

    fn refresh(&mut self, editor: &Editor, derived: &Derived) {
        let made_of = Some((editor.revision(), derived.revision));
        if self.made_of == made_of {
            return;
        }
        self.made_of = made_of;
        // What the last gesture did; on a revision that is not evaluated, what evaluating it would do.
        let would = !derived.evaluation.trace.is_empty() && derived.revision == editor.revision();
        let evaluation = if would { &derived.evaluation } else { editor.evaluation() };
        let design = if would { &*derived.design } else { editor.design() };
        self.rows = rows(&evaluation.trace, design);
        let changes = match self.rows.len() {
            0 => "nothing to change".to_owned(),
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        };
        let passes = match evaluation.trace.passes.max(evaluation.passes) {
            1 => "1 pass".to_owned(),
            count => format!("{count} passes"),
        };
        let tense = if would { "Evaluating would make" } else { "Last evaluation:" };
        self.summary = format!("{tense} {changes}, {passes}");
        self.found_with = None;
    }

    /// Finds the rows that are shown.
    fn search(&mut self) {
        let wanted = (&self.query, self.hidden);
        if self.found_with.as_ref().is_some_and(|(query, hidden)| (query, *hidden) == wanted) {
            return;
        }
        self.found_with = Some((self.query.clone(), self.hidden));
        let query = self.query.to_lowercase();
        let words: Vec<&str> = query.split_whitespace().collect();
        let is_shown = |row: &Row| !self.hidden[place(row.deed)] && row.holds(&words);
        let rows = self.rows.iter().enumerate();
        self.visible = rows.filter(|(_, row)| is_shown(row)).map(|(index, _)| index).collect();
        self.current = None;
    }

    fn row(&self, number: usize) -> Option<&Row> {
        self.rows.get(*self.visible.get(number)?)
    }

    /// What is copied: the row at hand, or all that are shown.
    fn text(&self, only_current: bool) -> String {
        let row = |index: &usize| self.rows.get(*index).map(Row::text);
        match self.current.filter(|_| only_current) {
            Some(current) => self.visible.get(current).and_then(row).unwrap_or_default(),
            None => self.visible.iter().filter_map(row).collect(),
        }
    }
}

fn place(deed: Deed) -> usize {
    Deed::ALL.iter().position(|other| *other == deed).unwrap_or_default()
}

fn show(
    ui: &mut Ui,
    state: &mut EvaluationState,
    editor: &Editor,
    derived: &Derived,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    state.refresh(editor, derived);
    ui.spacing_mut().item_spacing.y = 0.0;
    header_ui(ui, state, editor.offers_evaluation(), theme, queue);
    state.search();
    if state.visible.is_empty() {
        state.takes_focus = false;
        let (title, text) = if state.rows.is_empty() {
            ("No changes", "When relationships write values, they are listed here with the reason.")
        } else {
            ("Nothing to show", "No change fits the search and the sorts that are shown.")
        };
        empty_ui(ui, theme, title, text);
        return;
    }
    let is_wide = ui.available_width() >= WIDE;
    if let Some(row) = state.current.and_then(|current| state.row(current)).filter(|_| is_wide) {
        let width = (ui.available_width() * 0.4).clamp(260.0, 560.0);
        let frame = Frame::new().inner_margin(Margin { left: 12, right: 8, top: 8, bottom: 0 });
        Panel::right("evaluation detail").frame(frame).resizable(false).exact_size(width).show(ui, |ui| {
            detail::detail_ui(ui, row, theme, queue);
        });
    }
    list_ui(ui, state, theme, queue);
}

fn header_ui(
    ui: &mut Ui,
    state: &mut EvaluationState,
    offers_evaluation: bool,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let has_rows = !state.rows.is_empty();
    let summary = RichText::new(&state.summary).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim);
    // Where there is no room for everything, what the status bar says too is left out.
    let is_wide = ui.available_width() >= WIDE;
    let is_said = is_wide || offers_evaluation || !has_rows;
    let head = |ui: &mut Ui| {
        ui.set_min_height(34.0);
        ui.add_space(space::M);
        ui.spacing_mut().item_spacing.x = space::XS;
        if is_said {
            ui.add(Label::new(summary));
            ui.add_space(space::XS);
        }
        if offers_evaluation {
            let button = secondary_button(ui, "Evaluate now");
            let hover = "Goes through the whole design and joins what belongs together";
            if button.on_hover_text(hover).clicked() {
                queue.push(Command::EvaluateNow);
            }
        }
        for deed in Deed::ALL {
            let count = state.rows.iter().filter(|row| row.deed == deed).count();
            if count > 0 {
                let mut is_shown = !state.hidden[place(deed)];
                let color = colour(deed, theme);
                toggle(ui, theme, &deed.counted(count), &mut is_shown, false, |painter, center| {
                    painter.circle_filled(center, 4.0, color);
                });
                state.hidden[place(deed)] = !is_shown;
            }
        }
        if has_rows && is_wide {
            let tools = Layout::right_to_left(Align::Center);
            ui.with_layout(tools, |ui| tools_ui(ui, state, theme, queue));
        } else if has_rows {
            let room = Vec2::new(ui.available_size_before_wrap().x.max(SEARCH + COPY), 30.0);
            let tools = Layout::right_to_left(Align::Center);
            ui.allocate_ui_with_layout(room, tools, |ui| tools_ui(ui, state, theme, queue));
        }
    };
    if is_wide {
        ui.horizontal(head)
    } else {
        ui.horizontal_wrapped(head)
    };
}

/// The search, and the button that copies.
fn tools_ui(ui: &mut Ui, state: &mut EvaluationState, theme: &Theme, queue: &mut CommandQueue) {
    ui.add_space(space::S);
    let copy = quiet_button(ui, theme, "Copy changes");
    if copy.on_hover_text("Copy the changes that are listed").clicked() {
        queue.event(UiEvent::CopyText(state.text(false)));
    }
    ui.scope(|ui| {
        ui.set_max_width(SEARCH.min(ui.available_width()));
        let id = Id::new("evaluation search");
        let field = SearchField { id, name: "Search changes", hint: "Search…" };
        search_field(ui, theme, field, &mut state.query);
    });
}

fn list_ui(ui: &mut Ui, state: &mut EvaluationState, theme: &Theme, queue: &mut CommandQueue) {
    let list = |state: &EvaluationState| List {
        id: EvaluationState::list_id(),
        name: "Changes",
        row_height: ROW,
        count: state.visible.len(),
        current: state.current,
    };
    let takes_focus = std::mem::take(&mut state.takes_focus);
    let walked = list(state).keyboard(ui, takes_focus);
    match walked {
        Some(Walked::To(row)) => state.current = Some(row),
        Some(Walked::Chosen) => {
            let row = state.current.and_then(|current| state.row(current));
            if let Some(place) = row.and_then(|row| row.place.as_ref()) {
                queue.push(detail::reveal(place));
            }
        }
        None => {}
    }
    if ui.memory(|memory| memory.has_focus(EvaluationState::list_id())) && takes_copy(ui) {
        queue.event(UiEvent::CopyText(state.text(true)));
    }
    let list = list(state);
    let shows_current = matches!(walked, Some(Walked::To(_)));
    let clicked = list.show(ui, theme, shows_current, |ui, number| {
        state.row(number).is_some_and(|row| row_ui(ui, list.current == Some(number), row, theme, queue))
    });
    if clicked.is_some() {
        state.current = clicked;
    }
}

fn takes_copy(ui: &Ui) -> bool {
    ui.input_mut(|input| {
        let before = input.events.len();
        input.events.retain(|event| !matches!(event, Event::Copy));
        input.events.len() < before
    })
}

impl EvaluationState {
    /// The list, for the keyboard.
    pub fn list_id() -> Id {
        Id::new("evaluation list")
    }
}

fn colour(deed: Deed, theme: &Theme) -> egui::Color32 {
    match deed {
        Deed::Conflict | Deed::Removed => theme.warning,
        Deed::Joined | Deed::Written => theme.success,
        Deed::GivenBack => theme.info,
        Deed::Recorded => theme.faint,
    }
}

/// One change. Returns whether it was clicked.
fn row_ui(ui: &mut Ui, is_current: bool, row: &Row, theme: &Theme, queue: &mut CommandQueue) -> bool {
    let sentence = row.sentence();
    let (rect, response) = list_item(ui, theme, ROW, is_current, &sentence);
    row_line(ui.painter(), rect, is_current, row, theme);
    let clicked = response.clicked();
    if clicked && let Some(place) = &row.place {
        queue.push(detail::reveal(place));
    }
    let definition = match row.definition.as_str() {
        "" => String::new(),
        definition => format!("\nBy {definition}"),
    };
    response.on_hover_text(format!("{sentence}{definition}"));
    clicked
}

/// Paints the words of a row: they share the width, so that none pushes another out.
fn row_line(painter: &Painter, rect: Rect, is_current: bool, row: &Row, theme: &Theme) {
    let (middle, right) = (rect.center().y, rect.right() - space::M);
    let mut left = rect.left() + space::M;
    let small = Theme::plain(size::SMALL + 1.0);
    let deed = one_line(painter, row.deed.word(), Theme::mono(size::SMALL), colour(row.deed, theme), DEED);
    paint_line(painter, pos2(left, middle), deed);
    left += DEED + space::S;
    let faint = if is_current { theme.dim } else { theme.faint };
    let values = row.short_values();
    let mut words = vec![
        (row.subject.clone(), Theme::plain(size::BODY), theme.text, 0.3),
        (row.field.clone(), Theme::code_font(), theme.code_key, 0.4),
    ];
    if let Some([before, after]) = values {
        words.push((before, Theme::code_font(), faint, 0.3));
        words.push(("→".to_owned(), Theme::code_font(), theme.dim, 1.0));
        words.push((after, Theme::code_font(), theme.code_value, 0.6));
    }
    words.push((row.why.clone(), small, theme.dim, 1.0));
    for (text, font, color, share) in words {
        let room = right - left;
        if room < 30.0 {
            return;
        }
        let line = one_line(painter, text, font, color, room * share);
        left += paint_line(painter, pos2(left, middle), line) + space::S;
    }
}

#[cfg(test)]
mod tests;
