//! Definitions of others, read in one go: first the kinds, then the relationships, whose references the kinds check.
//!
//! One bad definition never keeps out another, and what was there first stays: nothing that is loaded here replaces
//! what the program knows. What became of each stands in the [`DefinitionReport`].

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::model::{FieldPath, Segment, Value};
use crate::yaml::{self, Document};

use super::crd::{self, Crd};
use super::definition_checks::{Found, curiosities, uneven, why_inert};
use super::definition_report::{
    DefinitionEntry, DefinitionReport, DefinitionState, DefinitionSubject, listed,
};
use super::load::{DefinitionError, Node};
use super::relationship_definition::{RelationshipDefinition, SelectorSet, why_out};
use super::{Registry, foreign_component};

/// A file that may hold definitions: one, a list, or several documents; YAML or JSON.
#[derive(Clone, Debug)]
pub struct DefinitionFile {
    /// What to call it.
    pub name: String,
    /// Its bytes, or why there are none.
    pub content: Result<Vec<u8>, String>,
    /// Whether it was named itself; a file that was found in a folder may hold something else.
    pub is_named: bool,
}

/// Versions of relationship definitions that are understood.
const RELATIONSHIPS: [&str; 4] = ["v1alpha3", "v1beta1", "v1beta2", "v1beta3"];

/// Versions of component definitions that are understood.
const COMPONENTS: [&str; 2] = ["v1beta1", "v1beta2"];

/// The kinds of relationships that there are.
const KINDS: [&str; 3] = ["hierarchical", "edge", "sibling"];

impl Registry {
    /// This registry with the definitions of these files behind its own. What became of them is in [`Self::report`].
    #[must_use]
    pub fn with_definitions(&self, files: impl IntoIterator<Item = DefinitionFile>) -> Self {
        let known = self.relationships().iter().map(|it| {
            let place = if it.file.is_empty() { "one of the program" } else { it.file.as_str() };
            (identity(it), place.to_owned())
        });
        let mut loading = Loading { known: known.collect(), registry: self.clone(), later: Vec::new() };
        for file in files {
            loading.file(&file);
        }
        for later in std::mem::take(&mut loading.later) {
            loading.relationship(&later);
        }
        loading.registry
    }
}

/// What makes two relationship definitions one: class and selectors.
type Identity = (String, Vec<SelectorSet>);

fn identity(definition: &RelationshipDefinition) -> Identity {
    (definition.class(), definition.selectors.clone())
}

struct Loading {
    registry: Registry,
    /// The relationship definitions there are, and where they stand.
    known: HashMap<Identity, String, foldhash::fast::FixedState>,
    /// Relationship definitions, which wait for the kinds of all files.
    later: Vec<Later>,
}

struct Later {
    /// Its place in the report.
    entry: usize,
    document: Rc<Document>,
    path: FieldPath,
    /// The file holds several: the line tells which it is.
    is_one_of_several: bool,
}

/// What a value in a definition file is.
enum Class {
    Relationship,
    Component,
    /// A definition, and why it is not read.
    Unsupported(DefinitionSubject, String),
    /// Something else.
    Other,
}

impl Loading {
    fn report(&mut self) -> &mut DefinitionReport {
        &mut self.registry.report
    }

    fn file(&mut self, file: &DefinitionFile) {
        let unreadable = |position, reason| DefinitionEntry {
            file: file.name.clone(),
            pointer: String::new(),
            position,
            subject: DefinitionSubject::File,
            state: DefinitionState::Unsupported,
            reason,
            remarks: Vec::new(),
        };
        let parsed = match &file.content {
            Ok(bytes) => yaml::parse_bytes(bytes),
            Err(reason) => {
                let entry = unreadable(None, reason.clone());
                return self.report().entries.push(entry);
            }
        };
        let documents = match parsed {
            Ok(parsed) => parsed.documents,
            Err(err) => {
                let entry = unreadable(Some(err.position()), format!("it cannot be read: {}", err.message));
                return self.report().entries.push(entry);
            }
        };
        let before = self.report().entries.len();
        let later_before = self.later.len();
        let mut other = None;
        for document in documents.into_iter().map(Rc::new) {
            let paths: Vec<FieldPath> = match document.value.as_list() {
                Some(items) => {
                    (0..items.len()).map(|item| FieldPath::from(vec![Segment::Index(item)])).collect()
                }
                None => vec![FieldPath::root()],
            };
            for path in paths {
                if self.crds(&file.name, &document, &path) {
                    continue;
                }
                if !self.value(&file.name, &document, &path) {
                    let position = document.source.position(&document.value, &path);
                    other.get_or_insert((position, path.to_pointer()));
                }
            }
        }
        let of_this_file = &mut self.later[later_before..];
        let are_several = of_this_file.len() > 1;
        for later in of_this_file {
            later.is_one_of_several = are_several;
        }
        let is_of_interest = self.report().entries.len() > before;
        match other {
            None if is_of_interest => {}
            Some((position, pointer)) if is_of_interest => {
                let reason = "it is no definition, as others in this file are".to_owned();
                self.report().entries.push(DefinitionEntry { pointer, ..unreadable(Some(position), reason) });
            }
            _ if file.is_named => {
                let reason = "it holds no definition of a relationship or component".to_owned();
                self.report().entries.push(unreadable(other.map(|(position, _)| position), reason));
            }
            _ => self.report().skipped += 1,
        }
    }

    /// Reads one value of a file; returns whether it is a definition.
    fn value(&mut self, file: &str, document: &Rc<Document>, path: &FieldPath) -> bool {
        let Some(value) = document.value.get(path) else { return false };
        let (state, subject, reason) = match class_of(value) {
            Class::Other => return false,
            Class::Unsupported(subject, reason) => (DefinitionState::Unsupported, subject, reason),
            Class::Relationship => (DefinitionState::Loaded, relationship_subject(value), String::new()),
            Class::Component => {
                return self.component(file, document, path);
            }
        };
        if state == DefinitionState::Loaded {
            let entry = self.report().entries.len();
            let (document, path) = (Rc::clone(document), path.clone());
            self.later.push(Later { entry, document, path, is_one_of_several: false });
        }
        self.report().entries.push(DefinitionEntry {
            file: file.to_owned(),
            pointer: path.to_pointer(),
            position: Some(document.source.position(&document.value, path)),
            subject,
            state,
            reason,
            remarks: Vec::new(),
        });
        true
    }

    /// Reads what of a value is a definition of a cluster; returns whether anything is.
    fn crds(&mut self, file: &str, document: &Document, path: &FieldPath) -> bool {
        let Some(value) = document.value.get(path) else { return false };
        let found = crd::found_in(value);
        for below in &found {
            let path = path.join(below);
            let Some(value) = document.value.get(&path) else { continue };
            self.crd(file, document, &path, value);
        }
        !found.is_empty()
    }

    fn crd(&mut self, file: &str, document: &Document, path: &FieldPath, value: &Value) {
        let text = |keys: &[&str]| value.text_at(keys).unwrap_or_default().to_owned();
        let mut entry = DefinitionEntry {
            file: file.to_owned(),
            pointer: path.to_pointer(),
            position: Some(document.source.position(&document.value, path)),
            subject: DefinitionSubject::Component {
                kind: text(&["spec", "names", "kind"]),
                model: text(&["spec", "group"]),
            },
            state: DefinitionState::Loaded,
            reason: String::new(),
            remarks: Vec::new(),
        };
        let version = value.text_at(&["apiVersion"]).unwrap_or(crd::API_VERSION);
        match Crd::read(&Node::root(file, value)) {
            _ if version != crd::API_VERSION => {
                entry.state = DefinitionState::Unsupported;
                entry.reason = format!("{version} is not understood: write {}", crd::API_VERSION);
            }
            Err(mut err) => {
                err.path = path.join(&err.path);
                err.pointer = err.path.to_pointer();
                entry.refuse(document, err);
            }
            Ok((crd, _)) if self.registry.crd(&crd.kind).is_some() => {
                let known = self.registry.crd(&crd.kind).map(|known| known.file.clone()).unwrap_or_default();
                entry.state = DefinitionState::Known;
                entry.reason = format!("{known} defines this kind, and stays");
            }
            Ok((crd, unused)) => {
                let unused =
                    unused.into_iter().map(|(message, below)| Found::new(message, path.join(&below)));
                entry.remarks = unused.map(|found| found.remark(document)).collect();
                self.registry.add_crd(crd);
            }
        }
        self.report().entries.push(entry);
    }

    fn component(&mut self, file: &str, document: &Document, path: &FieldPath) -> bool {
        let value = document.value.get(path).unwrap_or(&Value::Null);
        let mut entry = DefinitionEntry {
            file: file.to_owned(),
            pointer: path.to_pointer(),
            position: Some(document.source.position(&document.value, path)),
            subject: component_subject(value),
            state: DefinitionState::Loaded,
            reason: String::new(),
            remarks: Vec::new(),
        };
        let read = at(file, document, path, |node| {
            // Most definitions of a large set are of kinds that are there: their schemas are not looked at.
            let kind = foreign_component::kind(node)?;
            match self.registry.component(&kind) {
                Some(known) => Ok(Err(Arc::clone(known))),
                None => foreign_component::read(node).map(Ok),
            }
        });
        match read {
            Err(err) => entry.refuse(document, err),
            Ok(Err(known)) => {
                entry.state = DefinitionState::Known;
                entry.reason = match &known.file {
                    None => "the program knows this kind, and its own definition stays".to_owned(),
                    Some(file) => format!("{file} defines this kind, and stays"),
                };
            }
            Ok(Ok((definition, remark))) => {
                let path = path.join(&FieldPath::keys(&["component", "schema"]));
                entry.remarks.extend(remark.map(|it| Found::new(it, path).remark(document)));
                self.registry.add_component(definition);
            }
        }
        self.report().entries.push(entry);
        true
    }

    fn relationship(&mut self, later: &Later) {
        let Later { entry, document, path, is_one_of_several } = later;
        let entry = *entry;
        let Some(file) = self.report().entries.get(entry).map(|entry| entry.file.clone()) else { return };
        let mut outcome = self.report().entries[entry].clone();
        match at(&file, document, path, |node| self.judged(node)) {
            Err(err) => outcome.refuse(document, err),
            Ok(Judgement::Out(state, reason)) => (outcome.state, outcome.reason) = (state, reason),
            Ok(Judgement::In(definition)) => {
                let place = outcome.place();
                self.known.insert(identity(&definition), place);
                let (mut definition, found) = self.registry.checked(*definition, path);
                if let (true, Some(position)) = (is_one_of_several, outcome.position) {
                    definition.name = format!("{}:{}", definition.name, position.line);
                }
                let raw = document.value.get(path).map(|value| curiosities(value, path)).unwrap_or_default();
                let found = found.into_iter().chain(raw).chain(uneven(&definition, path));
                outcome.remarks = found.map(|found| found.remark(document)).collect();
                outcome.remarks.sort_by_key(|remark| remark.position);
                if let Some(reason) = why_inert(&definition) {
                    outcome.state = DefinitionState::Inert;
                    reason.clone_into(&mut outcome.reason);
                }
                self.registry.relationships.push(definition);
            }
        }
        self.report().entries[entry] = outcome;
    }

    /// Reads a relationship definition and says whether it is used.
    fn judged(&self, node: &Node<'_>) -> Result<Judgement, DefinitionError> {
        let out = |reason: String| Ok(Judgement::Out(DefinitionState::Unsupported, reason));
        for key in ["kind", "type", "subType"] {
            if node.text_or(key, "")?.trim().is_empty() {
                return out(format!("`{key}` is missing"));
            }
        }
        let definition = RelationshipDefinition::read(node.file(), node)?;
        if !KINDS.iter().any(|kind| definition.kind.eq_ignore_ascii_case(kind)) {
            return out(format!("the kind {:?} is none of hierarchical, edge and sibling", definition.kind));
        }
        if let Some(reason) = why_out(node)? {
            return out(reason);
        }
        let has_pairs = |set: &SelectorSet| set.allow.has_pairs() || set.deny.has_pairs();
        if !definition.selectors.iter().any(has_pairs) {
            return out("it has no selector that allows or denies a pair".to_owned());
        }
        if let Some(place) = self.known.get(&identity(&definition)) {
            let reason = format!("class and selectors are those of {place}");
            return Ok(Judgement::Out(DefinitionState::Known, reason));
        }
        Ok(Judgement::In(Box::new(definition)))
    }
}

enum Judgement {
    In(Box<RelationshipDefinition>),
    Out(DefinitionState, String),
}

impl DefinitionEntry {
    fn refuse(&mut self, document: &Document, err: DefinitionError) {
        self.state = DefinitionState::Unsupported;
        self.position = Some(document.source.position(&document.value, &err.path));
        self.pointer = err.pointer;
        self.reason = if self.pointer.is_empty() {
            err.message
        } else {
            format!("{} at {}", err.message, self.pointer)
        };
    }
}

/// Calls `read` with the node at `path`.
fn at<T>(
    file: &str,
    document: &Document,
    path: &FieldPath,
    read: impl FnOnce(&Node<'_>) -> Result<T, DefinitionError>,
) -> Result<T, DefinitionError> {
    let root = Node::root(file, &document.value);
    match (path.first(), document.value.get(path)) {
        (Some(Segment::Index(item)), Some(value)) => read(&root.item(*item, value)),
        _ => read(&root),
    }
}

/// What a value is, by its schema version; without one by its form, as older files have it.
fn class_of(value: &Value) -> Class {
    let version = value.text_at(&["schemaVersion"]).unwrap_or_default().trim();
    // The oldest relationships have what kubectl's objects have.
    let oldest = || value.text_at(&["apiVersion"]).filter(|it| it.starts_with("core.meshery.io/"));
    let version = if version.is_empty() { oldest().unwrap_or_default() } else { version };
    let (schema, version) = version.split_once('/').unwrap_or((version, ""));
    match schema {
        "relationships.meshery.io" if RELATIONSHIPS.contains(&version) => Class::Relationship,
        "relationships.meshery.io" => {
            Class::Unsupported(relationship_subject(value), outdated(version, &RELATIONSHIPS))
        }
        "components.meshery.io" if COMPONENTS.contains(&version) => Class::Component,
        "components.meshery.io" => {
            Class::Unsupported(component_subject(value), outdated(version, &COMPONENTS))
        }
        "core.meshery.io" => {
            let subject = if value.at(&["selectors"]).is_some() {
                relationship_subject(value)
            } else {
                component_subject(value)
            };
            Class::Unsupported(subject, outdated(version, &RELATIONSHIPS))
        }
        "" if value.at(&["apiVersion"]).is_some() => Class::Other,
        "" if value.at(&["selectors"]).is_some() && value.at(&["kind"]).is_some() => Class::Relationship,
        "" if value.at(&["component", "kind"]).is_some() => Class::Component,
        _ => Class::Other,
    }
}

fn outdated(version: &str, understood: &[&str]) -> String {
    let (last, first) = understood.split_last().map_or(("", &[][..]), |(last, first)| (*last, first));
    let understood = format!("{} and {last} are understood", first.join(", "));
    match version {
        "" => format!("its schemaVersion has no version; {understood}"),
        "v1alpha2" if understood.contains("v1alpha3") => {
            format!(
                "references of v1alpha2 stand under `settings`, which components no longer have; {understood}"
            )
        }
        _ => format!("version {version} is not known; {understood}"),
    }
}

fn relationship_subject(value: &Value) -> DefinitionSubject {
    let text = |keys: &[&str]| value.text_at(keys).unwrap_or_default().trim();
    let parts = [text(&["kind"]), text(&["type"]), text(&["subType"])];
    let class: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let model = value.text_at(&["model"]).unwrap_or(text(&["model", "name"]));
    let side = |side| {
        let sets = value.at(&["selectors"]).and_then(Value::as_list).unwrap_or_default();
        let selectors =
            sets.iter().flat_map(|set| set.at(&["allow", side]).and_then(Value::as_list).unwrap_or_default());
        listed(selectors.map(|selector| selector.text_at(&["kind"]).unwrap_or_default().trim()))
    };
    DefinitionSubject::Relationship {
        class: class.join("-").to_lowercase(),
        model: model.to_owned(),
        from: side("from"),
        to: side("to"),
    }
}

fn component_subject(value: &Value) -> DefinitionSubject {
    let text = |keys: &[&str]| value.text_at(keys).unwrap_or_default().trim().to_owned();
    DefinitionSubject::Component { kind: text(&["component", "kind"]), model: text(&["model", "name"]) }
}
