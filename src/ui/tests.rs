//! The window's frame, driven by role and label as a screen reader would.

mod access;
mod another_document;
mod chain;
mod definitions;
mod dropped_files;
mod keyboard;
mod target;

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::app::App;
use super::queue::{BottomTab, CentreTab, InspectorTab, LeftTab};
use super::theme;
use crate::model::ComponentKind;
use crate::workspace::{Appearance, Command, PanelSizes, SAMPLES, Workspace};

fn window() -> Harness<'static, App> {
    let mut is_installed = false;
    let workspace = Workspace::new(Arc::new(|| {}));
    Harness::builder().with_size([1280.0, 800.0]).with_max_steps(20).build_ui_state(
        move |ui, app: &mut App| {
            if std::mem::replace(&mut is_installed, true) {
                app.frame(ui);
            } else {
                // Fonts are there from the next frame on.
                theme::install(ui.ctx());
                ui.ctx().request_repaint();
            }
        },
        App::with_workspace(workspace),
    )
}

/// A window on an empty design.
fn new_design() -> Harness<'static, App> {
    let mut harness = window();
    harness.state_mut().workspace_mut().run(Command::New);
    settle(&mut harness);
    harness
}

/// Waits until no job is under way, and shows what they have brought.
fn settle(harness: &mut Harness<'static, App>) {
    harness.state_mut().workspace_mut().settle();
    harness.run();
}

fn press(harness: &mut Harness<'static, App>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn click(harness: &mut Harness<'static, App>, role: Role, label: &str) {
    harness.get_by_role_and_label(role, label).click();
    harness.run();
}

/// Names of the components, in document order.
fn names(harness: &Harness<'static, App>) -> Vec<String> {
    harness.state().workspace().editor().design().names().into_values().collect()
}

#[test]
fn the_empty_state_offers_to_open_and_to_start() {
    let mut harness = window();
    harness.run();
    for label in ["Open…", "New design", "Import manifests…", "Open from URL…"] {
        harness.get_by_role_and_label(Role::Button, label);
    }
    for sample in SAMPLES {
        harness.get_by_role_and_label(Role::Button, sample.title);
    }
    assert!(harness.query_by_role(Role::Tree).is_none());
    click(&mut harness, Role::Button, "New design");
    harness.get_by_role_and_label(Role::Tab, "Canvas");
}

#[test]
fn every_menu_opens_and_shows_its_actions() {
    let mut harness = new_design();
    for (menu, entry) in [
        ("File", "Save as…"),
        ("Edit", "Undo all"),
        ("View", "Topology"),
        ("Insert", "Add WasmFilter"),
        ("Help", "About Billfold"),
    ] {
        click(&mut harness, Role::MenuItem, menu);
        let role = if entry == "Topology" { Role::MenuItemCheckBox } else { Role::MenuItem };
        harness.get_by_role_and_label(role, entry);
        press(&mut harness, Modifiers::NONE, Key::Escape);
        assert!(harness.query_by_role_and_label(role, entry).is_none(), "{menu} stays open");
    }
}

#[test]
fn the_command_search_runs_what_is_typed() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::COMMAND, Key::K);
    let field = harness.get_by_role_and_label(Role::SearchInput, "Search actions and components");
    assert!(field.is_focused());
    field.type_text("about");
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_role_and_label(Role::Dialog, "About Billfold");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_role(Role::Dialog).is_none());
}

/// On a slow machine several keys come with one frame.
#[test]
fn what_is_typed_behind_the_chord_is_searched_for_and_no_key_of_the_canvas() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::COMMAND, Key::Num2);
    let key = |key, modifiers, pressed| egui::Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers,
    };
    let typed = [
        key(Key::K, Modifiers::COMMAND, true),
        key(Key::A, Modifiers::NONE, true),
        egui::Event::Text("a".to_owned()),
        key(Key::A, Modifiers::NONE, false),
    ];
    harness.input_mut().events.extend(typed);
    harness.step();
    harness.input_mut().events.push(egui::Event::Text("b".to_owned()));
    harness.run();
    harness.event(egui::Event::Text("out".to_owned()));
    harness.run();
    assert!(names(&harness).is_empty(), "the letter added nothing");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_role_and_label(Role::Dialog, "About Billfold");
}

#[test]
fn enter_on_a_tile_of_the_palette_adds_the_component() {
    let mut harness = new_design();
    harness.get_by_role_and_label(Role::Button, "Add WasmPlugin").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let design = harness.state().workspace().editor().design();
    let kinds: Vec<_> = design.components().map(|component| component.kind().clone()).collect();
    assert_eq!(kinds, [ComponentKind::WASM_PLUGIN]);
    let added = design.components().next().unwrap().id();
    assert_eq!(harness.state().workspace().editor().selection().primary(), Some(added));
    // A filter goes into the plugin that is selected.
    harness.get_by_role_and_label(Role::Button, "Add WasmFilter").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(harness.state().workspace().editor().design().chain(added).len(), 1);
}

#[test]
fn tabs_change_with_a_click_and_with_the_arrows() {
    let mut harness = new_design();
    click(&mut harness, Role::Tab, "Outline");
    assert_eq!(harness.state().view().left, LeftTab::Outline);
    click(&mut harness, Role::Tab, "YAML");
    assert_eq!(harness.state().view().inspector, InspectorTab::Yaml);
    harness.get_by_role_and_label(Role::Tab, "YAML").focus();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(harness.state().view().inspector, InspectorTab::Form);
    click(&mut harness, Role::Tab, "Evaluation");
    assert_eq!(harness.state().view().bottom, BottomTab::Evaluation);
    click(&mut harness, Role::Tab, "Canvas");
    assert_eq!(harness.state().view().centre, CentreTab::Canvas);
}

/// What a tab shows never moves the edge of its panel.
#[test]
fn a_tab_takes_the_room_that_its_panel_has() {
    let changed = std::fs::read_to_string("designs/edge-security.yaml").unwrap();
    let changed = changed.replace("wasmFilter: oci://reg.example.com", "wasmFilter: oci://other.example.com");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.yaml");
    std::fs::write(&path, changed).unwrap();
    for bottom in [None, Some(150.0)] {
        let mut harness = window();
        harness.set_size(egui::vec2(900.0, 600.0));
        let sizes = PanelSizes { bottom, ..PanelSizes::default() };
        harness.state_mut().workspace_mut().run(Command::SetPanelSizes(sizes));
        harness.state_mut().workspace_mut().run(Command::Open(path.clone()));
        settle(&mut harness);
        let tab = harness.get_by_role_and_label(Role::Tab, "Evaluation").rect();
        click(&mut harness, Role::Tab, "Evaluation");
        assert!(harness.query_all_by_role(Role::ListItem).count() > 0, "it lists changes");
        assert_eq!(harness.get_by_role_and_label(Role::Tab, "Evaluation").rect(), tab, "{bottom:?}");
    }
}

#[test]
fn regions_are_shown_and_hidden_by_their_keys() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::COMMAND, Key::B);
    assert!(harness.query_by_role_and_label(Role::Tab, "Insert").is_none());
    press(&mut harness, Modifiers::COMMAND, Key::J);
    assert!(harness.query_by_role_and_label(Role::Tab, "Export preview").is_none());
    press(&mut harness, Modifiers::COMMAND, Key::I);
    assert!(harness.query_by_role_and_label(Role::Tab, "Form").is_none());
    // Going to a region shows it.
    press(&mut harness, Modifiers::COMMAND, Key::Num5);
    assert!(harness.get_by_role_and_label(Role::Tab, "Export preview").is_focused());
    press(&mut harness, Modifiers::COMMAND, Key::Num1);
    assert!(harness.get_by_role_and_label(Role::SearchInput, "Filter components").is_focused());
}

#[test]
fn letters_act_on_the_canvas_and_not_in_a_field() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::COMMAND, Key::Num2);
    press(&mut harness, Modifiers::NONE, Key::A);
    assert_eq!(names(&harness), ["wasm-plugin-1"]);
    press(&mut harness, Modifiers::COMMAND, Key::Num1);
    press(&mut harness, Modifiers::NONE, Key::A);
    assert_eq!(names(&harness).len(), 1, "typed into the field, not run");
    press(&mut harness, Modifiers::COMMAND, Key::Num2);
    press(&mut harness, Modifiers::SHIFT, Key::A);
    assert_eq!(names(&harness).len(), 2);
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(names(&harness).is_empty());
}

#[test]
fn esc_and_enter_in_a_field_end_the_field_and_nothing_else() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    for key in [Key::Escape, Key::Enter] {
        press(&mut harness, Modifiers::COMMAND, Key::Num1);
        press(&mut harness, Modifiers::NONE, key);
        assert_eq!(harness.state().workspace().editor().selection().len(), 1, "{key:?}");
        assert!(harness.ctx.memory(|memory| memory.has_focus(super::canvas::CanvasState::id())), "{key:?}");
    }
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.state().workspace().editor().selection().is_empty());
}

#[test]
fn the_outline_is_a_tree_that_the_arrows_walk() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::SHIFT, Key::A);
    click(&mut harness, Role::Tab, "Outline");
    let plugin = harness.get_by_role_and_label(Role::TreeItem, "wasm-plugin-1, WasmPlugin");
    assert_eq!(plugin.accesskit_node().data().is_expanded(), Some(true));
    harness.get_by_role_and_label(Role::TreeItem, "wasm-filter-1, WasmFilter, no. 1").click();
    harness.run();
    let selected = |harness: &Harness<'static, App>| {
        let editor = harness.state().workspace().editor();
        editor.selection().primary().map(|id| editor.design().name_of(id)).unwrap_or_default()
    };
    assert_eq!(selected(&harness), "wasm-filter-1");
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(selected(&harness), "wasm-plugin-1");
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    let filter = "wasm-filter-1, WasmFilter, no. 1";
    assert!(harness.query_by_role_and_label(Role::TreeItem, filter).is_none(), "folded");
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(selected(&harness), "wasm-filter-1");
    press(&mut harness, Modifiers::NONE, Key::Delete);
    assert_eq!(names(&harness), ["wasm-plugin-1"]);
}

#[test]
fn a_row_of_the_outline_is_dragged_to_another_place_of_the_chain() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::SHIFT, Key::A);
    press(&mut harness, Modifiers::SHIFT, Key::A);
    click(&mut harness, Role::Tab, "Outline");
    let rect = |harness: &Harness<'static, App>, label: &str| {
        harness.get_by_role_and_label(Role::TreeItem, label).rect()
    };
    let from = rect(&harness, "wasm-filter-2, WasmFilter, no. 2").center();
    let to = rect(&harness, "wasm-filter-1, WasmFilter, no. 1").center_top() + egui::vec2(0.0, 4.0);
    harness.drag_at(from);
    harness.run();
    harness.hover_at(from.lerp(to, 0.5));
    harness.run();
    harness.hover_at(to);
    harness.run();
    harness.drop_at(to);
    harness.run();
    harness.get_by_role_and_label(Role::TreeItem, "wasm-filter-2, WasmFilter, no. 1");
}

#[test]
fn the_open_dialog_takes_a_typed_path_and_esc_leaves_everything_as_it_was() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::COMMAND, Key::O);
    let field = harness.get_by_role_and_label(Role::TextInput, "Path");
    assert!(field.is_focused());
    harness.get_by_role_and_label(Role::Button, "Browse…");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_role(Role::Dialog).is_none());
    assert!(!harness.state().workspace().document().is_blank);
}

#[test]
fn the_colours_follow_the_menu() {
    let mut harness = new_design();
    click(&mut harness, Role::MenuItem, "View");
    click(&mut harness, Role::MenuItem, "Colours");
    click(&mut harness, Role::MenuItemCheckBox, "Light colours");
    assert_eq!(harness.state().workspace().appearance(), Appearance::Light);
    assert_eq!(harness.ctx.theme(), egui::Theme::Light);
}

#[test]
fn a_sample_opens_and_its_filters_stand_in_the_outline() {
    let mut harness = window();
    harness.run();
    click(&mut harness, Role::Button, SAMPLES[0].title);
    settle(&mut harness);
    assert!(!harness.state().workspace().document().is_blank);
    click(&mut harness, Role::Tab, "Outline");
    let items = harness.get_all_by_role(Role::TreeItem).count();
    assert_eq!(items, harness.state().workspace().editor().design().components().len());
}

#[test]
fn unsaved_changes_are_asked_for_and_cancel_keeps_them() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    harness.get_by_label("Unsaved changes");
    press(&mut harness, Modifiers::COMMAND, Key::N);
    harness.get_by_role_and_label(Role::Button, "Save");
    harness.get_by_role_and_label(Role::Button, "Don't save");
    // The window waits for the answer: shortcuts do nothing.
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.state().workspace().question().is_none());
    assert_eq!(names(&harness).len(), 1);
    press(&mut harness, Modifiers::COMMAND, Key::N);
    click(&mut harness, Role::Button, "Don't save");
    assert!(names(&harness).is_empty());
}

#[test]
fn enter_in_a_question_is_its_default_and_esc_its_cancel() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::COMMAND, Key::N);
    assert!(harness.get_by_role_and_label(Role::Button, "Save").is_focused());
    press(&mut harness, Modifiers::NONE, Key::Enter);
    // Never saved: the default, Save, asks where to.
    assert!(harness.get_by_role_and_label(Role::TextInput, "Path").is_focused());
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_role(Role::Dialog).is_none());
    assert_eq!(names(&harness).len(), 1);
}

#[test]
fn a_design_is_saved_to_a_typed_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::COMMAND, Key::S);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::TextInput, "Path").type_text(&path.display().to_string());
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert_eq!(harness.state().workspace().document().path.as_deref(), Some(&*path));
    assert!(!harness.state().workspace().editor().is_dirty());
    assert!(harness.query_by_label("Unsaved changes").is_none());
    assert!(std::fs::read_to_string(&path).unwrap().contains("WasmPlugin"));
}

#[test]
fn the_save_dialog_names_the_folder_while_the_path_is_typed() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::COMMAND, Key::S);
    let here = std::env::current_dir().unwrap();
    harness.get_by_label(&format!("In {}", here.display()));
    press(&mut harness, Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::TextInput, "Path").type_text("designs/mine.yaml");
    harness.run();
    harness.get_by_label(&format!("In {}", here.join("designs").display()));
}

#[test]
fn a_folder_that_is_not_there_leaves_the_typed_path_to_be_mended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/mine.yaml");
    let missing = folder.path().join("none");
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    let save_as = Modifiers::COMMAND | Modifiers::SHIFT;
    press(&mut harness, save_as, Key::S);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::TextInput, "Path").type_text(&path.display().to_string());
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    let field = harness.get_by_role_and_label(Role::TextInput, "Path");
    assert_eq!(field.value().as_deref(), Some(&*path.display().to_string()));
    assert!(field.is_focused());
    let said = format!("mine.yaml could not be written: there is no folder {}", missing.display());
    assert!(harness.query_by_label(&said).is_some());
    std::fs::create_dir(missing).unwrap();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert!(path.exists() && harness.query_by_role(Role::Dialog).is_none());
    assert!(!harness.state().workspace().editor().is_dirty());
}

#[test]
fn a_notice_says_what_failed_until_it_is_dismissed() {
    let mut harness = new_design();
    let path = std::path::PathBuf::from("no/such/design.yaml");
    harness.state_mut().workspace_mut().run(Command::Open(path));
    settle(&mut harness);
    assert!(harness.query_by_role(Role::Alert).is_some());
    click(&mut harness, Role::Button, "Dismiss");
    assert!(harness.query_by_role(Role::Alert).is_none());
}

#[test]
fn a_notice_makes_room_for_what_is_dragged() {
    let mut harness = new_design();
    harness.state_mut().workspace_mut().run(Command::Open("no/such/design.yaml".into()));
    settle(&mut harness);
    let from = harness.get_by_role_and_label(Role::Button, "Add WasmPlugin").rect().center();
    let to = harness.get_by_role_and_label(Role::Button, "Dismiss").rect().center();
    harness.hover_at(from);
    harness.run();
    harness.drag_at(from);
    harness.run();
    for at in [from + egui::vec2(20.0, 20.0), to] {
        harness.hover_at(at);
        harness.step();
        harness.step();
    }
    assert!(harness.query_by_role(Role::Alert).is_none(), "it would cover what the drop does");
    harness.drop_at(to);
    harness.run();
    assert_eq!(names(&harness).len(), 1, "what lies under the notice can be dropped on");
    assert!(harness.query_by_role(Role::Alert).is_some(), "it is there again");
}

#[test]
fn good_news_go_by_themselves_once_somebody_is_there() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    let folder = tempfile::tempdir().unwrap();
    harness.state_mut().workspace_mut().run(Command::SaveCopy(folder.path().join("copy.yaml")));
    settle(&mut harness);
    let count = |harness: &Harness<'static, App>| harness.state().workspace().notices().len();
    harness.run_steps(80);
    assert_eq!(count(&harness), 1, "nobody has been there to read it");
    harness.hover_at(egui::pos2(600.0, 300.0));
    harness.step();
    assert_eq!(count(&harness), 1);
    harness.run_steps(80);
    assert_eq!(count(&harness), 0);
}

#[test]
fn f8_goes_from_problem_to_problem() {
    let mut harness = new_design();
    press(&mut harness, Modifiers::NONE, Key::A);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    settle(&mut harness);
    let editor = harness.state().workspace().editor();
    assert!(editor.selection().is_empty());
    let plugin = editor.design().components().next().unwrap().id();
    // A plugin without a filter and without a url of its own: its wallet is empty.
    assert!(harness.state().workspace().derived().total.errors > 0);
    press(&mut harness, Modifiers::NONE, Key::F8);
    assert_eq!(harness.state().workspace().editor().selection().primary(), Some(plugin));
}

/// Nothing is asked for while nothing happens: the window stands still.
#[test]
fn an_idle_window_asks_for_no_frame() {
    let mut harness = new_design();
    harness.run();
    let steps = harness.run();
    assert!(steps <= 1, "{steps} frames while nothing happened");
}

#[test]
fn f8_and_the_list_of_problems_share_the_problem_at_hand() {
    let mut harness = new_design();
    for _ in 0..2 {
        press(&mut harness, Modifiers::NONE, Key::Escape);
        press(&mut harness, Modifiers::NONE, Key::A);
    }
    settle(&mut harness);
    let count = harness.state().workspace().derived().diagnostics.len();
    assert!(count >= 2, "{count} problems");
    let current = |harness: &Harness<'static, App>| {
        let rows = harness.get_all_by_role(Role::ListItem);
        rows.enumerate().find(|(_, row)| row.accesskit_node().is_selected() == Some(true)).map(|(at, _)| at)
    };
    assert_eq!(current(&harness), None);
    press(&mut harness, Modifiers::NONE, Key::F8);
    assert_eq!((current(&harness), harness.state().view().problem), (Some(0), Some(0)));
    press(&mut harness, Modifiers::SHIFT, Key::F8);
    assert_eq!(harness.state().view().problem, Some(count - 1));
    press(&mut harness, Modifiers::NONE, Key::F8);
    press(&mut harness, Modifiers::NONE, Key::F8);
    assert_eq!(current(&harness), Some(1));
    // The list goes on from there, and F8 from where the list is.
    press(&mut harness, Modifiers::COMMAND, Key::Num4);
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    assert_eq!(harness.state().view().problem, Some(0));
    press(&mut harness, Modifiers::NONE, Key::F8);
    assert_eq!(current(&harness), Some(1));
    // Another component is selected: its problem is another one.
    let other = harness.state().workspace().derived().diagnostics[0].component().unwrap();
    harness.state_mut().workspace_mut().run(Command::Select(vec![other]));
    harness.run();
    assert_eq!(harness.state().view().problem, None);
}

#[test]
fn ctrl_a_and_ctrl_c_in_the_preview_give_every_byte() {
    let mut harness = window();
    harness.run();
    click(&mut harness, Role::Button, SAMPLES[0].title);
    settle(&mut harness);
    let selected = harness.state().workspace().editor().selection().len();
    press(&mut harness, Modifiers::COMMAND, Key::Num5);
    assert!(harness.get_by_role_and_label(Role::Document, "Manifests").is_focused());
    press(&mut harness, Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Copy);
    harness.step();
    let copied = harness.output().platform_output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    let preview = harness.state().workspace().preview().to_owned();
    assert!(preview.lines().count() > 12, "more than is in view");
    assert_eq!(copied, Some(preview));
    assert_eq!(harness.state().workspace().editor().selection().len(), selected);
}

#[test]
fn a_notice_stands_over_the_canvas_and_says_everything() {
    let mut harness = new_design();
    harness.state_mut().workspace_mut().run(Command::Open("no/such/design.yaml".into()));
    settle(&mut harness);
    let notice = harness.get_by_role(Role::Alert);
    let name = notice.accesskit_node().label().unwrap();
    assert!(name.contains("could not be read") || name.contains("no/such/design.yaml"), "{name}");
    let dismiss = harness.get_by_role_and_label(Role::Button, "Dismiss").rect();
    let bottom = harness.get_by_role_and_label(Role::Tab, "Export preview").rect();
    let right = harness.get_by_role_and_label(Role::Tab, "Form").rect();
    assert!(dismiss.bottom() < bottom.top() && dismiss.right() < right.left(), "{dismiss} {bottom} {right}");
}

#[test]
fn a_panel_that_was_dragged_wider_is_remembered_so() {
    let mut harness = new_design();
    assert_eq!(harness.state().workspace().panel_sizes().left, None);
    let edge = egui::pos2(harness.get_by_role_and_label(Role::Tab, "Canvas").rect().left() - 12.0, 300.0);
    harness.hover_at(edge);
    harness.run();
    harness.drag_at(edge);
    harness.run();
    harness.hover_at(edge + egui::vec2(40.0, 0.0));
    harness.run();
    harness.drop_at(edge + egui::vec2(40.0, 0.0));
    harness.run();
    let sizes = harness.state().workspace().panel_sizes();
    let width = sizes.left.expect("the width is remembered");
    assert!((width - edge.x - 40.0).abs() <= 16.0, "{width}");
    assert_eq!((sizes.right, sizes.bottom, sizes.preview), (None, None, None), "nobody has touched them");
}
