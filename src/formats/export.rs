//! The export: the effective resources as text, without those that a finding blocks (`product.md`, Export rules).

use indexmap::{IndexMap, IndexSet};

use crate::model::{ComponentId, ComponentKind, Design, Diagnostic, Severity, Subject, Value};
use crate::registry::Registry;
use crate::wallet::names::{Scope, Taken, shortened, with_hash};
use crate::wallet::{Effective, effective_resources};
use crate::yaml::{self, Format};

use super::previous::ObjectRef;

/// The one error that blocks nothing: an unknown field of a spec is written as it stands, and reported.
const NEVER_BLOCKS: &str = "WP093";

/// The most characters of a file name without its ending: file systems take 255 bytes, and a number may be appended.
const MAX_FILE_STEM: usize = 240;

/// What an export may write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// Write Secrets with their data.
    pub with_secrets: bool,
}

/// One object of an export.
#[derive(Clone, Debug)]
pub struct ExportedObject {
    /// Group, version and kind.
    pub kind: ComponentKind,
    /// `metadata.namespace`, where one is set.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
    /// The component that it is made from.
    pub component: ComponentId,
    /// The filter whose module it runs.
    pub filter: Option<ComponentId>,
    /// The object.
    pub value: Value,
    /// The object as YAML; ends with a line break.
    pub text: String,
}

/// An object that is not written, because something is wrong with it.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// The object.
    pub object: ObjectRef,
    /// The component that it is made from.
    pub component: ComponentId,
    /// The filter whose module it runs.
    pub filter: Option<ComponentId>,
    /// The first finding that blocks it.
    pub reason: Diagnostic,
    /// How many more there are.
    pub further: usize,
}

/// An object that is kept back although nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The object.
    pub object: ObjectRef,
    /// The component.
    pub component: ComponentId,
    /// Why, and how to get it, in words.
    pub reason: String,
}

/// What an export writes and what not.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// What is written, in the order in which `kubectl apply` takes it.
    pub objects: Vec<ExportedObject>,
    /// What is not, in the order of the document.
    pub blocked: Vec<Blocked>,
    /// Secrets with data, unless they were asked for.
    pub withheld: Vec<Withheld>,
    /// What else there is to say, in words.
    pub notes: Vec<String>,
}

/// Exports an evaluated design. `findings` are those of the same design; errors among them block.
pub fn export(
    design: &Design,
    registry: &Registry,
    findings: &[Diagnostic],
    options: ExportOptions,
) -> Export {
    export_resources(effective_resources(design, registry), design, findings, options)
}

/// Exports resources that were derived already.
pub fn export_resources(
    resources: Vec<Effective>,
    design: &Design,
    findings: &[Diagnostic],
    options: ExportOptions,
) -> Export {
    let errors = errors_by_component(design, findings);
    let mut export = Export { notes: kind_notes(design), ..Export::default() };
    for resource in resources {
        let mut reasons: Vec<&(usize, &Diagnostic)> =
            resource.made_from().filter_map(|id| errors.get(&id)).flatten().collect();
        reasons.sort_by_key(|(place, _)| *place);
        reasons.dedup_by_key(|(place, _)| *place);
        if let Some((_, reason)) = reasons.first() {
            export.blocked.push(Blocked {
                object: ObjectRef::of(&resource),
                component: resource.plugin,
                filter: resource.filter,
                reason: (*reason).clone(),
                further: reasons.len() - 1,
            });
        } else if resource.kind.same_kind(&ComponentKind::SECRET) && !options.with_secrets {
            export.withheld.push(Withheld {
                object: ObjectRef::of(&resource),
                component: resource.plugin,
                reason: "it holds secret data, which is exported only when you ask for it (--with-secrets)"
                    .to_owned(),
            });
        } else {
            export.objects.push(exported(resource));
        }
    }
    export.objects.sort_by_key(|object| rank(&object.kind));
    export
}

/// The kind that plugins are written as.
const WRITTEN_KIND: &str = "wasmplugin";

/// Says where the file asks for a kind that is not written yet.
fn kind_notes(design: &Design) -> Vec<String> {
    let other = |kind: Option<&Value>| {
        kind.and_then(Value::as_text)
            .filter(|kind| !kind.eq_ignore_ascii_case(WRITTEN_KIND))
            .map(str::to_owned)
    };
    let mut notes = Vec::new();
    if let Some(kind) = other(design.head().at(&["metadata", "billfold", "exportKind"])) {
        notes.push(format!("the design asks for export as {kind}; plugins are written as WasmPlugin"));
    }
    for plugin in design.of_kind(&ComponentKind::WASM_PLUGIN) {
        if let Some(kind) = other(plugin.billfold("exportKind")) {
            let name = design.name_of(plugin.id());
            notes.push(format!("{name} asks for export as {kind}; it is written as WasmPlugin"));
        }
    }
    notes
}

fn exported(resource: Effective) -> ExportedObject {
    let value = Value::Map(resource.configuration);
    let text = yaml::emit(&value, Format::Yaml);
    ExportedObject {
        kind: resource.kind,
        namespace: resource.namespace,
        name: resource.name,
        component: resource.plugin,
        filter: resource.filter,
        value,
        text,
    }
}

type Set<T> = IndexSet<T, foldhash::fast::FixedState>;

type Errors<'a> = IndexMap<ComponentId, Vec<(usize, &'a Diagnostic)>, foldhash::fast::FixedState>;

/// The errors that block, by the component where they are. One at a relationship counts at its child, which is what
/// the relationship is about.
fn errors_by_component<'a>(design: &Design, findings: &'a [Diagnostic]) -> Errors<'a> {
    let mut errors = Errors::default();
    for (place, finding) in findings.iter().enumerate() {
        if finding.severity != Severity::Error || finding.code == NEVER_BLOCKS {
            continue;
        }
        match finding.location.subject {
            Subject::Design => {}
            Subject::Component(id) => errors.entry(id).or_default().push((place, finding)),
            Subject::Relationship(id) => {
                let pairs = design.relationship(id).map(|it| it.pairs().to_vec()).unwrap_or_default();
                for child in pairs.into_iter().filter_map(|pair| pair.from) {
                    errors.entry(child).or_default().push((place, finding));
                }
            }
        }
    }
    errors
}

/// What must be there before what: namespaces, then kinds, then what others mount, then the rest as the document has it.
fn rank(kind: &ComponentKind) -> u8 {
    match (&*kind.group, &*kind.kind) {
        ("", "Namespace") => 0,
        ("apiextensions.k8s.io", "CustomResourceDefinition") => 1,
        ("", "ServiceAccount" | "ConfigMap" | "Secret") => 2,
        _ => 3,
    }
}

impl Export {
    /// Tells whether nothing at all is written.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Tells whether an object that is written is made from this component.
    pub fn is_written(&self, subject: &Subject) -> bool {
        let Subject::Component(id) = subject else { return false };
        self.objects.iter().any(|object| object.component == *id || object.filter == Some(*id))
    }

    /// The objects as one YAML text, documents parted by `---`.
    pub fn text(&self) -> String {
        join(self.objects.iter())
    }

    /// The objects made from `components` (plugins or filters) as one YAML text: "Copy as manifest".
    pub fn text_of(&self, components: &[ComponentId]) -> String {
        let chosen: Set<ComponentId> = components.iter().copied().collect();
        let is_chosen = |object: &&ExportedObject| {
            chosen.contains(&object.component) || object.filter.is_some_and(|id| chosen.contains(&id))
        };
        join(self.objects.iter().filter(is_chosen))
    }

    /// A file name and a text for each object: `<kind>_<namespace>_<name>.yaml` in lower case, never the same twice.
    ///
    /// No part holds an underscore, and a part that had to be altered has a hash behind it: the name is the object's own,
    /// whatever else is exported. Only two kinds of one name in two groups are told apart by a number.
    pub fn files(&self) -> Vec<(String, &str)> {
        let mut taken = Taken::default();
        let mut files = Vec::with_capacity(self.objects.len());
        for object in &self.objects {
            let kind = object.kind.kind.to_lowercase();
            let parts = [Some(kind.as_str()), object.namespace.as_deref(), Some(&object.name)];
            let parts: Vec<String> = parts.into_iter().flatten().map(file_part).collect();
            let stem = parts.join("_");
            let stem = taken.take_free(Scope::default(), &shortened(&stem, MAX_FILE_STEM, &stem));
            files.push((format!("{stem}.yaml"), object.text.as_str()));
        }
        files
    }

    /// Everything that this export is about, blocked objects included: what must not be reported as "no longer exported".
    pub fn concerned(&self) -> Vec<ObjectRef> {
        let blocked = self.blocked.iter().map(|blocked| blocked.object.clone());
        let withheld = self.withheld.iter().map(|withheld| withheld.object.clone());
        self.written().into_iter().chain(blocked).chain(withheld).collect()
    }

    /// The objects that are written.
    pub fn written(&self) -> Vec<ObjectRef> {
        let objects = self.objects.iter().map(|object| ObjectRef {
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
        });
        objects.collect()
    }
}

fn join<'a>(objects: impl Iterator<Item = &'a ExportedObject>) -> String {
    let mut text = String::new();
    for object in objects {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        text.push_str(&object.text);
    }
    text
}

/// A name as a part of a file name: lower case, nothing that a file system could mistake, and no underscore, which parts
/// the parts. What was altered is still told apart by a hash.
fn file_part(name: &str) -> String {
    let usable = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
    let part: String = name.chars().flat_map(char::to_lowercase).map(usable).collect();
    if part == name { part } else { with_hash(&part, name) }
}
