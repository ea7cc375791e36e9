//! Entry points for a fuzzer: any bytes in; a panic is a broken promise of this program.
//!
//! The targets under `fuzz/` call these, and the tests feed them every fixture.

use std::sync::{Arc, LazyLock};

use crate::editor::{Beside, EditCommand, Editor, reorder};
use crate::formats::{self, ExportOptions, OpenOptions, meshery};
use crate::istio::{FilterChain, Mesh, Protocol, Proxies, Traffic};
use crate::model::{ComponentId, Design};
use crate::policy;
use crate::registry::{DefinitionFile, Registry};
use crate::wallet::{effective_resources, landscape};
use crate::yaml::{self, Format};

/// Reads `bytes` as YAML or JSON; what can be read is the same after writing and reading it again.
pub fn yaml(bytes: &[u8]) {
    yaml::fuzz_round_trip(bytes);
}

/// Opens `bytes` as a design or imports them as manifests; what opens is the same after saving and opening it again.
///
/// # Panics
/// When it is not the same, or cannot be opened any more.
pub fn open(bytes: &[u8]) {
    let Some(design) = opened(bytes) else { return };
    for format in [Format::Yaml, Format::Json] {
        let text = meshery::write(&design, format);
        let again = formats::open(text.as_bytes());
        let saved = again.as_ref().map(|again| meshery::write(&again.design, format));
        assert_eq!(saved.as_ref(), Ok(&text), "a second save differs");
    }
}

/// Opens `bytes`, evaluates and exports; evaluating again changes nothing, and neither depends on chance.
///
/// # Panics
/// When a second evaluation changes something, or the same design gives another export.
pub fn evaluate(bytes: &[u8]) {
    let Some(design) = opened(bytes) else { return };
    let registry = Registry::builtin();
    let (once, _) = policy::evaluated(&design, &registry, true);
    let (twice, _) = policy::evaluated(&once, &registry, true);
    let text = meshery::write(&once, Format::Yaml);
    assert_eq!(meshery::write(&twice, Format::Yaml), text, "a second evaluation changes the design");
    let export =
        |design| formats::export(design, &registry, &[], ExportOptions { with_secrets: true }).text();
    assert_eq!(export(&once), export(&twice), "two exports of one design differ");
}

/// Opens `bytes` and shows the chains of its proxies; putting each plugin beside each other gives the order that was asked
/// for, where it is not refused.
///
/// # Panics
/// When an order is another one than was asked for.
pub fn chains(bytes: &[u8]) {
    let Some(design) = opened(bytes).filter(|design| !Proxies::of(design).is_empty()) else { return };
    let registry = Registry::builtin();
    let (design, _) = policy::evaluated(&design, &registry, true);
    let chains = |design: &Design| -> Vec<FilterChain> {
        let effective = effective_resources(design, &registry);
        let landscape = landscape(design, &effective, Mesh::default());
        let proxies = landscape.proxies.iter().enumerate().take(MOST_CHAINS);
        let traffic =
            proxies.flat_map(|(place, proxy)| Traffic::of(proxy).iter().map(move |it| (place, *it)));
        let chain = |(place, traffic)| {
            let _absent = landscape.absent(place, traffic, Protocol::Tcp);
            landscape.chain(place, traffic, Protocol::Http)
        };
        traffic.map(chain).collect()
    };
    for (number, chain) in chains(&design).iter().enumerate() {
        let ids: Vec<ComponentId> = chain.entries.iter().filter_map(|entry| entry.plugin).collect();
        for (&first, &second) in ids.iter().zip(ids.iter().skip(1)) {
            let Ok(answer) = reorder(&design, chain, second, Beside::Before(first)) else { continue };
            let mut editor = Editor::open(design.clone(), Arc::clone(&registry));
            if editor.apply(EditCommand::ReorderPlugin(answer)).is_err() {
                continue;
            }
            let after = chains(editor.design());
            let place = |id| after.get(number)?.entries.iter().position(|entry| entry.plugin == Some(id));
            assert!(place(second) < place(first), "a plugin does not run where it was put");
        }
    }
}

/// So many chains of one design are enough.
const MOST_CHAINS: usize = 4;

/// Loads `bytes` as definitions and evaluates a small design with them; evaluating again changes nothing.
///
/// # Panics
/// When a second evaluation changes something, or loading the definitions again behind themselves adds one.
pub fn definitions(bytes: &[u8]) {
    let file =
        || DefinitionFile { name: "fuzz.yaml".to_owned(), content: Ok(bytes.to_vec()), is_named: true };
    let registry = Registry::builtin().with_definitions([file()]);
    let count = |registry: &Registry| (registry.components().len(), registry.relationships().len());
    if count(&registry) == count(&Registry::builtin()) {
        return;
    }
    let twice = registry.with_definitions([file()]);
    assert_eq!(registry.components().len(), twice.components().len(), "a kind was defined twice");
    let Some(design) = &*OPENED else { return };
    let (once, _) = policy::evaluated(design, &registry, true);
    let (again, _) = policy::evaluated(&once, &registry, true);
    let text = meshery::write(&once, Format::Yaml);
    assert_eq!(meshery::write(&again, Format::Yaml), text, "a second evaluation changes the design");
}

/// Kinds of the program and of others, in relationships of theirs, for definitions to work on.
const DESIGN: &str = "\
name: fuzz
schemaVersion: designs.meshery.io/v1beta1
components:
- {id: n, displayName: shop, component: {kind: Namespace, version: v1}, configuration: {metadata: {name: shop}}}
- {id: p, displayName: plugin, component: {kind: WasmPlugin, version: extensions.istio.io/v1alpha1}, configuration: {metadata: {name: plugin, namespace: shop}, spec: {phase: AUTHN}}}
- {id: f, displayName: filter, component: {kind: WASMFilter, version: core.meshery.io/v1alpha1}, configuration: {wasmFilter: oci://reg.example.com/a:1, config: 'a: 1'}}
- {id: s, displayName: service, component: {kind: Service, version: v1}, configuration: {metadata: {name: service, labels: {app: a}}, spec: {ports: [{port: 80}]}}}
- {id: c, displayName: map, component: {kind: ConfigMap, version: v1}, configuration: {metadata: {name: map}, data: {name: service}}}
- {id: q, displayName: orders, component: {kind: Queue, version: queues.example.com/v1}, configuration: {spec: {depth: 5, mode: first}}}
- {id: w, displayName: packer, component: {kind: Worker, version: queues.example.com/v1}, configuration: {spec: {queueName: orders}}}
relationships:
- {id: r1, kind: hierarchical, type: parent, subType: wallet, selectors: [{allow: {from: [{id: f, kind: WASMFilter}], to: [{id: p, kind: WasmPlugin}]}}]}
- {id: r2, kind: edge, type: binding, subType: bad, selectors: [{allow: {from: [{id: s, kind: Service}], to: [{id: c, kind: ConfigMap}]}}]}
- {id: r3, kind: edge, type: binding, subType: remarks, selectors: [{allow: {from: [{id: q, kind: Queue}], to: [{id: w, kind: Worker}]}}]}
- {id: r4, kind: edge, type: non-binding, subType: permission, selectors: [{allow: {from: [{id: c}], to: [{id: q}]}}]}
";

static OPENED: LazyLock<Option<Design>> = LazyLock::new(|| opened(DESIGN.as_bytes()));

fn opened(bytes: &[u8]) -> Option<Design> {
    let options = OpenOptions { make_filters: true };
    formats::open_with(bytes, &Registry::builtin(), options).ok().map(|opened| opened.design)
}
