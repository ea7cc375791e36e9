//! An `EnvoyFilter` object, as istiod reads it: its config patches, and the Wasm filters in their values.
//!
//! The object itself is Kubernetes' JSON with one spelling a key. What stands in a patch's `value` is Envoy's configuration
//! in proto JSON, where `typed_config` and `typedConfig` are the same field: [`Field`] reads both. A getter says `None`
//! when a field is absent, null, or of another type.

use crate::model::view::{LabelSelector, TargetRef};
use crate::model::{ComponentKind, FieldPath, Map, Value};

/// Envoy's filter that holds the HTTP filters.
pub const CONNECTION_MANAGER: &str = "envoy.filters.network.http_connection_manager";
/// The HTTP filter behind which nothing may stand.
pub const ROUTER: &str = "envoy.filters.http.router";

/// The type of a Wasm filter of HTTP, without the prefix of a type URL.
pub const HTTP_WASM: &str = "envoy.extensions.filters.http.wasm.v3.Wasm";
/// The type of a Wasm filter of connections, without the prefix of a type URL.
pub const NETWORK_WASM: &str = "envoy.extensions.filters.network.wasm.v3.Wasm";

static EMPTY: &Map = &Map::new();

/// The kind of filter that a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterLevel {
    /// A filter within the connection manager.
    Http,
    /// A filter of a filter chain.
    Network,
    /// A filter in front of the filter chains.
    Listener,
}

/// What a patch applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the variants are the words of the API")]
pub enum ApplyTo {
    Listener,
    FilterChain,
    NetworkFilter,
    HttpFilter,
    RouteConfiguration,
    VirtualHost,
    HttpRoute,
    Cluster,
    ExtensionConfig,
    Bootstrap,
    ListenerFilter,
}

impl ApplyTo {
    const WORDS: [(&'static str, Self); 11] = [
        ("LISTENER", Self::Listener),
        ("FILTER_CHAIN", Self::FilterChain),
        ("NETWORK_FILTER", Self::NetworkFilter),
        ("HTTP_FILTER", Self::HttpFilter),
        ("ROUTE_CONFIGURATION", Self::RouteConfiguration),
        ("VIRTUAL_HOST", Self::VirtualHost),
        ("HTTP_ROUTE", Self::HttpRoute),
        ("CLUSTER", Self::Cluster),
        ("EXTENSION_CONFIG", Self::ExtensionConfig),
        ("BOOTSTRAP", Self::Bootstrap),
        ("LISTENER_FILTER", Self::ListenerFilter),
    ];

    /// The word of the API.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, it)| *it == self).map_or("", |(word, _)| word)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, it)| *it)
    }

    /// The objects that a match of it must be of, as the webhook has it; `None` when any will do.
    pub fn class(self) -> Option<MatchClass> {
        match self {
            Self::Listener | Self::FilterChain | Self::NetworkFilter | Self::HttpFilter => {
                Some(MatchClass::Listener)
            }
            Self::RouteConfiguration | Self::VirtualHost | Self::HttpRoute => Some(MatchClass::Route),
            Self::Cluster => Some(MatchClass::Cluster),
            Self::ExtensionConfig | Self::Bootstrap | Self::ListenerFilter => None,
        }
    }
}

/// What a match looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchClass {
    /// `match.listener`.
    Listener,
    /// `match.routeConfiguration`.
    Route,
    /// `match.cluster`.
    Cluster,
    /// `match.waypoint`.
    Waypoint,
}

impl MatchClass {
    const KEYS: [(&'static str, Self); 4] = [
        ("listener", Self::Listener),
        ("routeConfiguration", Self::Route),
        ("cluster", Self::Cluster),
        ("waypoint", Self::Waypoint),
    ];

    /// Its key in `match`.
    pub fn key(self) -> &'static str {
        Self::KEYS.iter().find(|(_, it)| *it == self).map_or("", |(key, _)| key)
    }
}

/// The proxies and direction of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of the API")]
pub enum PatchContext {
    Any,
    SidecarInbound,
    SidecarOutbound,
    Gateway,
    Waypoint,
}

/// How a patch changes what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of the API")]
pub enum Operation {
    Merge,
    Add,
    Remove,
    InsertBefore,
    InsertAfter,
    InsertFirst,
    Replace,
    MergeAndReplaceList,
}

impl Operation {
    const WORDS: [(&'static str, Self); 8] = [
        ("MERGE", Self::Merge),
        ("ADD", Self::Add),
        ("REMOVE", Self::Remove),
        ("INSERT_BEFORE", Self::InsertBefore),
        ("INSERT_AFTER", Self::InsertAfter),
        ("INSERT_FIRST", Self::InsertFirst),
        ("REPLACE", Self::Replace),
        ("MERGE_AND_REPLACE_LIST", Self::MergeAndReplaceList),
    ];

    /// The word of the API.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, it)| *it == self).map_or("", |(word, _)| word)
    }

    /// Tells whether the value is a whole object, not a part that is merged into one, or none.
    pub fn puts_in(self) -> bool {
        !matches!(self, Self::Merge | Self::Remove | Self::MergeAndReplaceList)
    }

    /// Tells whether the result depends on what other patches did before.
    pub fn is_relative(self) -> bool {
        matches!(self, Self::InsertBefore | Self::InsertAfter | Self::Remove | Self::Replace)
    }
}

/// An EnvoyFilter object, read-only.
#[derive(Clone, Copy, Debug)]
pub struct EnvoyFilter<'a> {
    spec: &'a Map,
}

impl<'a> EnvoyFilter<'a> {
    /// Reads `object`, which is of `kind`; `None` when that is another kind.
    pub fn of(kind: &ComponentKind, object: &'a Map) -> Option<Self> {
        let spec = || object.get("spec").and_then(Value::as_map).unwrap_or(EMPTY);
        kind.same_kind(&ComponentKind::ENVOY_FILTER).then(|| Self { spec: spec() })
    }

    /// `spec`; empty when it is missing.
    pub fn spec(self) -> &'a Map {
        self.spec
    }

    /// The items of `spec.configPatches`, in order.
    pub fn patches(self) -> impl Iterator<Item = ConfigPatch<'a>> {
        let items = self.spec.get("configPatches").and_then(Value::as_list).unwrap_or_default();
        items.iter().enumerate().map(|(index, item)| ConfigPatch { index, item })
    }

    /// The Wasm filters in its patches, in order.
    pub fn wasm(self) -> impl Iterator<Item = WasmEntry<'a>> {
        self.patches().filter_map(ConfigPatch::wasm)
    }

    /// `spec.priority`; unset is 0.
    pub fn priority(self) -> i64 {
        self.spec.get("priority").and_then(Value::as_whole).unwrap_or(0)
    }

    /// `spec.workloadSelector.labels`; `None` when no selector is set.
    pub fn selector(self) -> Option<LabelSelector<'a>> {
        let selector = self.spec.get("workloadSelector").filter(|it| !it.is_null())?;
        Some(LabelSelector::new(selector.at(&["labels"]).and_then(Value::as_map).unwrap_or(EMPTY)))
    }

    /// `spec.targetRefs`, each with its path from the object's root.
    pub fn target_refs(self) -> Vec<(FieldPath, TargetRef<'a>)> {
        let items = self.spec.get("targetRefs").and_then(Value::as_list).unwrap_or_default();
        let items = items.iter().enumerate().filter(|(_, reference)| reference.as_map().is_some());
        items
            .map(|(index, reference)| {
                let text = |key| reference.text_at(&[key]).unwrap_or_default();
                let path = FieldPath::keys(&["spec", "targetRefs"]).child(index);
                (path, TargetRef { group: text("group"), kind: text("kind"), name: text("name") })
            })
            .collect()
    }
}

/// One item of `spec.configPatches`.
#[derive(Clone, Copy, Debug)]
pub struct ConfigPatch<'a> {
    /// Its place in the list.
    pub index: usize,
    item: &'a Value,
}

impl<'a> ConfigPatch<'a> {
    /// The path of a field of it, from the object's root.
    pub fn path(self, keys: &[&str]) -> FieldPath {
        let item = FieldPath::keys(&["spec", "configPatches"]).child(self.index);
        item.join(&FieldPath::keys(keys))
    }

    /// A field of it that is set: not absent, not null.
    pub fn get(self, keys: &[&str]) -> Option<&'a Value> {
        self.item.at(keys).filter(|value| !value.is_null())
    }

    fn text(self, keys: &[&str]) -> Option<&'a str> {
        self.get(keys)?.as_text().filter(|text| !text.is_empty())
    }

    /// Tells whether nothing stands in its place of the list.
    pub fn is_null(self) -> bool {
        self.item.is_null()
    }

    /// What it applies to.
    pub fn apply_to(self) -> Option<ApplyTo> {
        self.text(&["applyTo"]).and_then(ApplyTo::from_word)
    }

    /// The proxies and direction; unset is [`PatchContext::Any`], a value that does not exist is `None`.
    pub fn context(self) -> Option<PatchContext> {
        Some(match self.text(&["match", "context"]) {
            None | Some("ANY") => PatchContext::Any,
            Some("SIDECAR_INBOUND") => PatchContext::SidecarInbound,
            Some("SIDECAR_OUTBOUND") => PatchContext::SidecarOutbound,
            Some("GATEWAY") => PatchContext::Gateway,
            Some("WAYPOINT") => PatchContext::Waypoint,
            Some(_) => return None,
        })
    }

    /// Tells whether its context is `WAYPOINT`: then neither the webhook nor istiod looks at it.
    pub fn is_for_waypoints(self) -> bool {
        self.context() == Some(PatchContext::Waypoint)
    }

    /// The objects that its match looks at.
    pub fn match_class(self) -> Option<MatchClass> {
        let found = MatchClass::KEYS.iter().find(|(key, _)| self.get(&["match", key]).is_some());
        found.map(|(_, class)| *class)
    }

    /// `match.listener.filterChain.filter.name`.
    pub fn filter_name(self) -> Option<&'a str> {
        self.text(&FILTER_NAME)
    }

    /// `match.listener.filterChain.filter.subFilter.name`.
    pub fn sub_filter_name(self) -> Option<&'a str> {
        self.text(&SUB_FILTER_NAME)
    }

    /// The operation.
    pub fn operation(self) -> Option<Operation> {
        let word = self.text(&["patch", "operation"])?;
        Operation::WORDS.iter().find(|(known, _)| *known == word).map(|(_, it)| *it)
    }

    /// `patch.value`.
    pub fn value(self) -> Field<'a> {
        Field { value: self.get(&["patch", "value"]), path: self.path(&["patch", "value"]) }
    }

    /// The kind of filter that its value is, for those whose values are filters.
    pub fn level(self) -> Option<FilterLevel> {
        match self.apply_to()? {
            ApplyTo::HttpFilter => Some(FilterLevel::Http),
            ApplyTo::NetworkFilter => Some(FilterLevel::Network),
            ApplyTo::ListenerFilter => Some(FilterLevel::Listener),
            _ => None,
        }
    }

    /// The Wasm filter that its value configures, of whatever operation.
    pub fn wasm(self) -> Option<WasmEntry<'a>> {
        let takes_filters = self.level().is_some() || self.apply_to() == Some(ApplyTo::ExtensionConfig);
        if !takes_filters || self.is_for_waypoints() {
            return None;
        }
        let typed_config = self.value().field("typed_config");
        let (type_name, message) = typed_config.message()?;
        let is_network = match type_name {
            HTTP_WASM => false,
            NETWORK_WASM => true,
            _ => return None,
        };
        Some(WasmEntry { patch: self, is_network, config: message.field("config") })
    }
}

/// Path of the name of the matched filter, from the patch on.
pub const FILTER_NAME: [&str; 5] = ["match", "listener", "filterChain", "filter", "name"];
/// Path of the name of the matched HTTP filter, from the patch on.
pub const SUB_FILTER_NAME: [&str; 6] = ["match", "listener", "filterChain", "filter", "subFilter", "name"];

/// A field of a message in proto JSON: what stands there, if anything does, and where.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    value: Option<&'a Value>,
    path: FieldPath,
}

impl<'a> Field<'a> {
    /// Where it stands, from the object's root; for one that is absent, where it would stand.
    pub fn path(&self) -> &FieldPath {
        &self.path
    }

    /// What stands there, unless it is null.
    pub fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// Tells whether something stands there.
    pub fn is_set(&self) -> bool {
        self.value.is_some()
    }

    /// The text, if it is one and not empty.
    pub fn text(&self) -> Option<&'a str> {
        self.value?.as_text().filter(|text| !text.is_empty())
    }

    /// The truth value, if it is one.
    pub fn truth(&self) -> Option<bool> {
        self.value?.as_bool()
    }

    /// The entries, if it is a mapping; else none.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.value.and_then(Value::as_map).unwrap_or(EMPTY).iter()
    }

    /// The items, if it is a list; else none.
    pub fn items(&self) -> &'a [Value] {
        self.value.and_then(Value::as_list).unwrap_or_default()
    }

    /// The field of this message that its `.proto` calls `name`, in whichever spelling it has.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        let map = self.value.and_then(Value::as_map).unwrap_or(EMPTY);
        let set = |key: &str| map.get(key).filter(|value| !value.is_null());
        if let Some(value) = set(name) {
            return Self { value: Some(value), path: self.path.child(name) };
        }
        let camel = lower_camel(name);
        match set(&camel) {
            Some(value) => Self { value: Some(value), path: self.path.child(camel.as_str()) },
            None => Self { value: None, path: self.path.child(name) },
        }
    }

    /// The field at a way of names.
    #[must_use]
    pub fn at(&self, names: &[&str]) -> Self {
        names.iter().fold(self.clone(), |field, name| field.field(name))
    }

    /// What this `Any` holds: the type's full name and the message, out of a `TypedStruct` too.
    pub fn message(&self) -> Option<(&'a str, Self)> {
        let name = type_name(self.value?.text_at(&["@type"])?);
        if name != "udpa.type.v1.TypedStruct" && name != "xds.type.v3.TypedStruct" {
            return Some((name, self.clone()));
        }
        Some((type_name(self.field("type_url").text()?), self.field("value")))
    }
}

/// The full name of the type in a type URL.
pub fn type_name(type_url: &str) -> &str {
    type_url.rsplit('/').next().unwrap_or_default()
}

/// `typed_config` as proto JSON spells it by default: `typedConfig`.
fn lower_camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut raise = false;
    for c in name.chars() {
        match c {
            '_' => raise = true,
            c if raise => {
                camel.push(c.to_ascii_uppercase());
                raise = false;
            }
            c => camel.push(c),
        }
    }
    camel
}

/// A Wasm filter in the value of a patch.
#[derive(Clone, Debug)]
pub struct WasmEntry<'a> {
    /// The patch.
    pub patch: ConfigPatch<'a>,
    /// Tells whether it is a filter of connections, not of HTTP.
    pub is_network: bool,
    /// Its `PluginConfig`.
    pub config: Field<'a>,
}

impl<'a> WasmEntry<'a> {
    /// The file of its code.
    pub fn filename(&self) -> Field<'a> {
        self.code().at(&["local", "filename"])
    }

    /// Where its code comes from.
    pub fn code(&self) -> Field<'a> {
        self.vm().field("code")
    }

    /// Its VM.
    pub fn vm(&self) -> Field<'a> {
        self.config.field("vm_config")
    }

    /// Tells whether the patch gives the whole filter, not a part that is merged into one.
    pub fn is_whole(&self) -> bool {
        self.patch.operation().is_some_and(Operation::puts_in)
    }

    /// Tells whether the proxy's agent sees it: only then it downloads what is remote.
    pub fn is_discovered(&self) -> bool {
        self.patch.apply_to() == Some(ApplyTo::ExtensionConfig)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Map {
        crate::yaml::parse(text).unwrap().into_first().unwrap().value.as_map().cloned().unwrap()
    }

    fn read<R>(patches: &str, with: impl FnOnce(EnvoyFilter<'_>) -> R) -> R {
        let object = object(&format!("spec: {{configPatches: [{patches}]}}"));
        with(EnvoyFilter::of(&ComponentKind::ENVOY_FILTER, &object).unwrap())
    }

    #[test]
    fn both_spellings_and_typed_structs_lead_to_the_same_fields() {
        let http = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";
        let of = |typed_config: &str, key: &str| {
            format!(
                "{{applyTo: HTTP_FILTER, patch: {{operation: ADD, value: {{{key}: {{{typed_config}}}}}}}}}"
            )
        };
        for (patch, path) in [
            (
                of(
                    &format!("{http}, config: {{vm_config: {{code: {{local: {{filename: /a}}}}}}}}"),
                    "typed_config",
                ),
                "/spec/configPatches/0/patch/value/typed_config/config/vm_config/code/local/filename",
            ),
            (
                of(
                    &format!("{http}, config: {{vmConfig: {{code: {{local: {{filename: /a}}}}}}}}"),
                    "typedConfig",
                ),
                "/spec/configPatches/0/patch/value/typedConfig/config/vmConfig/code/local/filename",
            ),
            (
                of(
                    "\"@type\": type.googleapis.com/udpa.type.v1.TypedStruct, \
                     type_url: type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm, \
                     value: {config: {vm_config: {code: {local: {filename: /a}}}}}",
                    "typed_config",
                ),
                "/spec/configPatches/0/patch/value/typed_config/value/config/vm_config/code/local/filename",
            ),
        ] {
            read(&patch, |filter| {
                let wasm = filter.wasm().next().unwrap();
                assert_eq!(wasm.filename().text(), Some("/a"), "{patch}");
                assert_eq!(wasm.filename().path().to_pointer(), path);
                assert!(wasm.is_whole() && !wasm.is_discovered() && !wasm.is_network);
            });
        }
    }

    #[test]
    fn an_absent_field_has_a_place() {
        read("{applyTo: HTTP_FILTER, patch: {value: {name: a}}}", |filter| {
            let patch = filter.patches().next().unwrap();
            let field = patch.value().at(&["typed_config", "config"]);
            assert!(!field.is_set());
            assert_eq!(field.path().to_pointer(), "/spec/configPatches/0/patch/value/typed_config/config");
            assert!(patch.wasm().is_none());
        });
    }

    #[test]
    fn words_that_do_not_exist_are_none() {
        read(
            "{applyTo: HTTP_FILTERS, match: {context: EVERYWHERE}, patch: {operation: INVALID}}, null",
            |filter| {
                let patches: Vec<_> = filter.patches().collect();
                assert_eq!(patches[0].apply_to(), None);
                assert_eq!(patches[0].context(), None);
                assert_eq!(patches[0].operation(), None);
                assert!(patches[1].is_null());
                assert_eq!(patches[1].context(), Some(PatchContext::Any));
            },
        );
        for (word, apply_to) in ApplyTo::WORDS {
            assert_eq!(apply_to.word(), word);
        }
        assert_eq!(Operation::MergeAndReplaceList.word(), "MERGE_AND_REPLACE_LIST");
        assert_eq!(MatchClass::Route.key(), "routeConfiguration");
    }
}
