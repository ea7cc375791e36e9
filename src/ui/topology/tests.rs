//! The topology by role and label, and that it comes to rest.

use egui::accesskit::Role;
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::editor::{Destination, EditCommand};
use crate::model::{ComponentKind, IdSeed, ids::name_uuid};
use crate::registry::Registry;

struct Bench {
    editor: Editor,
    state: TopologyState,
    queue: CommandQueue,
}

fn seed(name: &str) -> IdSeed {
    IdSeed(name_uuid(name))
}

fn add(editor: &mut Editor, kind: ComponentKind, name: &str, destination: Destination) -> ComponentId {
    let id = seed(name).component(0);
    editor.apply(EditCommand::AddComponent { kind, destination, seed: seed(name) }).unwrap();
    editor.apply(EditCommand::Rename { id, name: name.to_owned() }).unwrap();
    id
}

fn sample() -> Editor {
    let mut editor = Editor::open(Design::default(), Registry::builtin());
    let namespace = add(&mut editor, ComponentKind::NAMESPACE, "shop", Destination::Canvas(None));
    let inside = Destination::Frame { namespace, position: None };
    let plugin = add(&mut editor, ComponentKind::WASM_PLUGIN, "edge-auth", inside);
    let into = Destination::Wallet { wallet: plugin, place: 0 };
    add(&mut editor, ComponentKind::WASM_FILTER, "basic-auth", into);
    add(&mut editor, ComponentKind::DEPLOYMENT, "back-golang", inside);
    editor.selection_mut().clear();
    editor
}

fn harness(editor: Editor) -> Harness<'static, Bench> {
    let bench = Bench { editor, state: TopologyState::default(), queue: CommandQueue::default() };
    let window = Harness::builder().with_size(vec2(1000.0, 700.0));
    crate::ui::bench::harness(window, bench, |ui, bench, theme| {
        frame(ui, &mut bench.state, &bench.editor, theme, &mut bench.queue);
        for command in bench.queue.take_commands() {
            if let Command::Select(ids) = command {
                bench.editor.selection_mut().set(ids);
            }
        }
    })
}

/// Frames until nothing moves.
fn settled(editor: Editor) -> Harness<'static, Bench> {
    let mut harness = harness(editor);
    harness.run_steps(40);
    assert!(harness.state().state.moving_since.is_none(), "five seconds are over");
    harness.run();
    harness
}

#[test]
fn it_comes_to_rest_and_paints_what_it_painted() {
    let mut harness = settled(sample());
    assert!(harness.state().state.painted.is_some());
    let places: Vec<Rect> = harness.state().state.network.faces().map(|(_, rect)| rect).collect();
    harness.run_steps(3);
    let again: Vec<Rect> = harness.state().state.network.faces().map(|(_, rect)| rect).collect();
    assert_eq!(places, again);
    harness.run();
}

#[test]
fn a_click_on_a_node_selects_its_component() {
    let mut harness = settled(sample());
    harness.get_by_role_and_label(Role::Button, "WasmFilter basic-auth, 1 of 1 in edge-auth").click();
    harness.run();
    assert_eq!(harness.state().editor.selection().primary(), Some(seed("basic-auth").component(0)));
    harness.get_by_label("Deployment back-golang, app=deployment-1").click_accesskit();
    harness.run();
    assert_eq!(harness.state().editor.selection().primary(), Some(seed("back-golang").component(0)));
}

#[test]
fn every_relation_is_an_edge() {
    let harness = settled(sample());
    let mut edges = harness.state().state.network.relations();
    edges.sort_unstable_by_key(|relation| format!("{relation:?}"));
    assert_eq!(edges, [Relation::Frames, Relation::Frames, Relation::Holds, Relation::Selects]);
}

#[test]
fn the_hierarchy_puts_what_is_held_to_the_right() {
    let mut harness = settled(sample());
    harness.get_by_label("Hierarchy layout").click();
    harness.run_steps(4);
    harness.run();
    let left = |label: &str| harness.get_by_label(label).rect().left();
    let (namespace, plugin) = (left("Namespace shop, 2 components"), left("WasmPlugin edge-auth, 1 filter"));
    assert!(namespace < plugin && plugin < left("WasmFilter basic-auth, 1 of 1 in edge-auth"));
}

#[test]
fn an_empty_design_has_an_empty_topology() {
    let harness = settled(Editor::open(Design::default(), Registry::builtin()));
    assert!(harness.query_by_label("Fit all").is_none());
}

#[test]
fn it_shows_everything_as_large_as_it_can_after_a_resize() {
    for arrangement in ["Force layout", "Hierarchy layout"] {
        let mut harness = settled(sample());
        harness.get_by_label(arrangement).click();
        harness.run_steps(40);
        for size in [vec2(1800.0, 1000.0), vec2(500.0, 400.0), vec2(1000.0, 700.0)] {
            harness.set_size(size);
            harness.run_steps(3);
            let state = &harness.state().state;
            assert!((state.view.viewport.width() - size.x).abs() < 40.0, "{:?}", state.view.viewport);
            let mut fitted = state.view;
            state.network.fit(&mut fitted);
            assert_eq!(
                (state.view.centre, state.view.zoom),
                (fitted.centre, fitted.zoom),
                "{arrangement}, {size}"
            );
        }
    }
}
