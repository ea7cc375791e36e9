//! Keeping what follows from the design up to date: findings, effective resources, the export's text.
//!
//! One job at a time; a revision that comes in the meantime is derived next, and the last good result stays on screen.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::{JobEvent, Workspace, key};
use crate::adapters::modules::ModuleFiles;
use crate::editor::{DeriveInput, Derived, derive};
use crate::formats::{Export, ExportOptions, export};
use crate::registry::Registry;
use crate::validate::{Facts, Options};
use crate::wasm_module::ModuleFact;

/// Everything that follows from one revision.
#[derive(Clone)]
pub(super) struct Derivation {
    pub(super) derived: Arc<Derived>,
    pub(super) export: Arc<Export>,
    /// The text of `export`: the exact bytes that Export writes.
    pub(super) preview: Arc<str>,
}

impl Derivation {
    /// What stands there before anything was derived.
    pub(super) fn none() -> Self {
        Self { derived: Arc::default(), export: Arc::default(), preview: Arc::from("") }
    }

    pub(super) fn of(input: DeriveInput, registry: &Registry, modules: &ModuleFiles) -> Self {
        let derived = derive(&with_modules(input, modules));
        let export =
            export(&derived.design, registry, &derived.diagnostics, ExportOptions { with_secrets: false });
        let preview = export.text().into();
        Self { derived: Arc::new(derived), export: Arc::new(export), preview }
    }
}

/// The same, with the modules that `file://` URLs of the design name, as far as such files are on this machine.
fn with_modules(input: DeriveInput, files: &ModuleFiles) -> DeriveInput {
    let read = |(url, path): (&str, &str)| Some((url.to_owned(), files.read(Path::new(path)).ok()?));
    let by_url: BTreeMap<String, ModuleFact> =
        Facts::file_urls(input.design()).into_iter().filter_map(read).collect();
    if by_url.is_empty() {
        return input;
    }
    let mut options = Options::clone(input.options());
    options.facts.by_url = by_url;
    input.with_options(Arc::new(options))
}

impl Workspace {
    /// Starts to derive from the present revision, unless that is done or under way.
    pub(super) fn derive(&mut self) {
        let revision = self.editor.revision();
        let is_done = self.latest.derived.revision == revision || self.not_derivable == Some(revision);
        if is_done || self.jobs.is_running(key::DERIVE) {
            return;
        }
        let input = self.editor.derive_input().after(Arc::clone(&self.latest.derived));
        let registry = Arc::clone(self.editor.registry());
        let modules = Arc::clone(&self.module_files);
        self.jobs.start(
            key::DERIVE,
            None,
            move |_| JobEvent::Derived(Box::new(Derivation::of(input, &registry, &modules))),
            move |reason| JobEvent::NotDerived { revision, reason },
        );
    }

    pub(super) fn derived_came(&mut self, derivation: Derivation) {
        self.exported.opened_as(&derivation.export);
        let former = std::mem::replace(&mut self.latest, derivation);
        // To free what followed from a large design takes longer than a frame may. Without a thread it is freed here.
        drop(thread::Builder::new().name("free".to_owned()).spawn(move || drop(former)));
    }
}
