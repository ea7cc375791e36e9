//! The canvas for screen readers and tests: each component in view has a name, a role and a place.

use egui::accesskit::{Action, Role};
use egui::{Id, Rect, Response, Sense, Ui, UiBuilder, WidgetInfo, WidgetType};

use super::interact::Shown;
use super::layout::metric;
use super::projection::Form;
use super::{CanvasState, Source};
use crate::editor::{Counts, EditCommand};
use crate::model::{ComponentId, Diagnostic};
use crate::ui::queue::{CommandQueue, UiEvent};
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{name_popup, secondary_button};
use crate::workspace::Command;

/// More components than this in view are too small to be spoken of one by one; the outline has them all.
const MOST_SPOKEN: usize = 1_000;
/// What is less high than this on the screen, in points, is a spot of colour.
const LEAST_SPOKEN: f32 = 6.0;

fn node_id(id: ComponentId) -> Id {
    Id::new(("canvas component", id.uuid().as_u128()))
}

/// Says what release will do, as the pointer moves.
pub(super) fn effect(ui: &Ui, rect: Rect, text: &str) {
    let response = ui.interact(rect, Id::new("canvas drop effect"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, text));
    crate::ui::widgets::live_region(ui, response.id, text, false);
}

/// Tells whether no dialog stands before the canvas: what is explained under the pointer would stay in front of it.
fn is_free(ui: &Ui) -> bool {
    ui.memory(|memory| memory.top_modal_layer().is_none())
}

/// `, 1 error and 2 warnings`; empty without findings.
fn findings(counts: Option<&Counts>) -> String {
    let Some(counts) = counts else { return String::new() };
    let parts: Vec<String> = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() { String::new() } else { format!(", {}", parts.join(" and ")) }
}

impl CanvasState {
    /// Gives names and roles to the canvas and to what is in view.
    pub(super) fn speak(
        &mut self,
        ui: &mut Ui,
        response: &Response,
        source: Source<'_>,
        shown: &Shown,
        queue: &mut CommandQueue,
    ) {
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(Role::Group);
            node.set_label("Canvas");
            if let Some(cursor) = self.cursor(source.editor).filter(|_| self.has_focus) {
                node.set_active_descendant(node_id(self.scene.nodes[cursor].id).accesskit_id());
            }
        });
        let visible = self.view.visible();
        let mut nodes: Vec<usize> = self.scene.visible_frames(visible).collect();
        let cards =
            if self.is_spoken(metric::CARD.y) { self.scene.visible_cards(visible) } else { Vec::new() };
        for &card in &cards {
            if nodes.len() > MOST_SPOKEN {
                break;
            }
            nodes.push(card);
            if self.scene.nodes[card].form == Form::Wallet && self.is_spoken(metric::FILTER.y) {
                nodes.extend(self.scene.visible_filters(card, visible));
            }
        }
        nodes.truncate(MOST_SPOKEN);
        let clicked: Vec<_> = ui.input(|input| {
            let requests = input.events.iter().filter_map(|event| match event {
                egui::Event::AccessKitActionRequest(request) if request.action == Action::Click => {
                    Some(request.target_node)
                }
                _ => None,
            });
            requests.collect()
        });
        let builder = UiBuilder::new().max_rect(self.view.viewport).accessibility_parent(response.id);
        ui.scope_builder(builder, |ui| {
            for node in nodes {
                self.speak_node(ui, source, node);
                let id = self.scene.nodes[node].id;
                if clicked.contains(&node_id(id).accesskit_id()) {
                    self.cursor = Some(id);
                    queue.push(Command::Select(vec![id]));
                }
                self.badge_ui(ui, source, node, shown, queue);
            }
            self.slots_ui(ui, &cards, &clicked, queue);
        });
    }

    /// What is this high, in canvas points, can be told from its neighbours with a pointer.
    fn is_spoken(&self, height: f32) -> bool {
        height * self.view.zoom >= LEAST_SPOKEN
    }

    fn speak_node(&self, ui: &Ui, source: Source<'_>, node: usize) {
        let it = &self.scene.nodes[node];
        let rect = self.view.rect_to_screen(it.rect).intersect(self.view.viewport);
        let response = ui.interact(rect, node_id(it.id), Sense::hover());
        let selected = source.editor.selection().contains(it.id);
        response.widget_info(|| {
            let name = self.scene.spoken(node) + &findings(source.derived.counts.get(&it.id));
            WidgetInfo::selected(WidgetType::SelectableLabel, true, selected, name)
        });
        ui.ctx().accesskit_node_builder(response.id, |builder| {
            builder.add_action(Action::Click);
        });
        // What the card has no room for.
        if !self.gesture.is_active() && is_free(ui) && self.scene.is_cut(node, self.view.zoom) {
            response.on_hover_ui(|ui| {
                ui.label(egui::RichText::new(&it.face.title).font(Theme::strong(size::BODY)));
                for line in self.scene.whole(node) {
                    ui.label(egui::RichText::new(line).font(Theme::mono(size::SMALL)));
                }
            });
        }
    }

    /// The slots are buttons.
    fn slots_ui(
        &mut self,
        ui: &Ui,
        cards: &[usize],
        clicked: &[egui::accesskit::NodeId],
        queue: &mut CommandQueue,
    ) {
        if !self.is_spoken(metric::SLOT) {
            return;
        }
        let visible = self.view.visible();
        let wallets: Vec<usize> = cards
            .iter()
            .copied()
            .filter(|&card| self.scene.nodes[card].form == Form::Wallet)
            .filter(|&card| self.scene.slot(card).intersects(visible))
            .take(MOST_SPOKEN)
            .collect();
        for wallet in wallets {
            let it = &self.scene.nodes[wallet];
            let id = node_id(it.id).with("slot");
            let rect = self.view.rect_to_screen(self.scene.slot(wallet)).intersect(self.view.viewport);
            let response = ui.interact(rect, id, Sense::hover());
            response.widget_info(|| {
                WidgetInfo::labeled(WidgetType::Button, true, format!("Add a filter to {}", it.face.title))
            });
            ui.ctx().accesskit_node_builder(id, |builder| builder.add_action(Action::Click));
            if clicked.contains(&id.accesskit_id()) {
                self.add_filter(wallet, queue);
            }
        }
    }

    /// The badge is a button: a click opens what is wrong, with the quick fixes.
    fn badge_ui(&self, ui: &Ui, source: Source<'_>, node: usize, shown: &Shown, queue: &mut CommandQueue) {
        let it = &self.scene.nodes[node];
        let counts = source.derived.counts.get(&it.id).map(|counts| super::paint::marked(*counts));
        let Some(counts) = counts.filter(|counts| counts.worst().is_some()) else { return };
        if self.view.zoom < super::paint::FAR || shown.drag.is_some() {
            return;
        }
        let rect = super::paint::badge_rect(self.view.rect_to_screen(it.rect), self.view.zoom, counts);
        let rect = Rect::from_center_size(rect.center(), rect.size().max(egui::Vec2::splat(24.0)));
        let rect = rect.intersect(self.view.viewport);
        // No stop of the Tab key: F8 goes to the findings, and the card says how many it has.
        let response = ui.interact(rect, node_id(it.id).with("badge"), Sense::CLICK);
        let name = || {
            let findings = findings(Some(&counts));
            format!("Findings of {}: {}", it.face.title, findings.trim_start_matches(", "))
        };
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, name()));
        let of_card = |finding: &&Diagnostic| {
            finding.component() == Some(it.id) && finding.severity != crate::model::Severity::Info
        };
        let found = || source.derived.diagnostics.iter().filter(of_card);
        egui::Popup::menu(&response).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(
            |ui| {
                let theme = Theme::of(ui.ctx());
                let layout = egui::Layout::top_down(egui::Align::Min);
                ui.with_layout(layout, |ui| findings_ui(ui, &theme, found(), &name(), queue));
            },
        );
        if egui::Popup::is_id_open(ui.ctx(), egui::Popup::default_response_id(&response)) || !is_free(ui) {
            return;
        }
        response.on_hover_ui(|ui| {
            let mut found = found();
            for finding in found.by_ref().take(MOST_SHOWN) {
                ui.label(format!("{}  {}", finding.code, finding.message));
            }
            let more = found.count();
            if more > 0 {
                ui.weak(format!("and {more} more"));
            }
        });
    }
}

/// The most findings that a badge shows; Problems has all of them.
const MOST_SHOWN: usize = 6;

/// The findings of a card with their quick fixes.
fn findings_ui<'a>(
    ui: &mut Ui,
    theme: &Theme,
    mut found: impl Iterator<Item = &'a Diagnostic>,
    name: &str,
    queue: &mut CommandQueue,
) {
    name_popup(ui, Role::Dialog, name);
    ui.set_max_width(380.0);
    ui.spacing_mut().item_spacing = egui::vec2(space::XS, space::XS);
    for finding in found.by_ref().take(MOST_SHOWN) {
        let Some(id) = finding.component() else { continue };
        let mut job = egui::text::LayoutJob::default();
        job.wrap.max_width = 360.0;
        let color = theme.severity(finding.severity);
        job.append(finding.code, 0.0, egui::TextFormat::simple(Theme::mono(size::SMALL), color));
        let text = egui::TextFormat::simple(Theme::plain(size::BODY), theme.text);
        job.append(&finding.message, space::S, text);
        let row = ui.add(egui::Label::new(job).sense(Sense::click()));
        let spoken = format!("{} {}: {}", finding.severity, finding.code, finding.message);
        row.widget_info(|| WidgetInfo::labeled(WidgetType::Link, true, &spoken));
        if row.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
            queue.push(Command::Reveal(id, finding.location.path.clone()));
            queue.event(UiEvent::Focus(crate::ui::queue::Region::Right));
            ui.close();
        }
        if let Some(fix) = &finding.fix
            && secondary_button(ui, &fix.label).clicked()
        {
            queue.edit(EditCommand::ApplyFix { fix: fix.clone() });
            ui.close();
        }
        ui.add_space(space::XS);
    }
    let more = found.count();
    if more > 0 {
        ui.weak(format!("and {more} more in Problems"));
    }
}
