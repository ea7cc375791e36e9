//! `billfold check --fix`: the quick fixes of what was found, made in the files.
//!
//! A manifest is changed in place, so that comments and layout stay; a design is written as a save writes it. What cannot be
//! written so is said and left as it is. Nothing is written that could not be read again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use clap::Args;

use crate::adapters::files;
use crate::editor::{EditCommand, Editor};
use crate::formats::{self, DesignOrigin, Origin, meshery};
use crate::model::edit::Target;
use crate::model::{Diagnostic, Edit, FieldPath, Fix, Segment, Subject, Value};
use crate::registry::Registry;
use crate::yaml;

use super::checked::{Checked, Set};
use super::input::Source;
use super::{Exit, diff, output};

/// How often what is left after fixes is looked at again: a fix may make room for another one.
pub(super) const ROUNDS: usize = 10;

/// Whether and how to mend.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct MendArgs {
    /// Make the quick fixes of what is found: manifests are changed in place, designs written anew; - goes to standard
    /// output. Repeat it, and nothing changes.
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix: show what would change, as a unified diff, and write nothing.
    #[arg(long, requires = "fix")]
    pub(super) dry_run: bool,
    /// With --fix: write designs although comments, anchors or further documents of their texts go.
    #[arg(long, requires = "fix")]
    pub(super) reformat: bool,
}

impl MendArgs {
    /// Whether standard output is needed for what was mended.
    pub(super) fn takes_stdout(self, sources: &[Source]) -> bool {
        self.fix && (self.dry_run || sources.iter().any(|source| source.name == "-"))
    }
}

/// The fixes that were made, and what keeps others from being made.
#[derive(Default)]
pub(super) struct Mending {
    /// Write designs although comments go.
    reformat: bool,
    /// The texts before the first fix, by source.
    originals: BTreeMap<usize, Vec<u8>>,
    /// Each fix in words, with how often it was made: one that does not help is not made for ever.
    made: BTreeMap<String, usize>,
    refused: BTreeSet<String>,
}

/// One fix that may be made.
struct Candidate<'a> {
    fix: &'a Fix,
    /// Where and what, for people.
    words: String,
}

impl Mending {
    /// Nothing was mended yet.
    pub(super) fn new(reformat: bool) -> Self {
        Self { reformat, ..Self::default() }
    }

    /// Makes the fixes of what was found that do not get in one another's way. Returns whether any text changed.
    pub(super) fn round(
        &mut self,
        checked: &Checked,
        sources: &mut [Source],
        registry: &Arc<Registry>,
    ) -> bool {
        let mut has_changed = false;
        for set in &checked.sets {
            let candidates = self.candidates(set, sources);
            if candidates.is_empty() {
                continue;
            }
            has_changed |= match &set.origin {
                Origin::Design(origin) => self.mend_design(set, origin, candidates, sources, registry),
                Origin::Manifests { .. } => self.mend_manifests(set, candidates, sources),
            };
        }
        has_changed
    }

    /// The fixes of one set, each place once.
    fn candidates<'a>(&self, set: &'a Set, sources: &[Source]) -> Vec<Candidate<'a>> {
        let mut candidates = Vec::new();
        let mut touched: Vec<(Option<Target>, FieldPath)> = Vec::new();
        for diagnostic in &set.derived.diagnostics {
            let Some(fix) = diagnostic.fix.as_ref().filter(|fix| !fix.is_by_hand) else { continue };
            let words = words(diagnostic, fix, set, sources);
            let is_over =
                self.refused.contains(&words) || self.made.get(&words).is_some_and(|times| *times > 1);
            let places: Vec<_> = fix.edits.iter().map(place).collect();
            let meets =
                |place: &(Option<Target>, FieldPath)| touched.iter().any(|other| overlap(place, other));
            if is_over || places.iter().any(meets) {
                continue;
            }
            touched.extend(places);
            candidates.push(Candidate { fix, words });
        }
        candidates
    }

    fn mend_design(
        &mut self,
        set: &Set,
        origin: &DesignOrigin,
        candidates: Vec<Candidate<'_>>,
        sources: &mut [Source],
        registry: &Arc<Registry>,
    ) -> bool {
        let Some((place, source)) =
            set.sources.first().and_then(|place| Some((*place, sources.get_mut(*place)?)))
        else {
            return false;
        };
        if !self.reformat && !origin.losses.is_empty() {
            let losses = origin.losses.describe();
            for candidate in candidates {
                let why = format!(
                    "the design's text holds {losses}, which would be lost; --reformat writes it all the same"
                );
                self.refuse(candidate.words, &why);
            }
            return false;
        }
        let mut editor = Editor::open(set.derived.design.as_ref().clone(), Arc::clone(registry));
        let mut made = Vec::new();
        for candidate in candidates {
            match editor.apply(EditCommand::ApplyFix { fix: candidate.fix.clone() }) {
                Ok(()) => made.push(candidate.words),
                Err(err) => self.refuse(candidate.words, &err.to_string()),
            }
        }
        let text = meshery::write(editor.design(), origin.format).into_bytes();
        if made.is_empty() || text == source.bytes {
            return false;
        }
        if let Err(err) = formats::open(&text) {
            for words in made {
                self.refuse(words, &format!("what would be written cannot be read: {err}"));
            }
            return false;
        }
        if !origin.losses.is_empty() {
            output::note(&format!(
                "{}: {} lost in writing the design anew",
                source.name,
                origin.losses.describe()
            ));
        }
        self.originals.entry(place).or_insert_with(|| source.bytes.clone());
        source.bytes = text;
        for words in made {
            self.count(words);
        }
        true
    }

    fn mend_manifests(&mut self, set: &Set, candidates: Vec<Candidate<'_>>, sources: &mut [Source]) -> bool {
        let mut lowered = Vec::new();
        for candidate in candidates {
            match changes(candidate.fix, set) {
                Some(changes) => lowered.push((candidate.words, changes)),
                None => self.refuse(candidate.words, "manifests have no place for it"),
            }
        }
        let all: Vec<&Change> = lowered.iter().flat_map(|(_, changes)| changes).collect();
        if let Ok(texts) = patched(&all, set, sources) {
            let has_changed = self.take_over(texts, sources);
            for (words, _) in lowered {
                self.count(words);
            }
            return has_changed;
        }
        // One of them cannot be made: which one is seen when they are made one by one.
        let mut has_changed = false;
        for (words, changes) in lowered {
            match patched(&changes.iter().collect::<Vec<_>>(), set, sources) {
                Ok(texts) => {
                    has_changed |= self.take_over(texts, sources);
                    self.count(words);
                }
                Err(why) => self.refuse(words, &why),
            }
        }
        has_changed
    }

    fn take_over(&mut self, texts: BTreeMap<usize, String>, sources: &mut [Source]) -> bool {
        let mut has_changed = false;
        for (place, text) in texts {
            let Some(source) = sources.get_mut(place) else { continue };
            if source.bytes != text.as_bytes() {
                let former = std::mem::replace(&mut source.bytes, text.into_bytes());
                self.originals.entry(place).or_insert(former);
                has_changed = true;
            }
        }
        has_changed
    }

    fn count(&mut self, words: String) {
        *self.made.entry(words).or_default() += 1;
    }

    fn refuse(&mut self, words: String, why: &str) {
        output::note(&format!("not fixed: {words}: {why}"));
        self.refused.insert(words);
    }

    /// Writes the texts that have changed, or shows what would change.
    pub(super) fn finish(&self, sources: &[Source], is_dry: bool) -> Exit {
        let mut exit = Exit::Success;
        let fixed = if is_dry { "would be fixed" } else { "fixed" };
        for words in self.made.keys() {
            output::note(&format!("{fixed}: {words}"));
        }
        for (place, source) in sources.iter().enumerate() {
            let original = self.originals.get(&place);
            let written = match original {
                Some(original) if is_dry => {
                    let (old, new) =
                        (String::from_utf8_lossy(original), String::from_utf8_lossy(&source.bytes));
                    output::data(diff::unified(&source.name, &old, &new).as_bytes())
                }
                _ if source.name == "-" && !is_dry => output::data(&source.bytes),
                Some(original) => write(source, original),
                None => Exit::Success,
            };
            if written != Exit::Success {
                exit = written;
            }
        }
        exit
    }
}

fn write(source: &Source, original: &[u8]) -> Exit {
    let path = Path::new(&source.name);
    if files::read(path).is_ok_and(|present| present != original) {
        output::note(&format!(
            "error: not written: another program has changed the file meanwhile\n{}",
            source.name
        ));
        return Exit::Unusable;
    }
    output::file_or_data(path, &source.bytes)
}

/// `k8s/auth.yaml:7: WP002 Set scheme oci`.
fn words(diagnostic: &Diagnostic, fix: &Fix, set: &Set, sources: &[Source]) -> String {
    let (subject, path) = (diagnostic.location.subject, &diagnostic.location.path);
    let file = sources.get(set.source_of(subject, path)).map_or("", |source| source.name.as_str());
    let line = set.positions.position(subject, path).map_or(String::new(), |it| format!(":{}", it.line));
    format!("{file}{line}: {} {}", diagnostic.code, fix.label)
}

/// What an edit touches; `None`: the design as a whole.
fn place(edit: &Edit) -> (Option<Target>, FieldPath) {
    match edit {
        Edit::SetField { target, path, .. } => (Some(*target), path.clone()),
        // The items behind it move.
        Edit::InsertItem { target, path, .. } => (Some(*target), path.parent().unwrap_or_default()),
        _ => (None, FieldPath::root()),
    }
}

fn overlap(a: &(Option<Target>, FieldPath), b: &(Option<Target>, FieldPath)) -> bool {
    let (Some(one), Some(other)) = (a.0, b.0) else { return true };
    let removes_items = |path: &FieldPath| matches!(path.last(), Some(Segment::Index(_)));
    let shared = a.1.iter().zip(b.1.iter()).take_while(|(a, b)| a == b).count();
    let is_below = shared == a.1.len().min(b.1.len());
    // Two items of one list: the places of the second change with the first.
    let are_items = removes_items(&a.1) && removes_items(&b.1) && a.1.parent() == b.1.parent();
    one == other && (is_below || are_items)
}

/// One change of a document.
struct Change {
    document: usize,
    path: FieldPath,
    value: Option<Value>,
    is_insert: bool,
}

/// The changes of the documents that a fix comes to; `None` when manifests have no place for one of them.
fn changes(fix: &Fix, set: &Set) -> Option<Vec<Change>> {
    let mut changes: Vec<Change> = Vec::new();
    for edit in &fix.edits {
        let (target, path, value, is_insert) = match edit {
            Edit::SetField { target, path, value, .. } => (target, path, value.clone(), false),
            Edit::InsertItem { target, path, value } => (target, path, Some(value.clone()), true),
            _ => return None,
        };
        let Target::Component(id) = *target else { return None };
        let (document, path) = set.positions.in_document(Subject::Component(id), path)?;
        changes.push(Change { document, path, value, is_insert });
    }
    Some(changes)
}

/// The texts of the sources that `changes` concern, changed.
fn patched(changes: &[&Change], set: &Set, sources: &[Source]) -> Result<BTreeMap<usize, String>, String> {
    let mut wanted: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    for change in changes {
        let source = set.sources.get(change.document).copied().unwrap_or(0);
        let documents = match wanted.entry(source) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let bytes = sources.get(source).map_or(&[][..], |source| &source.bytes);
                let parsed = yaml::parse_bytes(bytes).map_err(|err| err.to_string())?;
                entry.insert(parsed.documents.into_iter().map(|document| document.value).collect())
            }
        };
        // Documents are counted over all files.
        let before = set.sources[..change.document].iter().filter(|place| **place == source).count();
        let Some(document) = documents.get_mut(before) else {
            return Err("its document is not there".to_owned());
        };
        let made = match &change.value {
            Some(value) if change.is_insert => document.insert_item(&change.path, value.clone()),
            value => document.set(&change.path, value.clone()),
        };
        made.map_err(|err| err.to_string())?;
    }
    let mut texts = BTreeMap::new();
    for (source, wanted) in wanted {
        let bytes = sources.get(source).map_or(&[][..], |source| &source.bytes);
        let text = std::str::from_utf8(bytes).map_err(|err| err.to_string())?;
        texts.insert(source, yaml::patch(text, &wanted).map_err(|err| format!("{err}; change it by hand"))?);
    }
    Ok(texts)
}
