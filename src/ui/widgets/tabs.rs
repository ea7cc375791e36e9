//! A bar of tabs: the active one is underlined; arrows move between them when one has the focus.

use egui::accesskit::Role;
use egui::{
    Align, Color32, EventFilter, Key, Layout, Modifiers, Rect, Sense, Ui, UiBuilder, Vec2, WidgetInfo,
    WidgetType, pos2,
};

use super::super::theme::{Theme, size, space};

/// Height of a bar in points.
pub const HEIGHT: f32 = 34.0;

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab<'a, T> {
    /// What it stands for.
    pub value: T,
    /// Its word.
    pub label: &'a str,
    /// A count behind the word, with its colour.
    pub badge: Option<(String, Color32)>,
}

impl<'a, T> Tab<'a, T> {
    /// A tab without a badge.
    pub fn new(value: T, label: &'a str) -> Self {
        Self { value, label, badge: None }
    }
}

/// The identity of the active tab's header in the bar `name`: what gets the focus when the region does.
pub fn active_tab_id(name: &str) -> egui::Id {
    egui::Id::new(("active tab", name))
}

/// Shows the bar and what stands at its right end; returns the tab that was chosen in this frame.
///
/// `name` is the bar's accessible name and identity.
pub fn tab_bar<T: Copy + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    name: &str,
    tabs: &[Tab<'_, T>],
    current: T,
    trailing: impl FnOnce(&mut Ui),
) -> Option<T> {
    let (bar, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, theme.line());
    let mut inner = ui.new_child(
        UiBuilder::new()
            .id_salt(("tabs", name))
            .max_rect(bar.shrink2(Vec2::new(space::M, 0.0)))
            .layout(Layout::left_to_right(Align::Center)),
    );
    inner.spacing_mut().item_spacing.x = space::L;
    let list = inner.unique_id();
    inner.ctx().accesskit_node_builder(list, |node| {
        node.set_role(Role::TabList);
        node.set_label(name);
    });
    let mut chosen = None;
    for (index, tab) in tabs.iter().enumerate() {
        let active = tab.value == current;
        if tab_ui(&mut inner, theme, name, tab, active) {
            chosen = Some(tab.value);
        }
        if active && inner.memory(|memory| memory.has_focus(active_tab_id(name))) {
            let step = arrow_step(&inner);
            if let Some(other) =
                index.checked_add_signed(step).and_then(|to| tabs.get(to)).filter(|_| step != 0)
            {
                chosen = Some(other.value);
            }
        }
    }
    inner.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        trailing(ui);
    });
    chosen
}

fn arrow_step(ui: &Ui) -> isize {
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::NONE, Key::ArrowRight) {
            1
        } else if input.consume_key(Modifiers::NONE, Key::ArrowLeft) {
            -1
        } else {
            0
        }
    })
}

fn tab_ui<T>(ui: &mut Ui, theme: &Theme, bar: &str, tab: &Tab<'_, T>, active: bool) -> bool {
    let font = Theme::plain(size::BODY);
    let color = if active { theme.text } else { theme.dim };
    let label = ui.painter().layout_no_wrap(tab.label.to_owned(), font, color);
    let badge = tab
        .badge
        .as_ref()
        .map(|(text, color)| ui.painter().layout_no_wrap(text.clone(), Theme::strong(size::BODY), *color));
    let width = label.size().x + badge.as_ref().map_or(0.0, |badge| badge.size().x + space::XS);
    let (_, rect) = ui.allocate_space(Vec2::new(width, HEIGHT));
    // Only the active tab is a stop of the Tab key; the arrows reach the others.
    let id = if active { active_tab_id(bar) } else { ui.id().with(("tab", tab.label)) };
    let sense = if active { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(rect.expand2(Vec2::new(space::S / 2.0, 0.0)), id, sense);
    let name = match &tab.badge {
        Some((text, _)) => format!("{} {text}", tab.label),
        None => tab.label.to_owned(),
    };
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, &name));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::Tab);
        node.set_label(name.as_str());
        node.set_selected(active);
    });
    if active {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }
    let painter = ui.painter();
    let top = rect.center().y - label.size().y / 2.0;
    let color = if active || response.hovered() { theme.text } else { theme.dim };
    let end = rect.left() + label.size().x + space::XS;
    painter.galley_with_override_text_color(pos2(rect.left(), top), label, color);
    if let Some(badge) = badge {
        painter.galley(pos2(end, top), badge, theme.text);
    }
    if active {
        let line = Rect::from_x_y_ranges(rect.x_range(), rect.bottom() - 2.0..=rect.bottom());
        painter.rect_filled(line, 1.0, theme.accent);
    }
    super::focus_ring(ui, theme, &response, rect.expand2(Vec2::new(4.0, -5.0)));
    response.clicked()
}
