//! What follows from one revision of the design: its evaluated copy, the findings, the effective resources.
//!
//! A pure function of the design, computed off the window's thread and kept until the next one is there.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Revision;
use crate::model::{ComponentId, Design, Diagnostic, Severity};

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }

    /// The worst severity that was counted.
    pub fn worst(self) -> Option<Severity> {
        match self {
            Self { errors: 1.., .. } => Some(Severity::Error),
            Self { warnings: 1.., .. } => Some(Severity::Warning),
            Self { infos: 1.., .. } => Some(Severity::Info),
            _ => None,
        }
    }
}

/// Everything derived from one revision.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// The revision it was derived from; the window may already show a newer one.
    pub revision: Revision,
    /// The design, evaluated, identification included. Preview, Export and Problems rest on it.
    pub design: Arc<Design>,
    /// All findings, in a stable order: by severity, then document order, then path and code.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings of each component, those of the filters in a wallet not counted to the wallet.
    pub counts: IndexMap<ComponentId, Counts, foldhash::fast::FixedState>,
    /// All findings together.
    pub total: Counts,
}
