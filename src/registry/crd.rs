//! A `CustomResourceDefinition` that a user gives: what its versions may hold, as the cluster that has it would say.
//!
//! It is authoritative for its kind and versions. Of a kind that the program knows it takes over the words: titles, help,
//! and the rules that report what is wrong.

use std::sync::Arc;

use crate::model::{ComponentKind, FieldPath, Map, Segment, Value};

use super::component_definition::{ComponentDefinition, Model};
use super::field_spec::{FieldKind, FieldSpec, Others};
use super::foreign_component::OBJECT_META;
use super::load::{DefinitionError, Node};
use super::openapi::{self, Unused};

/// The group and version of what is read here.
pub(super) const API_VERSION: &str = "apiextensions.k8s.io/v1";
/// Its kind.
pub(super) const KIND: &str = "CustomResourceDefinition";

/// One kind, in one or several versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Crd {
    /// Group and kind; the version is the one that the cluster stores.
    pub kind: ComponentKind,
    /// Tells whether its objects live in a namespace.
    pub namespaced: bool,
    /// The versions, in the order of the file.
    pub versions: Vec<CrdVersion>,
    /// The file that it was read from.
    pub file: String,
}

/// One version of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct CrdVersion {
    /// `v1alpha1`.
    pub name: String,
    /// Tells whether the cluster takes objects of this version.
    pub is_served: bool,
    /// What an object may hold.
    pub schema: Arc<FieldSpec>,
}

impl Crd {
    /// Reads a definition. What of its schemas is not checked is returned beside it.
    pub(super) fn read(node: &Node<'_>) -> Result<(Self, Vec<Unused>), DefinitionError> {
        let mut unused = Vec::new();
        let spec = node.required("spec")?;
        let group = spec.required("group")?;
        let names = spec.required("names")?;
        let kind = names.required("kind")?;
        let scope = spec.required("scope")?;
        let namespaced = match scope.text()? {
            "Namespaced" => true,
            "Cluster" => false,
            other => return Err(scope.error(format_args!("{other:?} is neither Namespaced nor Cluster"))),
        };
        let list = spec.required("versions")?;
        let mut versions = Vec::new();
        let mut stored = None;
        for (index, version) in list.list()?.iter().enumerate() {
            let version = list.item(index, version);
            let name = version.required("name")?.text()?.to_owned();
            if version.flag("storage")? {
                stored = Some(name.clone());
            }
            let schema = version.required("schema")?;
            let schema = openapi::read(&schema.required("openAPIV3Schema")?, &mut unused)?;
            let is_served = version.flag("served")?;
            versions.push(CrdVersion { name, is_served, schema: Arc::new(as_object(schema)) });
        }
        let stored = stored.ok_or_else(|| list.error("no version has `storage: true`"))?;
        let kind = ComponentKind::parse(kind.text()?, &format!("{}/{stored}", group.text()?));
        Ok((Self { kind, namespaced, versions, file: node.file().to_owned() }, unused))
    }

    /// The version called `name`.
    pub fn version(&self, name: &str) -> Option<&CrdVersion> {
        self.versions.iter().find(|version| version.name == name)
    }

    /// The versions that the cluster takes.
    pub fn served(&self) -> impl Iterator<Item = &str> {
        self.versions.iter().filter(|version| version.is_served).map(|version| version.name.as_str())
    }

    /// Takes over the words of a definition of ours.
    pub(super) fn adopt(&mut self, own: &FieldSpec) {
        for version in &mut self.versions {
            adopt(Arc::make_mut(&mut version.schema), own);
        }
    }

    /// The definition of a kind that nothing else defines.
    pub(super) fn component_definition(&self) -> Option<ComponentDefinition> {
        let schema = &self.version(&self.kind.version)?.schema;
        let group = Value::from([
            ("name", (&*self.kind.group).into()),
            ("version", "v1.0.0".into()),
            ("displayName", (&*self.kind.group).into()),
            ("registrant", Value::from([("kind", "kubernetes".into())])),
        ]);
        Some(ComponentDefinition {
            model: Arc::new(Model::read(&Node::root(&self.file, &group)).ok()?),
            label: self.kind.kind.to_string(),
            description: schema.help.clone(),
            shape: "rectangle".to_owned(),
            primary_color: "#326CE5".to_owned(),
            is_annotation: false,
            namespaced: self.namespaced,
            in_palette: false,
            schema: FieldSpec::clone(schema).into(),
            file: Some(self.file.clone()),
            default_configuration: Map::new(),
            legacy_paths: Vec::new(),
            kind: self.kind.clone(),
        })
    }
}

/// What every object has beside what its schema says; `status` is the server's own.
fn as_object(mut schema: FieldSpec) -> FieldSpec {
    let open = |title: &str| FieldSpec {
        kind: FieldKind::Any,
        title: title.to_owned(),
        others: Others::Free,
        hidden: true,
        ..FieldSpec::default()
    };
    for key in ["apiVersion", "kind"] {
        schema.properties.shift_remove(key);
    }
    schema.required.retain(|key| !matches!(key.as_str(), "apiVersion" | "kind" | "metadata" | "status"));
    schema.properties.shift_remove("metadata");
    schema.properties.shift_insert(0, "metadata".to_owned(), OBJECT_META.clone());
    if let Some(status) = schema.properties.get_mut("status") {
        *status = open("Status");
    }
    schema.kind = FieldKind::Object;
    schema.settle_validations();
    schema
}

fn adopt(spec: &mut FieldSpec, own: &FieldSpec) {
    spec.rule.clone_from(&own.rule);
    spec.hidden = own.hidden;
    spec.input = own.input;
    if !own.title.is_empty() {
        spec.title.clone_from(&own.title);
    }
    if !own.help.is_empty() {
        spec.help.clone_from(&own.help);
    }
    for choice in &mut spec.choices {
        if let Some(known) = own.choices.iter().find(|known| known.value == choice.value) {
            choice.help.clone_from(&known.help);
        }
    }
    // What this program checks by itself it words better, and what it says in CEL it would say twice.
    for validation in &mut spec.validations {
        let is_ours = |it: &&super::Validation| it.message == validation.message && it.message.is_some();
        validation.is_native = own.validations.iter().any(|known| is_ours(&known));
    }
    for (key, property) in &mut spec.properties {
        if let Some(own) = own.properties.get(key) {
            adopt(property, own);
        }
    }
    if let (Some(items), Some(own)) = (&mut spec.items, &own.items) {
        adopt(Arc::make_mut(items), own);
    }
    if let (Others::Of(others), Others::Of(own)) = (&mut spec.others, &own.others) {
        adopt(Arc::make_mut(others), own);
    }
    spec.settle_validations();
}

/// The definitions in a value: itself, or the items of a list of the API. Each with its path from the value.
pub(super) fn found_in(value: &Value) -> Vec<FieldPath> {
    let is_crd =
        |value: &Value| value.text_at(&["kind"]) == Some(KIND) && value.text_at(&["apiVersion"]).is_some();
    if is_crd(value) {
        return vec![FieldPath::root()];
    }
    let is_list =
        value.text_at(&["kind"]).is_some_and(|kind| kind == "List" || kind == "CustomResourceDefinitionList");
    let items = value.at(&["items"]).and_then(Value::as_list).filter(|_| is_list).unwrap_or_default();
    let found = items.iter().enumerate().filter(|(_, item)| {
        // Items of a typed list need not name their kind.
        is_crd(item) || (item.at(&["spec", "versions"]).is_some() && item.at(&["spec", "names"]).is_some())
    });
    found.map(|(index, _)| FieldPath::from(vec![Segment::from("items"), Segment::from(index)])).collect()
}
