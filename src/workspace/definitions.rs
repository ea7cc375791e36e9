//! The definitions in force: those of the program and, behind them, those of the settings folder.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{JobEvent, Workspace, key};
use crate::adapters::definitions;
use crate::model::Severity;
use crate::registry::{DefinitionState, Registry};

/// Where definitions stand, and what was read there.
#[derive(Clone, Default)]
pub(super) struct Definitions {
    folder: Option<PathBuf>,
    /// Filled by the job that needs it first: a document that is opened while the program starts waits for them, so that it
    /// is evaluated with all of them, once.
    registry: Arc<OnceLock<Arc<Registry>>>,
}

impl Definitions {
    fn below(folder: Option<PathBuf>) -> Self {
        Self { folder, registry: Arc::default() }
    }

    /// Reads them, unless that is done; waits where another thread does it. For jobs.
    pub(super) fn read(&self) -> Arc<Registry> {
        Arc::clone(self.registry.get_or_init(|| definitions::load(self.folder.as_deref(), &[])))
    }

    /// What was read, if it was.
    fn known(&self) -> Option<&Arc<Registry>> {
        self.registry.get()
    }
}

impl Workspace {
    /// Reads the definitions of a folder, by a job.
    pub(super) fn use_definitions(&mut self, folder: PathBuf) {
        self.definitions = Definitions::below(Some(folder));
        self.read_definitions(None);
    }

    /// Reads the folder of definitions again. The document stays as it is until it is evaluated with them.
    pub(super) fn reload_definitions(&mut self) {
        self.definitions = Definitions::below(self.definitions.folder.take());
        self.read_definitions(Some("Reading definitions".to_owned()));
    }

    fn read_definitions(&mut self, label: Option<String>) {
        let definitions = self.definitions.clone();
        self.jobs.start(
            key::DEFINITIONS,
            label,
            move |_| JobEvent::DefinitionsRead(definitions.read()),
            |reason| JobEvent::Failed {
                job: key::DEFINITIONS,
                what: "The definitions could not be read",
                reason,
            },
        );
    }

    pub(super) fn definitions_read(&mut self, registry: &Arc<Registry>) {
        self.notices.succeeded(key::DEFINITIONS);
        self.use_known_definitions();
        let report = registry.report();
        if report.has_problems() {
            let unused = report.count(DefinitionState::Unsupported);
            let title = match unused {
                0 => "A reference of a definition leads nowhere".to_owned(),
                1 => "1 definition is not used".to_owned(),
                n => format!("{n} definitions are not used"),
            };
            let text = format!("{title}\nRelationship definitions in the View menu says which, and why.");
            self.notices.add_about(key::DEFINITIONS, Severity::Warning, &text);
        }
    }

    /// Lets the document go on with the definitions that were read last.
    pub(super) fn use_known_definitions(&mut self) {
        if let Some(registry) = self.definitions.known() {
            self.editor.use_registry(Arc::clone(registry));
        }
    }

    /// The folder in which the user's own definitions stand; it need not be there.
    pub fn definitions_folder(&self) -> Option<&Path> {
        self.definitions.folder.as_deref()
    }

    /// Tells whether definitions are being read.
    pub fn is_reading_definitions(&self) -> bool {
        self.jobs.is_running(key::DEFINITIONS)
    }
}
