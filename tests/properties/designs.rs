//! Random designs for the laws: small parts, joined at random, some of them in ways that do not hold.

use std::sync::Arc;

use billfold::model::{
    Component, ComponentId, ComponentKind, Design, Edit, Map, Relationship, RelationshipId, Value,
};
use billfold::policy::relationship;
use billfold::yaml;
use proptest::prelude::*;

pub(crate) fn value(text: &str) -> Value {
    yaml::parse(text).unwrap().into_first().unwrap().value
}

const WASM: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";

pub(crate) const URLS: &[&str] =
    &["oci://reg.example.com/a:1", "file:///a.wasm", "https://example.com/b.wasm", "''", "-"];
pub(crate) const CONFIGS: &[&str] =
    &["-", "'{\"x\": 1}'", "'x: 1.0'", "{x: 1}", "'not: [closed'", "'{}'", "3", "'text'"];
pub(crate) const SMALL: &[&str] = &["-", "ab", "cd", "12"];
const NAMES: &[&str] = &["-", "edge", "shop", "edge"];
const OWN_SPECS: &[&str] = &[
    "-",
    "{}",
    "null",
    "{phase: AUTHN}",
    "{url: own, sha256: ab, phase: STATS}",
    "{url: 'file:///a.wasm', pluginConfig: {x: 1}}",
    "{pluginConfig: '{\"x\": 1}', url: 'oci://reg.example.com/a:1', pluginName: ab}",
    "{pluginConfig: 'not: [closed', priority: 3}",
    "{url: '', selector: {matchLabels: {a: b}}}",
];

fn entry_lists() -> Vec<String> {
    let hand = |name: &str, file: &str, config: &str| {
        format!(
            "{{applyTo: HTTP_FILTER, patch: {{operation: INSERT_FIRST, value: {{name: {name}, typed_config: \
             {{'@type': {WASM}, config: {{{config} vm_config: {{code: {{local: {{filename: {file}}}}}}}}}}}}}}}}}"
        )
    };
    let text =
        "configuration: {'@type': type.googleapis.com/google.protobuf.StringValue, value: '{\"x\": 1}'},";
    let other = "{applyTo: CLUSTER, patch: {operation: MERGE, value: {name: mine}}}";
    vec![
        "-".to_owned(),
        "{}".to_owned(),
        "{configPatches: []}".to_owned(),
        "{configPatches: null}".to_owned(),
        "null".to_owned(),
        format!("{{priority: 1, configPatches: [{other}]}}"),
        format!(
            "{{configPatches: [{}, {other}, {}]}}",
            hand("one", "/a.wasm", text),
            hand("two", "/a.wasm", "")
        ),
    ]
}

/// One component, as numbers into the lists above.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) kind: usize,
    pub(crate) picks: [usize; 5],
}

pub(crate) fn pick<'a>(list: &[&'a str], number: usize) -> Option<&'a str> {
    Some(list[number % list.len()]).filter(|text| *text != "-")
}

impl Part {
    fn component(&self, id: &str) -> Component {
        let [first, second, third, fourth, fifth] = self.picks;
        let mut configuration = Map::new();
        let mut metadata = Map::new();
        if let Some(namespace) = pick(NAMES, first) {
            metadata.insert("namespace", namespace.into());
        }
        let kind = match self.kind % 8 {
            0..=1 => ComponentKind::WASM_PLUGIN,
            2..=4 => ComponentKind::WASM_FILTER,
            5 => ComponentKind::ENVOY_FILTER,
            6 => ComponentKind::NAMESPACE,
            _ => ComponentKind::SERVICE,
        };
        if kind == ComponentKind::WASM_FILTER {
            let key = if fifth % 5 == 0 { "wasm-filter" } else { "wasmFilter" };
            let fields = [
                (key, pick(URLS, first)),
                ("config", pick(CONFIGS, second)),
                ("sha256", pick(SMALL, third)),
                ("pluginName", pick(SMALL, fourth)),
            ];
            for (key, text) in fields {
                if let Some(text) = text {
                    configuration.insert(key, value(text));
                }
            }
        } else {
            if kind == ComponentKind::NAMESPACE {
                metadata = Map::new();
                if let Some(name) = pick(&["-", "edge", "shop"], second) {
                    metadata.insert("name", name.into());
                }
            }
            if !metadata.is_empty() || third % 4 == 0 {
                configuration.insert("metadata", Value::Map(metadata));
            } else if third % 4 == 2 {
                configuration.insert("metadata", Value::Null);
            }
            let lists = entry_lists();
            let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
            let specs = if kind == ComponentKind::ENVOY_FILTER { &lists[..] } else { OWN_SPECS };
            if kind != ComponentKind::NAMESPACE
                && let Some(spec) = pick(specs, fourth)
            {
                configuration.insert("spec", value(spec));
            }
        }
        let display_name = if fifth % 4 == 1 { "" } else { id };
        let tree = Value::from([
            ("id", id.into()),
            ("displayName", display_name.into()),
            (
                "component",
                Value::from([
                    ("kind", kind.kind.as_ref().into()),
                    ("version", kind.api_version().as_ref().into()),
                ]),
            ),
            ("configuration", Value::Map(configuration)),
        ]);
        Component::from_tree(ComponentId::from_text(id).unwrap(), tree)
    }
}

pub(crate) fn part() -> impl Strategy<Value = Part> {
    (any::<prop::sample::Index>(), [0..40_usize, 0..40, 0..40, 0..40, 0..40])
        .prop_map(|(kind, picks)| Part { kind: kind.index(8), picks })
}

/// Two components that may be joined, and what is odd about it.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    from: usize,
    to: usize,
    odd: usize,
}

fn join() -> impl Strategy<Value = Join> {
    (0..32_usize, 0..32_usize, 0..24_usize).prop_map(|(from, to, odd)| Join { from, to, odd })
}

/// A random design that nobody has evaluated: relationships without records, some that do not hold.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) parts: Vec<Part>,
    pub(crate) joins: Vec<Join>,
}

pub(crate) fn recipe() -> impl Strategy<Value = Recipe> {
    (prop::collection::vec(part(), 2..12), prop::collection::vec(join(), 0..10))
        .prop_map(|(parts, joins)| Recipe { parts, joins })
}

pub(crate) fn made(design: &Design, from: ComponentId, to: ComponentId) -> Option<Relationship> {
    relationship::wallet(design, from, to).or_else(|| relationship::inventory(design, from, to))
}

pub(crate) fn nth(design: &Design, number: usize) -> ComponentId {
    design.component_at(number % design.components().len()).unwrap().id()
}

/// Number `number` of what `from` could lie in; of everything, where it can lie in nothing.
pub(crate) fn nth_parent(design: &Design, from: ComponentId, number: usize) -> ComponentId {
    let is_filter = design.component(from).unwrap().is(&ComponentKind::WASM_FILTER);
    let fits = |it: &&Component| {
        if is_filter { it.kind().is_wallet() } else { it.is(&ComponentKind::NAMESPACE) }
    };
    let parents: Vec<ComponentId> = design.components().filter(fits).map(Component::id).collect();
    if parents.is_empty() { nth(design, number) } else { parents[number % parents.len()] }
}

impl Recipe {
    pub(crate) fn components(&self) -> Vec<Component> {
        self.parts.iter().enumerate().map(|(number, part)| part.component(&format!("c{number}"))).collect()
    }

    pub(crate) fn design(&self) -> Design {
        let mut design = Design::from_tree(Value::from([("name", "random".into())]));
        for component in self.components() {
            design.apply(Edit::AddComponent { index: None, component: Arc::new(component) }).unwrap();
        }
        for (number, join) in self.joins.iter().enumerate() {
            let from = nth(&design, join.from);
            let to = nth_parent(&design, from, join.to);
            let Some(relationship) = made(&design, from, to) else { continue };
            let id = format!("r{number}");
            let mut tree = relationship.tree().clone();
            let map = tree.as_map_mut().unwrap();
            map.insert("id", id.as_str().into());
            match join.odd {
                0 => drop(map.insert("status", "deleted".into())),
                1 => drop(map.insert("status", "pending".into())),
                2 => drop(map.insert("metadata", value("{isAnnotation: true}"))),
                3 => drop(map.insert(
                    "metadata",
                    value("{billfold: {wrote: [{path: [configuration, spec, url], value: own, before: x}]}}"),
                )),
                4 => {
                    drop(map.insert(
                        "metadata",
                        value("{billfold: {wrote: 3, patch: one, made: true, more: [x]}}"),
                    ));
                }
                5 => {
                    let set = map.get("selectors").unwrap().as_list().unwrap()[0].clone();
                    let text = yaml::emit_json_compact(&set)
                        .replace(design.component(from).unwrap().id_text(), "nobody");
                    let sets = vec![set, value(&text)];
                    map.insert("selectors", Value::List(sets));
                }
                _ => {}
            }
            let id = RelationshipId::from_text(&id).unwrap();
            let relationship = Arc::new(Relationship::from_tree(id, tree));
            design.apply(Edit::AddRelationship { index: None, relationship }).unwrap();
        }
        design
    }
}
