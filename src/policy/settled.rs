//! What is settled already is seen at a glance: nothing is read into records, nothing is copied.
//!
//! Nearly every wallet and every frame of nearly every evaluation is like that. `true` means that the long way would change
//! nothing and report nothing; builds for development go it all the same and hold that it does, and the tests compare both
//! ways on random designs. `false` only means "not seen". The entries of an EnvoyFilter always go it.

use std::sync::{Arc, Weak};

use super::engine::Engine;
use super::units::{Claim, Unit};
use crate::model::{Component, ComponentKind, Relationship, Value};
use crate::registry::PatchStrategy;
use crate::wallet::module_group::{Given, ModuleField};

impl Engine<'_, '_> {
    /// The group of the first usable filter stands in the plugin, and its record, and no other, says so.
    pub(super) fn is_settled_wallet(&self, unit: &Unit<'_>) -> bool {
        self.settled_wallet(unit).is_some()
    }

    fn settled_wallet(&self, unit: &Unit<'_>) -> Option<()> {
        let design = self.design();
        let given = |claim: &Claim<'_>| Given::of(design.component(claim.from)?);
        let is_usable = |claim: &Claim<'_>| given(claim).is_some_and(|given| given.can_be_written());
        let owner = unit.claims.iter().position(is_usable)?;
        let is_recorded_once = unit.claims.iter().enumerate().all(|(place, claim)| {
            claim.has_record == (place == owner) && (claim.has_record || self.lost_record(claim.id).is_none())
        });
        if !unit.released.is_empty() || !is_recorded_once || self.others_write_modules() {
            return None;
        }
        let owner = unit.claims.get(owner)?;
        let (filter, plugin) =
            (design.shared_component(owner.from)?, design.shared_component(unit.receiver)?);
        let relationship = design.relationship(owner.id.relationship)?;
        if !relationship.found_out::<Stands>().is_some_and(|it| it.is_between(filter, plugin)) {
            stands(filter, plugin, relationship)?;
            relationship.keep_found_out(Stands::between(filter, plugin));
        }
        Some(())
    }

    /// What lies in one frame has the name of its Namespace, and the record says so.
    pub(super) fn is_settled_name(&self, unit: &Unit<'_>) -> bool {
        self.settled_name(unit).is_some()
    }

    fn settled_name(&self, unit: &Unit<'_>) -> Option<()> {
        let ([claim], []) = (&unit.claims[..], &unit.released[..]) else { return None };
        let mut ways = claim.ways();
        let (Some(way), None) = (ways.next(), ways.next()) else { return None };
        let is_replaced = way.flow.strategy == PatchStrategy::Replace;
        let mut pairs = Some(way.flow).filter(|_| is_replaced)?.pairs();
        let (Some(pair), None) = (pairs.next(), pairs.next()) else { return None };
        let design = self.design();
        let giver = design.component(way.giver)?;
        let is_name = giver.is(&ComponentKind::NAMESPACE)
            && pair.mutator.is_keys(&["displayName"])
            && pair.mutated.is_keys(&NAMESPACE);
        let name = giver.own_name()?;
        if !is_name || design.component(unit.receiver)?.namespace() != Some(name) {
            return None;
        }
        let relationship = claim.id.relationship;
        if !claim.has_record {
            // Nothing is recorded of what was there already; this is the giver as it was, and the pair as it was.
            let is_same_pair =
                self.tx.is_unchanged_relationship(relationship) || self.identified.contains(&relationship);
            // One that was taken out and found again bears the id, and goes on with the record, that it had.
            let has_lost_none = self.lost_record(claim.id).is_none();
            let is_same_giver = self.tx.is_unchanged_component(giver.id());
            return (is_same_giver && is_same_pair && has_lost_none).then_some(());
        }
        let [wrote] = wrote_alone(design.relationship(relationship)?)? else { return None };
        (is_at(wrote, &NAMESPACE) && wrote.text_at(&["value"]) == Some(name)).then_some(())
    }
}

const NAMESPACE: [&str; 3] = ["configuration", "metadata", "namespace"];

/// The group of `filter` stands in `plugin`, and the record of the relationship says so and nothing else.
fn stands(filter: &Component, plugin: &Component, relationship: &Relationship) -> Option<()> {
    let given = Given::of(filter)?;
    let spec = plugin.configured(&["spec"])?;
    let mut wrote = wrote_alone(relationship)?.iter().peekable();
    for field in ModuleField::ALL {
        let given = given.value(field).ok()?;
        let present = spec.at(&[field.plugin_key()]);
        // Fields are recorded in this order, each once; one that is absent on both sides need not be.
        let recorded = wrote.next_if(|wrote| is_at(wrote, &["configuration", "spec", field.plugin_key()]));
        let is_recorded = recorded.map_or(present.is_none(), |wrote| wrote.at(&["value"]) == given);
        if present != given || !is_recorded {
            return None;
        }
    }
    wrote.next().is_none().then_some(())
}

/// That [`stands`] was found to hold: it depends on nothing but these two as they were, and on the relationship, with which
/// it is kept. A component that changes lies at another place, as long as somebody knows the old one; and this does.
struct Stands {
    filter: Weak<Component>,
    plugin: Weak<Component>,
}

impl Stands {
    fn between(filter: &Arc<Component>, plugin: &Arc<Component>) -> Self {
        Self { filter: Arc::downgrade(filter), plugin: Arc::downgrade(plugin) }
    }

    fn is_between(&self, filter: &Arc<Component>, plugin: &Arc<Component>) -> bool {
        let is_at = |at: &Weak<Component>, it| std::ptr::eq(at.as_ptr(), Arc::as_ptr(it));
        is_at(&self.filter, filter) && is_at(&self.plugin, plugin)
    }
}

/// What the only pair of a relationship wrote, when its record says nothing else.
fn wrote_alone(relationship: &Relationship) -> Option<&[Value]> {
    let billfold = relationship.tree().at(&["metadata", "billfold"])?.as_map()?;
    let is_alone = relationship.pairs().len() == 1 && billfold.len() == 1;
    billfold.get("wrote")?.as_list().filter(|_| is_alone)
}

fn is_at(wrote: &Value, keys: &[&str]) -> bool {
    let path = wrote.at(&["path"]).and_then(Value::as_list).unwrap_or_default();
    path.len() == keys.len() && path.iter().zip(keys).all(|(segment, key)| segment.as_text() == Some(key))
}
