//! From texts to findings: each design by itself, all manifests together, as they would meet in a cluster: a selector in one
//! file may find a workload in another.

use std::sync::Arc;

use crate::editor::Derived;
use crate::formats::{self, Opened, Positions, ReadError, ReadErrorKind};
use crate::model::{FieldPath, Severity, Subject};
use crate::registry::Registry;
use crate::validate::{Options, Suppressed, object_name};
use crate::yaml::Document;

use super::engine::{self, Finding};
use super::input::Source;

/// What is checked together: one design, or manifests.
pub(super) struct Set {
    /// What follows from it.
    pub(super) derived: Derived,
    pub(super) positions: Positions,
    /// The place of each document's text among the sources; of a design, one.
    pub(super) sources: Vec<usize>,
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
    /// Documents of manifests, and the source of each.
    documents: Vec<Document>,
    sources: Vec<usize>,
}

/// Checks `sources`.
pub(super) fn check(sources: &[Source], registry: &Arc<Registry>, options: &Arc<Options>) -> Checked {
    let mut checked = Checked::default();
    for place in 0..sources.len() {
        checked.add(place, sources, registry, options);
    }
    checked.check_manifests(sources, registry, options);
    checked
}

impl Checked {
    fn add(&mut self, place: usize, sources: &[Source], registry: &Arc<Registry>, options: &Arc<Options>) {
        let Some(source) = sources.get(place) else { return };
        match formats::content(&source.bytes) {
            Ok(formats::Content::Design) => match formats::open(&source.bytes) {
                Ok(opened) => {
                    self.files.push(place);
                    self.set(opened, vec![place], sources, registry, options);
                }
                Err(err) => self.refused(place, source, &err),
            },
            Ok(formats::Content::Manifests(documents)) => {
                self.files.push(place);
                self.sources.extend(documents.iter().map(|_| place));
                self.documents.extend(documents);
            }
            Err(err) => self.refused(place, source, &err),
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

    fn check_manifests(&mut self, sources: &[Source], registry: &Arc<Registry>, options: &Arc<Options>) {
        let (documents, places) = (std::mem::take(&mut self.documents), std::mem::take(&mut self.sources));
        if documents.is_empty() {
            return;
        }
        let opened =
            formats::open_manifests(documents, registry, formats::OpenOptions { make_filters: false });
        self.set(opened, places, sources, registry, options);
    }

    fn set(
        &mut self,
        opened: Opened,
        places: Vec<usize>,
        sources: &[Source],
        registry: &Arc<Registry>,
        options: &Arc<Options>,
    ) {
        let derived = engine::evaluate_and_check(opened.design, opened.findings, registry, options);
        let set = Set { derived, positions: opened.positions, sources: places };
        let name = |subject, path: &FieldPath| {
            sources.get(set.source_of(subject, path)).map_or(String::new(), |source| source.name.clone())
        };
        let design = &set.derived.design;
        for diagnostic in &set.derived.diagnostics {
            self.findings.push(engine::finding(diagnostic, design, &set.positions, name));
        }
        for Suppressed { diagnostic, reason, entry } in &set.derived.suppressed {
            let finding = engine::finding(diagnostic, design, &set.positions, name);
            let (ignored, is_ignored_in_source) = (Some(reason.clone()), entry.is_none());
            self.ignored.push(Finding { ignored, is_ignored_in_source, ..finding });
        }
        for unchecked in &set.derived.report.unchecked {
            let Some(object) = object_name(Subject::Component(unchecked.component), design) else { continue };
            let codes: Vec<&str> =
                unchecked.codes.iter().copied().filter(|code| options.filter.passes(code)).collect();
            let not_checked = NotChecked { object, what: unchecked.what, codes };
            if !not_checked.codes.is_empty() && !self.unchecked.contains(&not_checked) {
                self.unchecked.push(not_checked);
            }
        }
        self.sets.push(set);
    }
}

impl Set {
    /// The place of the text that a subject stands in; what is about all of them stands at the first.
    pub(super) fn source_of(&self, subject: Subject, path: &FieldPath) -> usize {
        let document = self.positions.document(subject, path).unwrap_or(0);
        self.sources.get(document).copied().unwrap_or(0)
    }
}
