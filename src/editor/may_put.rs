//! May a gesture put this into that? Asked before a drop, and again when it happens, so that both agree.

use crate::model::relationship::{INVENTORY, WALLET};
use crate::model::{ComponentId, ComponentKind, Design};
use crate::policy::{Candidate, Refusal, can_contain};
use crate::registry::{self, Registry};
use crate::wallet::relationship::candidate;

/// Tells whether `child` may be put into the wallet or frame `parent`, or why not.
///
/// A gesture makes a relationship of the program's own: definitions of others that join more describe what a file holds,
/// and one that denies the pair would take the relationship out again.
pub(super) fn may_put(
    design: &Design,
    registry: &Registry,
    child: Candidate<'_>,
    parent: ComponentId,
) -> Result<(), Refusal> {
    can_contain(design, registry, child, parent)?;
    let Some(holder) = design.component(parent) else { return Ok(()) };
    let class = if holder.is(&ComponentKind::NAMESPACE) { INVENTORY } else { WALLET };
    let from = match child {
        Candidate::New(kind) => {
            let namespaced = registry.component(kind).is_some_and(|definition| definition.namespaced);
            registry::Candidate { kind, model: None, namespaced }
        }
        Candidate::Existing(id) => match design.component(id) {
            Some(component) => candidate(registry, component),
            None => return Ok(()),
        },
    };
    let to = candidate(registry, holder);
    if let Some(denying) = registry.relationships_of(class).find(|it| it.denies(from, to)) {
        let (child, parent) = (from.kind.in_words(), to.kind.in_words());
        return Err(Refusal(format!("{child} may not lie in {parent}: {} denies it", denying.name)));
    }
    let own = Registry::builtin();
    if own.relationships_of(class).any(|it| it.joins(from, to).is_some()) {
        return Ok(());
    }
    can_contain(design, &own, child, parent)?;
    let (child, parent) = (from.kind.in_words(), to.kind.in_words());
    Err(Refusal(format!("only a file can say that {child} lies in {parent}")))
}
