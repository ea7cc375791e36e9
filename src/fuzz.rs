//! Entry points for a fuzzer: any bytes in; a panic is a broken promise of this program.
//!
//! The targets under `fuzz/` call these, and the tests feed them every fixture.

use std::sync::LazyLock;

use crate::formats::{self, ExportOptions, OpenOptions, meshery};
use crate::model::Design;
use crate::policy;
use crate::registry::{DefinitionFile, Registry};
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
