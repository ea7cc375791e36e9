//! What the window shows while no document is open: open, start, samples, recent files.

use egui::accesskit::Role;
use egui::text::LayoutJob;
use egui::{Align2, Rect, RichText, ScrollArea, Sense, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use super::action::{ActionId, Cx};
use super::queue::{CommandQueue, UiEvent};
use super::theme::{RADIUS_CARD, Theme, size, space};
use super::widgets::{
    self, RowText, icon, list_row, paint_tile, primary_button, secondary_button, section_heading,
};
use crate::model::ComponentKind;
use crate::workspace::{Command, SAMPLES, Sample};

/// The kinds that stand on a sample's card: those of its design, each once.
fn kinds_of(sample: &Sample) -> Vec<ComponentKind> {
    // The samples are our own files; each kind stands on a line of its own.
    let kinds = sample.text.lines().filter_map(|line| line.strip_prefix("    kind: "));
    let mut found: Vec<ComponentKind> = Vec::new();
    for kind in kinds {
        let known = ComponentKind::KNOWN.into_iter().find(|known| known.kind == kind.trim());
        if let Some(kind) = known.filter(|kind| !found.contains(kind)) {
            found.push(kind);
        }
    }
    found.sort_by_key(|kind| ComponentKind::KNOWN.iter().position(|known| known == kind));
    found
}

/// Fills the window below the top bar.
pub fn empty_state_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, theme.canvas);
    if let Some(job) = cx.workspace.jobs().iter().find(|job| job.key == "open") {
        // What is asked for comes in a moment: no page that would be gone at once.
        ui.centered_and_justified(|ui| ui.label(RichText::new(format!("{}…", job.label)).color(theme.dim)));
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let width = 680.0_f32.min(rect.width() - 2.0 * space::XL);
        let recent = cx.workspace.recent_files();
        let height = 452.0 + if recent.is_empty() { 0.0 } else { 40.0 + 30.0 * recent.len().min(6) as f32 };
        ui.add_space(((rect.height() - height) * 0.42).max(space::XL));
        let left = (rect.width() - width) / 2.0;
        ui.horizontal(|ui| {
            ui.add_space(left);
            ui.vertical(|ui| {
                ui.set_width(width);
                page_ui(ui, theme, recent, queue);
            });
        });
        ui.add_space(space::XL);
    });
}

fn page_ui(ui: &mut Ui, theme: &Theme, recent: &[std::path::PathBuf], queue: &mut CommandQueue) {
    ui.horizontal(|ui| {
        let (logo, _) = ui.allocate_exact_size(Vec2::splat(40.0), Sense::hover());
        icon::logo(ui.painter(), logo);
        ui.add_space(space::S);
        ui.vertical(|ui| {
            let title =
                ui.label(RichText::new("Billfold").font(Theme::strong(size::TITLE)).color(theme.text));
            widgets::set_role(&title, Role::Heading);
            let line = "Design, check and export Envoy and Istio WebAssembly extensions.";
            ui.label(RichText::new(line).color(theme.dim));
        });
    });
    ui.add_space(space::L);
    ui.horizontal(|ui| {
        if primary_button(ui, theme, "Open…").clicked() {
            queue.event(UiEvent::Run(ActionId::Open));
        }
        for (label, id) in [
            ("New design", ActionId::New),
            ("Import manifests…", ActionId::Import),
            ("Open from URL…", ActionId::OpenUrl),
        ] {
            if secondary_button(ui, label).clicked() {
                queue.event(UiEvent::Run(id));
            }
        }
    });
    ui.add_space(space::XS);
    let hint = "A Meshery design or Kubernetes manifests, YAML or JSON. Dropping files on the window opens them too.";
    ui.label(RichText::new(hint).font(Theme::plain(size::SMALL + 1.0)).color(theme.faint));
    ui.add_space(space::L);
    section_heading(ui, theme, "Start from a sample");
    ui.add_space(space::XS);
    let gap = space::M;
    let card = Vec2::new((ui.available_width() - gap) / 2.0, 100.0);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(gap);
        for (row, samples) in SAMPLES.chunks(2).enumerate() {
            ui.horizontal(|ui| {
                for (column, sample) in samples.iter().enumerate() {
                    if sample_ui(ui, theme, sample, card).clicked() {
                        queue.push(Command::OpenSample(row * 2 + column));
                    }
                }
            });
        }
    });
    if !recent.is_empty() {
        ui.add_space(space::L);
        section_heading(ui, theme, "Recent files");
        ui.spacing_mut().item_spacing.y = 0.0;
        for path in recent.iter().take(6) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
            let text = RowText { title: &name, detail: &folder, focusable: true, ..RowText::default() };
            let (_, response) = list_row(ui, theme, text, false, 0.0);
            if response.clicked() {
                queue.push(Command::Open(path.clone()));
            }
        }
    }
    ui.add_space(space::L);
    ui.label(RichText::new("No account. Nothing is sent.").color(theme.dim));
}

fn sample_ui(ui: &mut Ui, theme: &Theme, sample: &Sample, desired: Vec2) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(desired, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, sample.title));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(sample.description));
    let (fill, stroke) =
        if response.hovered() { (theme.hover, theme.accent) } else { (theme.card, theme.border) };
    ui.painter().rect(rect, RADIUS_CARD, fill, egui::Stroke::new(1.0, stroke), StrokeKind::Inside);
    let painter = ui.painter().with_clip_rect(rect.shrink(4.0).intersect(ui.clip_rect()));
    let mut x = rect.left() + 14.0;
    for kind in &kinds_of(sample) {
        let tile = Rect::from_min_size(pos2(x, rect.top() + 12.0), Vec2::splat(20.0));
        paint_tile(&painter, tile, kind, theme);
        x += 24.0;
    }
    let left = rect.left() + 14.0;
    painter.text(
        pos2(left, rect.top() + 48.0),
        Align2::LEFT_CENTER,
        sample.title,
        Theme::strong(size::BODY),
        theme.text,
    );
    let mut job = LayoutJob::simple(
        sample.description.to_owned(),
        Theme::plain(size::SMALL + 0.5),
        theme.dim,
        rect.width() - 28.0,
    );
    job.wrap.max_rows = 2;
    let description = painter.layout_job(job);
    painter.galley(pos2(left, rect.top() + 58.0), description, theme.dim);
    widgets::focus_ring(ui, theme, &response, rect);
    response
}
