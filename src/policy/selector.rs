//! May this lie in that? Asked by the window in every frame of a drag.

use crate::model::{ComponentId, ComponentKind, Design};
use crate::registry::Registry;

/// What is about to be put somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Candidate<'a> {
    /// A new component of this kind.
    New(&'a ComponentKind),
    /// A component of the design.
    Existing(ComponentId),
}

/// Why it may not be put there; a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// Tells whether `child` may lie in `parent`, or why not. Takes microseconds, whatever the size of the design.
pub fn can_contain(
    design: &Design,
    _registry: &Registry,
    child: Candidate<'_>,
    parent: ComponentId,
) -> Result<(), Refusal> {
    let refuse = |reason: String| Err(Refusal(reason));
    let Some(parent) = design.component(parent) else {
        return refuse("it is not in the design any more".to_owned());
    };
    let (kind, existing) = match child {
        Candidate::New(kind) => (kind, None),
        Candidate::Existing(id) => match design.component(id) {
            Some(component) => (component.kind(), Some(component)),
            None => return refuse("it is not in the design any more".to_owned()),
        },
    };
    if existing.is_some_and(|child| child.id() == parent.id()) {
        return refuse("nothing can lie in itself".to_owned());
    }
    let is_filter = kind.same_kind(&ComponentKind::WASM_FILTER);
    if parent.kind().is_wallet() {
        if is_filter {
            return Ok(());
        }
        return refuse(format!("{} holds filters, and {} is none", article(parent.kind()), article(kind)));
    }
    if parent.is(&ComponentKind::NAMESPACE) {
        if is_filter {
            return refuse("a filter lies in a plugin, not in a namespace".to_owned());
        }
        if kind.same_kind(&ComponentKind::NAMESPACE) {
            return refuse("a namespace cannot lie in another".to_owned());
        }
        return Ok(());
    }
    refuse(format!("{} holds nothing", article(parent.kind())))
}

/// The kind with its article: "an EnvoyFilter", "a Service".
fn article(kind: &ComponentKind) -> String {
    let vowel = kind.kind.starts_with(['A', 'E', 'I', 'O', 'U']);
    format!("{} {}", if vowel { "an" } else { "a" }, kind.kind)
}
