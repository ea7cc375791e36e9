//! Plain manifests to a design (`policy.md`, step 3, "import").
//!
//! Every object becomes a component with its body, whatever its kind; a plugin's module becomes a filter, already joined.
//! Ids follow from names, so that the same input gives the same file. Nothing is dropped without a word in the report.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::relationship::WALLET;
use crate::model::view::WasmPluginView;
use crate::model::{
    Component, ComponentId, ComponentKind, Design, Diagnostic, Edit, FieldPath, Location, Map, Relationship,
    Segment, Severity, Value,
};
use crate::registry::{COMPONENT_SCHEMA, NewComponent, Registry, as_object, new_component};
use crate::wallet::relationship::between;
use crate::wallet::{ModuleField, NoBody, check_body, object};
use crate::yaml::{self, Document, Format, Position};

use super::manifest::{Found, Object, objects};
use super::meshery::new_design;
use super::positions::{Place, Places, Positions};
use super::{Opened, Origin};

/// How to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// Make a filter of each plugin's module, joined to it.
    pub make_filters: bool,
    /// The name of the new design.
    pub name: String,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { make_filters: true, name: "Imported manifests".to_owned() }
    }
}

/// What became of one object of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A component of a kind that this program knows.
    Kept,
    /// A component of another kind: kept with its body, and exported again as it was.
    KeptUnknownKind,
    /// A component, with changes, each in words.
    Converted(Vec<String>),
    /// Not an object; the reason.
    NotUnderstood(String),
}

/// One object of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedObject {
    /// Group, version and kind; `None` for what is no object.
    pub kind: Option<ComponentKind>,
    /// `metadata.namespace`, or `""`.
    pub namespace: String,
    /// `metadata.name`, or `""`.
    pub name: String,
    /// Index of its document among those of the input.
    pub document: usize,
    /// Where it stands in the text of the document.
    pub position: Position,
    /// The component that it became.
    pub component: Option<ComponentId>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The most values of one object that its line in the report names.
const MOST_NAMED: usize = 3;

impl ImportedObject {
    /// Says which values are text here and something else to kubectl: once written as a design they are in quotes, and
    /// nothing tells any more.
    fn say_kept_as_text(&mut self, hazards: &[KubectlHazard]) {
        let own = hazards.iter().filter(|hazard| hazard.finding.component() == self.component);
        let mut words: Vec<&str> = own.map(|hazard| hazard.words.as_str()).collect();
        if self.component.is_none() || words.is_empty() {
            return;
        }
        let more = words.len().saturating_sub(MOST_NAMED);
        words.truncate(MOST_NAMED);
        let mut change = format!("kept as text what kubectl reads otherwise: {}", words.join(", "));
        if more > 0 {
            change = format!("{change}, and {more} more");
        }
        match &mut self.outcome {
            Outcome::Converted(changes) => changes.push(change),
            Outcome::KeptUnknownKind => {
                self.outcome = Outcome::Converted(vec!["its kind is not known here".to_owned(), change]);
            }
            Outcome::Kept => self.outcome = Outcome::Converted(vec![change]),
            Outcome::NotUnderstood(_) => {}
        }
    }
}

/// What an import made of each object, in the order of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// One entry an object.
    pub objects: Vec<ImportedObject>,
}

impl ImportReport {
    /// How many became components.
    pub fn kept(&self) -> usize {
        self.objects.iter().filter(|object| object.component.is_some()).count()
    }

    /// Those that did not.
    pub fn not_understood(&self) -> impl Iterator<Item = &ImportedObject> {
        self.objects.iter().filter(|object| object.component.is_none())
    }
}

/// Makes a design of `documents`.
pub fn import(
    documents: &[Document],
    registry: &Registry,
    options: &ImportOptions,
) -> (Design, ImportReport) {
    let imported = run(documents, registry, options);
    (imported.design, imported.report)
}

/// An import as the result of opening a text.
pub(super) fn opened(documents: Vec<Document>, registry: &Registry, options: &ImportOptions) -> Opened {
    let mut imported = run(&documents, registry, options);
    let hazards = hazards(&documents, &imported.places);
    for object in &mut imported.report.objects {
        object.say_kept_as_text(&hazards);
    }
    imported.findings.extend(hazards.into_iter().map(|hazard| hazard.finding));
    Opened {
        design: imported.design,
        origin: Origin::Manifests { report: imported.report },
        positions: Positions::of_manifests(documents, imported.places),
        findings: imported.findings,
    }
}

/// The components and relationships that an import collects.
struct Maker<'a> {
    registry: &'a Registry,
    options: &'a ImportOptions,
    /// Names that ids were made of, each with the number to try next.
    used: IndexMap<String, usize, foldhash::fast::FixedState>,
    components: Vec<Component>,
    relationships: Vec<Relationship>,
    report: ImportReport,
    findings: Vec<Diagnostic>,
    places: Places,
}

/// What an import gives.
struct Imported {
    design: Design,
    report: ImportReport,
    findings: Vec<Diagnostic>,
    places: Places,
}

/// Objects are not deeper than this: a design holds them, and what relationships record of them, some levels down.
const DEEPEST: usize = yaml::MAX_DEPTH - 16;

fn run(documents: &[Document], registry: &Registry, options: &ImportOptions) -> Imported {
    let mut maker = Maker {
        registry,
        options,
        used: IndexMap::default(),
        components: Vec::new(),
        relationships: Vec::new(),
        report: ImportReport::default(),
        findings: Vec::new(),
        places: Places::default(),
    };
    for found in objects(documents) {
        match found {
            Found::Object(object) if object.map.height() > DEEPEST => {
                let reason = format!(
                    "lists and mappings stand more than {DEEPEST} deep inside one another, which no design can hold"
                );
                maker.other(object.document, &object.path, object.position, Severity::Error, reason);
            }
            Found::Object(object) => maker.object(&object),
            Found::Other { document, path, position, severity, reason } => {
                maker.other(document, &path, position, severity, reason);
            }
        }
    }
    maker.finish()
}

impl Maker<'_> {
    /// Something that is no object: FM003.
    fn other(
        &mut self,
        document: usize,
        path: &FieldPath,
        position: Position,
        severity: Severity,
        reason: String,
    ) {
        let path = FieldPath::from(Segment::Index(document)).join(path);
        let location = Location { path, ..Location::design() };
        self.findings.push(Diagnostic::new("FM003", location, reason.clone()).with_severity(severity));
        self.report.objects.push(ImportedObject {
            kind: None,
            namespace: String::new(),
            name: String::new(),
            document,
            position,
            component: None,
            outcome: Outcome::NotUnderstood(reason),
        });
    }

    fn object(&mut self, object: &Object<'_>) {
        let id_name = self.id_name(object);
        let id = ComponentId::from_name(&id_name);
        let mut changes = Vec::new();
        let (configuration, left_out) = object::without_server_fields(object.map);
        if !left_out.is_empty() {
            changes.push(format!("left out what the server had added: {}", left_out.join(", ")));
        }
        let definition = self.registry.component(&object.kind);
        let component = new_component(NewComponent {
            id,
            kind: &object.kind,
            definition: definition.map(|definition| &**definition),
            display_name: object.name(),
            configuration,
            position: None,
            schema_version: COMPONENT_SCHEMA,
        });
        let component = Self::with_body_mark(component, &mut changes);
        if !object.has_name() {
            changes.push("it has no `metadata.name`; it gets one of its kind and place".to_owned());
            let path = FieldPath::keys(&["configuration", "metadata"]);
            let message = format!("this {} has no `metadata.name`: kubectl refuses it", object.kind.kind);
            let finding = Diagnostic::new("FM003", Location::component(id, path), message);
            self.findings.push(finding.with_severity(Severity::Error));
        }
        let filter = self.options.make_filters.then(|| self.filter(&id_name, &component)).flatten();
        let outcome = match (changes.is_empty() && filter.is_none(), definition) {
            (true, Some(_)) => Outcome::Kept,
            (true, None) => Outcome::KeptUnknownKind,
            (false, _) => {
                if let Some((filter, _)) = &filter {
                    changes.push(format!("its module became the filter {}", filter.display_name()));
                }
                Outcome::Converted(changes)
            }
        };
        self.report.objects.push(ImportedObject {
            kind: Some(object.kind.clone()),
            namespace: object.namespace().to_owned(),
            name: object.name().to_owned(),
            document: object.document,
            position: object.position,
            component: Some(id),
            outcome,
        });
        let place = Place { document: object.document, path: object.path.clone(), is_filter: false };
        self.components.push(component);
        if let Some((filter, relationship)) = filter {
            self.places.insert(filter.id(), Place { is_filter: true, ..place.clone() });
            self.components.push(filter);
            self.relationships.push(relationship);
        }
        self.places.insert(id, place);
    }

    /// `<group>/<kind>/<namespace>/<name>`, with `#2`, `#3` when there is such a one already.
    ///
    /// An object may be called like another's repetition or filter (`x#2`, `x/filter`): it is counted on as well.
    fn id_name(&mut self, object: &Object<'_>) -> String {
        let kind = &object.kind;
        let name = format!("{}/{}/{}/{}", kind.group, kind.kind, object.namespace(), object.name());
        let mut number = self.used.get(&name).copied().unwrap_or(1);
        let free = loop {
            let free = if number == 1 { name.clone() } else { format!("{name}#{number}") };
            number += 1;
            let is_free = |name: &str| self.used.get(name).is_none_or(|next| *next == 1);
            if is_free(&free) && is_free(&filter_id_name(&free)) {
                break free;
            }
        };
        self.used.insert(filter_id_name(&free), 2);
        self.used.insert(free.clone(), 2);
        self.used.insert(name, number);
        free
    }

    /// Says of an object that is nothing but a name, yet was in the input, that it is one.
    fn with_body_mark(component: Component, changes: &mut Vec<String>) -> Component {
        if let Err(NoBody::Lacks(lacks)) = check_body(&component) {
            changes.push(format!("it lacks {lacks}: a reference, which is drawn and not exported"));
        }
        as_object(component)
    }

    /// The filter made of a plugin's module, and the relationship that joins it.
    fn filter(&self, id_name: &str, plugin: &Component) -> Option<(Component, Relationship)> {
        WasmPluginView::cast(plugin)?.url()?;
        let definition = self.registry.component(&ComponentKind::WASM_FILTER)?;
        let mut configuration = Map::new();
        let mut wrote = Vec::new();
        for field in ModuleField::ALL {
            let Some(value) = plugin.get(&field.plugin_path()).filter(|value| !value.is_blank()) else {
                continue;
            };
            let own = match (field, value) {
                (ModuleField::Config, Value::Text(text)) => Value::Text(text.clone()),
                (ModuleField::Config, value) => Value::from(config_text(value)),
                _ => value.clone(),
            };
            configuration.insert(field.filter_key(), own);
            let path = field.plugin_path().iter().filter_map(Segment::as_key).map(Value::from).collect();
            wrote.push(Value::from([("path", Value::List(path)), ("value", value.clone())]));
        }
        // Without a name of its own a filter is called after its URL: ask once, then write it down.
        let unnamed = Value::from([
            ("component", kind_value(&ComponentKind::WASM_FILTER)),
            ("configuration", url_only(&configuration)),
        ]);
        let unnamed = Component::from_tree(plugin.id(), unnamed);
        let filter = new_component(NewComponent {
            id: ComponentId::from_name(&filter_id_name(id_name)),
            kind: &ComponentKind::WASM_FILTER,
            definition: Some(definition),
            display_name: unnamed.own_name().unwrap_or(plugin.display_name()),
            configuration,
            position: None,
            schema_version: COMPONENT_SCHEMA,
        });
        let relationship = between(WALLET, &filter, plugin)?;
        let mut tree = relationship.tree().clone();
        if let Some(map) = tree.as_map_mut() {
            let metadata = Value::from([("billfold", Value::from([("wrote", Value::List(wrote))]))]);
            let place = map.place_of("selectors").unwrap_or(map.len());
            map.insert_at(place, "metadata", metadata);
        }
        Some((filter, Relationship::from_tree(relationship.id(), tree)))
    }

    fn finish(self) -> Imported {
        // The design's id follows from what is in it, like all others.
        let names: Vec<&str> = self.used.keys().map(String::as_str).collect();
        let id = ComponentId::from_name(&format!("design/{}", names.join("\n")));
        let mut design = new_design(&id.to_string(), &self.options.name);
        let components = self
            .components
            .into_iter()
            .map(|component| Edit::AddComponent { index: None, component: Arc::new(component) });
        let relationships = self
            .relationships
            .into_iter()
            .map(|relationship| Edit::AddRelationship { index: None, relationship: Arc::new(relationship) });
        for edit in components.chain(relationships) {
            // Every id is of a name that was used once, and so is every pair of ids: nothing stands in the way.
            let added = design.apply(edit);
            debug_assert!(added.is_ok(), "{added:?}");
        }
        Imported { design, report: self.report, findings: self.findings, places: self.places }
    }
}

fn filter_id_name(id_name: &str) -> String {
    format!("{id_name}/filter")
}

/// The `component` of a component tree.
fn kind_value(kind: &ComponentKind) -> Value {
    Value::from([("kind", Value::from(&*kind.kind)), ("version", Value::from(&*kind.api_version()))])
}

fn url_only(configuration: &Map) -> Value {
    let key = ModuleField::Url.filter_key();
    Value::Map(configuration.get(key).map(|url| (key, url.clone())).into_iter().collect())
}

/// A config as the text of a filter: JSON with two spaces of indent, keys in their order, numbers with their digits.
///
/// YAML where JSON has no word for a number (`.inf`): as JSON it would become text, and the check could not tell.
fn config_text(config: &Value) -> String {
    let format = if config.is_finite() { Format::Json } else { Format::Yaml };
    yaml::emit(config, format).trim_end().to_owned()
}

/// Tells whether `path` leads into the data of a Secret; `below` is what of it lies in the object.
fn is_secret_data(document: &Document, path: &[Segment], below: &[Segment]) -> bool {
    let object = document.value.get(&path[..path.len() - below.len()]);
    let is_secret = object.and_then(|object| object.text_at(&["kind"])) == Some(&*ComponentKind::SECRET.kind);
    let field = below.first().and_then(Segment::as_key);
    is_secret && field.is_some_and(|key| matches!(key, "data" | "stringData"))
}

/// The components by the object that they were made of.
type Owners<'a> = IndexMap<(usize, &'a [Segment]), ComponentId, foldhash::fast::FixedState>;

/// A scalar that is text here and something else to kubectl.
struct KubectlHazard {
    /// DS011.
    finding: Diagnostic,
    /// `yes` at `/data/a` (a boolean).
    words: String,
}

/// DS011 for scalars that kubectl, a reader of YAML 1.1, takes for another type.
fn hazards(documents: &[Document], places: &Places) -> Vec<KubectlHazard> {
    let made_of = places.iter().filter(|(_, place)| !place.is_filter);
    let owners: Owners<'_> =
        made_of.map(|(id, place)| ((place.document, place.path.segments()), *id)).collect();
    let mut findings = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        for hazard in document.yaml_1_1_hazards() {
            // What only other readers take for something else (dates, 12:30) reaches the cluster as it is meant.
            if !hazard.read_as.in_kubectl() {
                continue;
            }
            let owner = (0..=hazard.path.len()).rev().find_map(|length| {
                let (object, below) = hazard.path.split_at(length);
                Some((*owners.get(&(index, object))?, below))
            });
            let Some((id, below)) = owner else { continue };
            let what = if hazard.is_key {
                format!("the key `{}`", hazard.text)
            } else if is_secret_data(document, &hazard.path, below) {
                "this value".to_owned()
            } else {
                format!("`{}`", hazard.text)
            };
            let message = format!(
                "{what} is text here, but kubectl takes it for {}: put it in quotes",
                hazard.read_as.name()
            );
            let words = format!("{what} at {} ({})", FieldPath::from(below.to_vec()), hazard.read_as.name());
            let path = FieldPath::keys(&["configuration"]).join(below);
            let finding = Diagnostic::new("DS011", Location::component(id, path), message);
            findings.push(KubectlHazard { finding, words });
        }
    }
    findings
}
