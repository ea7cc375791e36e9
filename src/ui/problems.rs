//! The findings as a list: what is wrong, where, and a button that mends it. A click shows the component and the field.

use egui::{Align, Align2, Id, Layout, Rect, RichText, Ui, UiBuilder, pos2};

use super::queue::CommandQueue;
use super::theme::{Theme, size, space};
use super::widgets::{
    List, Walked, list_item, one_line, paint_line, paint_severity, secondary_button, toggle,
};
use crate::editor::{Derived, EditCommand, Revision, Unchecked};
use crate::model::{ComponentId, Design, Diagnostic, Location, Severity, Subject};
use crate::workspace::{Command, Workspace};

/// Height of a row in points.
const ROW: f32 = 32.0;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct ProblemsState {
    /// Severities that are not shown.
    hidden: [bool; 3],
    /// What is listed behind the findings.
    behind: Behind,
    /// The finding at hand: what the keyboard is at, or F8 has shown last.
    at_hand: Option<AtHand>,
    /// Where the finding at hand stood that is no more: F8 goes on from there.
    gone: Option<usize>,
    /// The component that was selected when the finding at hand was asked for last.
    selected: Option<ComponentId>,
    /// Indices into the findings that are shown, and what they were made from.
    visible: Vec<usize>,
    made_of: Option<(Revision, usize, [bool; 3], Behind)>,
    takes_focus: bool,
    /// The finding at hand is to be brought into view.
    shows_at_hand: bool,
}

/// What is listed behind the findings that count, on request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Behind {
    /// What was accepted, with the reasons.
    ignored: bool,
    /// What could not be checked.
    unchecked: bool,
}

/// One finding, recognised when the design has changed: by its code and place, and by where it stood.
#[derive(Clone, Debug)]
struct AtHand {
    index: usize,
    code: &'static str,
    location: Location,
}

/// The finding at a place of the list: those that count, and behind them those that were accepted.
fn finding(derived: &Derived, index: usize) -> Option<&Diagnostic> {
    let ignored = || derived.suppressed.get(index.checked_sub(derived.diagnostics.len())?);
    derived.diagnostics.get(index).or_else(|| ignored().map(|it| &it.diagnostic))
}

/// Why the finding at a place of the list was accepted.
fn reason(derived: &Derived, index: usize) -> Option<&str> {
    let ignored = derived.suppressed.get(index.checked_sub(derived.diagnostics.len())?)?;
    Some(&ignored.reason)
}

/// What could not be checked, at a place of the list.
fn unchecked(derived: &Derived, index: usize) -> Option<&Unchecked> {
    let behind = derived.diagnostics.len() + derived.suppressed.len();
    derived.report.unchecked.get(index.checked_sub(behind)?)
}

impl AtHand {
    fn of(derived: &Derived, index: usize) -> Option<Self> {
        let diagnostic = finding(derived, index)?;
        Some(Self { index, code: diagnostic.code, location: diagnostic.location.clone() })
    }

    /// Where it stands now: of several alike, the one nearest to where it stood.
    fn find(&self, derived: &Derived) -> Option<usize> {
        let ignored = derived.suppressed.iter().map(|it| &it.diagnostic);
        let all = derived.diagnostics.iter().chain(ignored).enumerate();
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
        let (revision, count) = (derived.revision, derived.diagnostics.len());
        let made_of = Some((revision, count, self.hidden, self.behind));
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
        if self.behind.ignored {
            let count = derived.diagnostics.len();
            self.visible.extend(count..count + derived.suppressed.len());
        }
        if self.behind.unchecked {
            let behind = derived.diagnostics.len() + derived.suppressed.len();
            self.visible.extend(behind..behind + derived.report.unchecked.len());
        }
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
    let is_clean = derived.diagnostics.is_empty() && derived.suppressed.is_empty();
    if is_clean && derived.report.unchecked.is_empty() {
        state.takes_focus = false;
        empty_ui(ui, theme, "No problems", "Everything that is checked is in order.");
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    toggles(ui, state, derived, theme);
    if state.visible.is_empty() {
        if is_clean {
            empty_ui(ui, theme, "No problems", "Everything that can be checked here is in order.");
        } else if derived.diagnostics.is_empty() {
            empty_ui(ui, theme, "No problems", "What was found is ignored, with a reason.");
        } else {
            empty_ui(ui, theme, "Nothing to show", "All problems are of a severity that is hidden.");
        }
        return;
    }
    let list = |state: &ProblemsState| List {
        id: Id::new("problems list"),
        name: "Problems",
        row_height: ROW,
        count: state.visible.len(),
        current: state.row(),
    };
    let takes_focus = std::mem::take(&mut state.takes_focus);
    match list(state).keyboard(ui, takes_focus) {
        Some(Walked::To(row)) => {
            if let Some(index) = state.visible.get(row) {
                state.go_to(derived, *index);
                state.shows_at_hand = true;
            }
        }
        Some(Walked::Chosen) => {
            let index = state.row().and_then(|row| state.visible.get(row));
            if let Some(diagnostic) = index.and_then(|index| finding(derived, *index)) {
                queue.push(reveal(&derived.design, &diagnostic.location));
            }
        }
        None => {}
    }
    let list = list(state);
    let shows_current = list.current.is_some() && std::mem::take(&mut state.shows_at_hand);
    let visible = &state.visible;
    let chosen = list.show(ui, theme, shows_current, |ui, row| {
        if let Some(unchecked) = visible.get(row).and_then(|index| unchecked(derived, *index)) {
            unchecked_ui(ui, &derived.design, unchecked, theme, queue);
            return false;
        }
        let shown =
            visible.get(row).and_then(|index| Some((finding(derived, *index)?, reason(derived, *index))));
        shown.is_some_and(|shown| row_ui(ui, list.current == Some(row), &derived.design, shown, theme, queue))
    });
    if let Some(index) = chosen.and_then(|row| state.visible.get(row)) {
        state.go_to(derived, *index);
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
            let mut is_shown = !*hidden;
            toggle(
                ui,
                theme,
                &format!("{count} {severity}{plural}"),
                &mut is_shown,
                count == 0,
                |painter, center| {
                    paint_severity(painter, center, 12.0, severity, theme);
                },
            );
            *hidden = !is_shown;
        }
        let ignored = derived.suppressed.len();
        if ignored > 0 {
            let label = format!("{ignored} ignored");
            toggle(ui, theme, &label, &mut state.behind.ignored, false, |painter, center| {
                super::widgets::icon::check(painter, center, 12.0, theme.faint);
            });
        }
        let unchecked = derived.report.unchecked.len();
        if unchecked > 0 {
            let label = format!("{unchecked} not checked");
            toggle(ui, theme, &label, &mut state.behind.unchecked, true, |painter, center| {
                painter.circle_stroke(center, 4.0, egui::Stroke::new(1.4, theme.faint));
            });
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
    (diagnostic, reason): (&Diagnostic, Option<&str>),
    theme: &Theme,
    queue: &mut CommandQueue,
) -> bool {
    let subject = subject_name(design, diagnostic);
    let text = match reason {
        Some(reason) => format!("ignored ({reason}): {}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let spoken = format!("{} {}: {text} ({subject})", diagnostic.severity, diagnostic.code);
    let (rect, response) = list_item(ui, theme, ROW, is_current, &spoken);
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
    if let Some(fix) = diagnostic.fix.as_ref().filter(|_| reason.is_none()) {
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
    let color = if reason.is_some() { theme.dim } else { theme.text };
    let faint = if is_current { theme.dim } else { theme.faint };
    let text_left = code.right() + 10.0;
    // A long message leaves room for the name of what it is about.
    let room = right - text_left;
    let painter = ui.painter();
    let name = one_line(painter, subject, Theme::plain(size::SMALL + 1.0), faint, room * 0.3);
    let room = room - space::M - name.size().x;
    let message = one_line(painter, text.as_str(), Theme::plain(size::BODY), color, room);
    let width = paint_line(painter, pos2(text_left, middle), message);
    paint_line(painter, pos2(text_left + width + space::M, middle), name);
    let clicked = response.clicked();
    if clicked {
        queue.push(reveal(design, &diagnostic.location));
    }
    let summary = crate::model::diagnostic::info(diagnostic.code).map_or("", |info| info.summary);
    response.on_hover_text(format!("{text}\n\n{}: {summary}", diagnostic.code));
    clicked
}

/// One object of which something could not be checked.
fn unchecked_ui(
    ui: &mut Ui,
    design: &Design,
    unchecked: &Unchecked,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let name = design.name_of(unchecked.component);
    let words = format!("not checked: {}", unchecked.what);
    let codes = unchecked.codes.join(" ");
    let (rect, response) = list_item(ui, theme, ROW, false, &format!("{words}: {codes} ({name})"));
    let middle = rect.center().y;
    let (left, right) = (rect.left() + space::M + 26.0, rect.right() - space::M);
    let painter = ui.painter();
    let words = one_line(painter, words, Theme::plain(size::BODY), theme.dim, (right - left) * 0.5);
    let width = paint_line(painter, pos2(left, middle), words);
    let left = left + width + space::M;
    let name = one_line(painter, name, Theme::plain(size::SMALL + 1.0), theme.faint, (right - left) * 0.4);
    let width = paint_line(painter, pos2(left, middle), name);
    let left = left + width + space::M;
    let shown = one_line(painter, codes.as_str(), Theme::code_font(), theme.faint, right - left);
    paint_line(painter, pos2(left, middle), shown);
    if response.on_hover_text(format!("Rules that had nothing to look at: {codes}")).clicked() {
        queue.push(Command::Select(vec![unchecked.component]));
    }
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
