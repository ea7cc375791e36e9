//! What follows from one revision of the design: its evaluated copy, the findings, the effective resources.
//!
//! A pure function of the design, computed off the window's thread and kept until the next one is there.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Editor, Revision};
use crate::model::{ComponentId, Design, Diagnostic, RelationshipId, Severity, Subject};
use crate::policy::{self, Evaluation};
use crate::registry::Registry;

type Hasher = foldhash::fast::FixedState;

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
    pub counts: IndexMap<ComponentId, Counts, Hasher>,
    /// All findings together.
    pub total: Counts,
    /// Wallet relationships whose parent has an error of its own that keeps the child from running, with the reason.
    pub pending: IndexMap<RelationshipId, String, Hasher>,
    /// The evaluation of the copy: on an evaluated revision its trace is empty.
    pub evaluation: Evaluation,
}

/// What [`derive`] works on; cheap to make, and may go to another thread.
#[derive(Clone, Debug)]
pub struct DeriveInput {
    revision: Revision,
    design: Arc<Design>,
    registry: Arc<Registry>,
    standing: Arc<[Diagnostic]>,
}

impl Editor {
    /// The present state, to be derived from.
    pub fn derive_input(&self) -> DeriveInput {
        DeriveInput {
            revision: self.revision,
            design: Arc::clone(&self.design),
            registry: Arc::clone(&self.registry),
            standing: Arc::clone(&self.standing),
        }
    }
}

/// Derives everything from one state of a design.
pub fn derive(input: &DeriveInput) -> Derived {
    let (design, evaluation) = policy::evaluated(&input.design, &input.registry, true);
    let mut diagnostics = evaluation.diagnostics.clone();
    for standing in input.standing.iter().filter(|standing| still_stands(&design, standing)) {
        let is_known = diagnostics.iter().any(|known| {
            (known.code, &known.location, &known.message)
                == (standing.code, &standing.location, &standing.message)
        });
        if !is_known {
            diagnostics.push(standing.clone());
        }
    }
    sort(&design, &mut diagnostics);
    let mut counts: IndexMap<ComponentId, Counts, Hasher> = IndexMap::default();
    let mut total = Counts::default();
    for diagnostic in &diagnostics {
        total.add(diagnostic.severity);
        if let Some(id) = diagnostic.component() {
            counts.entry(id).or_default().add(diagnostic.severity);
        }
    }
    let pending = pending(&design, &diagnostics);
    Derived {
        revision: input.revision,
        design: Arc::new(design),
        diagnostics,
        counts,
        total,
        pending,
        evaluation,
    }
}

/// A finding of the opening goes when its subject went, or when its fix, or something like it, has been made.
fn still_stands(design: &Design, diagnostic: &Diagnostic) -> bool {
    use crate::model::{Edit, Target};
    let is_there = match diagnostic.location.subject {
        Subject::Design => true,
        Subject::Component(id) => design.component(id).is_some(),
        Subject::Relationship(id) => design.relationship(id).is_some(),
    };
    let holds = |edit: &Edit| match edit {
        Edit::SetField { target: Target::Component(id), path, value, .. } => {
            let present = design.component(*id).and_then(|component| component.get(path));
            match (present, value) {
                (Some(present), Some(value)) => present.equivalent(value),
                (present, value) => present.is_none() && value.is_none(),
            }
        }
        _ => false,
    };
    let is_mended = diagnostic.fix.as_ref().is_some_and(|fix| fix.edits.iter().all(holds));
    is_there && !is_mended
}

/// Sorts by severity, then document order, then path and code.
fn sort(design: &Design, diagnostics: &mut [Diagnostic]) {
    let place = |subject: Subject| match subject {
        Subject::Design => (0, 0),
        Subject::Component(id) => (1, design.component_index(id).unwrap_or(usize::MAX)),
        Subject::Relationship(id) => (2, design.relationship_index(id).unwrap_or(usize::MAX)),
    };
    diagnostics.sort_by(|a, b| {
        let key = |it: &Diagnostic| (it.severity, place(it.location.subject));
        let rest = || (&a.location.path, a.code, &a.message).cmp(&(&b.location.path, b.code, &b.message));
        key(a).cmp(&key(b)).then_with(rest)
    });
}

/// Wallet relationships whose wallet has an error of its own. The first error is the reason.
fn pending(design: &Design, diagnostics: &[Diagnostic]) -> IndexMap<RelationshipId, String, Hasher> {
    let mut pending = IndexMap::default();
    let mut seen: IndexMap<ComponentId, (), Hasher> = IndexMap::default();
    for diagnostic in diagnostics.iter().filter(|it| it.severity == Severity::Error) {
        let Some(wallet) = diagnostic.component() else { continue };
        if seen.insert(wallet, ()).is_some() {
            continue;
        }
        for link in design.chain(wallet) {
            let reason = format!("{} has an error: {}", design.name_of(wallet), diagnostic.message);
            pending.insert(link.relationship, reason);
        }
    }
    pending
}
