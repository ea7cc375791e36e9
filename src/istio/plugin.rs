//! A `WasmPlugin` or `TrafficExtension` object, as istiod reads it.
//!
//! Both kinds say the same with other words: selection and order stand at `spec`, and the module's fields at `spec` or,
//! in a TrafficExtension, at `spec.wasm`. A getter says `None` when the field is absent or of another type.

use crate::model::view::{LabelSelector, Phase, TargetRef};
use crate::model::{ComponentKind, FieldPath, Map, Value};

/// Which of the two kinds it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginKind {
    /// `extensions.istio.io/v1alpha1` WasmPlugin.
    WasmPlugin,
    /// `extensions.istio.io/v1alpha1` TrafficExtension.
    TrafficExtension,
}

static EMPTY: &Map = &Map::new();

/// An object of either kind, read-only.
#[derive(Clone, Copy, Debug)]
pub struct Plugin<'a> {
    /// Which kind.
    pub kind: PluginKind,
    spec: &'a Map,
    module: Option<&'a Map>,
}

/// One item of `match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficMatch {
    /// The direction; `None` for a value that does not exist.
    pub mode: Option<MatchMode>,
    /// The ports, as far as they are numbers; empty means all.
    pub ports: Vec<i64>,
}

/// The direction of the traffic, seen from the workload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MatchMode {
    /// Outbound, and everything at a gateway.
    Client,
    /// Inbound; never at a gateway.
    Server,
    /// Both: also when it is not set, or `UNDEFINED`.
    #[default]
    Both,
}

impl MatchMode {
    /// Reads the wire spelling.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "CLIENT" => Some(Self::Client),
            "SERVER" => Some(Self::Server),
            "" | "UNDEFINED" | "CLIENT_AND_SERVER" => Some(Self::Both),
            _ => None,
        }
    }
}

impl<'a> Plugin<'a> {
    /// Reads `object`, which is of `kind`; `None` when that is neither of the two kinds.
    pub fn of(kind: &ComponentKind, object: &'a Map) -> Option<Self> {
        let kind = if kind.same_kind(&ComponentKind::WASM_PLUGIN) {
            PluginKind::WasmPlugin
        } else if kind.same_kind(&ComponentKind::TRAFFIC_EXTENSION) {
            PluginKind::TrafficExtension
        } else {
            return None;
        };
        let spec = object.get("spec").and_then(Value::as_map).unwrap_or(EMPTY);
        let module = match kind {
            PluginKind::WasmPlugin => Some(spec),
            PluginKind::TrafficExtension => spec.get("wasm").and_then(Value::as_map),
        };
        Some(Self { kind, spec, module })
    }

    /// `spec`; empty when it is missing.
    pub fn spec(self) -> &'a Map {
        self.spec
    }

    /// The mapping with the module's fields: `spec`, or `spec.wasm`, if that is set.
    pub fn module(self) -> Option<&'a Map> {
        self.module
    }

    /// The path of a field of the module, such as `url`, from the object's root.
    pub fn module_path(self, field: &str) -> FieldPath {
        match self.kind {
            PluginKind::WasmPlugin => FieldPath::keys(&["spec", field]),
            PluginKind::TrafficExtension => FieldPath::keys(&["spec", "wasm", field]),
        }
    }

    /// A field of the module that is set: not absent, not null.
    pub fn module_field(self, field: &str) -> Option<&'a Value> {
        self.module?.get(field).filter(|value| !value.is_null())
    }

    /// A text field of the module that is set and not empty.
    pub fn module_text(self, field: &str) -> Option<&'a str> {
        self.module_field(field)?.as_text().filter(|text| !text.is_empty())
    }

    /// The module's URL, unless it is blank.
    pub fn url(self) -> Option<&'a str> {
        self.module_text("url").filter(|url| !url.trim().is_empty())
    }

    /// The script of a TrafficExtension with Lua.
    pub fn lua(self) -> Option<&'a Map> {
        match self.kind {
            PluginKind::WasmPlugin => None,
            PluginKind::TrafficExtension => self.spec.get("lua").and_then(Value::as_map),
        }
    }

    fn field(self, key: &str) -> Option<&'a Value> {
        self.spec.get(key).filter(|value| !value.is_null())
    }

    /// The phase; unset is [`Phase::Unspecified`], a value that does not exist is `None`.
    pub fn phase(self) -> Option<Phase> {
        match self.field("phase").map(Value::as_text) {
            None => Some(Phase::Unspecified),
            Some(Some("UNSPECIFIED")) if self.kind == PluginKind::TrafficExtension => {
                Some(Phase::Unspecified)
            }
            Some(text) => Phase::from_text(text?),
        }
    }

    /// The priority; `None` when it is absent or no int32.
    pub fn priority(self) -> Option<i32> {
        self.field("priority")?.as_whole().and_then(|number| i32::try_from(number).ok())
    }

    /// Tells whether it works on connections, not on requests.
    pub fn is_network(self) -> bool {
        self.module_text("type") == Some("NETWORK")
    }

    /// `selector.matchLabels`; `None` when no selector is set.
    pub fn selector(self) -> Option<LabelSelector<'a>> {
        let selector = self.field("selector")?;
        Some(LabelSelector::new(selector.at(&["matchLabels"]).and_then(Value::as_map).unwrap_or(EMPTY)))
    }

    /// `targetRefs`, then a WasmPlugin's hidden `targetRef`, each with its path from the object's root.
    pub fn target_refs(self) -> Vec<(FieldPath, TargetRef<'a>)> {
        let many = self.field("targetRefs").and_then(Value::as_list).unwrap_or_default();
        let many = many.iter().enumerate().map(|(index, reference)| {
            (FieldPath::keys(&["spec", "targetRefs"]).join(&[index.into()]), reference)
        });
        let one = match self.kind {
            PluginKind::WasmPlugin => self.field("targetRef"),
            PluginKind::TrafficExtension => None,
        };
        many.chain(one.map(|reference| (FieldPath::keys(&["spec", "targetRef"]), reference)))
            .filter(|(_, reference)| reference.as_map().is_some())
            .map(|(path, reference)| {
                let text = |key| reference.text_at(&[key]).unwrap_or_default();
                (path, TargetRef { group: text("group"), kind: text("kind"), name: text("name") })
            })
            .collect()
    }

    /// The items of `match`; empty means all traffic.
    pub fn matches(self) -> Vec<TrafficMatch> {
        let items = self.field("match").and_then(Value::as_list).unwrap_or_default();
        let read = |item: &Value| {
            let mode = match item.at(&["mode"]) {
                None | Some(Value::Null) => Some(MatchMode::Both),
                Some(mode) => mode.as_text().and_then(MatchMode::from_text),
            };
            let ports = item.at(&["ports"]).and_then(Value::as_list).unwrap_or_default();
            let ports = ports.iter().filter_map(|port| port.at(&["number"])?.as_whole()).collect();
            TrafficMatch { mode, ports }
        };
        items.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Map {
        crate::yaml::parse(text).unwrap().into_first().unwrap().value.as_map().cloned().unwrap()
    }

    #[test]
    fn both_kinds_say_the_same() {
        let order = "phase: AUTHN, priority: 3, selector: {matchLabels: {app: a}}, \
                     targetRefs: [{kind: Gateway, name: g, group: gateway.networking.k8s.io}], \
                     match: [{mode: CLIENT, ports: [{number: 80}]}]";
        let module = "url: oci://reg.example.com/a, type: NETWORK";
        let plugin = object(&format!("spec: {{{order}, {module}}}"));
        let extension = object(&format!("spec: {{{order}, wasm: {{{module}}}}}"));
        for (kind, object, url_path) in [
            (ComponentKind::WASM_PLUGIN, &plugin, "/spec/url"),
            (ComponentKind::TRAFFIC_EXTENSION, &extension, "/spec/wasm/url"),
        ] {
            let read = Plugin::of(&kind, object).unwrap();
            assert_eq!(read.phase(), Some(Phase::Authn));
            assert_eq!(read.priority(), Some(3));
            assert!(read.is_network());
            assert_eq!(read.url(), Some("oci://reg.example.com/a"));
            assert_eq!(read.module_path("url").to_pointer(), url_path);
            assert_eq!(read.selector().map(|selector| selector.to_string()), Some("app=a".to_owned()));
            let refs = read.target_refs();
            assert_eq!((refs[0].0.to_pointer(), refs[0].1.name), ("/spec/targetRefs/0".to_owned(), "g"));
            let expected = TrafficMatch { mode: Some(MatchMode::Client), ports: vec![80] };
            assert_eq!(read.matches(), [expected]);
        }
        assert!(Plugin::of(&ComponentKind::SERVICE, &plugin).is_none());
    }

    #[test]
    fn each_kind_spells_the_unset_phase_its_way() {
        let phase = |kind, text: &str| {
            Plugin::of(&kind, &object(&format!("spec: {{phase: {text}}}"))).unwrap().phase()
        };
        assert_eq!(phase(ComponentKind::TRAFFIC_EXTENSION, "UNSPECIFIED"), Some(Phase::Unspecified));
        assert_eq!(phase(ComponentKind::WASM_PLUGIN, "UNSPECIFIED"), None);
        assert_eq!(phase(ComponentKind::WASM_PLUGIN, "UNSPECIFIED_PHASE"), Some(Phase::Unspecified));
        assert_eq!(phase(ComponentKind::WASM_PLUGIN, "AUTHZZ"), None);
    }
}
