//! What a kind of component is: its names, its model, its looks, and what its configuration may hold.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use crate::model::{ComponentKind, FieldPath, Map, Segment, Value};

use super::field_spec::{FieldKind, FieldSpec, Resolution};
use super::load::{DefinitionError, Node};
use super::schema::{Shared, field_spec};

/// Stands for the name of the new component in a default configuration.
const NAME_PLACEHOLDER: &str = "$name";

/// A model: the package of definitions that a kind comes from, as Meshery registers it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    tree: Value,
}

impl Model {
    pub(super) fn read(node: &Node<'_>) -> Result<Self, DefinitionError> {
        node.required("name")?.text()?;
        Ok(Self { tree: node.value.clone() })
    }

    /// The name: `istio-base`.
    pub fn name(&self) -> &str {
        self.tree.text_at(&["name"]).unwrap_or_default()
    }

    /// The name for people: `Istio`.
    pub fn display_name(&self) -> &str {
        let name = self.tree.text_at(&["displayName"]).filter(|name| !name.trim().is_empty());
        name.unwrap_or_else(|| self.name())
    }

    /// The kind of the registrant: `artifacthub`, `github`, `meshery`.
    pub fn registrant(&self) -> &str {
        self.tree.text_at(&["registrant", "kind"]).unwrap_or_default()
    }

    /// The whole `model` of a component that we create.
    pub fn tree(&self) -> &Value {
        &self.tree
    }

    /// The `modelReference` of a component that we create; also the `model` of a relationship.
    pub fn reference(&self) -> Value {
        let keys = ["id", "name", "version", "displayName", "model", "registrant"];
        let entries = keys.iter().filter_map(|key| Some((*key, self.tree.as_map()?.get(key)?.clone())));
        Value::Map(entries.collect())
    }

    /// The `model` of a selector that we create: just enough to find the kind.
    pub fn selector(&self) -> Value {
        Value::from([
            ("name", self.name().into()),
            ("registrant", Value::from([("kind", self.registrant().into())])),
        ])
    }
}

/// A spelling of a path that files of other programs have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LegacyPath {
    from: FieldPath,
    to: FieldPath,
}

/// What the configuration of a kind may hold: a [`FieldSpec`], read when it is first asked for.
#[derive(Clone)]
pub struct ConfigurationSchema(Arc<LazyLock<FieldSpec, ReadSchema>>);

type ReadSchema = Box<dyn FnOnce() -> FieldSpec + Send + Sync>;

impl ConfigurationSchema {
    /// A schema that `read` gives.
    pub(super) fn when_asked(read: impl FnOnce() -> FieldSpec + Send + Sync + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(read))))
    }
}

impl From<FieldSpec> for ConfigurationSchema {
    fn from(spec: FieldSpec) -> Self {
        Self::when_asked(|| spec)
    }
}

impl Deref for ConfigurationSchema {
    type Target = FieldSpec;

    fn deref(&self) -> &FieldSpec {
        &self.0
    }
}

impl PartialEq for ConfigurationSchema {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl fmt::Debug for ConfigurationSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.deref().fmt(f)
    }
}

/// One kind of component: what may exist of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentDefinition {
    /// Group, version and kind.
    pub kind: ComponentKind,
    /// Where the kind comes from.
    pub model: Arc<Model>,
    /// The kind in words for people: "Workload", `WasmFilter`.
    pub label: String,
    /// What it is for, in one line.
    pub description: String,
    /// The shape of the node, in Meshery's words.
    pub shape: String,
    /// The colour of the node: `#654ff0`.
    pub primary_color: String,
    /// Tells whether it is a design object only, never exported.
    pub is_annotation: bool,
    /// Tells whether it lives in a namespace.
    pub namespaced: bool,
    /// Tells whether the palette offers it.
    pub in_palette: bool,
    /// What the configuration may hold.
    pub schema: ConfigurationSchema,
    /// The file that it was read from; `None` for a kind that comes with the program.
    pub file: Option<String>,
    pub(super) default_configuration: Map,
    pub(super) legacy_paths: Vec<LegacyPath>,
}

impl ComponentDefinition {
    pub(super) fn read(
        node: &Node<'_>,
        models: &[(String, Arc<Model>)],
        shared: &Shared,
    ) -> Result<Self, DefinitionError> {
        for (key, value) in node.map()?.iter() {
            if !KEYS.contains(&key) {
                return Err(node.child(key, value).error(format_args!("`{key}` is no key of a definition")));
            }
        }
        let model_node = node.required("model")?;
        let name = model_node.text()?;
        let model = models.iter().find(|(known, _)| known == name).map(|(_, model)| Arc::clone(model));
        let configuration = node.get("defaultConfiguration");
        Ok(Self {
            kind: ComponentKind::parse(node.required("kind")?.text()?, node.required("apiVersion")?.text()?),
            model: model.ok_or_else(|| model_node.error(format_args!("no model is called {name:?}")))?,
            label: node.required("label")?.text()?.to_owned(),
            description: node.required("description")?.text()?.to_owned(),
            shape: node.required("styles")?.text_or("shape", "rectangle")?,
            primary_color: node.required("styles")?.required("primaryColor")?.text()?.to_owned(),
            is_annotation: node.flag("isAnnotation")?,
            namespaced: node.flag("namespaced")?,
            in_palette: node.flag("inPalette")?,
            schema: field_spec(&node.required("schema")?, shared)?.into(),
            file: None,
            default_configuration: configuration.map_or(Ok(Map::new()), |node| node.map().cloned())?,
            legacy_paths: node.get("legacyPaths").map_or(Ok(Vec::new()), |node| legacy_paths(&node))?,
        })
    }

    /// The configuration of a new component called `name`: what the palette makes.
    pub fn new_configuration(&self, name: &str) -> Map {
        let mut configuration = Map::new();
        if self.has_object_name() {
            configuration.insert("metadata", Value::from([("name", name.into())]));
        }
        for (key, value) in self.default_configuration.iter() {
            let mut value = value.clone();
            fill_in(&mut value, name);
            configuration.insert(key, value);
        }
        configuration
    }

    /// Tells whether an object of this kind bears its name in `configuration.metadata.name`: every kind of Kubernetes
    /// does, a design object does not.
    pub fn has_object_name(&self) -> bool {
        !self.is_annotation
    }

    /// Tells whether the schema is that of the program, so that a value that it does not allow is wrong. One of a
    /// definition of others is good for a form: it is flattened, and of some version of the kind.
    pub fn is_authoritative(&self) -> bool {
        self.file.is_none()
    }

    /// Where a path leads that starts at the root of the component (`configuration`, `displayName`, …).
    pub fn resolve(&self, path: &[Segment]) -> Resolution<'_> {
        let Some((first, rest)) = path.split_first() else { return Resolution::Open };
        match first.as_key() {
            Some("configuration") => self.schema.resolve(rest),
            Some("displayName" | "description") if rest.is_empty() => Resolution::Field(&TEXT),
            Some("metadata" | "styles") => Resolution::Open,
            _ => Resolution::Nowhere,
        }
    }

    /// The known field at a path that starts at the root of the component.
    pub fn field(&self, path: &[Segment]) -> Option<&FieldSpec> {
        match self.resolve(path) {
            Resolution::Field(spec) => Some(spec),
            Resolution::Open | Resolution::Nowhere => None,
        }
    }

    /// The path in our spelling; borrowed when it has that already.
    ///
    /// Meshery's shipped wallet definitions say `configuration.wasm-filter` and `configuration.pluginConfig`, which
    /// its own component schemas do not know.
    pub fn canonical<'a>(&self, path: &'a FieldPath) -> Cow<'a, FieldPath> {
        for legacy in &self.legacy_paths {
            if let Some(rest) = path.strip_prefix(legacy.from.segments()) {
                return Cow::Owned(legacy.to.join(rest));
            }
        }
        Cow::Borrowed(path)
    }
}

const KEYS: [&str; 13] = [
    "kind",
    "apiVersion",
    "model",
    "label",
    "description",
    "styles",
    "isAnnotation",
    "namespaced",
    "inPalette",
    "defaultConfiguration",
    "legacyPaths",
    "schema",
    "schemaVersion",
];

/// The spec of `displayName` and `description`.
static TEXT: LazyLock<FieldSpec> =
    LazyLock::new(|| FieldSpec { kind: FieldKind::Text, title: "Name".to_owned(), ..FieldSpec::default() });

fn fill_in(value: &mut Value, name: &str) {
    match value {
        Value::Text(text) if text == NAME_PLACEHOLDER => *text = name.into(),
        Value::List(items) => items.iter_mut().for_each(|item| fill_in(item, name)),
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| fill_in(value, name)),
        _ => {}
    }
}

fn legacy_paths(node: &Node<'_>) -> Result<Vec<LegacyPath>, DefinitionError> {
    let pairs = node.list()?.iter().enumerate();
    pairs
        .map(|(index, pair)| {
            let pair = node.item(index, pair);
            Ok(LegacyPath { from: path(&pair.required("from")?)?, to: path(&pair.required("to")?)? })
        })
        .collect()
}

/// Reads a path that a definition has as a list of keys. A whole number is an index, written as a number or, as Meshery's
/// files do (`[spec, ports, "0", port]`), as text.
pub(super) fn path(node: &Node<'_>) -> Result<FieldPath, DefinitionError> {
    let segments = node.list()?.iter().enumerate().map(|(index, segment)| match segment {
        Value::Text(key) => Ok(index_of(key).map_or_else(|| Segment::from(key.as_str()), Segment::from)),
        Value::Number(_) => Ok(Segment::from(node.item(index, segment).count()?)),
        _ => Err(node.item(index, segment).error("must be a key or an index")),
    });
    Ok(FieldPath::from(segments.collect::<Result<Vec<_>, _>>()?))
}

/// The index that a text is: `0`, `12`; neither `007` nor `+1`.
fn index_of(text: &str) -> Option<usize> {
    let is_plain = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| is_plain)
}
