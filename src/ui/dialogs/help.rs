//! The table of shortcuts, made from the action list, and what the program is.

use egui::{RichText, ScrollArea, Vec2};

use super::frame::{DialogFrame, show_dialog};
use crate::ui::action::{ACTIONS, Keys};
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{icon, keys_chip, primary_button, section_heading};

/// Keys that the canvas and the Outline handle themselves: they are movements, not actions.
const MOVEMENTS: &[(&str, &str)] = &[
    ("Arrows", "Nudge the selection; in the Outline: move the selection"),
    ("Shift+Arrows", "Nudge ×10; in the Outline: extend the selection"),
    ("Tab, Shift+Tab", "Next, previous component on the canvas"),
    ("Space+drag, middle drag", "Pan the canvas"),
    ("Ctrl+wheel, pinch", "Zoom at the pointer"),
    ("Shift+click", "Add to the selection"),
];

/// Shows the table; returns whether it is done with.
pub(super) fn shortcuts_ui(ctx: &egui::Context, theme: &Theme) -> bool {
    let dialog = DialogFrame { id: "shortcuts", title: "Keyboard shortcuts", width: 680.0 };
    let (done, closed) = show_dialog(ctx, theme, dialog, |ui| {
        let height = (ctx.content_rect().height() - 200.0).max(200.0);
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = space::XL;
                ui.columns(2, |columns| {
                    let rows: Vec<(String, &str)> = ACTIONS
                        .iter()
                        .filter(|action| !action.keys.is_empty())
                        .map(|action| {
                            let mut texts: Vec<String> = action.keys.iter().map(Keys::text).collect();
                            texts.dedup();
                            (texts.join(", "), action.label)
                        })
                        .collect();
                    let half = (rows.len() + MOVEMENTS.len() + 1).div_ceil(2);
                    for (index, (keys, label)) in rows.iter().enumerate() {
                        let column = if index < half { &mut columns[0] } else { &mut columns[1] };
                        key_row(column, theme, keys, label);
                    }
                    columns[1].add_space(space::S);
                    section_heading(&mut columns[1], theme, "On the canvas and in the Outline");
                    for (keys, label) in MOVEMENTS {
                        columns[1].add(egui::Label::new(RichText::new(*keys).font(Theme::mono(size::SMALL))));
                        let text =
                            RichText::new(*label).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim);
                        columns[1].add(egui::Label::new(text).wrap());
                    }
                });
            });
        ui.add_space(space::S);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| close_button(ui, theme)).inner
    });
    done || closed
}

fn close_button(ui: &mut egui::Ui, theme: &Theme) -> bool {
    let response = primary_button(ui, theme, "Close");
    if ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
    response.clicked()
}

fn key_row(ui: &mut egui::Ui, theme: &Theme, keys: &str, label: &str) {
    ui.horizontal(|ui| {
        ui.set_min_height(24.0);
        ui.label(RichText::new(label).color(theme.text));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| keys_chip(ui, theme, keys));
    });
}

/// Shows what the program is; returns whether it is done with.
pub(super) fn about_ui(ctx: &egui::Context, theme: &Theme) -> bool {
    let (done, closed) =
        show_dialog(ctx, theme, DialogFrame { id: "About Billfold", title: "", width: 380.0 }, |ui| {
            ui.vertical_centered(|ui| {
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(48.0), egui::Sense::hover());
                icon::logo(ui.painter(), rect);
                ui.label(RichText::new("Billfold").font(Theme::strong(size::TITLE)).color(theme.text));
                ui.label(RichText::new(concat!("Version ", env!("CARGO_PKG_VERSION"))).color(theme.dim));
                ui.add_space(space::S);
                ui.label("Design configurator for Envoy and Istio WebAssembly extensions.");
                ui.label(
                    RichText::new("Apache License 2.0. Inter font: SIL Open Font License 1.1.")
                        .color(theme.dim),
                );
                ui.add_space(space::S);
                close_button(ui, theme)
            })
            .inner
        });
    done || closed
}
