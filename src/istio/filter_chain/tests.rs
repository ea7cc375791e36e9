//! Chains of small designs, and a naive restatement of the order over random ones.

use super::*;
use crate::istio::{Version, WAYPOINT_CLASS};
use crate::model::{Design, Map};

/// One line a component: kind, name, then the object below `configuration` in YAML's flow style.
fn design(text: &str) -> Design {
    let components = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let mut words = line.trim().splitn(3, ' ');
        let (kind, name) = (words.next().unwrap(), words.next().unwrap());
        let version = match kind {
            "Deployment" => "apps/v1",
            "Gateway" => "gateway.networking.k8s.io/v1",
            "EnvoyFilter" => "networking.istio.io/v1alpha3",
            "WasmPlugin" | "TrafficExtension" => "extensions.istio.io/v1alpha1",
            _ => "v1",
        };
        let mut configuration = yaml(words.next().unwrap_or("{}"));
        if !configuration.contains_key("metadata") {
            configuration.insert("metadata", Value::Map(Map::new()));
        }
        let metadata = configuration.get_mut("metadata").unwrap().as_map_mut().unwrap();
        metadata.insert("name", name.into());
        Value::from([
            ("id", format!("{kind}/{name}").into()),
            ("displayName", name.into()),
            ("component", Value::from([("kind", kind.into()), ("version", version.into())])),
            ("configuration", Value::Map(configuration)),
        ])
    });
    Design::from_tree(Value::from([("components", Value::List(components.collect()))]))
}

fn yaml(text: &str) -> Map {
    crate::yaml::parse(text).unwrap().into_first().unwrap().value.as_map().cloned().unwrap()
}

fn mesh(minor: u16) -> Mesh {
    Mesh { version: Version::new(1, minor), ..Mesh::default() }
}

/// Runs `ask` over the landscape of `design`: every component as it stands.
fn with_landscape<T>(design: &Design, mesh: Mesh, ask: impl FnOnce(&Landscape<'_>) -> T) -> T {
    let resources = design.components().map(|component| Resource {
        kind: component.kind(),
        name: component.metadata_name().unwrap(),
        namespace: component.namespace().unwrap_or("default"),
        object: component.configuration().unwrap(),
        plugin: component.id(),
        filter: None,
        place: 0,
        chain_length: 1,
        entries: Vec::new(),
    });
    ask(&Landscape::new(Proxies::of(design), resources.collect(), mesh))
}

/// The chain of the first proxy, a word each: Istio's own filters by the last part of their names, `name?` where it is
/// not determined.
fn chain(text: &str, traffic: Traffic, protocol: Protocol) -> String {
    with_landscape(&design(text), mesh(31), |landscape| words(&landscape.chain(0, traffic, protocol)))
}

fn words(chain: &FilterChain) -> String {
    let word = |entry: &Entry| {
        let name = if entry.is_builtin() { entry.name.rsplit('.').next().unwrap() } else { &entry.name };
        let open = if entry.is_determined() { "" } else { "?" };
        let name = if entry.is_builtin() { name.to_owned() } else { name.to_uppercase() };
        format!("{name}{open}")
    };
    chain.entries.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn why_not(text: &str, traffic: Traffic) -> Vec<String> {
    with_landscape(&design(text), mesh(31), |landscape| {
        let absent = landscape.absent(0, traffic, Protocol::Http);
        absent.iter().map(|absent| format!("{}: {}", absent.name, absent.why)).collect()
    })
}

const SHOP: &str =
    "Deployment shop {metadata: {namespace: shop}, spec: {template: {metadata: {labels: {app: shop}}}}}\n";

/// A plugin of namespace shop.
fn plugin(name: &str, spec: &str) -> String {
    plugin_in("shop", name, spec)
}

fn plugin_in(namespace: &str, name: &str, spec: &str) -> String {
    format!(
        "WasmPlugin {name} {{metadata: {{namespace: {namespace}}}, spec: {{url: 'oci://reg.example.com/{name}', {spec}}}}}\n"
    )
}

#[test]
fn each_phase_has_its_slot() {
    let text = format!(
        "{SHOP}{}",
        [("a", "AUTHN"), ("z", "AUTHZ"), ("s", "STATS"), ("u", "UNSPECIFIED_PHASE")]
            .map(|(name, phase)| plugin(name, &format!("phase: {phase}")))
            .concat()
    );
    assert_eq!(
        chain(&text, Traffic::Inbound, Protocol::Http),
        "metadata_exchange ext_authz A jwt_authn Z rbac S U grpc_web grpc_stats fault cors stats router"
    );
    assert_eq!(
        chain(&text, Traffic::Outbound, Protocol::Http),
        "metadata_exchange ext_authz A jwt_authn Z rbac S U grpc_web grpc_stats alpn fault cors stats router"
    );
}

#[test]
fn a_waypoint_runs_stats_and_unspecified_behind_cors() {
    let refs = "targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: way}]";
    let text = format!(
        "Gateway way {{metadata: {{namespace: shop}}, spec: {{gatewayClassName: {WAYPOINT_CLASS}}}}}\n{}{}{}",
        plugin("a", &format!("phase: AUTHN, {refs}")),
        plugin("s", &format!("phase: STATS, {refs}")),
        plugin("n", &format!("type: NETWORK, {refs}")),
    );
    assert_eq!(
        chain(&text, Traffic::Waypoint, Protocol::Http),
        "ext_authz A jwt_authn rbac grpc_web grpc_stats fault cors S waypoint_upstream_peer_metadata stats router"
    );
    assert_eq!(chain(&text, Traffic::Waypoint, Protocol::Tcp), "ext_authz rbac N stats tcp_proxy");
    assert_eq!(
        why_not(&text, Traffic::Waypoint),
        ["n: type NETWORK is not inserted into the HTTP traffic of a waypoint"]
    );
}

#[test]
fn plugins_for_connections_run_before_the_requests_are_read() {
    let text = format!("{SHOP}{}{}", plugin("n", "type: NETWORK, phase: AUTHZ"), plugin("u", ""));
    assert_eq!(
        chain(&text, Traffic::Inbound, Protocol::Http),
        "metadata_exchange N http_connection_manager metadata_exchange ext_authz jwt_authn rbac U grpc_web grpc_stats \
         fault cors stats router"
    );
    assert_eq!(
        chain(&text, Traffic::Inbound, Protocol::Tcp),
        "metadata_exchange ext_authz N rbac stats tcp_proxy"
    );
}

/// The plugins of a chain alone.
fn plugins(text: &str) -> String {
    let chain = chain(text, Traffic::Inbound, Protocol::Http);
    let is_plugin = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    chain.split(' ').filter(is_plugin).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_higher_priority_runs_first_and_an_unset_one_last() {
    let text = |specs: &[(&str, &str)]| {
        specs.iter().fold(SHOP.to_owned(), |text, (name, spec)| text + &plugin(name, spec))
    };
    assert_eq!(plugins(&text(&[("a", ""), ("b", "priority: -5"), ("c", "priority: 7")])), "C B A");
    assert_eq!(plugins(&text(&[("a", ""), ("b", ""), ("c", "priority: 7")])), "C A? B?");
    assert_eq!(plugins(&text(&[("b", "priority: 7"), ("a", "priority: 7")])), "A? B?");
}

#[test]
fn the_own_namespace_comes_before_the_root() {
    let text = format!(
        "{SHOP}{}{}{}",
        plugin_in("istio-system", "a", "priority: 7"),
        plugin("b", "priority: 7"),
        plugin_in("other", "c", "priority: 7"),
    );
    assert_eq!(plugins(&text), "B A");
}

#[test]
fn plugins_that_no_request_runs_through_both_are_no_tie() {
    let on = |port: u16| format!("match: [{{mode: SERVER, ports: [{{number: {port}}}]}}]");
    let text = format!("{SHOP}{}{}", plugin("a", &on(80)), plugin("b", &on(81)));
    assert_eq!(plugins(&text), "A B");
    let text = format!("{SHOP}{}{}", plugin("a", &on(80)), plugin("b", &on(80)));
    assert_eq!(plugins(&text), "A? B?");
}

#[test]
fn translated_names_sort_with_their_suffix() {
    let text = format!("{SHOP}{}{}", plugin("a", ""), plugin("a-b", ""));
    let names = |minor| {
        with_landscape(&design(&text), mesh(minor), |landscape| {
            let chain = landscape.chain(0, Traffic::Inbound, Protocol::Http);
            let named = chain.entries.iter().filter(|entry| !entry.is_builtin());
            named.map(|entry| format!("{} {}", entry.name, entry.filter_name)).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        names(29),
        ["a extensions.istio.io/wasmplugin/shop.a", "a-b extensions.istio.io/wasmplugin/shop.a-b"]
    );
    let suffix = "~istio-translated-wasmplugin";
    assert_eq!(
        names(30),
        [
            format!("a-b extensions.istio.io/trafficextension/shop.a-b{suffix}"),
            format!("a extensions.istio.io/trafficextension/shop.a{suffix}"),
        ]
    );
}

#[test]
fn what_does_not_run_says_why() {
    let text = format!(
        "{SHOP}{}{}{}{}{}{}",
        plugin("label", "selector: {matchLabels: {app: cart}}"),
        plugin("none", "selector: {matchLabels: {tier: back}}"),
        plugin("refs", "targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g}]"),
        plugin("client", "match: [{mode: CLIENT}]"),
        plugin("phase", "phase: AUTHNN"),
        "WasmPlugin url {metadata: {namespace: shop}, spec: {url: 'oci://name:tag'}}\n",
    );
    assert_eq!(
        why_not(&text, Traffic::Inbound),
        [
            "label: selector app=cart does not match pod label app=shop",
            "none: selector tier=back: the pods have no label tier",
            "refs: targetRefs are ignored by sidecars and classic gateways: the plugin is for gateways",
            "client: match does not mean inbound traffic",
            "phase: its phase does not exist",
            "url: Istio does not take its url",
        ]
    );
}

/// An `EnvoyFilter` with one Wasm entry.
fn envoy_filter(name: &str, operation: &str, anchor: &str, priority: i64) -> String {
    let anchor = if anchor.is_empty() { String::new() } else { format!(", subFilter: {{name: {anchor}}}") };
    format!(
        "EnvoyFilter {name} {{metadata: {{namespace: shop}}, spec: {{priority: {priority}, configPatches: [{{applyTo: HTTP_FILTER, \
         match: {{context: SIDECAR_INBOUND, listener: {{filterChain: {{filter: \
         {{name: envoy.filters.network.http_connection_manager{anchor}}}}}}}}}, patch: {{operation: {operation}, value: \
         {{name: {name}, typed_config: {{'@type': {HTTP_WASM}}}}}}}}}]}}}}\n"
    )
}

const HTTP_WASM: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";

#[test]
fn entries_of_envoy_filters_lie_where_their_patch_puts_them() {
    let router = "envoy.filters.http.router";
    let placed = |filters: &str| chain(&format!("{SHOP}{filters}"), Traffic::Inbound, Protocol::Http);
    let before = "metadata_exchange ext_authz jwt_authn rbac grpc_web grpc_stats fault cors stats";
    assert_eq!(placed(&envoy_filter("e", "INSERT_BEFORE", router, 0)), format!("{before} E router"));
    assert_eq!(placed(&envoy_filter("e", "INSERT_FIRST", "", 0)), format!("E {before} router"));
    assert_eq!(placed(&envoy_filter("e", "ADD", "", 0)), format!("{before} router E"));
    let rbac = "envoy.filters.http.rbac";
    assert_eq!(
        placed(&envoy_filter("e", "INSERT_AFTER", rbac, 0)),
        format!("{} router", before.replace("rbac", "rbac E?")),
        "the anchor is not always there"
    );
    let two = |first, second| {
        envoy_filter("f", "INSERT_BEFORE", router, first)
            + &envoy_filter("e", "INSERT_BEFORE", router, second)
    };
    assert_eq!(placed(&two(1, 2)), format!("{before} F E router"));
    assert_eq!(placed(&two(3, 2)), format!("{before} E F router"));
    assert_eq!(placed(&two(2, 2)), format!("{before} E? F? router"));
    let gone = format!("{SHOP}{}", envoy_filter("e", "INSERT_BEFORE", "envoy.router", 0));
    assert_eq!(
        why_not(&gone, Traffic::Inbound),
        ["e: it is placed beside envoy.router, which is not in this chain"]
    );
    assert_eq!(why_not(&gone, Traffic::Outbound), ["e: it is for context SIDECAR_INBOUND"]);
}

#[test]
fn an_entry_may_stand_beside_a_plugin() {
    let anchor = "'extensions.istio.io/trafficextension/shop.a~istio-translated-wasmplugin'";
    let text = format!("{SHOP}{}{}", plugin("a", ""), envoy_filter("e", "INSERT_AFTER", anchor, 0));
    assert_eq!(plugins(&text), "A E");
    let old = anchor.replace("trafficextension", "wasmplugin").replace("~istio-translated-wasmplugin", "");
    let text = format!("{SHOP}{}{}", plugin("a", ""), envoy_filter("e", "INSERT_AFTER", &old, 0));
    assert_eq!(plugins(&text), "A");
}

mod random {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    /// Name, namespace, phase, priority, label, port, whether it is a `TrafficExtension`.
    type Sketch = (u8, u8, u8, Option<i8>, u8, Option<u8>, bool);

    const NAMESPACES: [&str; 3] = ["shop", "istio-system", "other"];
    const PHASES: [&str; 4] = ["AUTHN", "AUTHZ", "STATS", ""];
    const NAMES: [&str; 4] = ["a", "a-b", "b", "a.b"];

    fn text(sketches: &[Sketch]) -> String {
        let mut text = SHOP.to_owned();
        for (number, (name, namespace, phase, priority, label, port, is_extension)) in
            sketches.iter().enumerate()
        {
            let name = format!("{}{number}", NAMES[usize::from(*name)]);
            let url = "url: 'oci://reg.example.com/a'";
            let (kind, module) = if *is_extension {
                ("TrafficExtension", format!("wasm: {{{url}}}"))
            } else {
                ("WasmPlugin", url.to_owned())
            };
            let mut spec = vec![module];
            if !PHASES[usize::from(*phase)].is_empty() {
                spec.push(format!("phase: {}", PHASES[usize::from(*phase)]));
            }
            spec.extend(priority.map(|priority| format!("priority: {priority}")));
            match label {
                0 => {}
                1 => spec.push("selector: {matchLabels: {app: shop}}".to_owned()),
                _ => spec.push("selector: {matchLabels: {app: cart}}".to_owned()),
            }
            spec.extend(
                port.map(|port| format!("match: [{{ports: [{{number: {}}}]}}]", 80 + u16::from(port))),
            );
            let namespace = NAMESPACES[usize::from(*namespace)];
            let _infallible = writeln!(
                text,
                "{kind} {name} {{metadata: {{namespace: {namespace}}}, spec: {{{}}}}}",
                spec.join(", ")
            );
        }
        text
    }

    /// What runs before what, said without an index, a group or a sort: a plugin runs before another when its phase is
    /// earlier, else when its priority is higher, else when it is in the proxy's namespace and the other is not.
    fn runs_before(a: &Sketch, b: &Sketch) -> Option<bool> {
        if a.2 != b.2 {
            return Some(a.2 < b.2);
        }
        match (a.3, b.3) {
            (Some(a), Some(b)) if a != b => return Some(a > b),
            (Some(_), None) => return Some(true),
            (None, Some(_)) => return Some(false),
            _ => {}
        }
        (a.1 != b.1).then_some(a.1 < b.1)
    }

    proptest! {
        #[test]
        fn the_order_is_the_one_that_the_facts_tell(
            sketches in prop::collection::vec(
                (0..4_u8, 0..3_u8, 0..4_u8, prop::option::of(-1..2_i8), 0..3_u8, prop::option::of(0..2_u8), any::<bool>()),
                0..9,
            ),
            minor in 28..32_u16,
        ) {
            let text = text(&sketches);
            let design = design(&text);
            let chain = |mesh| with_landscape(&design, mesh, |it| it.chain(0, Traffic::Inbound, Protocol::Http));
            let found = chain(mesh(minor));
            prop_assert_eq!(&found, &chain(mesh(minor)), "the same twice");
            let number = |entry: &Entry| {
                let digits = entry.name.trim_start_matches(|c: char| !c.is_ascii_digit());
                digits.parse::<usize>().unwrap()
            };
            let order: Vec<(usize, usize)> = found
                .entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| !entry.is_builtin())
                .map(|(at, entry)| (number(entry), at))
                .collect();
            let runs = |sketch: &Sketch| {
                sketch.1 < 2 && sketch.4 < 2 && (minor >= 30 || !sketch.6)
            };
            let mut expected: Vec<usize> = (0..sketches.len()).filter(|it| runs(&sketches[*it])).collect();
            let mut running: Vec<usize> = order.iter().map(|(number, _)| *number).collect();
            for (i, (a, at)) in order.iter().enumerate() {
                let mut ties = Vec::new();
                for (j, (b, other)) in order.iter().enumerate() {
                    match runs_before(&sketches[*a], &sketches[*b]) {
                        Some(before) => prop_assert_eq!(before, i < j, "{} {} in\n{}", a, b, text),
                        None if i == j => {}
                        None => {
                            let (port, others) = (sketches[*a].5, sketches[*b].5);
                            if port.is_none() || others.is_none() || port == others {
                                ties.push(*other);
                            }
                        }
                    }
                }
                let open = found.entries[*at].undetermined.as_ref().map(|it| it.with.clone()).unwrap_or_default();
                prop_assert_eq!(open, ties, "{} in\n{}", a, text);
            }
            running.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(running, expected);
        }

        #[test]
        fn the_index_finds_what_asking_every_proxy_finds(
            selectors in prop::collection::vec((0..3_u8, 0..4_u8, 0..4_u8, 0..5_u8), 1..12),
            pods in prop::collection::vec((0..3_u8, 0..3_u8, 0..3_u8), 1..12),
        ) {
            let labels = |a: u8, b: u8| {
                let label = |key: &str, value: u8| (value > 0).then(|| format!("{key}: v{value}"));
                [label("a", a), label("b", b)].into_iter().flatten().collect::<Vec<_>>().join(", ")
            };
            let mut text = String::new();
            for (number, (namespace, a, b)) in pods.iter().enumerate() {
                let namespace = NAMESPACES[usize::from(*namespace)];
                let _infallible = writeln!(
                    text,
                    "Deployment d{number} {{metadata: {{namespace: {namespace}}}, spec: {{template: {{metadata: {{labels: {{{}}}}}}}}}}}\n\
                     Gateway g{number} {{metadata: {{namespace: {namespace}}}, spec: {{gatewayClassName: {}}}}}\n\
                     Service s{number} {{metadata: {{namespace: {namespace}, labels: {{istio.io/use-waypoint: g{number}}}}}}}",
                    labels(*a, *b),
                    if *a == 0 { WAYPOINT_CLASS } else { "istio" },
                );
            }
            for (number, (namespace, a, b, reference)) in selectors.iter().enumerate() {
                let target = |group: &str, kind: &str, name: String| {
                    format!("targetRefs: [{{group: '{group}', kind: {kind}, name: {name}}}]")
                };
                let api = "gateway.networking.k8s.io";
                let spec = match reference {
                    0 => target(api, "Gateway", format!("g{a}")),
                    1 => target("", "Service", format!("s{a}")),
                    2 => target(api, "GatewayClass", WAYPOINT_CLASS.to_owned()),
                    _ => format!("selector: {{matchLabels: {{{}}}}}", labels(*a, *b)),
                };
                text += &plugin_in(NAMESPACES[usize::from(*namespace)], &format!("p{number}"), &spec);
            }
            let design = design(&text);
            with_landscape(&design, mesh(31), |landscape| {
                for resource in landscape.resources() {
                    let policy = resource.policy().unwrap();
                    let all = landscape.proxies.iter().enumerate();
                    let expected: Vec<usize> = all
                        .filter(|(_, proxy)| policy.attach(proxy, &landscape.mesh).is_ok())
                        .map(|(place, _)| place)
                        .collect();
                    assert_eq!(landscape.proxies.attached(&policy, &landscape.mesh), expected, "{}", resource.name);
                }
            });
        }
    }
}
