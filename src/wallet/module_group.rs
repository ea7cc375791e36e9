//! The module group of a filter: url, config, sha256 and plugin name, which always go together.
//!
//! Legacy spellings are read (`wasm-filter`), and the file's own text is kept.

use std::borrow::Cow;

use crate::model::view::WasmFilterView;
use crate::model::{Component, ComponentId, ComponentKind, Design, FieldPath, Kept, Map, Value};
use crate::yaml;

/// One of the four fields that a filter gives and its plugin gets, as a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModuleField {
    /// `wasmFilter` → `spec.url`.
    Url,
    /// `config` → `spec.pluginConfig`.
    Config,
    /// `sha256` → `spec.sha256`.
    Sha256,
    /// `pluginName` → `spec.pluginName`.
    PluginName,
}

impl ModuleField {
    /// All four, in the order in which they are written.
    pub const ALL: [Self; 4] = [Self::Url, Self::Config, Self::Sha256, Self::PluginName];

    /// The key below `spec` of a WasmPlugin.
    pub fn plugin_key(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Config => "pluginConfig",
            Self::Sha256 => "sha256",
            Self::PluginName => "pluginName",
        }
    }

    /// The path in a WasmPlugin component.
    pub fn plugin_path(self) -> FieldPath {
        FieldPath::keys(&["configuration", "spec", self.plugin_key()])
    }

    /// The canonical key below `configuration` of a WASMFilter.
    pub fn filter_key(self) -> &'static str {
        match self {
            Self::Url => WasmFilterView::URL,
            Self::Config => WasmFilterView::CONFIG,
            Self::Sha256 => WasmFilterView::SHA256,
            Self::PluginName => WasmFilterView::PLUGIN_NAME,
        }
    }

    /// The path in this filter component, in the spelling that its file has.
    pub fn filter_path(self, filter: &Component) -> FieldPath {
        let key = match (self, WasmFilterView::cast(filter)) {
            (Self::Url, Some(view)) => view.url_key(),
            _ => self.filter_key(),
        };
        FieldPath::keys(&["configuration", key])
    }
}

/// Why a config could not be read as a mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The text is no YAML or JSON; where and why.
    #[error("could not be read: {0}")]
    Syntax(String),
    /// It is something else than one mapping.
    #[error("is {0}, but must be a mapping")]
    NotAMapping(&'static str),
}

/// A config as a WasmPlugin takes it: text is read as YAML or JSON. `None` when it is blank.
pub fn read_mapping(config: &Value) -> Result<Option<Cow<'_, Map>>, ConfigError> {
    match config {
        blank if blank.is_blank() => Ok(None),
        Value::Map(map) => Ok(Some(Cow::Borrowed(map))),
        Value::Text(text) => parse_mapping(text).map(|map| Some(Cow::Owned(map))),
        other => Err(ConfigError::NotAMapping(other.kind_name())),
    }
}

fn parse_mapping(text: &str) -> Result<Map, ConfigError> {
    let parsed = yaml::parse(text).map_err(|err| ConfigError::Syntax(err.to_string()))?;
    let mut documents = parsed.documents.into_iter();
    match (documents.next().map(|document| document.value), documents.next()) {
        (Some(Value::Map(map)), None) => Ok(map),
        (Some(_), Some(_)) => Err(ConfigError::NotAMapping("several documents")),
        (Some(other), None) => Err(ConfigError::NotAMapping(other.kind_name())),
        (None, _) => Err(ConfigError::NotAMapping("empty but for comments")),
    }
}

/// The module group of one filter, as its file has it; blank is absent.
#[derive(Clone, Copy, Debug)]
pub struct ModuleGroup<'a> {
    filter: &'a Component,
    url_value: Option<&'a Value>,
    /// The module's URL.
    pub url: Option<&'a str>,
    /// The config: text or a mapping.
    pub config: Option<&'a Value>,
    /// The digest of the module.
    pub sha256: Option<&'a Value>,
    /// The root id.
    pub plugin_name: Option<&'a Value>,
}

impl<'a> ModuleGroup<'a> {
    /// The group of `filter`; `None` when the component is of another kind.
    pub fn of(filter: &'a Component) -> Option<Self> {
        WasmFilterView::cast(filter)?;
        let configuration = filter.configuration();
        let get = |key: &str| configuration?.get(key);
        let field = |field: ModuleField| get(field.filter_key());
        let url = field(ModuleField::Url).or_else(|| get(WasmFilterView::LEGACY_URL));
        let set = |value: &&Value| !value.is_blank();
        let url = url.filter(set).filter(|url| url.as_text().is_some());
        Some(Self {
            filter,
            url_value: url,
            url: url.and_then(Value::as_text),
            config: field(ModuleField::Config).filter(set),
            sha256: field(ModuleField::Sha256).filter(set),
            plugin_name: field(ModuleField::PluginName).filter(set),
        })
    }

    /// The config as a WasmPlugin takes it: a mapping. `None` when there is no config.
    pub fn plugin_config(&self) -> Result<Option<Map>, ConfigError> {
        let given = Given::kept(self.filter);
        given.config.clone().map(|config| config.as_ref().and_then(Value::as_map).cloned())
    }

    /// The value of one field, as a WasmPlugin takes it.
    pub fn plugin_value(&self, field: ModuleField) -> Result<Option<Value>, ConfigError> {
        Given::kept(self.filter).value(field).map(Option::<&Value>::cloned)
    }

    /// Tells whether a WasmPlugin can run this module: there is one, and its config is a mapping.
    pub fn can_be_written(&self) -> bool {
        Given::kept(self.filter).can_be_written()
    }
}

/// The module group of a filter as a WasmPlugin takes it. It is worked out once, until the filter changes: every evaluation
/// asks every filter for it, and few have changed.
#[derive(Clone, Debug)]
pub struct Given {
    url: Option<Value>,
    /// A mapping, or why it is none.
    config: Result<Option<Value>, ConfigError>,
    sha256: Option<Value>,
    plugin_name: Option<Value>,
}

impl Given {
    /// What `filter` gives; `None` when the component is of another kind.
    pub fn of(filter: &Component) -> Option<Kept<'_, Self>> {
        filter.is(&ComponentKind::WASM_FILTER).then(|| Self::kept(filter))
    }

    fn kept(filter: &Component) -> Kept<'_, Self> {
        filter.memo(|| ModuleGroup::of(filter).map_or_else(Self::nothing, |group| Self::read(&group)))
    }

    fn nothing() -> Self {
        Self { url: None, config: Ok(None), sha256: None, plugin_name: None }
    }

    fn read(group: &ModuleGroup<'_>) -> Self {
        let config = group.config.map_or(Ok(None), read_mapping);
        Self {
            url: group.url_value.cloned(),
            config: config.map(|config| config.map(|map| Value::Map(map.into_owned()))),
            sha256: group.sha256.map(as_text),
            plugin_name: group.plugin_name.map(as_text),
        }
    }

    /// The value of one field.
    pub fn value(&self, field: ModuleField) -> Result<Option<&Value>, ConfigError> {
        Ok(match field {
            ModuleField::Url => self.url.as_ref(),
            ModuleField::Config => self.config.as_ref().map_err(Clone::clone)?.as_ref(),
            ModuleField::Sha256 => self.sha256.as_ref(),
            ModuleField::PluginName => self.plugin_name.as_ref(),
        })
    }

    /// Tells whether a WasmPlugin can run this module: there is one, and its config is a mapping.
    pub fn can_be_written(&self) -> bool {
        self.url.is_some() && self.config.is_ok()
    }
}

/// A scalar as text: a digest of nothing but digits may stand in a file without quotes.
pub fn as_text(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.text()),
        Value::Bool(truth) => Value::from(if *truth { "true" } else { "false" }),
        other => other.clone(),
    }
}

/// The filter whose group stands in the plugin: the first of the chain that can be written (`policy.md`, step 4).
pub fn owner(design: &Design, plugin: ComponentId) -> Option<ComponentId> {
    let filters = design.chain(plugin).into_iter().map(|link| link.from);
    filters
        .into_iter()
        .find(|filter| design.component(*filter).and_then(Given::of).is_some_and(|it| it.can_be_written()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(configuration: Value) -> Component {
        let kind = ComponentKind::WASM_FILTER;
        let tree = Value::from([
            (
                "component",
                Value::from([
                    ("kind", kind.kind.as_ref().into()),
                    ("version", kind.api_version().as_ref().into()),
                ]),
            ),
            ("configuration", configuration),
        ]);
        Component::from_tree(ComponentId::from_name("f"), tree)
    }

    fn config(config: Value) -> String {
        let filter = filter(Value::from([("wasmFilter", "file:///f.wasm".into()), ("config", config)]));
        match ModuleGroup::of(&filter).unwrap().plugin_config() {
            Ok(None) => "none".to_owned(),
            Ok(Some(map)) => yaml::emit_json_compact(&Value::Map(map)),
            Err(err) => err.to_string(),
        }
    }

    #[test]
    fn a_config_is_read_in_every_notation() {
        assert_eq!(config(Value::Null), "none");
        assert_eq!(config("  \n".into()), "none");
        assert_eq!(config("{\"a\": 1}".into()), "{\"a\":1}");
        assert_eq!(config("a: 1.50\nb: [x]\n".into()), "{\"a\":1.50,\"b\":[\"x\"]}");
        assert_eq!(config("{}".into()), "{}");
        assert_eq!(config(Value::from([("a", true.into())])), "{\"a\":true}");
    }

    #[test]
    fn a_config_that_changed_is_read_again() {
        use crate::model::Edit;
        let mut design = Design::default();
        let filter = filter(Value::from([("config", "{\"a\": 1}".into())]));
        let id = filter.id();
        design.apply(Edit::AddComponent { index: None, component: filter.into() }).unwrap();
        let read = |design: &Design| {
            let config = ModuleGroup::of(design.component(id).unwrap()).unwrap().plugin_config();
            config.unwrap().map(|map| yaml::emit_json_compact(&Value::Map(map)))
        };
        let before = design.clone();
        assert_eq!((read(&design), read(&design)), (Some("{\"a\":1}".into()), Some("{\"a\":1}".into())));
        design.apply(Edit::set(id, FieldPath::keys(&["configuration", "config"]), "b: 2")).unwrap();
        assert_eq!(read(&design).as_deref(), Some("{\"b\":2}"));
        assert_eq!(read(&before).as_deref(), Some("{\"a\":1}"));
    }

    #[test]
    fn what_is_no_mapping_is_said() {
        assert_eq!(config("hello".into()), "is text, but must be a mapping");
        assert_eq!(config(3.into()), "is a number, but must be a mapping");
        assert_eq!(config("# nothing".into()), "is empty but for comments, but must be a mapping");
        assert_eq!(config("a: 1\n---\nb: 2\n".into()), "is several documents, but must be a mapping");
        assert!(
            config("not: [closed".into()).starts_with("could not be read: line "),
            "{}",
            config("not: [closed".into())
        );
    }

    #[test]
    fn the_spelling_of_the_file_is_kept() {
        let legacy = filter(Value::from([("wasm-filter", "oci://reg.example.com/a:1".into())]));
        assert_eq!(ModuleGroup::of(&legacy).unwrap().url, Some("oci://reg.example.com/a:1"));
        assert_eq!(ModuleField::Url.filter_path(&legacy).to_string(), "configuration.wasm-filter");
        let empty = filter(Value::Map(Map::new()));
        assert_eq!(ModuleField::Url.filter_path(&empty).to_string(), "configuration.wasmFilter");
    }

    #[test]
    fn the_group_is_what_the_view_says() {
        for text in [
            "wasmFilter: a",
            "wasm-filter: a",
            "{wasmFilter: '', wasm-filter: b}",
            "{wasmFilter: null}",
            "{wasmFilter: 3, config: ' '}",
            "{wasm-filter: 3, sha256: x, pluginName: 1}",
        ] {
            let filter = filter(yaml::parse(text).unwrap().into_first().unwrap().value);
            let (group, view) = (ModuleGroup::of(&filter).unwrap(), WasmFilterView::cast(&filter).unwrap());
            let expected = (view.url(), view.config(), view.sha256(), view.plugin_name());
            assert_eq!((group.url, group.config, group.sha256, group.plugin_name), expected, "{text}");
        }
    }

    #[test]
    fn scalars_become_text() {
        let digits = filter(Value::from([("sha256", 12.into()), ("pluginName", true.into())]));
        let group = ModuleGroup::of(&digits).unwrap();
        assert_eq!(group.plugin_value(ModuleField::Sha256), Ok(Some("12".into())));
        assert_eq!(group.plugin_value(ModuleField::PluginName), Ok(Some("true".into())));
        assert!(!group.can_be_written());
    }
}
