//! The findings as a list: what is wrong, where, and a button that mends it. A click shows the component and the field.

use egui::accesskit::Role;
use egui::{
    Align, Align2, Button, EventFilter, Id, Key, Layout, Modifiers, Rect, RichText, ScrollArea, Sense, Ui,
    UiBuilder, Vec2, WidgetInfo, WidgetType, pos2,
};

use super::queue::CommandQueue;
use super::theme::{RADIUS, Theme, size, space};
use super::widgets::{focus_ring, paint_severity, secondary_button};
use crate::editor::{Derived, EditCommand, Revision};
use crate::model::{ComponentId, Design, Diagnostic, Location, Severity, Subject};
use crate::workspace::{Command, Workspace};

/// Height of a row in points.
const ROW: f32 = 32.0;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct ProblemsState {
    /// Severities that are not shown.
    hidden: [bool; 3],
    /// The finding at hand: what the keyboard is at, or F8 has shown last.
    at_hand: Option<AtHand>,
    /// Where the finding at hand stood that is no more: F8 goes on from there.
    gone: Option<usize>,
    /// The component that was selected when the finding at hand was asked for last.
    selected: Option<ComponentId>,
    /// Indices into the findings that are shown, and what they were made from.
    visible: Vec<usize>,
    made_of: Option<(Revision, usize, [bool; 3])>,
    takes_focus: bool,
    /// The finding at hand is to be brought into view.
    shows_at_hand: bool,
}

/// One finding, recognised when the design has changed: by its code and place, and by where it stood.
#[derive(Clone, Debug)]
struct AtHand {
    index: usize,
    code: &'static str,
    location: Location,
}

impl AtHand {
    fn of(derived: &Derived, index: usize) -> Option<Self> {
        let diagnostic = derived.diagnostics.get(index)?;
        Some(Self { index, code: diagnostic.code, location: diagnostic.location.clone() })
    }

    /// Where it stands now: of several alike, the one nearest to where it stood.
    fn find(&self, derived: &Derived) -> Option<usize> {
        let all = derived.diagnostics.iter().enumerate();
        all.filter(|(_, it)| it.code == self.code && it.location == self.location)
            .map(|(index, _)| index)
            .min_by_key(|index| index.abs_diff(self.index))
    }
}

impl ProblemsState {
    /// Gives the list the keyboard focus in the next frame.
    pub fn take_focus(&mut self) {
        self.takes_focus = true;
    }

    /// The place of the finding at hand, the one that the keyboard is at or F8 has shown last, among all of them. It is
    /// at hand no more when another component than its own gets selected.
    pub fn at_hand(&mut self, derived: &Derived, selected: Option<ComponentId>) -> Option<usize> {
        self.refresh(derived);
        if std::mem::replace(&mut self.selected, selected) != selected
            && let Some(at) = &self.at_hand
            && let Subject::Component(id) = at.location.subject
            && selected.is_some_and(|selected| selected != id)
        {
            self.gone = Some(at.index);
            self.at_hand = None;
        }
        self.at_hand.as_ref().map(|at| at.index)
    }

    /// Goes to the next finding, or the one before, round and round; returns where it is. A severity that was hidden is
    /// shown again for it.
    pub fn step(&mut self, derived: &Derived, forward: bool) -> Option<Location> {
        self.refresh(derived);
        let count = derived.diagnostics.len();
        let last = count.checked_sub(1)?;
        let index = match (&self.at_hand, forward) {
            (Some(at), true) => (at.index + 1) % count,
            (Some(at), false) => at.index.checked_sub(1).unwrap_or(last),
            (None, true) => self.gone.unwrap_or(0) % count,
            (None, false) => self.gone.unwrap_or(0).min(count).checked_sub(1).unwrap_or(last),
        };
        self.hidden[place(derived.diagnostics.get(index)?.severity)] = false;
        self.go_to(derived, index);
        self.shows_at_hand = true;
        derived.diagnostics.get(index).map(|diagnostic| diagnostic.location.clone())
    }

    /// Nothing is at hand: another document was opened.
    pub fn forget(&mut self) {
        (self.at_hand, self.gone) = (None, None);
    }

    fn go_to(&mut self, derived: &Derived, index: usize) {
        self.at_hand = AtHand::of(derived, index);
        self.gone = None;
    }

    fn refresh(&mut self, derived: &Derived) {
        let made_of = Some((derived.revision, derived.diagnostics.len(), self.hidden));
        if self.made_of == made_of {
            return;
        }
        self.made_of = made_of;
        if let Some(at) = self.at_hand.take() {
            let found = at.find(derived);
            self.gone = found.is_none().then_some(at.index);
            self.at_hand = found.and_then(|index| AtHand::of(derived, index));
        }
        let is_shown = |diagnostic: &Diagnostic| !self.hidden[place(diagnostic.severity)];
        let all = derived.diagnostics.iter().enumerate();
        self.visible = all.filter(|(_, it)| is_shown(it)).map(|(index, _)| index).collect();
    }

    /// The row of the finding at hand, among the visible ones.
    fn row(&self) -> Option<usize> {
        let index = self.at_hand.as_ref()?.index;
        self.visible.binary_search(&index).ok()
    }
}

/// Fills the panel's body.
pub fn problems_ui(
    ui: &mut Ui,
    state: &mut ProblemsState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    if workspace.is_first_derivation() {
        empty_ui(ui, theme, "Checking…", "The design is evaluated and checked.");
        return;
    }
    show(ui, state, workspace.derived(), theme, queue);
}

fn show(ui: &mut Ui, state: &mut ProblemsState, derived: &Derived, theme: &Theme, queue: &mut CommandQueue) {
    state.refresh(derived);
    if derived.diagnostics.is_empty() {
        state.takes_focus = false;
        empty_ui(ui, theme, "No problems", "Everything that is checked is in order.");
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    toggles(ui, state, derived, theme);
    if state.visible.is_empty() {
        empty_ui(ui, theme, "Nothing to show", "All problems are of a severity that is hidden.");
        return;
    }
    let list = Id::new("problems list");
    keyboard(ui, state, derived, list, queue);
    let row = state.row();
    let scroll_to = row.filter(|_| std::mem::take(&mut state.shows_at_hand));
    let mut area = ScrollArea::vertical().id_salt("problems").auto_shrink([false, false]);
    if let Some(row) = scroll_to {
        let top = row as f32 * ROW;
        let view = ui.available_height();
        let offset = egui::scroll_area::State::load(ui.ctx(), ui.make_persistent_id(Id::new("problems")))
            .map_or(0.0, |state| state.offset.y);
        if top < offset || top + ROW > offset + view {
            area = area.vertical_scroll_offset((top - view / 2.0).max(0.0));
        }
    }
    ui.ctx().accesskit_node_builder(list, |node| {
        node.set_role(Role::List);
        node.set_label("Problems");
    });
    let count = state.visible.len();
    let (at_hand, mut chosen) = (row, None);
    area.show_rows(ui, ROW, count, |ui, range| {
        for row in range {
            let Some(diagnostic) = state.visible.get(row).and_then(|index| derived.diagnostics.get(*index))
            else {
                continue;
            };
            if row_ui(ui, at_hand == Some(row), &derived.design, diagnostic, theme, queue) {
                chosen = Some(row);
                ui.memory_mut(|memory| memory.request_focus(list));
            }
        }
    });
    if let Some(index) = chosen.and_then(|row| state.visible.get(row)) {
        state.go_to(derived, *index);
    }
}

/// The list is one stop of the Tab key; arrows move in it, Enter goes to the field.
fn keyboard(ui: &Ui, state: &mut ProblemsState, derived: &Derived, list: Id, queue: &mut CommandQueue) {
    let rect = ui.available_rect_before_wrap();
    let response = ui.interact(rect, list, Sense::focusable_noninteractive());
    if std::mem::take(&mut state.takes_focus) {
        response.request_focus();
    }
    if !response.has_focus() {
        return;
    }
    ui.memory_mut(|memory| {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        memory.set_focus_lock_filter(list, filter);
    });
    let bottom = state.visible.len().saturating_sub(1);
    let current = state.row();
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let target = if pressed(Key::ArrowDown) {
        Some(current.map_or(0, |at| (at + 1).min(bottom)))
    } else if pressed(Key::ArrowUp) {
        Some(current.map_or(bottom, |at| at.saturating_sub(1)))
    } else if pressed(Key::Home) {
        Some(0)
    } else if pressed(Key::End) {
        Some(bottom)
    } else {
        None
    };
    if let Some(index) = target.and_then(|row| state.visible.get(row)) {
        state.go_to(derived, *index);
        state.shows_at_hand = true;
    }
    let current = state.row().and_then(|row| derived.diagnostics.get(*state.visible.get(row)?));
    if let Some(diagnostic) = current.filter(|_| pressed(Key::Enter)) {
        queue.push(reveal(&derived.design, &diagnostic.location));
    }
}

/// Shows or hides the severities.
fn toggles(ui: &mut Ui, state: &mut ProblemsState, derived: &Derived, theme: &Theme) {
    let total = derived.total;
    let counts =
        [(Severity::Error, total.errors), (Severity::Warning, total.warnings), (Severity::Info, total.infos)];
    ui.horizontal(|ui| {
        ui.set_min_height(34.0);
        ui.add_space(space::M);
        ui.spacing_mut().item_spacing.x = space::XS;
        for (severity, count) in counts {
            let hidden = &mut state.hidden[place(severity)];
            let plural = if count == 1 { "" } else { "s" };
            let label = format!("{count} {severity}{plural}");
            let color = if *hidden || count == 0 { theme.faint } else { theme.text };
            let text =
                RichText::new(format!("      {label}")).font(Theme::plain(size::SMALL + 1.0)).color(color);
            let fill = if *hidden { egui::Color32::TRANSPARENT } else { theme.card };
            let response =
                ui.add(Button::new(text).fill(fill).corner_radius(RADIUS).min_size(Vec2::new(0.0, 24.0)));
            let center = pos2(response.rect.left() + 15.0, response.rect.center().y);
            paint_severity(ui.painter(), center, 12.0, severity, theme);
            response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, !*hidden, &label));
            focus_ring(ui, theme, &response, response.rect);
            if response.clicked() {
                *hidden = !*hidden;
            }
            let word = if *hidden { "hidden" } else { "shown" };
            response.on_hover_text(format!("{label}: {word}"));
        }
    });
}

fn place(severity: Severity) -> usize {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}

/// The name of what a finding is about.
fn subject_name(design: &Design, diagnostic: &Diagnostic) -> String {
    match diagnostic.location.subject {
        Subject::Design => "design".to_owned(),
        Subject::Component(id) => design.name_of(id),
        Subject::Relationship(id) => {
            let child = design.relationship(id).and_then(|it| it.pairs().first()?.from);
            child.map_or_else(|| "relationship".to_owned(), |child| design.name_of(child))
        }
    }
}

/// What shows the place of a finding.
pub(super) fn reveal(design: &Design, location: &Location) -> Command {
    match location.subject {
        Subject::Component(id) => Command::Reveal(id, location.path.clone()),
        Subject::Relationship(id) => {
            let child = design.relationship(id).and_then(|it| it.pairs().first()?.from);
            Command::Select(child.into_iter().collect())
        }
        Subject::Design => Command::Select(Vec::new()),
    }
}

/// One finding. Returns whether it was clicked.
fn row_ui(
    ui: &mut Ui,
    is_current: bool,
    design: &Design,
    diagnostic: &Diagnostic,
    theme: &Theme,
    queue: &mut CommandQueue,
) -> bool {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::CLICK);
    let subject = subject_name(design, diagnostic);
    let spoken = format!("{} {}: {} ({subject})", diagnostic.severity, diagnostic.code, diagnostic.message);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::SelectableLabel, true, &spoken));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::ListItem);
        node.set_selected(is_current);
    });
    if is_current {
        ui.painter().rect_filled(rect, 0.0, theme.selected);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.line());
    let middle = rect.center().y;
    let left = rect.left() + space::M;
    paint_severity(ui.painter(), pos2(left + 8.0, middle), 13.0, diagnostic.severity, theme);
    let code = ui.painter().text(
        pos2(left + 26.0, middle),
        Align2::LEFT_CENTER,
        diagnostic.code,
        Theme::code_font(),
        theme.faint,
    );
    let mut right = rect.right() - space::M;
    if let Some(fix) = &diagnostic.fix {
        let area =
            Rect::from_min_max(pos2(rect.center().x, rect.top() + 3.0), pos2(right, rect.bottom() - 3.0));
        let builder = UiBuilder::new()
            .id_salt(("fix", &diagnostic.location, diagnostic.code))
            .max_rect(area)
            .layout(Layout::right_to_left(Align::Center));
        let mut child = ui.new_child(builder);
        let button = secondary_button(&mut child, &fix.label);
        right = button.rect.left() - space::S;
        if button.clicked() {
            queue.edit(EditCommand::ApplyFix { fix: fix.clone() });
        }
    }
    let faint = if is_current { theme.dim } else { theme.faint };
    let name = ui.painter().layout_no_wrap(subject, Theme::plain(size::SMALL + 1.0), faint);
    let text_left = code.right() + 10.0;
    // The message has the room first; the name stands behind it if there is any left.
    let mut job = egui::text::LayoutJob::simple_singleline(
        diagnostic.message.clone(),
        Theme::plain(size::BODY),
        theme.text,
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width((right - text_left).max(20.0));
    let galley = ui.painter().layout_job(job);
    let end = text_left + galley.size().x;
    let top = middle - galley.size().y / 2.0;
    ui.painter().galley(pos2(text_left, top), galley, theme.text);
    if end + space::M + name.size().x <= right {
        let top = middle - name.size().y / 2.0;
        ui.painter().galley(pos2(end + space::M, top), name, faint);
    }
    let clicked = response.clicked();
    if clicked {
        queue.push(reveal(design, &diagnostic.location));
    }
    let summary = crate::model::diagnostic::info(diagnostic.code).map_or("", |info| info.summary);
    response.on_hover_text(format!("{}\n\n{}: {summary}", diagnostic.message, diagnostic.code));
    clicked
}

/// What an empty panel says.
pub(super) fn empty_ui(ui: &mut Ui, theme: &Theme, title: &str, text: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space(space::XL);
        ui.label(RichText::new(title).font(Theme::strong(size::BODY)).color(theme.dim));
        ui.label(RichText::new(text).color(theme.faint));
    });
}

#[cfg(test)]
mod tests;
