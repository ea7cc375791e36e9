//! EF014, EF021 and EF022: a patch's value as Envoy's API has it, field by field where a Wasm filter is concerned.
//!
//! The webhook reads the value of a filter or extension as its message: what is of a wrong type is refused, a field that
//! the message does not have is only warned of and dropped. Of the types inside an `Any` only Wasm filters and the
//! wrappers of their configurations are looked into.

use super::rule::Rule;
use crate::istio::envoy_filter::{
    ApplyTo, ConfigPatch, Field, FilterLevel, HTTP_WASM, NETWORK_WASM, Operation, type_name,
};
use crate::model::{Diagnostic, Edit, FieldPath, Map, Severity, Value};
use crate::registry::structural::{self, Violation, ViolationKind};
use crate::registry::{FieldKind, Shape};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF014", "EF021", "EF022"], check);

/// The prefix that a type URL has by custom.
const PREFIX: &str = "type.googleapis.com/";

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for patch in filter.patches().filter(|patch| !patch.is_for_waypoints()) {
        old_types(resource, &patch.value(), found);
        let shape = match patch.apply_to() {
            Some(ApplyTo::HttpFilter) => Shape::HttpFilter,
            Some(ApplyTo::NetworkFilter) => Shape::NetworkFilter,
            Some(ApplyTo::ListenerFilter) => Shape::ListenerFilter,
            Some(ApplyTo::ExtensionConfig) => Shape::ExtensionConfig,
            _ => continue,
        };
        let value = patch.value();
        if value.value().and_then(Value::as_map).is_none() {
            continue;
        }
        let mut checker = Checker { resource, patch, found };
        checker.envelope(shape, &value);
    }
}

/// EF022, wherever in the value it stands.
fn old_types(resource: &Resource<'_>, value: &Field<'_>, found: &mut Vec<Diagnostic>) {
    let Some(root) = value.value() else { return };
    let mut path = value.path().clone();
    each_type_url(root, &mut path, &mut |path, url| {
        if !type_name(url).contains(".v2.") && !type_name(url).contains(".v2alpha.") {
            return;
        }
        let message =
            format!("{} is a type of Envoy's v2 API, which is gone: use the v3 type", type_name(url));
        found.push(Diagnostic::new("EF022", resource.at_path(path), message));
    });
}

fn each_type_url(value: &Value, path: &mut FieldPath, see: &mut impl FnMut(&FieldPath, &str)) {
    match value {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index);
                each_type_url(item, path, see);
                path.pop();
            }
        }
        Value::Map(map) => {
            for (key, value) in map.iter() {
                path.push(key);
                match value {
                    Value::Text(url) if matches!(key, "@type" | "type_url" | "typeUrl") => see(path, url),
                    _ => each_type_url(value, path, see),
                }
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

struct Checker<'a, 'b> {
    resource: &'b Resource<'a>,
    patch: ConfigPatch<'a>,
    found: &'b mut Vec<Diagnostic>,
}

impl<'a> Checker<'a, '_> {
    fn report(&mut self, code: &'static str, path: &FieldPath, message: impl Into<String>) {
        self.found.push(Diagnostic::new(code, self.resource.at_path(path), message));
    }

    fn report_with_fix(
        &mut self,
        code: &'static str,
        path: &FieldPath,
        message: impl Into<String>,
        fix: Option<(String, Vec<Edit>)>,
    ) {
        let mut finding = Diagnostic::new(code, self.resource.at_path(path), message);
        if let Some((label, edits)) = fix {
            finding = finding.with_fix(label, edits);
        }
        self.found.push(finding);
    }

    /// What holds the `Any`: a filter, or the configuration of an extension.
    fn envelope(&mut self, shape: Shape, value: &Field<'a>) {
        let is_old_config = |violation: &Violation| {
            violation.kind == ViolationKind::Unknown && violation.path.is_keys(&["config"])
        };
        self.hold_against(shape, value, |violation| !is_old_config(violation));
        self.name(value);
        let typed_config = value.field("typed_config");
        let puts_in = self.patch.operation().is_some_and(Operation::puts_in);
        if typed_config.is_set() {
            self.any(&typed_config);
        } else if !value.field("config_discovery").is_set() && (puts_in || value.field("config").is_set()) {
            self.without_typed_config(value);
        }
    }

    /// What Envoy asks for and the webhook does not.
    fn name(&mut self, value: &Field<'a>) {
        let puts_in = self.patch.operation().is_some_and(Operation::puts_in);
        let name = value.field("name");
        if !puts_in || name.value().is_some_and(|name| name.as_text().is_none_or(|name| !name.is_empty())) {
            return;
        }
        let config = value.at(&["typed_config", "config"]);
        let own = config.field("name").text().or(config.field("root_id").text()).unwrap_or("filter");
        let name_for_it = format!("{}.{own}", self.resource.effective.name);
        let edit = self.resource.set(name.path(), name_for_it.as_str());
        self.report_with_fix(
            "EF014",
            name.path(),
            "`name` is missing: Envoy refuses a filter without a name, and with it the listener",
            Some((format!("Call it {name_for_it}"), vec![edit])),
        );
    }

    /// EF021: Envoy finds no filter by its name alone any more.
    fn without_typed_config(&mut self, value: &Field<'a>) {
        let config = value.field("config");
        let typed_config = value.field("typed_config");
        if !config.is_set() {
            let name = value.field("name").text().unwrap_or("this filter");
            let message =
                format!("{name} has no typed_config: Envoy no longer finds a filter by its name alone");
            self.report("EF021", typed_config.path(), message);
            return;
        }
        let fix = self.wasm_type(&config).map(|type_url| {
            // `config: {config: …}`, or the plugin's configuration itself.
            let inner = config.field("config");
            let plugin = if inner.is_set() { inner.value() } else { config.value() };
            let any = Value::from([
                ("@type", type_url.as_str().into()),
                ("config", plugin.cloned().unwrap_or_default()),
            ]);
            let edits = vec![self.resource.set(typed_config.path(), any), self.resource.unset(config.path())];
            ("Write it as typed_config".to_owned(), edits)
        });
        let message = "`config` was removed from Envoy and is dropped: write `typed_config` with an `@type`";
        self.report_with_fix("EF021", config.path(), message, fix);
    }

    /// The type URL of the Wasm filter that `message`, which does not say its type, looks like.
    fn wasm_type(&self, message: &Field<'a>) -> Option<String> {
        let looks = |field: &Field<'a>| field.field("vm_config").is_set() || field.field("root_id").is_set();
        let is_wasm = looks(message) || looks(&message.field("config"));
        is_wasm.then(|| format!("{PREFIX}{}", self.wasm_type_here()))
    }

    fn wasm_type_here(&self) -> &'static str {
        if self.patch.level() == Some(FilterLevel::Network) { NETWORK_WASM } else { HTTP_WASM }
    }

    /// An `Any`: its type, and what is in it as far as that is known.
    fn any(&mut self, any: &Field<'a>) {
        let Some(map) = any.value().and_then(Value::as_map) else {
            let message = "`typed_config` must be a mapping with an `@type`";
            self.report("EF014", any.path(), message);
            return;
        };
        let at_type = any.path().child("@type");
        let Some(url) = map.text("@type").filter(|url| !url.is_empty()) else {
            let fix = self.wasm_type(any).map(|url| {
                let label = format!("Write {}", type_name(&url));
                (label, vec![self.resource.set(&at_type, url)])
            });
            let message = "`@type` is missing: Envoy cannot tell what this configures";
            self.report_with_fix("EF014", &at_type, message, fix);
            return;
        };
        let name = type_name(url);
        if let Some(known) = meant_wasm_type(name, self.wasm_type_here()) {
            let edit = self.resource.set(&at_type, format!("{PREFIX}{known}"));
            let message = format!("referenced type unknown: {name}; did you mean {known}?");
            let fix = Some((format!("Write {known}"), vec![edit]));
            self.report_with_fix("EF014", &at_type, message, fix);
            return;
        }
        let Some((name, message)) = any.message() else { return };
        let expected = match self.patch.level() {
            Some(FilterLevel::Http) => Some(HTTP_WASM),
            Some(FilterLevel::Network) => Some(NETWORK_WASM),
            Some(FilterLevel::Listener) | None => None,
        };
        if ![HTTP_WASM, NETWORK_WASM].contains(&name) {
            return;
        }
        if let Some(expected) = expected.filter(|expected| *expected != name) {
            let path =
                if message.path() == any.path() { at_type } else { any.field("type_url").path().clone() };
            let edit = self.resource.set(&path, format!("{PREFIX}{expected}"));
            let apply_to = self.patch.apply_to().map_or("", ApplyTo::word);
            let text = format!("{name} is no {apply_to}: Envoy refuses the listener; use {expected}");
            self.report_with_fix("EF014", &path, text, Some((format!("Write {expected}"), vec![edit])));
        }
        self.hold_against(Shape::Wasm, &message, |_| true);
        let config = message.field("config");
        self.wrapper(&config.field("configuration"));
        self.wrapper(&config.at(&["vm_config", "configuration"]));
    }

    /// What is handed to the module, in one of the wrappers of protocol buffers.
    fn wrapper(&mut self, any: &Field<'a>) {
        let Some(value) = any.value() else { return };
        let wrapped = |url: &str, value: Value| Value::from([("@type", url.into()), ("value", value)]);
        let Some(map) = value.as_map() else {
            let fix = value.as_text().map(|text| {
                let value = wrapped(STRING_VALUE, text.into());
                ("Wrap it in a StringValue".to_owned(), vec![self.resource.set(any.path(), value)])
            });
            let message = format!(
                "`configuration` must be a mapping with `@type` and `value`, not {}",
                value.kind_name()
            );
            self.report_with_fix("EF014", any.path(), message, fix);
            return;
        };
        let Some(url) = map.text("@type").filter(|url| !url.is_empty()) else {
            self.untyped_wrapper(any, map);
            return;
        };
        let inner = any.field("value");
        let expected = match (type_name(url), inner.value()) {
            ("google.protobuf.StringValue" | "google.protobuf.BytesValue", Some(value)) => {
                value.as_text().is_none().then_some("text")
            }
            ("google.protobuf.Struct", Some(value)) => value.as_map().is_none().then_some("a mapping"),
            (
                "google.protobuf.StringValue" | "google.protobuf.BytesValue" | "google.protobuf.Struct",
                None,
            ) => {
                // The keys of the configuration itself, one level too high.
                let stray = map.keys().find(|key| *key != "@type" && *key != "value");
                if let Some(stray) = stray {
                    let message =
                        format!("`{stray}` must stand below `value`: {} has nothing else", type_name(url));
                    self.report("EF014", &any.path().child(stray), message);
                }
                None
            }
            _ => None,
        };
        let Some(expected) = expected else { return };
        let kind = inner.value().map_or("nothing", Value::kind_name);
        let fix = (type_name(url) == "google.protobuf.StringValue" && kind == "a mapping").then(|| {
            let edit = self.resource.set(&any.path().child("@type"), STRUCT);
            ("Write google.protobuf.Struct".to_owned(), vec![edit])
        });
        let message = format!("`value` of a {} must be {expected}, not {kind}", type_name(url));
        self.report_with_fix("EF014", inner.path(), message, fix);
    }

    fn untyped_wrapper(&mut self, any: &Field<'a>, map: &Map) {
        let at_type = any.path().child("@type");
        let url = match map.get("value") {
            Some(Value::Text(_)) => Some(STRING_VALUE),
            Some(Value::Map(_)) => Some(STRUCT),
            _ => None,
        };
        let fix =
            url.map(|url| (format!("Write {}", type_name(url)), vec![self.resource.set(&at_type, url)]));
        let message = "`@type` is missing: say what `value` is, such as google.protobuf.StringValue";
        self.report_with_fix("EF014", &at_type, message, fix);
    }

    /// Holds `message` against the schema of what it must be.
    fn hold_against(&mut self, shape: Shape, message: &Field<'a>, counts: impl Fn(&Violation) -> bool) {
        let Some(value) = message.value() else { return };
        for violation in structural::check(shape.spec(), value).into_iter().filter(counts) {
            // An enum may be its number, too.
            let here = value.get(&violation.path);
            let is_number = matches!(here, Some(Value::Number(_)));
            if violation.kind == ViolationKind::Type && is_number && is_enum(shape, &violation.path) {
                continue;
            }
            let path = message.path().join(&violation.path);
            let mut finding =
                Diagnostic::new("EF014", self.resource.at_path(&path), violation.message.clone());
            if violation.kind == ViolationKind::Unknown {
                finding.message.push_str("; Istio drops it");
                finding = finding.with_severity(Severity::Warning);
            }
            if let Some((label, edits)) = self.spelled(&violation, &path, here) {
                finding = finding.with_fix(label, edits);
            }
            self.found.push(finding);
        }
    }

    /// The edits that spell a key or word as it was probably meant.
    fn spelled(
        &self,
        violation: &Violation,
        path: &FieldPath,
        here: Option<&Value>,
    ) -> Option<(String, Vec<Edit>)> {
        let suggestion = violation.suggestion.as_deref()?;
        let edits = match violation.kind {
            ViolationKind::Unknown => {
                let meant = path.parent()?.child(suggestion);
                vec![self.resource.set(&meant, here?.clone()), self.resource.unset(path)]
            }
            ViolationKind::Enum => vec![self.resource.set(path, suggestion)],
            _ => return None,
        };
        Some((format!("Write {suggestion}"), edits))
    }
}

const STRING_VALUE: &str = "type.googleapis.com/google.protobuf.StringValue";
const STRUCT: &str = "type.googleapis.com/google.protobuf.Struct";

fn is_enum(shape: Shape, path: &FieldPath) -> bool {
    shape.spec().field(path).is_some_and(|spec| spec.kind == FieldKind::Enum)
}

/// The Wasm filter that an unknown type was probably meant to be. Types that are gone are EF022.
fn meant_wasm_type(name: &str, here: &'static str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let is_known = [HTTP_WASM, NETWORK_WASM].contains(&name)
        || [".access_loggers.", ".stat_sinks.", ".bootstrap.", ".v2.", ".v2alpha."]
            .iter()
            .any(|part| lower.contains(part))
        || !lower.contains("wasm")
        || !lower.contains("filters");
    if is_known {
        return None;
    }
    Some(if lower.contains(".network.") {
        NETWORK_WASM
    } else if lower.contains(".http.") {
        HTTP_WASM
    } else {
        here
    })
}
