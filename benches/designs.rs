//! Designs of any size for measuring: the same number of components gives the same design.
//!
//! Ten plugins of four filters and a workload each, in a namespace; then the next namespace. Every filter has a module of
//! its own and a configuration, every plugin a phase, a priority and a selector that finds its workload.

use billfold::formats::meshery::new_design;
use billfold::model::{
    Component, ComponentId, ComponentKind, Design, Edit, Map, Position, Relationship, RelationshipId, Value,
    ids::name_uuid,
};
use billfold::policy;
use billfold::registry::{COMPONENT_SCHEMA, NewComponent, Registry, new_component};
use billfold::wallet::relationship;
use std::sync::Arc;

const FILTERS: usize = 4;
const PLUGINS: usize = 10;
/// Columns of namespaces on the canvas.
const COLUMNS: usize = 4;

/// A design of so many components, as a program would write it that knows no policy: no patch has been applied.
pub(crate) fn design(size: usize) -> Design {
    let mut maker = Maker {
        registry: Registry::builtin(),
        design: new_design(&name_uuid("design").to_string(), &format!("{size} components")),
        left: size,
    };
    for number in 0.. {
        if maker.namespace(number).is_none() {
            break;
        }
    }
    maker.design
}

/// The same, evaluated: what is in a file that was saved.
pub(crate) fn evaluated(size: usize) -> Design {
    policy::evaluated(&design(size), &Registry::builtin(), true).0
}

/// The same without any relationship, as another program may leave it: what stands in the plugins says whose it is.
pub(crate) fn torn(size: usize) -> Design {
    let mut design = evaluated(size);
    let ids: Vec<RelationshipId> = design.relationships().map(Relationship::id).collect();
    // From the end, where nothing moves up.
    for id in ids.into_iter().rev() {
        design.apply(Edit::RemoveRelationship { id }).unwrap();
    }
    design
}

/// The built-in definitions and so many more: of twenty, nineteen are for kinds that no design here holds, and one is
/// for filters and workloads, with values that are compared and never match.
pub(crate) fn registry_with(definitions: usize) -> Arc<Registry> {
    let mut registry = Registry::clone(&Registry::builtin());
    for number in 0..definitions {
        let (from, to, value) = if number % 20 == 0 {
            ("WASMFilter".to_owned(), "Deployment".to_owned(), "[displayName]")
        } else {
            (format!("Child{number}"), format!("Parent{number}"), "[configuration, spec, value]")
        };
        let class = [
            "kind: hierarchical, type: parent, subType: inventory",
            "kind: edge, type: binding, subType: mount",
            "kind: edge, type: non-binding, subType: network",
        ];
        let text = format!(
            "{{schemaVersion: relationships.meshery.io/v1alpha3, version: v1.0.0, {}, model: {{name: model-{}}}, \
             selectors: [{{allow: {{\
             from: [{{kind: {from}, patch: {{patchStrategy: replace, mutatorRef: [{value}]}}}}], \
             to: [{{kind: {to}, patch: {{patchStrategy: replace, mutatedRef: [{value}]}}}}]}}, \
             deny: {{from: [], to: []}}}}]}}",
            class[number % class.len()],
            number / 10,
        );
        registry.add_relationship(&format!("definition-{number}.yaml"), &text).unwrap();
    }
    Arc::new(registry)
}

/// The first component of a kind.
pub(crate) fn first(design: &Design, kind: &ComponentKind) -> ComponentId {
    design.of_kind(kind).next().unwrap().id()
}

struct Maker {
    registry: Arc<Registry>,
    design: Design,
    left: usize,
}

impl Maker {
    /// A namespace and what is in it; `None` when the design is full.
    fn namespace(&mut self, number: usize) -> Option<()> {
        let name = format!("team-{number}");
        let (x, y) = ((number % COLUMNS) as f64 * 160.0, (number / COLUMNS) as f64 * 340.0);
        let namespace = self.add(&ComponentKind::NAMESPACE, &name, metadata(&name, None), None)?;
        for row in 0..PLUGINS {
            let app = format!("app-{number}-{row}");
            let y = y + row as f64 * 32.0;
            let body = plugin(&format!("plugin-{number}-{row}"), &name, &app, row);
            let place = Some(Position::new(x, y));
            let plugin = self.add(&ComponentKind::WASM_PLUGIN, "plugin", body, place)?;
            self.join(relationship::inventory, &plugin, &namespace);
            for place in 0..FILTERS {
                let module = format!("team-{number}/app-{row}/filter-{place}");
                let body = filter(&module, place);
                let filter = self.add(&ComponentKind::WASM_FILTER, &format!("filter-{place}"), body, None)?;
                self.join(relationship::wallet, &filter, &plugin);
            }
            let place = Some(Position::new(x + 70.0, y));
            let workload = self.add(&ComponentKind::DEPLOYMENT, &app, deployment(&app, &name), place)?;
            self.join(relationship::inventory, &workload, &namespace);
        }
        Some(())
    }

    fn add(
        &mut self,
        kind: &ComponentKind,
        name: &str,
        configuration: Map,
        position: Option<Position>,
    ) -> Option<Component> {
        self.left = self.left.checked_sub(1)?;
        let component = new_component(NewComponent {
            id: ComponentId::from_name(&format!("component {}", self.left)),
            kind,
            definition: self.registry.component(kind).map(|it| &**it),
            display_name: name,
            configuration,
            position,
            schema_version: COMPONENT_SCHEMA,
        });
        self.design
            .apply(Edit::AddComponent { index: None, component: Arc::new(component.clone()) })
            .unwrap();
        Some(component)
    }

    fn join(
        &mut self,
        make: fn(&Design, ComponentId, ComponentId) -> Option<Relationship>,
        child: &Component,
        parent: &Component,
    ) {
        let relationship = Arc::new(make(&self.design, child.id(), parent.id()).unwrap());
        self.design.apply(Edit::AddRelationship { index: None, relationship }).unwrap();
    }
}

fn metadata(name: &str, namespace: Option<&str>) -> Map {
    let mut metadata = Map::from([("name", Value::from(name))]);
    if let Some(namespace) = namespace {
        metadata.insert("namespace", Value::from(namespace));
    }
    Map::from([("metadata", Value::Map(metadata))])
}

fn labels(app: &str) -> Value {
    Value::from([("app", Value::from(app))])
}

fn plugin(name: &str, namespace: &str, app: &str, row: usize) -> Map {
    let phase = ["AUTHN", "AUTHZ", "STATS"][row % 3];
    let mut configuration = metadata(name, Some(namespace));
    let spec = [
        ("selector", Value::from([("matchLabels", labels(app))])),
        ("phase", Value::from(phase)),
        ("priority", Value::from(10 * i64::try_from(row).unwrap())),
    ];
    configuration.insert("spec", Value::from(spec));
    configuration
}

fn filter(module: &str, place: usize) -> Map {
    let digest = "0123456789abcdef".repeat(4);
    Map::from([
        ("wasmFilter", Value::from(format!("oci://reg.example.com/{module}@sha256:{digest}").as_str())),
        // Meshery keeps the config as text.
        (
            "config",
            Value::from(format!(
                "{{\n  \"header\": \"x-filter-{place}\",\n  \"allow\": [\"a.example.com\", \"b.example.com\"]\n}}"
            )),
        ),
    ])
}

fn deployment(name: &str, namespace: &str) -> Map {
    let mut configuration = metadata(name, Some(namespace));
    let container =
        Value::from([("name", Value::from("main")), ("image", Value::from("reg.example.com/app:1.0"))]);
    let template = [
        ("metadata", Value::from([("labels", labels(name))])),
        ("spec", Value::from([("containers", Value::List(vec![container]))])),
    ];
    let spec =
        [("selector", Value::from([("matchLabels", labels(name))])), ("template", Value::from(template))];
    configuration.insert("spec", Value::from(spec));
    configuration
}
