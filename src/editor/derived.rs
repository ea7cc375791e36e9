//! What follows from one revision of the design: its evaluated copy, the findings, the effective resources.
//!
//! A pure function of the design, computed off the window's thread and kept until the next one is there.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Editor, Revision};
use crate::model::{ComponentId, Design, Diagnostic, Location, RelationshipId, Severity, Subject, Value};
use crate::policy::{self, Evaluation};
use crate::registry::Registry;
use crate::validate::{self, Sifted, Suppressed};
use crate::wallet::{Effective, applied_resources, effective_resources};

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
    /// What an export of it would write, blocked or not.
    pub effective: Vec<Effective>,
    /// All findings that count, in a stable order: by severity, then document order, then path and code.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that somebody has accepted, in the same order. They count nowhere and block nothing.
    pub suppressed: Vec<Suppressed>,
    /// What the rules found, and what they assumed.
    pub report: validate::Report,
    /// Findings of each component, those of the filters in a wallet not counted to the wallet.
    pub counts: IndexMap<ComponentId, Counts, Hasher>,
    /// All findings together.
    pub total: Counts,
    /// Wallet relationships whose parent has an error of its own that keeps the child from running, with the reason.
    pub pending: IndexMap<RelationshipId, String, Hasher>,
    /// The evaluation of the copy: on an evaluated revision its trace is empty.
    pub evaluation: Evaluation,
}

/// What [`derive()`] works on; cheap to make, and may go to another thread.
#[derive(Clone, Debug)]
pub struct DeriveInput {
    revision: Revision,
    design: Arc<Design>,
    registry: Arc<Registry>,
    options: Arc<validate::Options>,
    standing: Arc<[Standing]>,
    /// What was noticed while the text was read.
    noticed: Vec<Diagnostic>,
    before: Option<Arc<Derived>>,
}

impl DeriveInput {
    /// A design that is in no editing session.
    pub fn new(design: Arc<Design>, registry: Arc<Registry>) -> Self {
        Self {
            revision: Revision::default(),
            design,
            registry,
            options: Arc::default(),
            standing: Arc::default(),
            noticed: Vec::new(),
            before: None,
        }
    }

    /// The same, with what was noticed while the text was read.
    #[must_use]
    pub fn with_noticed(mut self, noticed: Vec<Diagnostic>) -> Self {
        self.noticed = noticed;
        self
    }

    /// The same, checked as `options` say.
    #[must_use]
    pub fn with_options(mut self, options: Arc<validate::Options>) -> Self {
        self.options = options;
        self
    }

    /// The design.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// How it is checked.
    pub fn options(&self) -> &Arc<validate::Options> {
        &self.options
    }

    /// The same, taking over what is still true of what was derived earlier: it changes what it costs and nothing else.
    #[must_use]
    pub fn after(mut self, before: Arc<Derived>) -> Self {
        self.before = Some(before);
        self
    }
}

impl Editor {
    /// The present state, to be derived from.
    pub fn derive_input(&self) -> DeriveInput {
        DeriveInput {
            revision: self.revision,
            design: Arc::clone(&self.design),
            registry: Arc::clone(&self.registry),
            options: Arc::clone(&self.check_options),
            standing: Arc::clone(&self.standing),
            noticed: Vec::new(),
            before: None,
        }
    }
}

/// Derives everything from one state of a design.
pub fn derive(input: &DeriveInput) -> Derived {
    let registry = &*input.registry;
    let (design, evaluation) = policy::evaluated(&input.design, registry, true);
    let effective = if input.options.as_they_stand {
        applied_resources(&design, registry)
    } else {
        effective_resources(&design, registry)
    };
    let before = input.before.as_deref().map(|before| validate::Before {
        design: &before.design,
        effective: &before.effective,
        report: &before.report,
    });
    let report = validate::check(&validate::Input {
        options: Arc::clone(&input.options),
        before,
        ..validate::Input::new(&design, &input.registry, &effective)
    });
    let mut diagnostics = [evaluation.diagnostics.as_slice(), &input.noticed].concat();
    diagnostics.extend_from_slice(&report.diagnostics);
    let standing = input.standing.iter().filter(|standing| standing.still_stands(&design));
    for standing in standing.map(|standing| &standing.diagnostic) {
        let is_known = diagnostics.iter().any(|known| {
            (known.code, &known.location, &known.message)
                == (standing.code, &standing.location, &standing.message)
        });
        if !is_known {
            diagnostics.push(standing.clone());
        }
    }
    let Sifted { mut diagnostics, mut suppressed } = validate::sift(&design, &input.options, diagnostics);
    sort(&design, &mut diagnostics, |it| it);
    sort(&design, &mut suppressed, |it| &it.diagnostic);
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
        effective,
        diagnostics,
        suppressed,
        report,
        counts,
        total,
        pending,
        evaluation,
    }
}

/// A finding of the opening that a later evaluation cannot make again: a relationship that was removed, a value that was
/// changed outside, something in the text that was read.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    diagnostic: Diagnostic,
    /// What stood at its place then.
    value: Option<Value>,
}

impl Standing {
    /// A finding about `design` as it is after opening.
    pub(super) fn of(diagnostic: Diagnostic, design: &Design) -> Self {
        let value = value_at(design, &diagnostic.location).cloned();
        Self { diagnostic, value }
    }

    /// It goes when its subject went, or when the value that it is about has changed, by its fix or otherwise.
    fn still_stands(&self, design: &Design) -> bool {
        let location = &self.diagnostic.location;
        let is_there = match location.subject {
            Subject::Design => true,
            Subject::Component(id) => design.component(id).is_some(),
            Subject::Relationship(id) => design.relationship(id).is_some(),
        };
        // A finding about the whole of something does not end with any change of it.
        is_there && (location.path.is_empty() || value_at(design, location) == self.value.as_ref())
    }
}

fn value_at<'a>(design: &'a Design, location: &Location) -> Option<&'a Value> {
    let tree = match location.subject {
        Subject::Design => design.head(),
        Subject::Component(id) => design.component(id)?.tree(),
        Subject::Relationship(id) => design.relationship(id)?.tree(),
    };
    if location.path.is_empty() { None } else { tree.get(&location.path) }
}

/// Sorts by severity, then document order, then path and code.
fn sort<T>(design: &Design, found: &mut [T], diagnostic: impl Fn(&T) -> &Diagnostic) {
    let place = |subject: Subject| match subject {
        Subject::Design => (0, 0),
        Subject::Component(id) => (1, design.component_index(id).unwrap_or(usize::MAX)),
        Subject::Relationship(id) => (2, design.relationship_index(id).unwrap_or(usize::MAX)),
    };
    found.sort_by(|a, b| {
        let (a, b) = (diagnostic(a), diagnostic(b));
        let key = |it: &Diagnostic| (it.severity, place(it.location.subject));
        let rest = || (&a.location.path, a.code, &a.message).cmp(&(&b.location.path, b.code, &b.message));
        key(a).cmp(&key(b)).then_with(rest)
    });
}

/// Wallet relationships whose wallet has an error of its own. The first error is the reason.
fn pending(design: &Design, diagnostics: &[Diagnostic]) -> IndexMap<RelationshipId, String, Hasher> {
    let mut pending = IndexMap::default();
    let mut seen: IndexMap<ComponentId, (), Hasher> = IndexMap::default();
    // An unknown field is exported as it stands: whether it keeps the wallet from working is not known here.
    let is_error = |it: &&Diagnostic| it.severity == Severity::Error && it.code != "WP093";
    for diagnostic in diagnostics.iter().filter(is_error) {
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
