//! The journey of the first minute, without a screen: drag a plugin, drag a filter into it, set the phase, see the
//! preview, save, open again, take everything back. `window.rs` makes the same one with a real mouse.

use std::path::Path;
use std::sync::Arc;

use billfold::ui::{App, theme};
use billfold::workspace::{Command, Workspace};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

const MODULE: &str = "oci://reg.example.com/filters/add-header:1.0";
const EMPTY_PLUGIN: &str = "WasmPlugin wasm-plugin-1, no filters";
const FILTER: &str = "WasmFilter wasm-filter-1, 1 of 1 in wasm-plugin-1";

struct Window(Harness<'static, App>);

impl Window {
    /// A window on an empty design.
    fn new() -> Self {
        let mut is_installed = false;
        let harness = Harness::builder().with_size([1440.0, 900.0]).with_max_steps(30).build_ui_state(
            move |ui, app: &mut App| {
                if std::mem::replace(&mut is_installed, true) {
                    app.frame(ui);
                } else {
                    // Fonts are there from the next frame on.
                    theme::install(ui.ctx());
                    ui.ctx().request_repaint();
                }
            },
            App::with_workspace(Workspace::new(Arc::new(|| {}))),
        );
        let mut window = Self(harness);
        window.settle();
        window.click(window.place(Role::Button, "New design"));
        window
    }

    fn settle(&mut self) {
        self.0.run();
        self.0.state_mut().workspace_mut().settle();
        self.0.run();
    }

    fn place(&self, role: Role, label: &str) -> Pos2 {
        self.0.get_by_role_and_label(role, label).rect().center()
    }

    fn canvas(&self) -> Pos2 {
        self.card("Canvas").center()
    }

    fn button(&self, pos: Pos2, pressed: bool) {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.0.event(Event::PointerButton { pos, button, pressed, modifiers });
    }

    fn click(&mut self, pos: Pos2) {
        self.0.hover_at(pos);
        self.0.run();
        self.button(pos, true);
        self.button(pos, false);
        self.settle();
    }

    /// Drags; before it lets go, the window says what that will do.
    fn drag(&mut self, from: Pos2, to: Pos2, effect: &str) {
        self.0.hover_at(from);
        self.0.run();
        self.button(from, true);
        self.0.run();
        for step in 1..=4u8 {
            self.0.hover_at(from.lerp(to, f32::from(step) / 4.0));
            self.0.run();
        }
        self.0.get_by_label(effect);
        self.button(to, false);
        self.settle();
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.settle();
    }

    fn type_into(&mut self, role: Role, label: &str, text: &str) {
        self.0.get_by_role_and_label(role, label).focus();
        self.0.run();
        self.0.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.0.run();
        self.0.get_by_role_and_label(role, label).type_text(text);
        self.settle();
    }

    fn save_as(&mut self, path: &Path) {
        self.press(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::S);
        self.type_into(Role::TextInput, "Path", &path.display().to_string());
        self.press(Modifiers::NONE, Key::Enter);
        assert!(!self.is_dirty(), "not saved");
    }

    fn is_dirty(&self) -> bool {
        self.0.state().workspace().editor().is_dirty()
    }

    fn shows(&self, label: &str) -> bool {
        self.rect(label).is_some()
    }

    /// Where the largest of this name is. A card says its findings after its name.
    fn rect(&self, label: &str) -> Option<Rect> {
        let fits = move |text: String| {
            text.strip_prefix(label).is_some_and(|rest| rest.is_empty() || rest.starts_with(", "))
        };
        let found = self.0.query_all_by(move |node| node.label().or_else(|| node.value()).is_some_and(fits));
        found.map(|node| node.rect()).max_by(|a, b| a.area().total_cmp(&b.area()))
    }

    fn card(&self, label: &str) -> Rect {
        self.rect(label).unwrap_or_else(|| panic!("no {label} on the canvas"))
    }
}

#[test]
fn drag_a_plugin_and_a_filter_set_the_phase_save_open_again_and_take_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let (design, copy) = (folder.path().join("journey.yaml"), folder.path().join("copy.yaml"));
    let mut window = Window::new();

    window.drag(window.place(Role::Button, "Add WasmPlugin"), window.canvas(), "Adds a WasmPlugin");
    let plugin = window.card(EMPTY_PLUGIN).center();
    window.drag(window.place(Role::Button, "Add WasmFilter"), plugin, "Adds a WasmFilter as no. 1");
    assert!(window.shows(FILTER), "the filter is not in the plugin");

    // The form of what was added is there. The plugin follows the filter, and the preview both.
    assert!(!window.shows(&format!("  url: {MODULE}")));
    window.type_into(Role::TextInput, "Module", MODULE);
    assert!(
        window.shows(&format!("  url: {MODULE}")),
        "the preview has no url:\n{}",
        window.0.state().workspace().preview()
    );
    let plugin = window.card("WasmPlugin wasm-plugin-1, 1 filter");
    window.click(plugin.center_top() + egui::vec2(0.0, 8.0));
    window.click(window.place(Role::ComboBox, "Phase"));
    let choice = window.0.get_by_label("STATS").rect().center();
    window.click(choice);
    assert!(window.shows("  phase: STATS"), "the preview has no phase");

    window.save_as(&design);
    let saved = std::fs::read(&design).unwrap();
    window.0.state_mut().workspace_mut().run(Command::Open(design));
    window.settle();
    assert!(window.shows(FILTER) && window.shows("  phase: STATS"), "something is gone after opening again");
    assert!(!window.is_dirty(), "opening changed the design");

    let plugin = window.card("WasmPlugin wasm-plugin-1, STATS, 1 filter").center();
    window.drag(window.place(Role::Button, "Add WasmFilter"), plugin, "Adds a WasmFilter as no. 2");
    assert!(window.is_dirty() && !window.shows(FILTER));
    window.press(Modifiers::COMMAND, Key::K);
    window.type_into(Role::SearchInput, "Search actions and components", "undo all");
    window.press(Modifiers::NONE, Key::Enter);
    assert!(!window.is_dirty() && window.shows(FILTER), "not everything was taken back");
    window.save_as(&copy);
    assert_eq!(std::fs::read(&copy).unwrap(), saved, "the bytes that were read are not what is saved");
}

#[test]
fn what_was_drawn_is_taken_back_to_an_empty_design() {
    let mut window = Window::new();
    let text = |window: &Window| window.0.state().workspace().preview().to_owned();
    let before = text(&window);
    window.drag(window.place(Role::Button, "Add WasmPlugin"), window.canvas(), "Adds a WasmPlugin");
    let plugin = window.card(EMPTY_PLUGIN).center();
    window.drag(window.place(Role::Button, "Add WasmFilter"), plugin, "Adds a WasmFilter as no. 1");
    window.type_into(Role::TextInput, "Module", MODULE);
    window.0.state_mut().workspace_mut().run(Command::UndoAll);
    window.settle();
    assert!(!window.is_dirty());
    assert_eq!(window.0.state().workspace().editor().design().components().len(), 0);
    assert_eq!(text(&window), before);
}
