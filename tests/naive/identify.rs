//! Joining what belongs together although no relationship says so (`policy.md`, step 3): every child with every parent.

use billfold::model::{ComponentId, Map, RelationshipId, Value};

use super::Evaluation;
use super::definition::is_wallet_kind;
use super::document::{
    Document, ENVOY_FILTER, FILTER, NAMESPACE, PLUGIN, Pair, at, class, is, name, pairs, text_at,
};
use super::entries::{self, entries, joined_record};
use super::identify_pairs::Found;
use super::module::{FIELDS, group, holds_group_of, plugin_path};
use super::record::{Record, Wrote};

pub(crate) const WALLET: &str = "hierarchical-parent-wallet";
pub(crate) const INVENTORY: &str = "hierarchical-parent-inventory";

/// Live pairs of a class between components that exist.
fn links(document: &Document, of_class: &str) -> Vec<Pair> {
    let is_one = |pair: &Pair| {
        let is_there = |id: Option<ComponentId>| id.is_some_and(|id| document.component(id).is_some());
        document.relationship(pair.relationship).is_some_and(|tree| class(tree) == of_class)
            && is_there(pair.from)
            && is_there(pair.to)
    };
    document.live_pairs().into_iter().filter(is_one).collect()
}

/// Tells whether a relationship with status `ignored` joins the two: they are to be left alone.
pub(crate) fn is_ignored(document: &Document, of_class: &str, from: ComponentId, to: ComponentId) -> bool {
    let ignored = document.relationships.iter().filter(|(_, tree)| {
        class(tree) == of_class
            && text_at(tree, "status").is_some_and(|it| it.trim().eq_ignore_ascii_case("ignored"))
    });
    ignored.flat_map(|(id, tree)| pairs(*id, tree)).any(|pair| pair.from == Some(from) && pair.to == Some(to))
}

impl Evaluation<'_, '_> {
    pub(crate) fn identify(&mut self) {
        let mut found: Vec<(&str, ComponentId, ComponentId, Record)> = Vec::new();
        if !self.document.is_frozen(INVENTORY) {
            self.find_frames(&mut found);
        }
        if !self.document.is_frozen(WALLET) {
            self.find_wallets(&mut found);
        }
        let pairs = self.find_pairs();
        for (of_class, from, to, record) in found {
            let end = |id: ComponentId| Value::from([("id", id.to_string().into())]);
            self.join(of_class, (from, end(from)), (to, end(to)), &record);
        }
        for Found { class, from, to, record } in pairs {
            self.join(&class, from, to, &record);
        }
    }

    fn find_frames(&self, found: &mut Vec<(&str, ComponentId, ComponentId, Record)>) {
        let document = &self.document;
        let namespaces = || document.components.iter().filter(|(_, it)| is(it, NAMESPACE));
        for (child, component) in &document.components {
            let Some(namespace) = text_at(component, "configuration.metadata.namespace") else { continue };
            let lies_in_one = links(document, INVENTORY).iter().any(|pair| {
                pair.from == Some(*child)
                    && pair.to.and_then(|to| document.component(to)).is_some_and(|to| is(to, NAMESPACE))
            });
            let candidates: Vec<ComponentId> = namespaces()
                .filter(|(_, it)| name(it).as_deref() == Some(namespace))
                .map(|(id, _)| *id)
                .collect();
            if let [only] = candidates[..]
                && self.definitions.is_namespaced(component)
                && !lies_in_one
                && !is_ignored(document, INVENTORY, *child, only)
            {
                found.push((INVENTORY, *child, only, Record::default()));
            }
        }
    }

    fn find_wallets(&self, found: &mut Vec<(&str, ComponentId, ComponentId, Record)>) {
        let document = &self.document;
        let wallets = links(document, WALLET);
        let is_in_wallet = |filter: ComponentId| {
            wallets.iter().any(|pair| {
                pair.from == Some(filter)
                    && pair.to.and_then(|to| document.component(to)).is_some_and(is_wallet_kind)
            })
        };
        let has_filters = |plugin: ComponentId| {
            wallets.iter().any(|pair| {
                pair.to == Some(plugin)
                    && pair.from.and_then(|from| document.component(from)).is_some_and(|it| is(it, FILTER))
            })
        };
        let owned_entries = |envoy_filter: ComponentId| -> Vec<String> {
            let of_it = wallets.iter().filter(|pair| pair.to == Some(envoy_filter));
            of_it
                .filter_map(|pair| Record::of(document.relationship(pair.relationship)?, pair).patch)
                .collect()
        };
        // Every filter without a wallet against every place that is free.
        let mut fits: Vec<(ComponentId, ComponentId, Option<usize>)> = Vec::new();
        for (filter, of_filter) in
            document.components.iter().filter(|(id, it)| is(it, FILTER) && !is_in_wallet(*id))
        {
            for (parent, component) in &document.components {
                if is(component, PLUGIN) && !has_filters(*parent) && holds_group_of(component, of_filter) {
                    fits.push((*filter, *parent, None));
                }
                if is(component, ENVOY_FILTER) {
                    let owned = owned_entries(*parent);
                    for (place, entry) in entries(component).iter().enumerate() {
                        let is_free = !at(entry, "patch.value.name")
                            .and_then(Value::as_text)
                            .is_some_and(|name| owned.iter().any(|owned| owned == name));
                        if is_free && entries::holds_group_of(entry, of_filter) {
                            fits.push((*filter, *parent, Some(place)));
                        }
                    }
                }
            }
        }
        let mut joined: Vec<&(ComponentId, ComponentId, Option<usize>)> = fits
            .iter()
            .filter(|(filter, parent, place)| {
                let of_filter = fits.iter().filter(|(other, ..)| other == filter).count();
                let of_place = fits.iter().filter(|(_, other, at)| other == parent && at == place).count();
                of_filter == 1 && of_place == 1 && !is_ignored(document, WALLET, *filter, *parent)
            })
            .collect();
        joined.sort_by_key(|(_, parent, place)| (*parent, *place));
        for (filter, parent, place) in joined {
            let Some(component) = document.component(*parent) else { continue };
            let record = if let Some(place) = place {
                joined_record(&entries(component)[*place])
            } else {
                let values = document.component(*filter).and_then(group).unwrap_or_default();
                let wrote = FIELDS.into_iter().zip(values).filter_map(|((_, key, _), value)| {
                    Some(Wrote { path: plugin_path(key), value: Some(value?), ..Wrote::default() })
                });
                Record { wrote: wrote.collect(), ..Record::default() }
            };
            found.push((WALLET, *filter, *parent, record));
        }
    }

    /// Adds a relationship, which is found again by what it joins: its id and model are not the concern here.
    fn join(
        &mut self,
        of_class: &str,
        (from, own_from): (ComponentId, Value),
        (to, own_to): (ComponentId, Value),
        record: &Record,
    ) {
        let id = RelationshipId::from_name(&format!(
            "{of_class} {from} {to} {}",
            self.document.relationships.len()
        ));
        let keys = ["kind", "type", "subType"].into_iter();
        let mut tree: Map =
            keys.zip(of_class.splitn(3, '-')).map(|(key, part)| (key.to_owned(), part.into())).collect();
        let side = |own: Value| Value::List(vec![own]);
        let allow = Value::from([("from", side(own_from)), ("to", side(own_to))]);
        tree.insert("selectors", Value::List(vec![Value::from([("allow", allow)])]));
        let tree = Value::Map(tree);
        self.document.relationships.push((id, tree.clone()));
        self.identified.push(id);
        for pair in pairs(id, &tree) {
            record.write(&mut self.document, &pair);
        }
    }
}
