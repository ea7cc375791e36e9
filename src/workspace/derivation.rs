//! Keeping what follows from the design up to date: findings, effective resources, the export's text.
//!
//! One job at a time; a revision that comes in the meantime is derived next, and the last good result stays on screen.

use std::sync::Arc;
use std::thread;

use super::modules::with_modules;
use super::{JobEvent, Workspace, key};
use crate::adapters::modules::ModuleFiles;
use crate::editor::{DeriveInput, Derived, derive};
use crate::formats::{Export, ExportOptions, export};
use crate::registry::Registry;

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
        let options = with_modules(input.options(), input.design(), modules);
        let derived = derive(&input.with_options(options));
        let export =
            export(&derived.design, registry, &derived.diagnostics, ExportOptions { with_secrets: false });
        let preview = export.text().into();
        Self { derived: Arc::new(derived), export: Arc::new(export), preview }
    }
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
