//! The buttons on the canvas: zoom and fit.

use egui::{Align, Button, Layout, Rect, RichText, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};

use super::{Aim, CanvasState};
use crate::ui::theme::{RADIUS, Theme, size, space};
use crate::ui::widgets::zoom_text;

impl CanvasState {
    /// The zoom buttons, bottom left, and a hint while there is nothing to see.
    pub(super) fn controls_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let viewport = self.view.viewport;
        if self.scene.nodes.is_empty() {
            empty_hint(ui, viewport, theme);
        }
        let bar = Rect::from_min_max(
            pos2(viewport.left() + space::M, viewport.bottom() - space::M - 28.0),
            pos2(viewport.right() - space::M, viewport.bottom() - space::M),
        );
        let builder = UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let percent = zoom_text(self.view.zoom);
            if control(ui, theme, "−", "Zoom out", 28.0) {
                self.view.zoom_step(-1);
            }
            if control(ui, theme, &percent, "Zoom to 100 %", 58.0) {
                self.view.zoom_to(1.0);
            }
            if control(ui, theme, "+", "Zoom in", 28.0) {
                self.view.zoom_step(1);
            }
            if control(ui, theme, "Fit", "Fit all", 40.0) {
                self.aim = Some(Aim::All);
                ui.ctx().request_repaint();
            }
        });
    }
}

fn control(ui: &mut Ui, theme: &Theme, text: &str, name: &str, width: f32) -> bool {
    let text = RichText::new(text).font(Theme::plain(size::BODY)).color(theme.text);
    let response = ui.add(Button::new(text).corner_radius(RADIUS).min_size(vec2(width, 28.0)));
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, name));
    response.on_hover_text(name).clicked()
}

fn empty_hint(ui: &Ui, viewport: Rect, theme: &Theme) {
    let text = "Drag a component here";
    let font = Theme::plain(size::HEADING);
    ui.painter().text(viewport.center(), egui::Align2::CENTER_CENTER, text, font, theme.dim);
}
