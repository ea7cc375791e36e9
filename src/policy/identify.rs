//! Joining what belongs together although no relationship says so: on opening, import and paste only.
//!
//! A filter is joined to the one plugin, or the one entry of an EnvoyFilter, that holds exactly its module group; what
//! names a namespace is joined to the one Namespace of that name. What is not unmistakable is left alone, and said.
//! Everything is found by the value that it has, so that no pair is looked at that does not fit.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use indexmap::IndexMap;

use super::engine::{Engine, Hasher};
use super::envoy_filter_wallet::joined_record;
use super::record::{PairId, Record, Wrote};
use super::selector::Rule;
use super::trace::RelationshipChange;
use super::units::Claim;
use crate::model::relationship::{INVENTORY, WALLET};
use crate::model::view::EnvoyFilterView;
use crate::model::{
    Component, ComponentId, ComponentKind, Diagnostic, Edit, FieldPath, Location, Relationship, Status, Value,
};
use crate::wallet::entry::{self, EntryConfig, EntryGroup};
use crate::wallet::module_group::{ModuleField, ModuleGroup, as_text, read_mapping};
use crate::wallet::relationship::{self, candidate};

/// What a filter may be joined to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parent {
    pub(super) id: ComponentId,
    /// The entry of an EnvoyFilter.
    pub(super) entry: Option<usize>,
}

/// Filters and parents with the same module group.
#[derive(Debug, Default)]
struct Bucket {
    filters: Vec<ComponentId>,
    parents: Vec<Parent>,
}

/// A pair that is unmistakable.
pub(super) struct Found<'r> {
    pub(super) child: ComponentId,
    pub(super) parent: Parent,
    pub(super) relationship: Relationship,
    pub(super) record: Record,
    /// By which definition it was found, where that is not to be looked up.
    pub(super) rule: Option<Rule<'r>>,
}

impl<'e> Engine<'e, '_> {
    /// Adds the relationships that are unmistakable; returns their pairs.
    pub(super) fn identify(&mut self) -> Vec<Claim<'e>> {
        let mut found = Vec::new();
        if !self.is_frozen(WALLET) {
            self.identify_wallets(&mut found);
        }
        if !self.is_frozen(INVENTORY) {
            self.identify_frames(&mut found);
        }
        self.identify_pairs(&mut found);
        // An order that does not depend on that of the components.
        found.sort_by_cached_key(|pair| {
            let parent = self.sort_key(pair.parent.id);
            let own = (pair.parent.entry, self.sort_key(pair.child));
            (pair.rule.is_some(), pair.relationship.is_wallet(), parent, own, pair.relationship.id())
        });
        found.into_iter().filter_map(|pair| self.join(pair)).collect()
    }

    pub(super) fn sort_key(&self, id: ComponentId) -> (String, String, ComponentId) {
        let component = self.design().component(id);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let namespace = component.and_then(Component::namespace);
        (text(namespace), text(component.and_then(Component::own_name)), id)
    }

    fn join(&mut self, pair: Found<'e>) -> Option<Claim<'e>> {
        let Found { child, parent, relationship, record, rule } = pair;
        let rule = rule.or_else(|| self.rule_between(relationship.class(), child, parent.id))?;
        // Another one of this evaluation may have said the same of the two.
        let relationship = relationship::with_free_id(self.design(), relationship)?;
        let change = RelationshipChange::of(&relationship, rule.name(), "its values were equal already");
        let id = PairId { relationship: relationship.id(), pair: 0 };
        let edit = Edit::AddRelationship { index: None, relationship: std::sync::Arc::new(relationship) };
        self.tx.apply(edit).ok()?;
        self.trace.relationships_added.push(change);
        self.identified.insert(id.relationship);
        if let Some(edit) = self.design().relationship(id.relationship).and_then(|it| record.edit(it, 0)) {
            self.tx.apply(edit).ok()?;
        }
        let has_record = self.design().relationship(id.relationship)?.has_billfold();
        Some(Claim { id, from: child, to: parent.id, rule, has_record })
    }

    fn rule_between(&self, class: &str, child: ComponentId, parent: ComponentId) -> Option<Rule<'e>> {
        let design = self.design();
        self.rules.joining(class, design.component(child)?, design.component(parent)?)
    }

    /// Tells whether a relationship of this class says that the two are to be left alone.
    pub(super) fn is_ignored(&self, class: &str, child: ComponentId, parent: ComponentId) -> bool {
        self.design().links_from(child).iter().any(|link| {
            link.to == parent
                && self
                    .design()
                    .relationship(link.relationship)
                    .is_some_and(|it| it.class() == class && it.status() == Status::Ignored)
        })
    }

    fn identify_wallets(&mut self, found: &mut Vec<Found<'e>>) {
        let design = self.tx.design();
        let mut buckets: IndexMap<String, Bucket, Hasher> = IndexMap::default();
        let mut keys: IndexMap<ComponentId, Vec<String>, Hasher> = IndexMap::default();
        for filter in design.of_kind(&ComponentKind::WASM_FILTER) {
            if design.wallet_of(filter.id()).is_some() {
                continue;
            }
            let of_filter = filter_keys(filter);
            for key in &of_filter {
                buckets.entry(key.clone()).or_default().filters.push(filter.id());
            }
            keys.insert(filter.id(), of_filter);
        }
        if keys.is_empty() {
            return;
        }
        for component in design.components().filter(|it| it.kind().is_wallet()) {
            let parents: Vec<(Option<usize>, String)> = match EnvoyFilterView::cast(component) {
                Some(view) => {
                    let owned = self.owned_entries(component.id());
                    let free = view.entries().filter(|entry| {
                        entry.name().is_some_and(|name| !owned.contains(name)) && entry.is_wasm()
                    });
                    free.filter_map(|entry| {
                        Some((Some(entry.index), entry_key(&EntryGroup::of(entry.value)?)))
                    })
                    .collect()
                }
                // What stands in a plugin with filters is theirs.
                None if !design.chain(component.id()).is_empty() => Vec::new(),
                None => plugin_key(component).map(|key| (None, key)).into_iter().collect(),
            };
            for (entry, key) in parents {
                if let Some(bucket) = buckets.get_mut(&key) {
                    bucket.parents.push(Parent { id: component.id(), entry });
                }
            }
        }
        let mut said: HashSet<&str, Hasher> = HashSet::default();
        for (&filter, of_filter) in &keys {
            let mut fitting =
                of_filter.iter().filter_map(|key| buckets.get_key_value(key)).flat_map(|(key, bucket)| {
                    bucket.parents.iter().map(move |parent| (key.as_str(), bucket, *parent))
                });
            let Some((key, bucket, parent)) = fitting.next() else { continue };
            let is_only_one = fitting.next().is_none() && bucket.filters.len() == 1;
            if !is_only_one {
                if said.insert(key) {
                    let parents =
                        of_filter.iter().filter_map(|key| buckets.get(key)).flat_map(|it| &it.parents);
                    let parents: Vec<ComponentId> = parents.map(|parent| parent.id).collect();
                    let found = self.ambiguous(filter, &bucket.filters, &parents);
                    self.diagnostics.push(found);
                }
                continue;
            }
            if self.is_ignored(WALLET, filter, parent.id) {
                continue;
            }
            let Some(relationship) = relationship::wallet(self.design(), filter, parent.id) else { continue };
            let record = self.record_of_joined(filter, parent);
            found.push(Found { child: filter, parent, relationship, record, rule: None });
        }
    }

    /// The names of the entries that filters own already.
    pub(super) fn owned_entries(&self, envoy_filter: ComponentId) -> HashSet<String, Hasher> {
        let design = self.design();
        let names = design.chain(envoy_filter).into_iter().filter_map(|link| {
            let relationship = design.relationship(link.relationship)?;
            Some(entry::patch_name(relationship, link.pair)?.to_owned())
        });
        names.collect()
    }

    /// The fields of a joined pair count as written by the relationship, so that taking the filter out empties them.
    fn record_of_joined(&self, filter: ComponentId, parent: Parent) -> Record {
        let Some(component) = self.design().component(parent.id) else { return Record::default() };
        let Some(index) = parent.entry else {
            let group = self.design().component(filter).and_then(ModuleGroup::of);
            let fields = ModuleField::ALL.into_iter().filter_map(|field| {
                let value = group.as_ref()?.plugin_value(field).ok()??;
                Some(Wrote { path: field.plugin_path(), value: Some(value), ..Wrote::default() })
            });
            return Record { wrote: fields.collect(), ..Record::default() };
        };
        let Some(value) = component.get(&FieldPath::keys(&entry::LIST).child(index)) else {
            return Record::default();
        };
        joined_record(value)
    }

    fn identify_frames(&mut self, found: &mut Vec<Found<'e>>) {
        let design = self.tx.design();
        let mut namespaces: HashMap<&str, Vec<ComponentId>, Hasher> = HashMap::default();
        let is_namespace = |it: &&Component| it.is(&ComponentKind::NAMESPACE);
        for namespace in design.components().filter(is_namespace) {
            if let Some(name) = namespace.own_name() {
                namespaces.entry(name).or_default().push(namespace.id());
            }
        }
        if namespaces.is_empty() {
            return;
        }
        let mut ambiguous: IndexMap<&str, (Vec<ComponentId>, ComponentId), Hasher> = IndexMap::default();
        for component in design.components() {
            let Some(name) = component.namespace() else { continue };
            let Some(named) = namespaces.get(name) else { continue };
            if !candidate(self.registry(), component).namespaced || design.frame_of(component.id()).is_some()
            {
                continue;
            }
            let [namespace] = named[..] else {
                ambiguous.entry(name).or_insert_with(|| (named.clone(), component.id()));
                continue;
            };
            if self.is_ignored(INVENTORY, component.id(), namespace) {
                continue;
            }
            let Some(relationship) = relationship::inventory(design, component.id(), namespace) else {
                continue;
            };
            // Its value is the user's: nothing is recorded.
            let parent = Parent { id: namespace, entry: None };
            let record = Record::default();
            found.push(Found { child: component.id(), parent, relationship, record, rule: None });
        }
        let found = ambiguous.into_iter().map(|(name, (namespaces, _))| {
            let message = format!(
                "{} Namespaces are called {name}: what names it lies in none of their frames",
                namespaces.len()
            );
            let location = Location::component(namespaces[0], FieldPath::root());
            Diagnostic::new("DS014", location, message)
        });
        let found: Vec<Diagnostic> = found.collect();
        self.diagnostics.extend(found);
    }

    fn ambiguous(&self, filter: ComponentId, filters: &[ComponentId], parents: &[ComponentId]) -> Diagnostic {
        let message = format!(
            "{} {} {} equally: none was joined. Put each filter where it belongs",
            self.list_of(filters),
            if filters.len() == 1 { "fits" } else { "fit" },
            self.list_of(parents)
        );
        Diagnostic::new("DS014", Location::component(filter, FieldPath::root()), message)
    }

    /// "a, b and 3 more".
    pub(super) fn list_of(&self, ids: &[ComponentId]) -> String {
        const SHOWN: usize = 4;
        let mut names: Vec<String> = ids.iter().take(SHOWN).map(|id| self.name(*id)).collect();
        if ids.len() > SHOWN {
            names.push(format!("{} more", ids.len() - SHOWN));
        }
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    }
}

/// The keys under which a filter is looked for: its group as a plugin would hold it, and as an entry would.
fn filter_keys(filter: &Component) -> Vec<String> {
    let Some(group) = ModuleGroup::of(filter) else { return Vec::new() };
    let Some(url) = group.url else { return Vec::new() };
    let mut keys = Vec::new();
    if let Ok(config) = group.plugin_config() {
        let config = config.map(Value::Map);
        keys.push(group_key(url, config.as_ref(), group.sha256, group.plugin_name));
    }
    keys.extend(EntryGroup::of_filter(&group, filter.own_name()).iter().map(entry_key));
    keys
}

fn plugin_key(plugin: &Component) -> Option<String> {
    let value = |field: ModuleField| plugin.get(&field.plugin_path()).filter(|value| !value.is_blank());
    let url = value(ModuleField::Url)?.as_text()?;
    let config = value(ModuleField::Config).map_or(Ok(None), read_mapping).ok()?;
    let config = config.map(|map| Value::Map(map.into_owned()));
    Some(group_key(url, config.as_ref(), value(ModuleField::Sha256), value(ModuleField::PluginName)))
}

fn group_key(
    url: &str,
    config: Option<&Value>,
    sha256: Option<&Value>,
    plugin_name: Option<&Value>,
) -> String {
    let mut key = format!("plugin {url:?}");
    let [sha256, plugin_name] = [sha256, plugin_name].map(|value| value.map(as_text));
    for value in [config, sha256.as_ref(), plugin_name.as_ref()] {
        key.push('\n');
        if let Some(value) = value {
            write_canonical(value, &mut key);
        }
    }
    key
}

fn entry_key(group: &EntryGroup) -> String {
    let mut key = format!("entry {:?} {:?}\n", group.source, group.root_id);
    match &group.config {
        None => {}
        Some(EntryConfig::Text(text)) => key.push_str(text),
        Some(EntryConfig::Mapping(map)) => {
            key.push_str("mapping ");
            write_canonical(&Value::Map(map.clone()), &mut key);
        }
        Some(EntryConfig::Other(wrapper)) => {
            key.push_str("other ");
            write_canonical(wrapper, &mut key);
        }
    }
    key
}

/// Writes a value so that equivalent values give the same text: keys sorted, numbers by what they mean.
pub(super) fn write_canonical(value: &Value, out: &mut String) {
    // Writing to a String cannot fail.
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => {
            const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
            let _infallible = match (number.as_integer(), number.as_f64()) {
                (Some(integer), _) => write!(out, "{integer}"),
                (None, Some(float)) if float.fract() == 0.0 && float.abs() < EXACT => {
                    write!(out, "{}", float as i64)
                }
                (None, Some(float)) => write!(out, "{float:e}"),
                (None, None) => write!(out, "{}", number.text()),
            };
        }
        Value::Text(text) => {
            let _infallible = write!(out, "{text:?}");
        }
        Value::List(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Map(map) => {
            let mut keys: Vec<(&str, &Value)> = map.iter().collect();
            keys.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in keys {
                let _infallible = write!(out, "{key:?}:");
                write_canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}
