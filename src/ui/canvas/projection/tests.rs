//! Scenes of small designs, by name.

use std::fmt::Write as _;

use super::*;
use crate::model::Value;
use crate::yaml;

fn scene(text: &str) -> Scene {
    let tree = yaml::parse_bytes(text.as_bytes()).unwrap().documents.remove(0).value;
    Scene::of(&Design::from_tree(tree), Revision(1), &Scene::default())
}

/// `kind name namespace {labels or selector}` and wallets as `child > parent`, a line each.
fn design(lines: &[&str], pairs: &[(usize, usize, &str)]) -> Scene {
    let mut text = "components:\n".to_owned();
    for (number, line) in lines.iter().enumerate() {
        let [kind, name, namespace, rest] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let version = match kind {
            "WasmPlugin" => "extensions.istio.io/v1alpha1",
            "EnvoyFilter" => "networking.istio.io/v1alpha3",
            "WASMFilter" => "core.meshery.io/v1alpha1",
            "Gateway" => "gateway.networking.k8s.io/v1",
            "Deployment" => "apps/v1",
            _ => "v1",
        };
        writeln!(
            text,
            "- id: c{number}\n  component: {{kind: {kind}, version: {version}}}\n  configuration: \
             {{metadata: {{name: {name}, namespace: {namespace}}}, spec: {rest}}}"
        )
        .unwrap();
    }
    text += "relationships:\n";
    for (number, (child, parent, kind)) in pairs.iter().enumerate() {
        writeln!(
            text,
            "- {{id: r{number}, kind: hierarchical, type: parent, subType: {kind}, selectors: [{{allow: {{from: \
             [{{id: c{child}}}], to: [{{id: c{parent}}}]}}}}]}}"
        )
        .unwrap();
    }
    scene(&text)
}

fn edges(scene: &Scene) -> Vec<String> {
    let name = |node: usize| &scene.nodes[node].face.title;
    scene
        .edges
        .iter()
        .map(|edge| {
            let label = edge.label.as_deref().unwrap_or("-");
            format!("{} {} {label}", name(edge.from), name(edge.to))
        })
        .collect()
}

const POD: &str = "{template: {metadata: {labels: {app: web, tier: front}}}}";

#[test]
fn filters_follow_their_wallet_in_the_order_in_which_they_run() {
    let scene = design(
        &["WASMFilter b x {}", "WasmPlugin p x {}", "WASMFilter a x {}", "WASMFilter loose x {}"],
        &[(2, 1, "wallet"), (0, 1, "wallet")],
    );
    let spoken: Vec<String> = (0..scene.nodes.len()).map(|node| scene.spoken(node)).collect();
    assert_eq!(
        spoken,
        [
            "WasmPlugin p, 2 filters",
            "WasmFilter a, 1 of 2 in p",
            "WasmFilter b, 2 of 2 in p",
            "WasmFilter loose, in no wallet"
        ]
    );
    let (wallet, filter) = (&scene.nodes[0], &scene.nodes[2]);
    assert!(wallet.rect.contains_rect(filter.rect));
    assert_eq!(scene.hit(filter.rect.center(), 6.0), Hit::Node(2), "the deepest first");
    assert_eq!(scene.hit(scene.slot(0).center(), 6.0), Hit::Slot(0));
}

#[test]
fn frames_hold_their_members_and_come_first() {
    let scene = design(
        &["Deployment d shop {}", "Namespace shop x {}", "Service s other {}"],
        &[(0, 1, "inventory")],
    );
    assert_eq!(scene.frames, 1);
    let inside = scene.node_of(ComponentId::from_text("c0").unwrap()).unwrap();
    let outside = scene.node_of(ComponentId::from_text("c2").unwrap()).unwrap();
    assert_eq!(scene.nodes[0].members, [inside]);
    assert!(scene.nodes[0].rect.contains_rect(scene.nodes[inside].rect));
    assert!(!scene.nodes[0].rect.intersects(scene.nodes[outside].rect));
    let border = scene.nodes[0].rect.center_top();
    assert_eq!(scene.hit(border, 6.0), Hit::Node(0));
    assert_eq!(scene.hit(border + Vec2::new(0.0, 20.0), 6.0), Hit::Inside(0));
}

#[test]
fn a_selector_finds_pods_of_its_namespace_by_their_template() {
    let lines = [
        "WasmPlugin p shop {selector: {matchLabels: {app: web}}}",
        &format!("Deployment web shop {POD}"),
        &format!("Deployment far other {POD}"),
        "Deployment api shop {template: {metadata: {labels: {app: api}}}}",
        "EnvoyFilter e shop {workloadSelector: {labels: {app: web, tier: back}}}",
        "WasmPlugin everywhere istio-system {selector: {matchLabels: {tier: front}}}",
        "WasmPlugin number shop {selector: {matchLabels: {app: 1}}}",
    ];
    assert_eq!(
        edges(&design(&lines, &[])),
        ["p web selects app=web", "everywhere web selects tier=front", "everywhere far -"]
    );
}

#[test]
fn references_and_secrets_are_edges_in_the_namespace_of_the_plugin() {
    let gateway = "[{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]";
    let lines = [
        &format!("WasmPlugin p shop {{targetRefs: {gateway}, imagePullSecret: regcred}}"),
        &format!("WasmPlugin q other {{targetRefs: {gateway}}}"),
        "Gateway edge shop {}",
        "Secret regcred shop {}",
        "ConfigMap regcred shop {}",
    ];
    assert_eq!(edges(&design(&lines, &[])), ["p edge targets Gateway edge", "p regcred pulls with"]);
}

#[test]
fn a_plugin_without_selector_acts_on_its_namespace() {
    let mut lines = vec!["WasmPlugin p shop {}".to_owned(), format!("Deployment web shop {POD}")];
    let borrowed =
        |lines: &[String]| edges(&design(&lines.iter().map(String::as_str).collect::<Vec<_>>(), &[]));
    assert_eq!(borrowed(&lines), ["p web acts on all of shop"]);
    lines.extend((0..20).map(|number| format!("Pod pod-{number} shop {{}}")));
    assert!(borrowed(&lines).is_empty(), "a bundle of lines tells nothing");
}

fn named(id: &str, name: &str) -> Value {
    Value::from([("id", Value::from(id)), ("displayName", Value::from(name))])
}

#[test]
fn a_face_is_kept_until_its_component_changes() {
    let mut design = Design::from_tree(Value::from([(
        "components",
        Value::List(vec![named("a", "one"), named("b", "two")]),
    )]));
    let before = Scene::of(&design, Revision(1), &Scene::default());
    let edit = crate::model::Edit::SetField {
        target: crate::model::Target::Component(ComponentId::from_text("b").unwrap()),
        path: crate::model::FieldPath::keys(&["displayName"]),
        value: Some(Value::from("three")),
        place: None,
    };
    design.apply(edit).unwrap();
    let after = Scene::of(&design, Revision(2), &before);
    assert!(Arc::ptr_eq(&before.nodes[0].face, &after.nodes[0].face));
    assert_eq!(after.nodes[1].face.title, "three");
}

#[test]
fn a_new_card_gives_way() {
    let scene = design(&["Deployment d shop {}"], &[]);
    let there = scene.nodes[0].rect;
    let free = scene.free_near(there);
    assert!(!free.intersects(there));
    assert!((free.center() - there.center()).length() < 200.0);
    let far = there.translate(Vec2::splat(5000.0));
    assert_eq!(scene.free_near(far), far);
}

/// What lies in a wallet or a frame needs no line; other live relationships do, unless one is drawn already.
#[test]
fn other_relationships_are_lines_between_their_two_ends() {
    let lines =
        ["Namespace n n {}", "WasmPlugin p n {}", "WASMFilter f n {}", "Service s n {}", "Queue q n {}"];
    let nested = [(2, 1, "wallet"), (3, 0, "inventory")];
    let scene = design(&lines, &nested);
    assert!(edges(&scene).is_empty());
    let joined =
        [nested[0], nested[1], (3, 4, "inventory"), (4, 3, "network"), (4, 4, "mount"), (4, 9, "none")];
    let scene = design(&lines, &joined);
    assert_eq!(edges(&scene), ["s q inventory", "q s network"]);
    assert_eq!(scene.derived, 0);
    let lines = ["WasmPlugin p n {targetRefs: [{kind: Service, name: s}]}", "Service s n {}"];
    let scene = design(&lines, &[(0, 1, "reference")]);
    assert_eq!((scene.edges.len(), scene.derived), (1, 1), "it is drawn already");
}
