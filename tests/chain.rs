//! `billfold chain`, run as a program: over a mesh of manifests, the samples, and large input.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::cli::{billfold, billfold_with_input};
use crate::tree;

const MESH: &str = "tests/fixtures/chain/mesh.yaml";

/// The chains of a run with `--format json`, by workload and direction: a word a filter, Istio's own as `.`, `name?` where
/// the order is open.
fn chains(arguments: &[&str]) -> BTreeMap<String, String> {
    let ran = billfold(&[&["chain"], arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let word = |filter: &Value| match (filter["builtin"].as_bool(), filter["determined"].as_bool()) {
        (Some(true), Some(true)) => ".".to_owned(),
        (Some(false), Some(true)) => text(&filter["name"]),
        (Some(false), Some(false)) => format!("{}?", text(&filter["name"])),
        other => panic!("{other:?}"),
    };
    let chain = |chain: &Value| {
        let filters: Vec<String> = chain["filters"].as_array().unwrap().iter().map(word).collect();
        (format!("{} {}", text(&chain["workload"]), text(&chain["direction"])), filters.join(" "))
    };
    json.as_array().unwrap().iter().map(chain).collect()
}

fn one(arguments: &[&str]) -> String {
    let found = chains(arguments);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_values().next().unwrap()
}

#[test]
fn every_workload_gateway_and_waypoint_comes_in_turn() {
    let expected = [
        (
            "Deployment/shop/cart inbound",
            ". connections . . . auth? limits? . patches.example-filter? . headers . . . . . .",
        ),
        ("Deployment/shop/cart outbound", ". connections . . . auth? limits? . . . . . . . . ."),
        ("Gateway/shop/edge gateway", ". . . . of-edge . . . . . . . ."),
        ("Gateway/shop/way waypoint", ". . of-cart . . . . . . . ."),
    ];
    let expected: BTreeMap<String, String> =
        expected.into_iter().map(|(proxy, chain)| (proxy.to_owned(), chain.to_owned())).collect();
    assert_eq!(chains(&[MESH]), expected);
}

#[test]
fn the_text_is_the_one_that_is_kept() {
    for (arguments, kept) in [
        (&["--workload", "app=cart", "--direction", "inbound"][..], "cart-inbound.txt"),
        (&["--waypoint", "way"], "way.txt"),
    ] {
        let ran = billfold(&[&["chain", MESH], arguments].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        assert_eq!(ran.stdout, tree::read(&format!("tests/fixtures/chain/{kept}")), "{kept}");
    }
}

#[test]
fn the_json_is_the_one_that_is_promised() {
    let ran =
        billfold(&["chain", "designs/edge-security.yaml", "--gateway", "edge-gateway", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let chain = &json[0];
    assert_eq!(chain.as_object().unwrap().keys().collect::<Vec<_>>(), ["workload", "direction", "filters"]);
    assert_eq!(chain["workload"], "Gateway/edge/edge-gateway");
    assert_eq!(
        chain["filters"][2],
        serde_json::json!({
            "name": "edge-auth-basic-auth", "namespace": "edge", "plugin": "edge-auth", "filter": "basic-auth",
            "phase": "AUTHN", "priority": 20, "builtin": false, "determined": true,
        })
    );
    assert_eq!(
        chain["filters"][0],
        serde_json::json!({
            "name": "istio.metadata_exchange", "namespace": null, "plugin": null, "filter": null,
            "phase": null, "priority": null, "builtin": true, "determined": true,
        })
    );
    let envoy_filter = billfold(&[
        "chain",
        "designs/frontpage-envoyfilter.yaml",
        "--direction",
        "inbound",
        "--format",
        "json",
    ]);
    let json: Value = serde_json::from_str(&envoy_filter.stdout).unwrap();
    let filters = json[0]["filters"].as_array().unwrap();
    let own = filters.iter().find(|filter| filter["builtin"] == false).unwrap();
    assert_eq!((&own["plugin"], &own["filter"]), (&"frontpage-v1".into(), &"example-filter".into()));
    assert_eq!(filters.last().unwrap()["name"], "envoy.filters.http.router");
}

#[test]
fn each_choice_finds_its_proxies() {
    for choice in [
        &["--workload", "app=cart,version=v1"][..],
        &["--pod-of", "Deployment/cart"],
        &["--pod-of", "deployment/cart", "--namespace", "shop"],
    ] {
        let found = chains(&[&[MESH], choice].concat());
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            ["Deployment/shop/cart inbound", "Deployment/shop/cart outbound"]
        );
    }
    assert_eq!(one(&[MESH, "--gateway", "edge"]), ". . . . of-edge . . . . . . . .");
    assert_eq!(one(&[MESH, "--waypoint", "way"]), ". . of-cart . . . . . . . .");
    assert_eq!(chains(&[MESH, "--namespace", "shop"]).len(), 4);
    assert_eq!(chains(&[MESH, "--direction", "outbound"]).len(), 1);
}

#[test]
fn what_is_not_in_the_input_is_assumed_and_said() {
    let arguments =
        ["chain", MESH, "--workload", "version=v1,app=x", "--namespace", "shop", "--direction", "inbound"];
    let ran = billfold(&arguments);
    assert_eq!(ran.code, 0);
    assert!(
        ran.stderr
            .starts_with("no workload with the labels version=v1,app=x is in the input: shown as if it were"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.starts_with("Pod/shop/version=v1,app=x, inbound\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("AUTHN        shop/limits"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains(
            "WasmPlugin shop/auth does not run here: selector app=cart does not match pod label app=x"
        ),
        "{}",
        ran.stdout
    );
    let plugins = "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: p, namespace: edge}\n\
                   spec: {url: 'oci://reg.example.com/p', targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g}]}\n";
    let ran = billfold_with_input(&["chain", "-", "--gateway", "g", "--namespace", "edge"], plugins);
    assert!(ran.stdout.contains("edge/p"), "{}", ran.stdout);
}

#[test]
fn what_is_nowhere_is_unusable() {
    for (arguments, said) in [
        (&[MESH, "--pod-of", "Deployment/none"][..], "there is no Deployment none in the input"),
        (&[MESH, "--namespace", "none"], "there is no workload, gateway or waypoint in namespace none"),
        (&[MESH, "--gateway", "edge", "--direction", "inbound"], "--direction is for sidecars"),
        (&["tests/fixtures/chain/none.yaml"], "could not be read"),
        (&[MESH, "--workload", "app"], "labels are written as app=cart"),
        (&[MESH, "--pod-of", "cart"], "a workload is written as Deployment/cart"),
        (&[MESH, "--gateway", "edge", "--waypoint", "way"], "cannot be used with"),
        (&[MESH, "--target", "newest"], "is no Istio version"),
    ] {
        let ran = billfold(&[&["chain"], arguments].concat());
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout.trim(), "", "{arguments:?}");
    }
    let none = billfold(&["chain", "designs/hierarchical-parent-wallet.yaml", "--format", "json"]);
    assert_eq!((none.code, none.stdout.trim()), (0, "[]"));
    assert!(none.stderr.contains("--workload app=…"), "{}", none.stderr);
}

#[test]
fn version_and_root_namespace_count() {
    let before = one(&[MESH, "--workload", "app=cart", "--direction", "inbound", "--target", "1.29"]);
    assert!(!before.contains("headers"), "there was no TrafficExtension: {before}");
    let root = one(&[MESH, "--workload", "app=cart", "--direction", "inbound", "--root-namespace", "other"]);
    assert!(root.contains("elsewhere") && !root.contains("headers"), "{root}");
}

#[test]
fn a_thousand_workloads_and_plugins_take_no_million_looks() {
    let mut text = String::new();
    for n in 0..1000 {
        let _infallible = write!(
            text,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d{n}, namespace: shop}}\nspec:\n  template: \
             {{metadata: {{labels: {{app: a{n}}}}}}}\n---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\n\
             metadata: {{name: p{n}, namespace: shop}}\nspec: {{url: 'oci://reg.example.com/p', selector: {{matchLabels: \
             {{app: a{n}}}}}}}\n---\n"
        );
    }
    let ran = billfold_with_input(&["chain", "-", "--direction", "inbound", "--format", "json"], &text);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let is_own = |filter: &&Value| filter["builtin"] == false;
    for (n, chain) in json.as_array().unwrap().iter().enumerate() {
        let own: Vec<&Value> = chain["filters"].as_array().unwrap().iter().filter(is_own).collect();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0]["name"], format!("p{n}"));
    }
}

#[test]
fn many_equal_plugins_are_told_together() {
    let mut text = String::new();
    for n in 0..300 {
        let _infallible = write!(
            text,
            "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {{name: p{n:03}, namespace: shop}}\n\
             spec: {{url: 'oci://reg.example.com/p'}}\n---\n"
        );
    }
    let arguments = ["chain", "-", "--workload", "app=a", "--namespace", "shop", "--direction", "inbound"];
    let ran = billfold_with_input(&arguments, &text);
    let open: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("  ?")).collect();
    assert_eq!(
        open,
        [
            "  ? the order of p000, p001, p002, p003, p004, p005, p006, p007, p008, p009 and 290 more is open: they set no \
          priority, so that the older one runs first"
        ]
    );
    assert!(ran.stdout.contains("    fix: give each of them a spec.priority of its own\n"), "{}", ran.stdout);
}

#[test]
fn what_the_project_says_of_the_mesh_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mesh.yaml");
    std::fs::copy(tree::root().join(MESH), &path).unwrap();
    let path = path.display().to_string();
    let shown = || one(&[&path, "--workload", "app=cart", "--direction", "inbound"]);
    assert!(shown().contains("headers"));
    std::fs::write(folder.path().join("billfold.toml"), "root-namespace = \"other\"\n").unwrap();
    assert!(shown().contains("elsewhere") && !shown().contains("headers"), "{}", shown());
    std::fs::write(folder.path().join("billfold.toml"), "target = \"1.29\"\n").unwrap();
    assert!(!shown().contains("headers"), "{}", shown());
    std::fs::write(folder.path().join("billfold.toml"), "target = [\n").unwrap();
    assert_eq!(billfold(&["chain", &path]).code, 2);
}

#[test]
fn filters_that_are_no_wasm_are_counted() {
    let patch = |context: &str, operation: &str| {
        format!(
            "  - applyTo: HTTP_FILTER\n    match: {{context: {context}}}\n    patch:\n      operation: {operation}\n      \
             value: {{name: lua}}\n"
        )
    };
    let filter = format!(
        "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {{name: ef, namespace: shop}}\nspec:\n  \
         configPatches:\n{}{}",
        patch("SIDECAR_INBOUND", "INSERT_FIRST"),
        patch("SIDECAR_INBOUND", "MERGE")
    );
    let input = format!("{}---\n{filter}", crate::cli::WORKLOAD);
    let text =
        |direction: &str| billfold_with_input(&["chain", "-", "--direction", direction], &input).stdout;
    assert!(
        text("inbound").contains("  - 1 other filter of EnvoyFilter shop/ef is not shown"),
        "{}",
        text("inbound")
    );
    assert!(!text("outbound").contains("not shown"), "{}", text("outbound"));
}
