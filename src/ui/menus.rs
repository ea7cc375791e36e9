//! Menus made from the action list: the menu bar and context menus.

use egui::accesskit::{Role, Toggled};
use egui::{
    Align2, EventFilter, Id, Key, Modifiers, Popup, Response, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2,
};

use super::action::{self, ACTIONS, Action, ActionId, Availability, Cx, Keys, Menu};
use super::queue::CommandQueue;
use super::theme::{RADIUS, Theme, size, space};
use super::widgets::{self, icon};
use crate::workspace::{Command, SAMPLES};

/// The width of a menu in points; entries fill it.
const WIDTH: f32 = 264.0;

/// What a context menu of a component offers.
const CONTEXT: &[&[ActionId]] = &[
    &[ActionId::Inspect, ActionId::Rename, ActionId::SetParent, ActionId::MakeParent],
    &[ActionId::MoveEarlier, ActionId::MoveLater],
    &[ActionId::Cut, ActionId::Copy, ActionId::CopyAsManifest, ActionId::Duplicate],
    &[ActionId::Delete, ActionId::DeleteKeepFilters],
];

/// Actions that stand in a menu of their own.
const COLOURS: [ActionId; 3] = [ActionId::ThemeSystem, ActionId::ThemeDark, ActionId::ThemeLight];

/// What the context menu of the empty canvas offers.
const EMPTY_CONTEXT: &[&[ActionId]] = &[
    &[ActionId::Insert(0), ActionId::Insert(1), ActionId::Insert(2)],
    &[ActionId::Insert(3), ActionId::Insert(4), ActionId::Insert(5)],
    &[ActionId::Paste, ActionId::SelectAll],
    &[ActionId::FitAll, ActionId::Find],
];

/// Shows the menu bar's menus from left to right. With one open, the left and right arrows go to its neighbours.
pub fn menu_bar(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    ui.spacing_mut().item_spacing.x = 2.0;
    let mut open = None;
    let mut popups = Vec::new();
    for (index, menu) in Menu::ALL.into_iter().enumerate() {
        let button = egui::Button::new(menu.label()).corner_radius(RADIUS);
        let (response, shown) = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
            menu_ui(ui, theme, menu, cx, queue);
        });
        widgets::set_role(&response, Role::MenuItem);
        if index == 0 {
            ui.data_mut(|data| data.insert_temp(menu_bar_id(), response.id));
        }
        popups.push(Popup::default_response_id(&response));
        if shown.is_some() {
            open = Some(index);
        }
    }
    let Some(open) = open else { return };
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let step = if pressed(Key::ArrowRight) {
        1
    } else if pressed(Key::ArrowLeft) {
        popups.len() - 1
    } else {
        return;
    };
    Popup::open_id(ui.ctx(), popups[(open + step) % popups.len()]);
}

fn menu_bar_id() -> Id {
    Id::new("menu bar")
}

/// The identity of the first menu: what gets the focus when the menu bar does.
pub fn first_menu(ctx: &egui::Context) -> Option<Id> {
    ctx.data(|data| data.get_temp(menu_bar_id()))
}

/// The entries of the open menu, top down, as they were shown in this frame.
fn entries_id() -> Id {
    Id::new("menu entries")
}

/// Moves the focus through the entries with the arrows; the first gets it when the menu was opened by a key.
fn walk_entries(ui: &Ui) {
    let ids: Vec<Id> = ui.data_mut(|data| data.remove_temp(entries_id())).unwrap_or_default();
    if ids.is_empty() || !widgets::focus_visible(ui.ctx()) {
        return;
    }
    let focused = ui.memory(egui::Memory::focused);
    let current = focused.and_then(|id| ids.iter().position(|entry| *entry == id));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
    let next = match current {
        None => 0,
        Some(at) if down => (at + 1) % ids.len(),
        Some(at) if up => (at + ids.len() - 1) % ids.len(),
        Some(at) => at,
    };
    let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| {
        memory.request_focus(ids[next]);
        memory.set_focus_lock_filter(ids[next], filter);
    });
}

fn menu_ui(ui: &mut Ui, theme: &Theme, menu: Menu, cx: Cx<'_>, queue: &mut CommandQueue) {
    widgets::name_popup(ui, Role::Menu, menu.label());
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing.y = 0.0;
    // A low window scrolls its menus instead of cutting them.
    let height = ui.ctx().content_rect().height() - 64.0;
    egui::ScrollArea::vertical()
        .max_height(height)
        .min_scrolled_height(height)
        .show(ui, |ui| entries_ui(ui, theme, menu, cx, queue));
    walk_entries(ui);
}

fn entries_ui(ui: &mut Ui, theme: &Theme, menu: Menu, cx: Cx<'_>, queue: &mut CommandQueue) {
    let mut group = None;
    for action in ACTIONS {
        let Some((_, this)) = action.menu.filter(|(of, _)| *of == menu) else { continue };
        if group.is_some_and(|group| group != this) {
            separator(ui, theme);
        }
        group = Some(this);
        if COLOURS.contains(&action.id) {
            if action.id == COLOURS[0] {
                sub_menu(ui, theme, "Colours", |ui| {
                    for action in COLOURS.iter().filter_map(|id| action::find(*id)) {
                        action_item(ui, theme, action, cx, queue);
                    }
                });
            }
            continue;
        }
        action_item(ui, theme, action, cx, queue);
        if action.id == ActionId::OpenUrl {
            recent_menu(ui, theme, cx, queue);
            samples_menu(ui, theme, queue);
        }
    }
}

/// Shows a component's context menu: what makes no sense for the selection is left out.
pub fn context_menu(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    widgets::name_popup(ui, Role::Menu, "Component");
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut is_first = true;
    let groups = if cx.primary().is_some() { CONTEXT } else { EMPTY_CONTEXT };
    for group in groups {
        let offered: Vec<&Action> = group
            .iter()
            .filter(|id| action::availability(**id, cx).is_enabled())
            .filter_map(|id| action::find(*id))
            .collect();
        if !offered.is_empty() && !std::mem::take(&mut is_first) {
            separator(ui, theme);
        }
        for action in offered {
            action_item(ui, theme, action, cx, queue);
        }
    }
    walk_entries(ui);
}

fn action_item(ui: &mut Ui, theme: &Theme, action: &Action, cx: Cx<'_>, queue: &mut CommandQueue) {
    let label = action::label(action, cx);
    let keys = action.keys.first().map(Keys::text).unwrap_or_default();
    let availability = action::availability(action.id, cx);
    let checked = action::checked(action.id, cx);
    let item = Item { label: &label, keys: &keys, checked, enabled: availability.is_enabled() };
    let response = item_ui(ui, theme, item);
    if response.clicked() && availability.is_enabled() {
        queue.event(super::queue::UiEvent::Run(action.id));
        ui.close();
    }
    if let Availability::Disabled(reason) = availability {
        response.on_hover_text(reason);
    }
}

fn recent_menu(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    let recent = cx.workspace.recent_files();
    if recent.is_empty() {
        return;
    }
    sub_menu(ui, theme, "Open recent", |ui| {
        for path in recent.iter().take(12) {
            let label = path.display().to_string();
            let item = Item { label: &label, keys: "", checked: None, enabled: true };
            if item_ui(ui, theme, item).clicked() {
                queue.push(Command::Open(path.clone()));
                ui.close();
            }
        }
    });
}

fn samples_menu(ui: &mut Ui, theme: &Theme, queue: &mut CommandQueue) {
    sub_menu(ui, theme, "Open a sample", |ui| {
        for (index, sample) in SAMPLES.iter().enumerate() {
            let item = Item { label: sample.title, keys: "", checked: None, enabled: true };
            if item_ui(ui, theme, item).clicked() {
                queue.push(Command::OpenSample(index));
                ui.close();
            }
        }
    });
}

fn sub_menu(ui: &mut Ui, theme: &Theme, label: &str, content: impl FnOnce(&mut Ui)) {
    let response = item_ui(ui, theme, Item { label, keys: "", checked: None, enabled: true });
    let tip = pos2(response.rect.right() - 14.0, response.rect.center().y);
    icon::chevron(ui.painter(), tip, 9.0, 0.0, theme.dim);
    egui::containers::menu::SubMenu::new().show(ui, &response, |ui| {
        widgets::name_popup(ui, Role::Menu, label);
        ui.set_width(WIDTH + 60.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        content(ui);
    });
}

fn separator(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 9.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, theme.line());
}

#[derive(Clone, Copy)]
struct Item<'a> {
    label: &'a str,
    keys: &'a str,
    checked: Option<bool>,
    enabled: bool,
}

fn item_ui(ui: &mut Ui, theme: &Theme, item: Item<'_>) -> Response {
    let desired = Vec2::new(ui.available_width(), 26.0);
    let (rect, response) = ui.allocate_exact_size(desired, Sense::click());
    if item.enabled {
        ui.data_mut(|data| data.get_temp_mut_or_default::<Vec<Id>>(entries_id()).push(response.id));
    }
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, item.enabled, item.label));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(if item.checked.is_some() { Role::MenuItemCheckBox } else { Role::MenuItem });
        if let Some(checked) = item.checked {
            node.set_toggled(Toggled::from(checked));
        }
        if !item.keys.is_empty() {
            node.set_keyboard_shortcut(item.keys);
        }
    });
    if (response.hovered() || response.has_focus()) && item.enabled {
        ui.painter().rect_filled(rect, RADIUS, theme.selected);
    }
    let color = if item.enabled { theme.text } else { theme.faint };
    if item.checked == Some(true) {
        icon::check(ui.painter(), pos2(rect.left() + 14.0, rect.center().y), 12.0, theme.accent_text);
    }
    let y = rect.center().y;
    let keys = ui.painter().text(
        pos2(rect.right() - space::S, y),
        Align2::RIGHT_CENTER,
        item.keys,
        Theme::plain(size::SMALL + 1.0),
        if item.enabled { theme.dim } else { theme.faint },
    );
    let clip = rect.with_max_x(keys.left() - space::S);
    ui.painter().with_clip_rect(clip.intersect(ui.clip_rect())).text(
        pos2(rect.left() + 28.0, y),
        Align2::LEFT_CENTER,
        item.label,
        Theme::plain(size::BODY),
        color,
    );
    response
}
