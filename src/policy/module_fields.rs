//! Module fields of a plugin that definitions of others write, too.
//!
//! While a wallet has a filter, the fields of its module group belong to the filters, and nobody else writes there: a value
//! of somebody else between those of a filter would tear the group apart. What was written before the filters came goes
//! over to them with what stood there before it.

use super::engine::{Cause, Engine, RESTORE};
use super::gift::Gift;
use super::hierarchical_wallet::is_module_field;
use super::inventory::{Settling, is_toward};
use super::record::Wrote;
use super::selector::{Handler, name_of};
use super::units::{Claim, Unit, Way};
use crate::model::{ComponentId, ComponentKind, FieldPath};
use crate::registry::{RelationshipDefinition, Selector};
use crate::wallet::module_group::ModuleField;
use crate::wallet::patch;

impl<'e> Engine<'e, '_> {
    /// Says who would write another value into a field that belongs to the filters of a wallet, and writes nothing.
    pub(super) fn settle_field_of_wallet(
        &mut self,
        settling: &mut Settling<'_, 'e>,
        path: &FieldPath,
        gifts: &[Gift<'_, 'e>],
        wallet: &[Claim<'e>],
    ) {
        let receiver = settling.unit.receiver;
        let Some(component) = self.design().component(receiver) else { return };
        let notation = self.notation(component, path);
        let present = component.get(path).cloned();
        let spec = self.registry().field(component.kind(), path);
        self.report_tests(receiver, path, notation, present.as_ref(), gifts);
        for gift in gifts {
            let Some(given) = &gift.value else { continue };
            let given = match patch::apply(gift.way.flow.strategy, present.as_ref(), given, spec) {
                patch::Applied::Value(value) => Some(value),
                patch::Applied::Absent => None,
                patch::Applied::Untouched | patch::Applied::Differs => continue,
            };
            if let (Some(owner), false) = (wallet.first(), notation.same(given.as_ref(), present.as_ref())) {
                let message = format!(
                    "{} gives another value to {path} of {} than its filters do: the filters win",
                    self.name(gift.way.giver),
                    self.name(receiver)
                );
                self.report_conflict(
                    receiver,
                    path,
                    (owner.id.relationship, gift.claim.id.relationship),
                    message,
                );
            }
        }
        let is_live = settling.records.values().any(|record| record.about(path).is_some());
        if !is_live || !is_module_field(path) {
            self.settle_field(settling, path, &[], Vec::new());
        } else if !wallet.iter().any(|claim| self.record_of(claim.id).about(path).is_some()) {
            settling.keep(path);
        }
    }

    /// The filters of a wallet to which a field of its plugin belongs, in document order.
    pub(super) fn wallet_of_field(&self, receiver: ComponentId, path: &FieldPath) -> Option<Vec<Claim<'e>>> {
        let may_be_of_filters = overlaps_module(path) && self.others_write_modules();
        let wallet = may_be_of_filters.then(|| self.claims_on(receiver, Handler::Module))?;
        (!wallet.is_empty()).then_some(wallet)
    }

    /// What others wrote into the module fields of a plugin that has filters now: these take it over. What others wrote
    /// within or around a field is given back first.
    pub(super) fn take_over(&mut self, unit: &Unit<'_>) -> Vec<Wrote> {
        let plugin = unit.receiver;
        if unit.claims.is_empty() || !self.others_write_modules() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for claim in self.claims_on(plugin, Handler::Fields) {
            let ways: Vec<Way<'_>> = claim.ways().collect();
            let wrote = self.record_of(claim.id).wrote.into_iter();
            found.extend(
                wrote.filter(|wrote| is_toward(&ways, plugin, wrote) && overlaps_module(&wrote.path)),
            );
        }
        let (of_fields, within): (Vec<Wrote>, Vec<Wrote>) =
            found.into_iter().partition(|wrote| is_module_field(&wrote.path));
        for wrote in within {
            let (relationship, definition) = unit.origin;
            let why = "given back: the field belongs to the filters of the wallet".to_owned();
            let cause =
                Cause { relationship, definition: name_of(definition), strategy: RESTORE, source: None, why };
            if let Some((path, made)) = self.give_back(plugin, &wrote, cause) {
                self.clean_up(plugin, &path, made);
            }
        }
        of_fields
    }

    /// Whether a definition other than that of the wallet writes module fields.
    pub(super) fn others_write_modules(&self) -> bool {
        let writes = |selector: &Selector| {
            let refs = selector.patch.as_ref().map_or(&[][..], |patch| &patch.mutated_ref);
            refs.iter().any(overlaps_module)
        };
        let is_of_filters = |definition: &RelationshipDefinition| {
            let mut from = definition.selectors.iter().flat_map(|set| &set.allow.from);
            definition.is_wallet()
                && from.all(|it| it.kind.as_deref() == Some(&*ComponentKind::WASM_FILTER.kind))
        };
        *self.others_write_modules.get_or_init(|| {
            let definitions = self.registry().relationships().iter().filter(|it| !is_of_filters(it));
            let mut sets = definitions.flat_map(|it| &it.selectors);
            sets.any(|set| set.allow.from.iter().chain(&set.allow.to).any(writes))
        })
    }
}

/// Tells whether this is a module field of a plugin, or lies within or around one. A reference that leads nowhere is none.
fn overlaps_module(path: &FieldPath) -> bool {
    let overlaps = |field: FieldPath| field.iter().zip(path.iter()).all(|(a, b)| a == b);
    !path.is_empty() && ModuleField::ALL.into_iter().any(|field| overlaps(field.plugin_path()))
}
