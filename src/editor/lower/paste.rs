//! Pasting a fragment, a design or an import of manifests (`product.md`, Clipboard).

use crate::model::{ComponentId, ComponentKind, Design, Edit, EditError, IdSeed, Position, Relationship};
use crate::policy;

use super::copies::{BESIDE, Copies};
use super::{Lowered, Lowering, in_words};

impl Lowering<'_, '_> {
    pub(super) fn paste(
        &mut self,
        fragment: &Design,
        identify: bool,
        position: Option<Position>,
        seed: IdSeed,
    ) -> Result<Lowered, EditError> {
        if fragment.components().len() == 0 {
            return Err(EditError::Refused("there is no component in what was copied".to_owned()));
        }
        // Identification runs among the pasted components only: before they come in.
        let identified = identify.then(|| policy::evaluated(fragment, self.registry, true).0);
        let fragment = identified.as_ref().unwrap_or(fragment);
        let top: Vec<ComponentId> = fragment
            .components()
            .map(crate::model::Component::id)
            .filter(|id| fragment.wallet_of(*id).is_none())
            .collect();
        let names: Vec<String> = top.iter().map(|id| fragment.name_of(*id)).collect();
        let label = format!("Paste {}", in_words(&names));

        let mut copies = Copies::of(fragment.components().map(crate::model::Component::id), seed);
        let offset = offset(fragment, &top, position);
        let relationships: Vec<Relationship> = fragment
            .relationships()
            .enumerate()
            .filter_map(|(n, original)| copies.relationship(n, original, false))
            .collect();
        for original in fragment.components() {
            let Some(copy) = copies.id(original.id()) else { continue };
            let component = copies.component(self.tx.design(), original, copy, offset);
            self.tx.apply(Edit::AddComponent { index: None, component: component.into() })?;
        }
        for relationship in relationships {
            self.join(None, relationship)?;
        }
        let selected: Vec<ComponentId> = top.iter().filter_map(|id| copies.id(*id)).collect();
        self.put_loose_filters(fragment, &top, &copies)?;
        if let (&[only], Some(position)) = (selected.as_slice(), position)
            && self.component(only)?.position().is_none()
            && self.tx.design().wallet_of(only).is_none()
        {
            self.set_position(only, position)?;
        }
        Ok(Lowered::selecting(label, selected))
    }

    /// Filters without a plugin of their own go into the selected plugin: after the selected filter, else at the end.
    fn put_loose_filters(
        &mut self,
        fragment: &Design,
        top: &[ComponentId],
        copies: &Copies,
    ) -> Result<(), EditError> {
        let is_filter =
            |id: &&ComponentId| fragment.component(**id).is_some_and(|it| it.is(&ComponentKind::WASM_FILTER));
        let loose: Vec<ComponentId> = top.iter().filter(is_filter).filter_map(|id| copies.id(*id)).collect();
        let Some(primary) = self.selection.primary().filter(|_| !loose.is_empty()) else { return Ok(()) };
        let design = self.tx.design();
        let (wallet, place) = if design.component(primary).is_some_and(|it| it.kind().is_wallet()) {
            (primary, usize::MAX)
        } else if let Some(link) = design.wallet_of(primary) {
            let chain = design.chain(link.to);
            let place = chain.iter().position(|other| other.from == primary);
            (link.to, place.map_or(usize::MAX, |place| place + 1))
        } else {
            return Ok(());
        };
        self.place_in_wallet(&loose, wallet, place)
    }
}

/// How far the pasted cards move: their middle to `position`, or a little beside where they were copied.
fn offset(fragment: &Design, top: &[ComponentId], position: Option<Position>) -> (f64, f64) {
    let Some(to) = position else { return (BESIDE, BESIDE) };
    let mut bounds: Option<(Position, Position)> = None;
    for at in top.iter().filter_map(|id| fragment.component(*id)?.position()) {
        let (low, high) = bounds.get_or_insert((at, at));
        *low = Position::new(low.x.min(at.x), low.y.min(at.y));
        *high = Position::new(high.x.max(at.x), high.y.max(at.y));
    }
    let Some((low, high)) = bounds else { return (0.0, 0.0) };
    (to.x - low.x.midpoint(high.x), to.y - low.y.midpoint(high.y))
}
