//! From texts to findings: each design by itself, all manifests of a project together, as they would meet in a cluster: a
//! selector in one file may find a workload in another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::editor::Derived;
use crate::formats::{self, Opened, Origin, Positions, ReadError, ReadErrorKind};
use crate::model::{FieldPath, Severity, Subject};
use crate::registry::Registry;
use crate::validate::{Files, Options, Suppressed, object_name};
use crate::yaml::Document;

use super::engine::{self, Finding};
use super::input::Source;
use super::projects::{Projects, Settings};

/// What is checked together: one design, or manifests.
pub(super) struct Set {
    /// The place of its settings.
    project: usize,
    /// How it was checked.
    pub(super) options: Arc<Options>,
    /// What follows from it.
    pub(super) derived: Derived,
    /// What it was read as.
    pub(super) origin: Origin,
    pub(super) positions: Positions,
    /// The place of each document's text among the sources; of a design, one.
    pub(super) sources: Vec<usize>,
}

impl Set {
    /// The place of the text that a subject stands in; what is about all of them stands at the first.
    pub(super) fn source_of(&self, subject: Subject, path: &FieldPath) -> usize {
        let document = self.positions.document(subject, path).unwrap_or(0);
        self.sources.get(document).copied().unwrap_or(0)
    }
}

/// What could not be looked at for one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NotChecked {
    /// `Kind/namespace/name`.
    pub(super) object: String,
    /// What, and why.
    pub(super) what: &'static str,
    /// The rules that say nothing, therefore.
    pub(super) codes: Vec<&'static str>,
}

/// All that a check finds.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    /// What was accepted.
    pub(super) ignored: Vec<Finding>,
    /// What could not be looked at.
    pub(super) unchecked: Vec<NotChecked>,
    pub(super) sets: Vec<Set>,
    /// Files in directories that hold nothing to check.
    pub(super) skipped: usize,
    pub(super) is_unreadable: bool,
    /// The places of the sources that hold something to check.
    pub(super) files: Vec<usize>,
}

/// Checks `sources`, those of each project by themselves.
pub(super) fn check(sources: &[Source], registry: &Arc<Registry>, projects: &Projects) -> Checked {
    let mut check = Check { sources, registry, projects, checked: Checked::default() };
    // Documents of manifests, and the source of each, by project.
    let mut manifests: BTreeMap<usize, (Vec<Document>, Vec<usize>)> = BTreeMap::new();
    for (place, source) in sources.iter().enumerate() {
        let project = projects.of_path(source.argument);
        match formats::content(&source.bytes) {
            Ok(formats::Content::Design) => match formats::open(&source.bytes) {
                Ok(opened) => {
                    check.checked.files.push(place);
                    check.set(opened, vec![place], project);
                }
                Err(err) => check.checked.refused(place, source, &err),
            },
            Ok(formats::Content::Manifests(documents)) => {
                check.checked.files.push(place);
                let (all, places) = manifests.entry(project).or_default();
                places.extend(documents.iter().map(|_| place));
                all.extend(documents);
            }
            Err(err) => check.checked.refused(place, source, &err),
        }
    }
    for (project, (documents, places)) in manifests {
        let options = formats::OpenOptions { make_filters: false };
        check.set(formats::open_manifests(documents, registry, options), places, project);
    }
    check.checked
}

struct Check<'a> {
    sources: &'a [Source],
    registry: &'a Arc<Registry>,
    projects: &'a Projects,
    checked: Checked,
}

impl Check<'_> {
    fn set(&mut self, opened: Opened, places: Vec<usize>, project: usize) {
        let Some(settings) = self.projects.settings.get(project) else { return };
        let options = self.options(settings, &opened, &places);
        let derived = engine::evaluate_and_check(opened.design, opened.findings, self.registry, &options);
        let (origin, positions) = (opened.origin, opened.positions);
        let set = Set { project, options, derived, origin, positions, sources: places };
        let name = |subject, path: &FieldPath| {
            self.sources.get(set.source_of(subject, path)).map_or(String::new(), |it| it.name.clone())
        };
        let design = &set.derived.design;
        for diagnostic in &set.derived.diagnostics {
            let finding = engine::finding(diagnostic, design, &set.positions, name);
            self.checked.findings.push(Finding { deny: settings.deny(), ..finding });
        }
        for Suppressed { diagnostic, reason, entry } in &set.derived.suppressed {
            let finding = engine::finding(diagnostic, design, &set.positions, name);
            let (ignored, is_ignored_in_source) = (Some(reason.clone()), entry.is_none());
            self.checked.ignored.push(Finding { ignored, is_ignored_in_source, ..finding });
        }
        for unchecked in &set.derived.report.unchecked {
            let Some(object) = object_name(Subject::Component(unchecked.component), design) else { continue };
            let codes: Vec<&str> =
                unchecked.codes.iter().copied().filter(|code| set.options.filter.passes(code)).collect();
            let not_checked = NotChecked { object, what: unchecked.what, codes };
            if !not_checked.codes.is_empty() && self.checked.unchecked.last() != Some(&not_checked) {
                self.checked.unchecked.push(not_checked);
            }
        }
        self.checked.sets.push(set);
    }

    /// The options of a project, with the files of the components where they are asked for.
    fn options(&self, settings: &Settings, opened: &Opened, places: &[usize]) -> Arc<Options> {
        let asks = |project: &&crate::adapters::project::Project| {
            project.ignores.iter().any(|ignore| ignore.path.is_some())
        };
        // What somebody writes by hand is applied by hand, too.
        let as_they_stand = matches!(opened.origin, Origin::Manifests { .. });
        let Some(project) = settings.project.as_ref().filter(asks) else {
            return Arc::new(Options { as_they_stand, ..Options::clone(&settings.options) });
        };
        let mut files = Files::default();
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for &place in places {
            known.entry(place).or_insert_with(|| {
                let name = self.sources.get(place).map(|it| project.name_of(Path::new(&it.name)));
                files.names.push(name.unwrap_or_default());
                files.names.len() - 1
            });
        }
        for component in opened.design.components() {
            let document = opened.positions.document(Subject::Component(component.id()), &[]);
            let place = document.and_then(|document| places.get(document));
            files.of.extend(place.and_then(|place| Some((component.id(), *known.get(place)?))));
        }
        Arc::new(Options { as_they_stand, files, ..Options::clone(&settings.options) })
    }
}

impl Checked {
    /// Adds what the files of the projects accept in vain.
    pub(super) fn tell_unused(&mut self, paths: &[PathBuf], projects: &Projects) {
        for (project, settings) in projects.settings.iter().enumerate() {
            let sets = self.sets.iter().filter(|set| set.project == project);
            let accepted = sets.flat_map(|set| &set.derived.suppressed);
            let accepted: Vec<(usize, &str)> =
                accepted.filter_map(|it| Some((it.entry?, it.diagnostic.code))).collect();
            let unused = settings.unused(paths, &accepted);
            self.findings.extend(unused.into_iter().map(|it| Finding { deny: settings.deny(), ..it }));
        }
    }

    /// A text that is neither: a template is no error, and a directory may hold other things, too.
    fn refused(&mut self, place: usize, source: &Source, err: &ReadError) {
        let position = Some((err.position.line, err.position.column));
        match err.kind {
            ReadErrorKind::Template => {
                self.files.push(place);
                self.findings.push(Finding {
                    severity: Severity::Info,
                    code: "FM002",
                    ..Finding::of_file(source.name.clone(), position, err.message.clone())
                });
            }
            ReadErrorKind::Unknown | ReadErrorKind::Empty | ReadErrorKind::Unsupported
                if !source.is_named =>
            {
                self.skipped += 1;
            }
            _ => {
                self.files.push(place);
                self.unreadable(source.name.clone(), position, err.message.clone());
            }
        }
    }

    /// A file that could not be read.
    pub(super) fn unreadable(&mut self, name: String, position: Option<(u32, u32)>, message: String) {
        self.is_unreadable = true;
        self.findings.push(Finding::of_file(name, position, message));
    }
}
