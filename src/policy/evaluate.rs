//! One evaluation: validate, identify, patch, restore, again until nothing changes.

use super::trace::Trace;
use crate::model::{Design, Diagnostic, Transaction};
use crate::registry::Registry;

/// How much of a design is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole design.
    Everything {
        /// Whether pairs that no relationship joins yet are joined: on opening, import and paste only.
        identify: bool,
    },
    /// What the edits of the transaction touch. On an evaluated design this is the same as everything.
    Touched,
}

/// What one evaluation found and did.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// How often the rules were gone through.
    pub passes: usize,
    /// What was done, and why.
    pub trace: Trace,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Evaluates the relationships of the transaction's design; the patches become edits of the transaction.
pub fn evaluate(_tx: &mut Transaction<'_>, _registry: &Registry, _scope: Scope) -> Evaluation {
    Evaluation::default()
}

/// An evaluated copy of the whole `design`; the design itself is not changed.
pub fn evaluated(design: &Design, registry: &Registry, identify: bool) -> (Design, Evaluation) {
    let mut copy = design.clone();
    let mut tx = Transaction::new(&mut copy);
    let evaluation = evaluate(&mut tx, registry, Scope::Everything { identify });
    tx.commit("Evaluate");
    (copy, evaluation)
}
