//! The wallet of a WasmPlugin: the whole module group of the first usable filter stands in it (`policy.md`, step 4).

use billfold::model::{ComponentId, FieldPath, Value};

use super::definition::Handler;
use super::document::{FILTER, at, clean_up, is, path, url};
use super::field::{Field, Past, write};
use super::record::{Record, Wrote};
use super::value::{Type, as_text, mapping, same};
use super::{Evaluation, validate::Claim};

/// The four fields: key in the filter, key below the plugin's `spec`, and type.
pub(crate) const FIELDS: [(&str, &str, Type); 4] = [
    ("wasmFilter", "url", Type::Text),
    ("config", "pluginConfig", Type::Mapping),
    ("sha256", "sha256", Type::Text),
    ("pluginName", "pluginName", Type::Text),
];

/// What a filter gives to a plugin, field by field; `None` when it cannot be written: no module, or a config that is no
/// mapping.
pub(crate) fn group(filter: &Value) -> Option<[Option<Value>; 4]> {
    let field = |key: &str| at(filter, &format!("configuration.{key}")).filter(|value| !value.is_blank());
    let url = url(filter).filter(|_| is(filter, FILTER))?;
    let config = match field("config") {
        None => None,
        Some(config) => Some(Value::Map(mapping(config)?)),
    };
    Some([Some(url.into()), config, field("sha256").map(as_text), field("pluginName").map(as_text)])
}

pub(crate) fn plugin_path(key: &str) -> FieldPath {
    path("configuration.spec").child(key)
}

impl Evaluation<'_, '_> {
    pub(crate) fn settle_plugin(&mut self, plugin: ComponentId) {
        let claims: Vec<Claim<'_>> = self.claims_on(plugin, Handler::Module);
        let gone = self.gone_from(plugin, Handler::Module);
        let Some(component) = self.document.component(plugin) else { return };
        let mut component = component.clone();
        let group_in = |document: &super::Document, id| document.component(id).and_then(group);
        let groups: Vec<_> = claims.iter().map(|claim| group_in(&self.document, claim.from)).collect();
        let owner = groups.iter().position(Option::is_some);
        let records =
            claims.iter().map(|claim| self.record(claim)).chain(gone.now.iter().map(|it| it.record.clone()));
        let recorded: Vec<Wrote> = records.flat_map(|record| record.wrote).collect();
        // Who gave something when the evaluation began.
        let is_new = self.before.component(plugin).is_none();
        let there: Vec<&Claim<'_>> = claims.iter().filter(|claim| self.was_there(claim)).collect();
        let givers = there.iter().map(|claim| claim.from).chain(gone.ever.iter().map(|it| it.claim.from));
        let mut gave: Vec<[Option<Value>; 4]> = givers.filter_map(|id| group_in(self.before, id)).collect();
        if is_new {
            gave.extend(groups.iter().flatten().cloned());
        }
        let is_first = !is_new && there.is_empty() && gone.ever.is_empty();

        let (mut wrote, mut tacit, mut emptied) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (_, key, of)) in FIELDS.into_iter().enumerate() {
            let place = plugin_path(key);
            let gave: Vec<Option<Value>> = gave.iter().map(|group| group[index].clone()).collect();
            let field = Field {
                of,
                path: &place,
                present: component.get(&place).cloned(),
                recorded: recorded.iter().find(|wrote| wrote.path == place),
                past: match is_first {
                    _ if !recorded.is_empty() => Past::Recorded,
                    // What was given back in this evaluation is the plugin's own from then on.
                    _ if self.given_back.contains(&(plugin, place.clone())) => Past::Nobody,
                    true => Past::Nobody,
                    false => Past::Gave(&gave),
                },
                default: None,
            };
            let verdict = if let Some(group) = owner.and_then(|owner| groups[owner].as_ref()) {
                field.owned(group[index].as_ref())
            } else {
                if !recorded.is_empty() {
                    self.given_back.push((plugin, place.clone()));
                }
                field.given_back()
            };
            let Some(made) = write(&mut component, &place, verdict.value.as_ref()) else { continue };
            if let Some(mut record) = verdict.record {
                record.made = record.made.max(made);
                if verdict.is_tacit { tacit.push(record) } else { wrote.push(record) }
            }
            emptied.push((place, verdict.clean_up));
        }
        // Fields that a definition wrote which says otherwise now.
        for other in
            recorded.iter().filter(|it| !FIELDS.iter().any(|(_, key, _)| plugin_path(key) == it.path))
        {
            let present = component.get(&other.path).cloned();
            let field = Field {
                of: Type::Anything,
                path: &other.path,
                present,
                recorded: Some(other),
                past: Past::Recorded,
                default: None,
            };
            let verdict = field.given_back();
            if write(&mut component, &other.path, verdict.value.as_ref()).is_some() {
                emptied.push((other.path.clone(), verdict.clean_up));
            }
        }
        for (place, count) in emptied {
            clean_up(&mut component, &place, count);
        }
        if !wrote.is_empty() {
            wrote.extend(tacit);
            wrote.sort_by_key(|wrote| FIELDS.iter().position(|(_, key, _)| plugin_path(key) == wrote.path));
        }
        self.replace(plugin, component);
        for (index, claim) in claims.iter().enumerate() {
            let wrote = if Some(index) == owner { std::mem::take(&mut wrote) } else { Vec::new() };
            self.keep_record(claim, &Record { wrote, ..Record::default() });
        }
    }
}

/// Tells whether a plugin holds exactly this filter's group: the URL, and each other field equal or absent on both sides.
pub(crate) fn holds_group_of(plugin: &Value, filter: &Value) -> bool {
    let Some(group) = group(filter) else { return false };
    FIELDS.into_iter().zip(group).all(|((_, key, of), value)| {
        let present = plugin.get(&plugin_path(key)).filter(|it| !it.is_blank());
        // A config that is no mapping is no match.
        let is_readable = of != Type::Mapping || present.is_none_or(|it| mapping(it).is_some());
        is_readable && same(of, present, value.as_ref())
    })
}
