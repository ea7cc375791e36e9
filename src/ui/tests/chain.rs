//! The chain of a proxy: what it shows, and how its order is changed with the pointer and with the keyboard.

use std::path::Path;

use super::*;
use crate::ui::queue::BottomTab;

/// Two wallets in one phase on one workload, one without a phase, and one that is for other pods.
const MANIFESTS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: 'reg.example.com/cart:1'}]}
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: first, namespace: shop}
spec: {url: 'file:///opt/first.wasm', phase: AUTHN, priority: 20}
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: second, namespace: shop}
spec: {url: 'file:///opt/second.wasm', phase: AUTHN, priority: 10}
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: third, namespace: shop}
spec: {url: 'file:///opt/third.wasm', phase: AUTHN, priority: 10}
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: other, namespace: shop}
spec: {url: 'file:///opt/other.wasm', selector: {matchLabels: {app: other}}}
";

fn window_on(manifests: &str) -> Harness<'static, App> {
    let mut harness = window();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifests.yaml");
    std::fs::write(&path, manifests).unwrap();
    open(&mut harness, &path);
    harness
}

fn open(harness: &mut Harness<'static, App>, path: &Path) {
    harness.state_mut().workspace_mut().run(Command::Import(vec![path.to_owned()]));
    settle(harness);
    click(harness, Role::Tab, "Chain");
    settle(harness);
    assert_eq!(harness.state().view().bottom, BottomTab::Chain);
}

/// The filters of the design in the order that is shown, Istio's own left out.
fn own(harness: &Harness<'static, App>) -> Vec<String> {
    let labels = harness.get_all_by_role(Role::ListItem).filter_map(|node| node.accesskit_node().label());
    labels.filter(|label| label.starts_with(|c: char| c.is_ascii_digit())).collect()
}

fn priority(harness: &Harness<'static, App>, name: &str) -> Option<i64> {
    let design = harness.state().workspace().editor().design();
    let plugin = design.components().find(|it| it.metadata_name() == Some(name)).unwrap();
    plugin.configured(&["spec", "priority"]).and_then(crate::model::Value::as_i64)
}

#[test]
fn a_chain_shows_the_order_and_what_is_not_here() {
    let harness = window_on(MANIFESTS);
    let shown = own(&harness);
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert!(shown[0].starts_with("1. ") && shown[0].contains("first, AUTHN, priority 20"), "{shown:?}");
    assert!(shown[1].ends_with("order not determined"), "{shown:?}");
    harness.get_by_role_and_label(Role::Button, "Proxy: Deployment shop/cart");
    let absent = harness.get_all_by_role(Role::ListItem).filter_map(|it| it.accesskit_node().label());
    let absent: Vec<String> = absent.filter(|label| label.contains("not here")).collect();
    assert_eq!(absent.len(), 1, "{absent:?}");
    assert!(absent[0].starts_with("other"), "{absent:?}");
}

#[test]
fn brackets_move_a_plugin_past_its_neighbour_in_one_step() {
    let mut harness = window_on(MANIFESTS);
    press(&mut harness, Modifiers::COMMAND, Key::Num4);
    press(&mut harness, Modifiers::NONE, Key::CloseBracket);
    settle(&mut harness);
    let shown = own(&harness);
    assert!(shown[0].contains("second") && shown[1].contains("first"), "{shown:?}");
    let depth = harness.state().workspace().editor().history().depth();
    harness.state_mut().workspace_mut().run(Command::Undo);
    settle(&mut harness);
    assert_eq!(harness.state().workspace().editor().history().depth(), depth - 1);
    assert_eq!(priority(&harness, "first"), Some(20));
    assert!(own(&harness)[0].contains("first"));
}

#[test]
fn a_drag_says_what_it_would_do_and_escape_ends_it() {
    let mut harness = window_on(MANIFESTS);
    let words = own(&harness);
    let place = |harness: &Harness<'static, App>, words: &str| {
        harness.get_by_role_and_label(Role::ListItem, words).rect()
    };
    let (from, to) = (place(&harness, &words[2]), place(&harness, &words[0]));
    let drag = |harness: &mut Harness<'static, App>| {
        harness.drag_at(from.center());
        harness.run();
        harness.hover_at(from.center() - egui::vec2(30.0, 0.0));
        harness.run();
        harness.hover_at(to.left_center() + egui::vec2(4.0, 0.0));
        harness.run();
    };
    let before = harness.state().workspace().editor().history().depth();
    drag(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    harness.drop_at(to.left_center());
    harness.run();
    settle(&mut harness);
    assert_eq!(harness.state().workspace().editor().history().depth(), before, "Esc leaves nothing behind");
    drag(&mut harness);
    harness.drop_at(to.left_center() + egui::vec2(4.0, 0.0));
    harness.run();
    settle(&mut harness);
    let moved = words[2].split(['.', ',']).nth(1).unwrap().trim().to_owned();
    assert!(own(&harness)[0].contains(&moved), "{:?}", own(&harness));
    assert_eq!(harness.state().workspace().editor().history().depth(), before + 1);
}

#[test]
fn the_direction_and_the_proxy_can_be_chosen() {
    let mut harness = window_on(MANIFESTS);
    click(&mut harness, Role::RadioButton, "Outbound");
    settle(&mut harness);
    assert_eq!(own(&harness).len(), 3);
    click(&mut harness, Role::Button, "Proxy: Deployment shop/cart");
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    harness.get_by_role_and_label(Role::Button, "Proxy: Deployment shop/cart");
}

#[test]
fn a_design_without_a_proxy_says_so() {
    let mut harness = new_design();
    click(&mut harness, Role::Tab, "Chain");
    harness.get_by_label("No proxy in this design");
}
