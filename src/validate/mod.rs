//! What will go wrong: a design in, findings out.
//!
//! Rules of the design run over its components; all others run over the effective resources, which are what an export
//! would write, and report at the component and field that give the value. A rule reports values; it does not print,
//! log or fail.
//!
//! A rule about one resource is not run again while the resource is as it was ([`Before`]): an edit costs what it touched.

mod envoy_reach;
mod facts;
mod filter;
mod glob;
mod ignore;
mod modules;
mod cel;
mod options;
mod proxy_files;
mod resource;
mod rules;
mod sidecar_volumes;
mod wallets;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::istio::{Mesh, Plugin, Proxies, module_url};
use crate::model::{ComponentId, Design, Diagnostic, FieldPath, Location, Subject};
use crate::registry::Registry;
use crate::wallet::Effective;

use modules::{ConfigMaps, ImageSubject};
use resource::Resource;
use rules::{RULES, Rule};
use wallets::Wallet;

pub use facts::{Facts, Unchecked};
pub use filter::{CodeFilter, CodePattern, UnknownCode, code};
pub use glob::Glob;
pub use ignore::{ANNOTATION, Files, Ignore, Sifted, Suppressed, finds_by_itself, object_name, sift};
pub use options::Options;

type Hasher = foldhash::fast::FixedState;

/// What is checked.
pub struct Input<'a> {
    /// An evaluated design.
    pub design: &'a Design,
    /// What may exist.
    pub registry: &'a Arc<Registry>,
    /// What an export of `design` would write.
    pub effective: &'a [Effective],
    /// What the user asked for, beside the design.
    pub options: Arc<Options>,
    /// The checks of an earlier revision, if there are any; they change what it costs and nothing else.
    pub before: Option<Before<'a>>,
}

impl<'a> Input<'a> {
    /// A design, checked without wishes of the user, and from the start.
    pub fn new(design: &'a Design, registry: &'a Arc<Registry>, effective: &'a [Effective]) -> Self {
        Self { design, registry, effective, options: Arc::default(), before: None }
    }
}

/// A design that was checked, to take over what is still true.
#[derive(Clone, Copy)]
pub struct Before<'a> {
    /// The design.
    pub design: &'a Design,
    /// Its effective resources.
    pub effective: &'a [Effective],
    /// What was found.
    pub report: &'a Report,
}

/// What the rules found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings in a stable order: document order of their subjects, then path, code and message; what several
    /// resources of one chain share is there once.
    pub diagnostics: Vec<Diagnostic>,
    /// What was assumed about the mesh.
    pub mesh: Mesh,
    /// What could not be looked at, in the order of the document.
    pub unchecked: Vec<Unchecked>,
    config_maps: ConfigMaps,
    /// What the rules about single resources found, by effective resource.
    by_resource: Vec<Arc<[Diagnostic]>>,
    /// What that rests on beside the resources. `None`: nothing was checked.
    basis: Option<(Arc<Registry>, Arc<Options>)>,
}

/// The input, with what several rules about the whole design need of it.
struct Context<'a> {
    design: &'a Design,
    registry: &'a Registry,
    mesh: &'a Mesh,
    effective: &'a [Effective],
    proxies: Proxies,
    wallets: Vec<Wallet<'a>>,
}

/// Runs every rule.
pub fn check(input: &Input<'_>) -> Report {
    let mesh = input.options.mesh_of(input.design);
    let by_resource = check_resources(input, &mesh);
    let proxies = Proxies::of(input.design);
    let wallets = wallets::wallets(input.effective, &proxies, &mesh);
    let context = Context {
        design: input.design,
        registry: input.registry,
        mesh: &mesh,
        effective: input.effective,
        proxies,
        wallets,
    };
    let mut found: Vec<Diagnostic> = by_resource.iter().flat_map(|found| found.iter().cloned()).collect();
    for rule in RULES {
        if let Some(check) = rule.design {
            run(rule, &mut found, |found| check(&context, found));
        }
    }
    let config_maps = ConfigMaps::new(input.design, input.before.map(|before| &before.report.config_maps));
    let unchecked = check_modules(input, &mesh, &config_maps, &mut found);
    let mut seen = IndexSet::<_, Hasher>::default();
    let mut diagnostics: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for finding in found {
        if seen.insert((finding.code, finding.location.clone(), finding.message.clone())) {
            diagnostics.push(finding);
        }
    }
    diagnostics.sort_by_cached_key(|finding| {
        (place_of(input.design, finding.location.subject), finding.location.path.clone(), finding.code)
    });
    let basis = Some((Arc::clone(input.registry), Arc::clone(&input.options)));
    Report { diagnostics, mesh, unchecked, config_maps, by_resource, basis }
}

/// Runs the rules about modules and images, and says for which plugins they had nothing to look at.
fn check_modules(
    input: &Input<'_>,
    mesh: &Mesh,
    config_maps: &ConfigMaps,
    found: &mut Vec<Diagnostic>,
) -> Vec<Unchecked> {
    let facts = &input.options.facts;
    let names = |resource: &Effective| {
        let component_names = resource.filter.into_iter().chain([resource.plugin]);
        component_names.map(|id| input.design.name_of(id)).chain([resource.name.clone()]).collect()
    };
    let subjects = modules::subjects(input.effective, facts, config_maps, names, mesh);
    for subject in &subjects {
        for rule in RULES {
            if let Some(check) = rule.module {
                run(rule, found, |found| check(subject, found));
            }
        }
    }
    let known: HashSet<*const Effective> =
        subjects.iter().filter_map(|it| Some(std::ptr::from_ref(it.plugin?.0))).collect();
    let mut unchecked = Vec::new();
    for resource in input.effective {
        let Some(plugin) = Plugin::of(&resource.kind, &resource.configuration) else { continue };
        let Some(url) = plugin.url() else { continue };
        let mut cannot = |what, codes: fn(&Rule) -> bool| {
            let codes =
                RULES.iter().filter(|rule| codes(rule)).flat_map(|rule| rule.codes).copied().collect();
            unchecked.push(Unchecked { component: resource.component(), what, codes });
        };
        if let Some(facts) = facts.images.get(url) {
            let subject = ImageSubject { facts, resource, plugin };
            for rule in RULES {
                if let Some(check) = rule.image {
                    run(rule, found, |found| check(&subject, found));
                }
            }
        } else if matches!(module_url::read(url), module_url::Reading::Oci(_)) {
            cannot("image (no network)", |rule| rule.image.is_some());
        }
        if !known.contains(&std::ptr::from_ref(resource)) {
            cannot("module (not at hand)", |rule| rule.module.is_some());
        }
    }
    unchecked
}

/// Lets one rule add its findings.
fn run(rule: &Rule, found: &mut Vec<Diagnostic>, check: impl FnOnce(&mut Vec<Diagnostic>)) {
    let before = found.len();
    check(found);
    let foreign = found[before..].iter().find(|finding| !rule.codes.contains(&finding.code));
    debug_assert!(foreign.is_none(), "the rule of {:?} reports {foreign:?}", rule.codes);
}

/// The codes that the rules report, sorted. Others are reported by the policy, the registry and the file formats.
pub fn codes() -> Vec<&'static str> {
    let codes: BTreeSet<&str> =
        RULES.iter().flat_map(|rule| rule.codes).chain(&ignore::CODES).copied().collect();
    codes.into_iter().collect()
}

/// The codes that the policy and the file formats report.
const REPORTED_ELSEWHERE: [&str; 13] = [
    "DS003", "DS004", "DS005", "DS006", "DS007", "DS008", "DS009", "DS011", "DS013", "DS014", "FM001",
    "FM002", "FM003",
];

/// Every code that this program reports, sorted.
pub fn reported_codes() -> Vec<&'static str> {
    let codes: BTreeSet<&str> = codes().into_iter().chain(REPORTED_ELSEWHERE).collect();
    codes.into_iter().collect()
}

/// What the rules about single resources find, by resource.
fn check_resources(input: &Input<'_>, mesh: &Mesh) -> Vec<Arc<[Diagnostic]>> {
    let still_true = StillTrue::new(input, mesh);
    let nothing: Arc<[Diagnostic]> = Arc::default();
    let check = |(place, effective): (usize, &Effective)| {
        if let Some(found) = still_true.as_ref().and_then(|known| known.of(place, effective)) {
            return found;
        }
        let resource = Resource::new(effective, input.design, input.registry, mesh);
        let mut found = Vec::new();
        for rule in RULES {
            if let Some(check) = rule.resource {
                run(rule, &mut found, |found| check(&resource, found));
            }
        }
        if found.is_empty() { Arc::clone(&nothing) } else { found.into() }
    };
    input.effective.iter().enumerate().map(check).collect()
}

/// Findings of an earlier revision, by resource.
struct StillTrue<'a> {
    design: &'a Design,
    before: Before<'a>,
    places: IndexMap<(ComponentId, Option<ComponentId>), usize, Hasher>,
}

impl<'a> StillTrue<'a> {
    /// `None` when something else changed that the rules rest on.
    fn new(input: &Input<'a>, mesh: &Mesh) -> Option<Self> {
        let before = input.before?;
        let (registry, options) = before.report.basis.as_ref()?;
        let is_same =
            Arc::ptr_eq(registry, input.registry) && options == &input.options && before.report.mesh == *mesh;
        is_same.then(|| {
            let keys = before.effective.iter().map(|it| (it.plugin, it.filter));
            let places = keys.enumerate().map(|(place, key)| (key, place)).collect();
            Self { design: input.design, before, places }
        })
    }

    fn of(&self, place: usize, effective: &Effective) -> Option<Arc<[Diagnostic]>> {
        // Most edits leave the order as it is.
        let same = |place: &usize| self.before.effective.get(*place).filter(|former| *former == effective);
        let former = Some(place).filter(|place| same(place).is_some()).or_else(|| {
            self.places.get(&(effective.plugin, effective.filter)).copied().filter(|it| same(it).is_some())
        })?;
        // The fields of a component that no export shows are read, too.
        let is_unchanged = effective.made_from().all(|id| {
            let tree = |design: &'a Design| design.component(id).map(crate::model::Component::tree);
            tree(self.design) == tree(self.before.design)
        });
        let found = self.before.report.by_resource.get(former).filter(|_| is_unchanged)?;
        Some(Arc::clone(found))
    }
}

/// The place of what gives the value at `path` of a resource.
fn place_at(resource: &Effective, path: &FieldPath) -> Location {
    let (component, path) = resource.source_of(path);
    Location::component(component, path)
}

/// Where a subject stands in the document: the design itself first, then components, then relationships.
fn place_of(design: &Design, subject: Subject) -> (u8, usize) {
    match subject {
        Subject::Design => (0, 0),
        Subject::Component(id) => (1, design.component_index(id).unwrap_or(usize::MAX)),
        Subject::Relationship(id) => (2, design.relationship_index(id).unwrap_or(usize::MAX)),
    }
}

#[cfg(test)]
mod testing;
