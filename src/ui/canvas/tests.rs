//! The canvas as a person or a screen reader meets it: by role and label.

#![expect(clippy::float_cmp, reason = "whole and half units are exact")]

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::editor::{Destination, Editor};
use crate::model::Value;
use crate::registry::Registry;
use crate::workspace::Command;

struct Bench {
    editor: Editor,
    derived: Derived,
    state: CanvasState,
    queue: CommandQueue,
    /// What was asked for, frame by frame.
    log: Vec<Command>,
}

impl Bench {
    fn run(&mut self) {
        drop(self.queue.take_events());
        for command in self.queue.take_commands() {
            self.log.push(command.clone());
            match command {
                Command::Edit(edit) | Command::EditCoalesced(edit, _) => self.editor.apply(edit).unwrap(),
                Command::Select(ids) => self.editor.selection_mut().set(ids),
                Command::ToggleSelected(id) => self.editor.selection_mut().toggle(id),
                _ => {}
            }
        }
    }

    fn edits(&self) -> Vec<&EditCommand> {
        self.log
            .iter()
            .filter_map(|command| match command {
                Command::Edit(edit) | Command::EditCoalesced(edit, _) => Some(edit),
                _ => None,
            })
            .collect()
    }

    fn chain(&self, wallet: &str) -> Vec<String> {
        let design = self.editor.design();
        design.chain(id(self, wallet)).iter().map(|link| design.name_of(link.from)).collect()
    }
}

fn id(bench: &Bench, name: &str) -> ComponentId {
    let design = bench.editor.design();
    let found = design.components().find(|component| design.name_of(component.id()) == name);
    found.unwrap_or_else(|| panic!("no component {name}")).id()
}

/// A design of components, each a kind, a name and a position in units, and of (child, parent) by number.
fn editor_of(components: &[(ComponentKind, &str, f64, f64)], pairs: &[(usize, usize)]) -> Editor {
    let mut editor = Editor::open(Design::default(), Registry::builtin());
    let seed =
        |number: usize| crate::model::IdSeed(crate::model::ids::name_uuid(&format!("component {number}")));
    for (number, (kind, name, x, y)) in components.iter().enumerate() {
        let destination = match pairs.iter().find(|(child, _)| *child == number) {
            Some((_, parent)) if components[*parent].0.is_wallet() => {
                Destination::Wallet { wallet: seed(*parent).component(0), place: usize::MAX }
            }
            Some((_, parent)) => Destination::Frame {
                namespace: seed(*parent).component(0),
                position: Some(Position::new(*x, *y)),
            },
            None => Destination::Canvas(Some(Position::new(*x, *y))),
        };
        editor
            .apply(EditCommand::AddComponent { kind: kind.clone(), destination, seed: seed(number) })
            .unwrap();
        let id = seed(number).component(0);
        editor.apply(EditCommand::Rename { id, name: (*name).to_owned() }).unwrap();
    }
    editor.selection_mut().clear();
    editor
}

/// A namespace with a plugin of two filters and a workload, and a second plugin below, in no namespace.
fn sample() -> Editor {
    use ComponentKind as Kind;
    editor_of(
        &[
            (Kind::NAMESPACE, "shop", 0.0, 0.0),
            (Kind::WASM_PLUGIN, "edge-auth", 20.0, 20.0),
            (Kind::WASM_FILTER, "basic-auth", 0.0, 0.0),
            (Kind::WASM_FILTER, "jwt-claims", 0.0, 0.0),
            (Kind::DEPLOYMENT, "back-golang", 75.0, 12.0),
            (Kind::WASM_PLUGIN, "tracing", 20.0, 68.0),
        ],
        &[(1, 0), (2, 1), (3, 1), (4, 0)],
    )
}

fn harness(editor: Editor) -> Harness<'static, Bench> {
    let bench = Bench {
        editor,
        derived: Derived::default(),
        state: CanvasState::default(),
        queue: CommandQueue::default(),
        log: Vec::new(),
    };
    let window = Harness::builder().with_size(vec2(1200.0, 900.0)).with_max_steps(12);
    let mut harness = crate::ui::bench::harness(window, bench, |ui, bench, theme| {
        let source = Source { editor: &bench.editor, derived: &bench.derived };
        frame(ui, &mut bench.state, source, theme, &mut bench.queue);
        if !bench.queue.is_empty() {
            ui.ctx().request_repaint();
        }
        bench.run();
    });
    harness.run();
    harness
}

const PLUGIN: &str = "WasmPlugin edge-auth, 2 filters";
const FIRST: &str = "WasmFilter basic-auth, 1 of 2 in edge-auth";
const SECOND: &str = "WasmFilter jwt-claims, 2 of 2 in edge-auth";
const WORKLOAD: &str = "Deployment back-golang, app=deployment-1";
const OTHER: &str = "WasmPlugin tracing, no filters";

fn center(harness: &Harness<'_, Bench>, label: &str) -> Pos2 {
    harness.get_by_label(label).rect().center()
}

/// A place in the header of a wallet, which is no filter.
fn header(harness: &Harness<'_, Bench>, label: &str) -> Pos2 {
    harness.get_by_label(label).rect().left_top() + vec2(60.0, 15.0)
}

fn button(harness: &Harness<'_, Bench>, pos: Pos2, pressed: bool, modifiers: Modifiers) {
    harness.event_modifiers(
        Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers },
        modifiers,
    );
}

fn click(harness: &mut Harness<'_, Bench>, pos: Pos2, modifiers: Modifiers) {
    harness.hover_at(pos);
    harness.run();
    // Without a run between: a press that is held long is no click.
    button(harness, pos, true, modifiers);
    button(harness, pos, false, modifiers);
    harness.run();
}

fn press_and_move(harness: &mut Harness<'_, Bench>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.run();
    button(harness, from, true, Modifiers::NONE);
    harness.run();
    for step in 1..=4u8 {
        harness.hover_at(from.lerp(to, f32::from(step) / 4.0));
        harness.run();
    }
}

fn drag(harness: &mut Harness<'_, Bench>, from: Pos2, to: Pos2) {
    press_and_move(harness, from, to);
    button(harness, to, false, Modifiers::NONE);
    harness.run();
}

fn selected(harness: &Harness<'_, Bench>) -> Vec<String> {
    let editor = &harness.state().editor;
    editor.selection().iter().map(|id| editor.design().name_of(id)).collect()
}

#[test]
fn every_component_has_a_name_and_a_role() {
    let harness = harness(sample());
    for label in [PLUGIN, FIRST, SECOND, WORKLOAD, OTHER, "Namespace shop, 2 components"] {
        harness.get_by_role_and_label(Role::Button, label);
    }
    for button in ["Zoom in", "Zoom out", "Zoom to 100 %", "Fit all", "Add a filter to edge-auth"] {
        harness.get_by_role_and_label(Role::Button, button);
    }
}

#[test]
fn a_click_selects_the_deepest_and_shift_adds() {
    let mut harness = harness(sample());
    let filter = center(&harness, FIRST);
    click(&mut harness, filter, Modifiers::NONE);
    assert_eq!(selected(&harness), ["basic-auth"]);
    let plugin = header(&harness, PLUGIN);
    click(&mut harness, plugin, Modifiers::NONE);
    assert_eq!(selected(&harness), ["edge-auth"]);
    let workload = center(&harness, WORKLOAD);
    click(&mut harness, workload, Modifiers::SHIFT);
    assert_eq!(selected(&harness), ["edge-auth", "back-golang"]);
    click(&mut harness, workload, Modifiers::SHIFT);
    assert_eq!(selected(&harness), ["edge-auth"]);
    let nothing = Pos2::new(1190.0, 10.0);
    click(&mut harness, nothing, Modifiers::NONE);
    assert!(selected(&harness).is_empty());
    assert!(harness.state().edits().is_empty(), "looking is no edit");
}

#[test]
fn a_screen_reader_can_select() {
    let mut harness = harness(sample());
    harness.get_by_label(SECOND).click_accesskit();
    harness.run();
    assert_eq!(selected(&harness), ["jwt-claims"]);
}

#[test]
fn tab_walks_over_the_components_and_then_leaves() {
    let mut harness = harness(sample());
    harness.get_by_label("Canvas").focus();
    harness.run();
    let mut walk = Vec::new();
    for _ in 0..6 {
        harness.key_press(Key::Tab);
        harness.run();
        walk.extend(selected(&harness));
        assert!(harness.state().state.is_focused());
    }
    assert_eq!(walk, ["shop", "edge-auth", "basic-auth", "jwt-claims", "back-golang", "tracing"]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Tab);
    harness.run();
    assert_eq!(selected(&harness), ["back-golang"]);
    for _ in 0..2 {
        harness.key_press(Key::Tab);
        harness.run();
    }
    assert!(!harness.state().state.is_focused());
    assert!(harness.get_by_label("Zoom out").is_focused());
}

#[test]
fn cards_move_in_half_units_and_keep_their_frame() {
    let mut harness = harness(sample());
    let from = center(&harness, WORKLOAD);
    drag(&mut harness, from, from + vec2(33.0, 50.0));
    let [EditCommand::Move { moves }] = harness.state().edits()[..] else {
        panic!("{:?}", harness.state().edits());
    };
    let [(moved, position)] = moves[..] else { panic!("{moves:?}") };
    assert_eq!(moved, id(harness.state(), "back-golang"));
    assert_eq!((position.x * 2.0).fract(), 0.0);
    assert!(position.x > 75.0 && position.y > 12.0);
}

#[test]
fn moving_a_frame_moves_what_lies_in_it() {
    let mut harness = harness(sample());
    let title = harness.get_by_label("Namespace shop, 2 components").rect().left_top() + vec2(60.0, 0.0);
    drag(&mut harness, title, title + vec2(40.0, 0.0));
    let [EditCommand::Move { moves }] = harness.state().edits()[..] else {
        panic!("{:?}", harness.state().edits());
    };
    let mut names: Vec<String> =
        moves.iter().map(|(id, _)| harness.state().editor.design().name_of(*id)).collect();
    names.sort();
    assert_eq!(names, ["back-golang", "edge-auth", "shop"]);
}

#[test]
fn the_effect_of_a_drop_is_said_before_release_and_happens_on_it() {
    let mut harness = harness(sample());
    let from = center(&harness, FIRST);
    let to = center(&harness, OTHER);
    press_and_move(&mut harness, from, to);
    assert!(harness.state().edits().is_empty(), "nothing before release");
    let said = harness.state().editor.drop_effect(
        &crate::editor::Dragged::Existing(vec![id(harness.state(), "basic-auth")]),
        Destination::Wallet { wallet: id(harness.state(), "tracing"), place: 0 },
    );
    harness.get_by_label(said.text());
    button(&harness, to, false, Modifiers::NONE);
    harness.run();
    assert_eq!(harness.state().chain("edge-auth"), ["jwt-claims"]);
    assert_eq!(harness.state().chain("tracing"), ["basic-auth"]);
}

#[test]
fn filters_are_reordered_within_their_wallet() {
    let mut harness = harness(sample());
    let (from, above) = (center(&harness, SECOND), center(&harness, FIRST) - vec2(0.0, 10.0));
    drag(&mut harness, from, above);
    assert_eq!(harness.state().chain("edge-auth"), ["jwt-claims", "basic-auth"]);
    assert_eq!(harness.state().edits().len(), 1);
}

#[test]
fn a_filter_can_be_taken_out() {
    let mut harness = harness(sample());
    let from = center(&harness, FIRST);
    drag(&mut harness, from, Pos2::new(900.0, 800.0));
    assert_eq!(harness.state().chain("edge-auth"), ["jwt-claims"]);
    harness.get_by_label("WasmFilter basic-auth, in no wallet");
}

#[test]
fn escape_cancels_a_drag() {
    let mut harness = harness(sample());
    let (from, to) = (center(&harness, FIRST), center(&harness, OTHER));
    press_and_move(&mut harness, from, to);
    harness.key_press(Key::Escape);
    harness.run();
    button(&harness, to, false, Modifiers::NONE);
    harness.run();
    assert!(harness.state().edits().is_empty());
    assert!(!harness.state().state.is_gesture_active());
}

#[test]
fn a_card_does_not_take_a_plugin() {
    let mut harness = harness(sample());
    let (from, to) = (header(&harness, OTHER), center(&harness, WORKLOAD));
    drag(&mut harness, from, to);
    assert!(harness.state().edits().is_empty());
}

#[test]
fn a_card_leaves_and_enters_frames() {
    let mut harness = harness(sample());
    let from = center(&harness, WORKLOAD);
    drag(&mut harness, from, Pos2::new(900.0, 860.0));
    let workload = id(harness.state(), "back-golang");
    assert_eq!(harness.state().editor.design().frame_of(workload), None);
    let from = center(&harness, WORKLOAD);
    let into = harness.get_by_label("Namespace shop, 1 component").rect().center_top() + vec2(0.0, 20.0);
    drag(&mut harness, from, into);
    assert!(harness.state().editor.design().frame_of(workload).is_some());
}

#[test]
fn a_rubber_band_selects_what_it_touches() {
    let mut harness = harness(sample());
    let area = harness.get_by_label(WORKLOAD).rect();
    drag(&mut harness, area.right_bottom() + vec2(20.0, 60.0), area.center());
    assert_eq!(selected(&harness), ["back-golang"]);
    assert!(harness.state().edits().is_empty());
}

#[test]
fn a_click_on_the_slot_adds_a_filter() {
    let mut harness = harness(sample());
    let slot = center(&harness, "Add a filter to tracing");
    click(&mut harness, slot, Modifiers::NONE);
    assert_eq!(harness.state().chain("tracing").len(), 1);
    harness.get_by_label("Add a filter to edge-auth").click_accesskit();
    harness.run();
    assert_eq!(harness.state().chain("edge-auth").len(), 3);
}

#[test]
fn arrows_nudge_as_one_step() {
    let mut harness = harness(sample());
    let workload = center(&harness, WORKLOAD);
    click(&mut harness, workload, Modifiers::NONE);
    for _ in 0..3 {
        harness.key_press(Key::ArrowRight);
        harness.run();
    }
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    harness.run();
    let component = id(harness.state(), "back-golang");
    let position = harness.state().editor.design().component(component).unwrap().position();
    assert_eq!(position, Some(Position::new(78.0, 22.0)));
    let keys: Vec<u64> = harness
        .state()
        .log
        .iter()
        .filter_map(|command| match command {
            Command::EditCoalesced(_, key) => Some(*key),
            _ => None,
        })
        .collect();
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn the_wheel_pans_and_zooms_at_the_pointer() {
    let mut harness = harness(sample());
    let at = center(&harness, WORKLOAD);
    let before = harness.state().state.view().to_canvas(at);
    harness.hover_at(at);
    harness.run();
    harness.event(Event::Zoom(1.5));
    harness.run();
    let view = *harness.state().state.view();
    assert!(view.zoom > 1.2);
    assert!((view.to_canvas(at) - before).length() < 0.5);
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: Vec2::new(0.0, -120.0),
        modifiers: Modifiers::NONE,
        phase: egui::TouchPhase::Move,
    });
    harness.run();
    assert!(harness.state().state.view().centre.y > view.centre.y);
    harness.get_by_label("Zoom to 100 %").click();
    harness.run();
    assert_eq!(harness.state().state.zoom(), 1.0);
}

#[test]
fn the_middle_button_and_space_pan() {
    let mut harness = harness(sample());
    let at = center(&harness, WORKLOAD);
    let before = harness.state().state.view().centre;
    harness.hover_at(at);
    let middle = |harness: &Harness<'_, Bench>, pos: Pos2, pressed: bool| {
        let (button, modifiers) = (PointerButton::Middle, Modifiers::NONE);
        harness.event(Event::PointerButton { pos, button, pressed, modifiers });
    };
    middle(&harness, at, true);
    harness.hover_at(at + vec2(60.0, 0.0));
    middle(&harness, at + vec2(60.0, 0.0), false);
    harness.run();
    let panned = harness.state().state.view().centre;
    assert!(panned.x < before.x - 30.0);
    harness.key_down(Key::Space);
    harness.run();
    let at = center(&harness, WORKLOAD);
    drag(&mut harness, at, at + vec2(0.0, 80.0));
    harness.key_up(Key::Space);
    harness.run();
    assert!(harness.state().state.view().centre.y < panned.y - 30.0);
    assert!(harness.state().log.is_empty(), "looking is no command: {:?}", harness.state().log);
}

#[test]
fn several_filters_move_together_and_keep_their_order() {
    let mut harness = harness(sample());
    let (first, second) = (center(&harness, FIRST), center(&harness, SECOND));
    click(&mut harness, second, Modifiers::NONE);
    click(&mut harness, first, Modifiers::SHIFT);
    let to = center(&harness, OTHER);
    drag(&mut harness, second, to);
    assert_eq!(harness.state().chain("tracing"), ["basic-auth", "jwt-claims"]);
    assert!(harness.state().chain("edge-auth").is_empty());
    assert_eq!(harness.state().edits().len(), 1, "one gesture, one step");
}

#[test]
fn a_drop_that_changes_nothing_is_no_edit() {
    let mut harness = harness(sample());
    let from = center(&harness, FIRST);
    drag(&mut harness, from, from + vec2(30.0, 9.0));
    assert!(harness.state().edits().is_empty());
    assert_eq!(harness.state().chain("edge-auth"), ["basic-auth", "jwt-claims"]);
}

#[test]
fn a_fitted_view_follows_the_size_of_the_canvas() {
    let mut harness = harness(sample());
    harness.set_size(vec2(500.0, 400.0));
    harness.run();
    let bounds = harness.state().state.scene().bounds;
    assert!(harness.state().state.view().visible().contains_rect(bounds));
    harness.get_by_label("Zoom in").click();
    harness.run();
    let zoom = harness.state().state.zoom();
    harness.set_size(vec2(900.0, 700.0));
    harness.run();
    assert_eq!(harness.state().state.zoom(), zoom, "what the user has set stays");
}

#[test]
fn what_is_added_is_brought_into_view() {
    let mut harness = harness(sample());
    harness.get_by_label("Zoom to 100 %").click();
    harness.run();
    let seed = crate::model::IdSeed(crate::model::ids::name_uuid("far"));
    let destination = Destination::Canvas(Some(Position::new(900.0, 900.0)));
    let add = EditCommand::AddComponent { kind: ComponentKind::SECRET, destination, seed };
    harness.state_mut().queue.edit(add);
    harness.state_mut().queue.push(Command::Select(vec![seed.component(0)]));
    harness.run();
    harness.run();
    harness.get_by_label("Secret secret-1");
}

#[test]
fn what_is_found_is_selected() {
    let mut harness = harness(sample());
    harness.state_mut().state.find.open();
    harness.run();
    harness.get_by_label("Find on canvas").type_text("wasmplugin");
    harness.run();
    assert_eq!(selected(&harness), ["edge-auth"]);
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(selected(&harness), ["tracing"]);
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Find on canvas").is_none());
    assert!(harness.state().state.is_focused());
}

#[test]
fn a_click_on_nothing_takes_the_keyboard_from_the_card() {
    let mut harness = harness(sample());
    let card = header(&harness, PLUGIN);
    click(&mut harness, card, Modifiers::NONE);
    assert!(harness.state().state.cursor.is_some());
    let corner = harness.state().state.view().viewport.right_top() + vec2(-4.0, 4.0);
    click(&mut harness, corner, Modifiers::NONE);
    assert_eq!(harness.state().state.cursor, None);
}

#[test]
fn a_drag_that_began_elsewhere_is_none_of_the_canvas() {
    let mut harness = harness(sample());
    let outside = harness.state().state.view().viewport.left_top() - vec2(5.0, 5.0);
    let inside = harness.state().state.view().viewport.center();
    harness.hover_at(outside);
    harness.run();
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    // In one frame: egui takes it for a press on what the pointer has reached.
    harness.input_mut().events.extend([
        Event::PointerButton { pos: outside, button, pressed: true, modifiers },
        Event::PointerMoved(inside),
    ]);
    harness.step();
    harness.hover_at(inside + vec2(40.0, 40.0));
    harness.run_steps(3);
    assert!(!harness.state().state.is_gesture_active());
}

#[test]
fn a_badge_says_what_is_wrong() {
    let mut bench = harness(sample());
    let plugin = id(bench.state(), "edge-auth");
    let counts = crate::editor::Counts { errors: 1, warnings: 2, infos: 0 };
    bench.state_mut().derived.counts.insert(plugin, counts);
    let path = crate::model::FieldPath::keys(&["configuration", "spec", "url"]);
    let location = crate::model::Location::component(plugin, path.clone());
    bench.state_mut().derived.diagnostics.push(crate::model::Diagnostic::new(
        "WP001",
        location,
        "url is missing",
    ));
    bench.run();
    bench.get_by_label("WasmPlugin edge-auth, 2 filters, 1 error and 2 warnings");
    bench.get_by_label("Findings of edge-auth: 1 error and 2 warnings").click();
    bench.run();
    bench.get_by_label("error WP001: url is missing").click();
    bench.run();
    assert!(bench.state().log.contains(&Command::Reveal(plugin, path)));
}

#[test]
fn infos_make_no_badge() {
    let mut bench = harness(sample());
    let plugin = id(bench.state(), "edge-auth");
    let counts = crate::editor::Counts { infos: 2, ..crate::editor::Counts::default() };
    bench.state_mut().derived.counts.insert(plugin, counts);
    bench.run();
    bench.get_by_label("WasmPlugin edge-auth, 2 filters, 2 infos");
    assert!(bench.query_by_label("Findings of edge-auth: 2 infos").is_none());
}

#[test]
fn a_far_design_is_seen_whole() {
    let many: Vec<_> = (0..60u8)
        .map(|i| (ComponentKind::DEPLOYMENT, "w", f64::from(i) * 200.0, f64::from(i % 7) * 300.0))
        .collect();
    let harness = harness(editor_of(&many, &[]));
    let view = harness.state().state.view();
    assert!(view.zoom < view::ZOOM_MIN);
    assert!(view.visible().contains_rect(harness.state().state.scene().bounds));
}

#[test]
fn a_broken_design_is_shown() {
    let text = Value::from([("components", Value::List(vec![Value::Null, Value::from("x")]))]);
    let editor = Editor::open(Design::from_tree(text), Registry::builtin());
    let harness = harness(editor);
    assert_eq!(harness.state().state.scene().nodes.len(), 2);
}
