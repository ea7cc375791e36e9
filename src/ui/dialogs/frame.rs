//! The frame of every dialog: title, body, a row of buttons; Esc cancels, the focus stays inside.

use egui::accesskit::Role;
use egui::{Align, Frame, Id, Key, Layout, Margin, Modal, Modifiers, RichText, Ui};

use crate::ui::theme::{RADIUS_CARD, Theme, size, space};
use crate::ui::widgets::{primary_button, secondary_button};

/// What a dialog's frame shows around its body.
#[derive(Clone, Copy, Debug)]
pub struct DialogFrame<'a> {
    /// Identity; dialogs that replace each other differ in it.
    pub id: &'a str,
    /// Its title and accessible name.
    pub title: &'a str,
    /// Width of the body in points.
    pub width: f32,
}

/// Shows a dialog; returns what the body gave, and whether Esc or a click outside closes it.
pub fn show_dialog<R>(
    ctx: &egui::Context,
    theme: &Theme,
    dialog: DialogFrame<'_>,
    body: impl FnOnce(&mut Ui) -> R,
) -> (R, bool) {
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(egui::Stroke::new(1.0, theme.border))
        .corner_radius(RADIUS_CARD)
        .shadow(egui::Shadow {
            offset: [0, 12],
            blur: 40,
            spread: 0,
            color: egui::Color32::from_black_alpha(110),
        })
        .inner_margin(Margin::same(20));
    let response = Modal::new(Id::new(("dialog", dialog.id))).frame(frame).show(ctx, |ui| {
        ui.set_width(dialog.width.min(ui.ctx().content_rect().width() - 80.0));
        ui.spacing_mut().item_spacing.y = space::S;
        if !dialog.title.is_empty() {
            ui.label(RichText::new(dialog.title).font(Theme::strong(size::HEADING)).color(theme.text));
            ui.add_space(space::XS);
        }
        body(ui)
    });
    let name = if dialog.title.is_empty() { dialog.id } else { dialog.title };
    ctx.accesskit_node_builder(response.response.id, |node| {
        node.set_role(Role::Dialog);
        node.set_label(name);
        node.set_modal();
    });
    let closed = response.should_close();
    (response.inner, closed)
}

/// What a dialog's buttons said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The default: Enter or the primary button.
    Accept,
    /// The other way, if the dialog has one.
    Alternative,
    /// One more way.
    Third,
    /// Cancel.
    Cancel,
}

/// The row of buttons at the right end: the primary one last, with the focus unless a text field has it; Enter presses it from a text field, or where nothing has the focus.
pub fn answer_row(
    ui: &mut Ui,
    theme: &Theme,
    accept: (&str, bool),
    alternative: Option<&str>,
    cancel: &str,
) -> Option<Answer> {
    answers_row(ui, theme, accept, [alternative, None], cancel)
}

/// The same with up to two other ways.
pub(super) fn answers_row(
    ui: &mut Ui,
    theme: &Theme,
    accept: (&str, bool),
    others: [Option<&str>; 2],
    cancel: &str,
) -> Option<Answer> {
    ui.add_space(space::S);
    let mut answer = None;
    let is_new = is_first_frame(ui);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let (label, enabled) = accept;
        // Enter on a control presses that control.
        let on_control = ui.memory(|memory| memory.focused().is_some()) && !ui.ctx().text_edit_focused();
        ui.add_enabled_ui(enabled, |ui| {
            let response = primary_button(ui, theme, label);
            if is_new && !ui.ctx().text_edit_focused() {
                response.request_focus();
            }
            if response.clicked() {
                answer = Some(Answer::Accept);
            }
        });
        for (label, other) in others.into_iter().zip([Answer::Alternative, Answer::Third]) {
            if label.is_some_and(|label| secondary_button(ui, label).clicked()) {
                answer = Some(other);
            }
        }
        if secondary_button(ui, cancel).clicked() {
            answer = Some(Answer::Cancel);
        }
        let enter = || ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
        if answer.is_none() && enabled && !on_control && enter() {
            answer = Some(Answer::Accept);
        }
    });
    answer
}

/// Tells whether the row was not shown in the frame before: the dialog has just come.
fn is_first_frame(ui: &Ui) -> bool {
    let (id, now) = (ui.id().with("answer row"), ui.ctx().cumulative_frame_nr());
    let last: Option<u64> = ui.data(|data| data.get_temp(id));
    ui.data_mut(|data| data.insert_temp(id, now));
    last.is_none_or(|last| last + 1 < now)
}
