//! The top bar: the document, the menus, the command search, Export.

use egui::accesskit::Role;
use egui::{Align, Align2, Layout, RichText, Sense, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use super::action::{self, ActionId, Cx, Keys};
use super::menus::menu_bar;
use super::queue::{CommandQueue, UiEvent};
use super::theme::{RADIUS, Theme, size, space};
use super::widgets::{self, choice_button, icon, primary_button};

/// Height of the bar in points.
pub const HEIGHT: f32 = 46.0;

/// Shows the bar.
pub fn top_bar_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.set_height(HEIGHT);
        ui.add_space(space::M);
        let (logo, _) = ui.allocate_exact_size(Vec2::splat(24.0), Sense::hover());
        icon::logo(ui.painter(), logo);
        ui.add_space(space::XS);
        document_ui(ui, theme, cx, queue);
        ui.add_space(space::S);
        ui.scope(|ui| {
            quiet(ui);
            menu_bar(ui, theme, cx, queue);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::M);
            let export = action::availability(ActionId::Export, cx);
            if export.is_enabled() {
                let response = primary_button(ui, theme, "Export…");
                if response.on_hover_text("Write the manifests (Ctrl+E)").clicked() {
                    queue.event(UiEvent::Run(ActionId::Export));
                }
                ui.add_space(space::S);
            }
            if !cx.workspace.document().is_blank {
                target_button(ui, theme, cx, queue);
                ui.add_space(space::S);
            }
            search_box(ui, theme, queue);
        });
    });
}

fn quiet(ui: &mut Ui) {
    ui.spacing_mut().button_padding = Vec2::new(8.0, 5.0);
    let inactive = &mut ui.visuals_mut().widgets.inactive;
    inactive.weak_bg_fill = egui::Color32::TRANSPARENT;
    inactive.bg_stroke = egui::Stroke::NONE;
    ui.visuals_mut().widgets.hovered.bg_stroke = egui::Stroke::NONE;
    ui.visuals_mut().widgets.open.bg_stroke = egui::Stroke::NONE;
}

fn document_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    let document = cx.workspace.document();
    if document.is_blank {
        ui.label(RichText::new("Billfold").font(Theme::strong(size::BODY + 1.0)).color(theme.text));
        return;
    }
    ui.scope(|ui| {
        quiet(ui);
        // A long name leaves room for the menus.
        let most = (ui.available_width() * 0.28).clamp(80.0, 320.0);
        let name = RichText::new(&document.name).font(Theme::strong(size::BODY + 1.0)).color(theme.text);
        let wanted = ui
            .painter()
            .layout_no_wrap(document.name.clone(), Theme::strong(size::BODY + 1.0), theme.text)
            .size()
            .x
            + 18.0;
        let desired = Vec2::new(wanted.min(most), 28.0);
        let response = ui.add_sized(desired, egui::Button::new(name).truncate().corner_radius(RADIUS));
        let hint = match &document.path {
            Some(path) => format!("{}\nClick to rename the design", path.display()),
            None => "Not saved yet. Click to rename the design".to_owned(),
        };
        if response.on_hover_text(hint).clicked() {
            queue.event(UiEvent::Run(ActionId::RenameDesign));
        }
    });
    if cx.workspace.editor().is_dirty() {
        let (rect, response) = ui.allocate_exact_size(Vec2::new(12.0, 24.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), 4.0, theme.warning);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, "Unsaved changes"));
        response.on_hover_text("Unsaved changes");
    }
}

/// Shows the version that the design is checked for, and changes it.
fn target_button(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    let version = cx.workspace.derived().report.mesh.version;
    let mut text = egui::text::LayoutJob::default();
    let format = |color| egui::TextFormat { font_id: Theme::plain(size::BODY), color, ..Default::default() };
    text.append("Target ", 0.0, format(theme.dim));
    text.append(&format!("Istio {version}"), 0.0, format(theme.text));
    let response = choice_button(ui, theme, text, &format!("Target Istio {version}"));
    let hint = match cx.design().istio_version() {
        Some(_) => "The version of Istio that this design is checked for",
        None => "The newest version of Istio that is known, as the design names none",
    };
    if response.on_hover_text(hint).clicked() {
        queue.event(UiEvent::Run(ActionId::SetTarget));
    }
}

/// Looks like a field; opens the command search, where the typing happens.
fn search_box(ui: &mut Ui, theme: &Theme, queue: &mut CommandQueue) {
    let room = ui.available_width() - space::L;
    if room < 60.0 {
        return;
    }
    let (rect, _) = ui.allocate_exact_size(Vec2::new(room, HEIGHT), Sense::hover());
    let width = rect.width().min(460.0);
    // In the middle of the window where there is room, else in the middle of the gap.
    let middle = ui.ctx().content_rect().center().x;
    let center =
        middle.clamp(rect.left() + width / 2.0, (rect.right() - width / 2.0).max(rect.left() + width / 2.0));
    let field = egui::Rect::from_center_size(pos2(center, rect.center().y), Vec2::new(width, 30.0));
    let response = ui.interact(field, ui.id().with("command search box"), Sense::click());
    let name = "Search actions, components, filters…";
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, name));
    widgets::set_role(&response, Role::Button);
    let stroke = if response.hovered() { theme.faint } else { theme.border };
    ui.painter().rect(field, RADIUS, theme.field, egui::Stroke::new(1.0, stroke), StrokeKind::Inside);
    icon::magnifier(ui.painter(), pos2(field.left() + 16.0, field.center().y), 14.0, theme.faint);
    let keys = action::find(ActionId::CommandSearch).and_then(|action| action.keys.first());
    let keys = keys.map(Keys::text).unwrap_or_default();
    let mut end = field.right() - 6.0;
    if width > 150.0 {
        let galley = ui.painter().layout_no_wrap(keys, Theme::mono(size::SMALL), theme.dim);
        let chip = egui::Rect::from_min_max(
            pos2(end - galley.size().x - 12.0, field.center().y - 9.0),
            pos2(end, field.center().y + 9.0),
        );
        ui.painter().rect(chip, 4.0, theme.card, egui::Stroke::new(1.0, theme.border), StrokeKind::Inside);
        ui.painter().galley(chip.center() - galley.size() / 2.0, galley, theme.dim);
        end = chip.left() - 6.0;
    }
    let clip = field.with_max_x(end).intersect(ui.clip_rect());
    ui.painter().with_clip_rect(clip).text(
        pos2(field.left() + 30.0, field.center().y),
        Align2::LEFT_CENTER,
        name,
        Theme::plain(size::BODY),
        theme.faint,
    );
    widgets::focus_ring(ui, theme, &response, field);
    if response.clicked() {
        queue.event(UiEvent::Run(ActionId::CommandSearch));
    }
}
