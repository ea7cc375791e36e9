//! The `openAPIV3Schema` of a CRD: a structural schema, as an API server takes it.
//!
//! Unlike the schemas of Meshery's definitions ([`super::json_schema`]) such a schema is a reason to refuse a value. So what
//! an API server would refuse in it is an error here, with its place, and a keyword that is not known is remarked upon.

use std::sync::Arc;

use crate::model::FieldPath;

use super::assertions::{Assertions, Pattern};
use super::field_spec::{Choice, FieldKind, FieldSpec, Others};
use super::format::TextFormat;
use super::json_schema::{first_sentence, words};
use super::load::{DefinitionError, Node};
use super::validation::validations;

/// Something in a schema that is not used.
pub(super) type Unused = (String, FieldPath);

/// Keywords of which nothing follows for a value.
const SILENT: [&str; 14] = [
    "title",
    "description",
    "example",
    "externalDocs",
    "id",
    "type",
    "items",
    "properties",
    "additionalProperties",
    "x-kubernetes-int-or-string",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-map-type",
    "x-kubernetes-list-map-keys",
];

/// Reads a schema and everything below it. What is not understood is added to `unused`.
pub(super) fn read(node: &Node<'_>, unused: &mut Vec<Unused>) -> Result<FieldSpec, DefinitionError> {
    Reader { unused }.spec(node, "", false)
}

struct Reader<'u> {
    unused: &'u mut Vec<Unused>,
}

impl Reader<'_> {
    /// `is_form`: the node stands below `allOf` and the like, where kinds need not be named and nothing is unknown.
    fn spec(&mut self, node: &Node<'_>, key: &str, is_form: bool) -> Result<FieldSpec, DefinitionError> {
        let mut spec = FieldSpec {
            kind: kind(node, is_form)?,
            title: words(key),
            help: node.text_or("description", "").map(|text| first_sentence(&text)).unwrap_or_default(),
            ..FieldSpec::default()
        };
        if spec.kind == FieldKind::Enum {
            let texts = node.required("enum")?.texts()?;
            spec.choices = texts.into_iter().map(|value| Choice { value, help: String::new() }).collect();
        }
        self.below(node, &mut spec, is_form)?;
        let mut demands = Assertions::default();
        for (key, value) in node.map()?.iter() {
            let child = node.child(key, value);
            if !value.is_null() && !SILENT.contains(&key) {
                self.keyword(&mut spec, &mut demands, key, &child)?;
            }
        }
        spec.assertions = demands.into_option();
        spec.settle_validations();
        Ok(spec)
    }

    fn below(&mut self, node: &Node<'_>, spec: &mut FieldSpec, is_form: bool) -> Result<(), DefinitionError> {
        if let Some(properties) = node.get("properties") {
            for (name, property) in properties.map()?.iter() {
                let property = self.spec(&properties.child(name, property), name, is_form)?;
                spec.properties.insert(name.to_owned(), property);
            }
        }
        if let Some(items) = node.get("items") {
            spec.items = Some(Arc::new(self.spec(&items, "", is_form)?));
        }
        let is_open =
            is_form || spec.kind == FieldKind::Any || node.flag("x-kubernetes-preserve-unknown-fields")?;
        spec.others = match node.get("additionalProperties") {
            Some(others) if others.value.as_bool() == Some(true) => Others::Free,
            Some(others) if others.value.as_bool() == Some(false) => Others::Refused,
            Some(others) => Others::Of(Arc::new(self.spec(&others, "", is_form)?)),
            None if is_open => Others::Free,
            None => Others::Refused,
        };
        if node.flag("x-kubernetes-embedded-resource")? {
            for (name, kind) in
                [("apiVersion", FieldKind::Text), ("kind", FieldKind::Text), ("metadata", FieldKind::Any)]
            {
                let property = || FieldSpec { kind, others: Others::Free, ..FieldSpec::default() };
                spec.properties.entry(name.to_owned()).or_insert_with(property);
            }
            spec.required.extend(["apiVersion", "kind"].map(ToOwned::to_owned));
            spec.kind = FieldKind::Object;
        }
        if let Some(keys) = node.get("x-kubernetes-list-map-keys") {
            spec.list_map_keys = keys.texts()?;
            let properties = spec.items.as_ref().map(|items| &items.properties);
            let stray =
                spec.list_map_keys.iter().find(|key| properties.is_none_or(|it| !it.contains_key(*key)));
            if let Some(stray) = stray {
                return Err(keys.error(format_args!("the items have no property `{stray}`")));
            }
        }
        Ok(())
    }

    fn keyword(
        &mut self,
        spec: &mut FieldSpec,
        demands: &mut Assertions,
        key: &str,
        node: &Node<'_>,
    ) -> Result<(), DefinitionError> {
        match key {
            "required" => spec.required.extend(node.texts()?),
            "default" => spec.default = Some(node.value.clone()),
            "nullable" => spec.nullable = node.truth()?,
            "minLength" => spec.min_length = Some(node.count()?),
            "maxLength" => spec.max_length = Some(node.count()?),
            "minItems" => spec.min_items = Some(node.count()?),
            "maxItems" => spec.max_items = Some(node.count()?),
            "maxProperties" => spec.max_properties = Some(node.count()?),
            "minProperties" => demands.min_properties = Some(node.count()?),
            "uniqueItems" => spec.unique_items = node.truth()?,
            "x-kubernetes-list-type" => spec.unique_items |= node.text()? == "set",
            // Both bounds of a number are read together, with their `exclusive…`.
            "minimum" | "maximum" => bound(spec, demands, key, node)?,
            "exclusiveMinimum" => demands.minimum = exclusive(demands.minimum, spec.minimum.take(), node)?,
            "exclusiveMaximum" => demands.maximum = exclusive(demands.maximum, spec.maximum.take(), node)?,
            "multipleOf" => demands.multiple_of = Some(number(node)?).filter(|unit| *unit > 0.0),
            "pattern" => match Pattern::new(node.text()?) {
                Ok(pattern) => demands.pattern = Some(pattern),
                Err(reason) => {
                    let message = format!("this pattern is not checked: {reason}");
                    self.unused.push((message, node.path()));
                }
            },
            "enum" if spec.kind == FieldKind::Enum => {}
            "enum" => node.list()?.clone_into(&mut demands.values),
            "format" => {
                spec.format = match node.text()? {
                    "byte" => Some(TextFormat::Base64),
                    "hostname" => Some(TextFormat::Hostname),
                    format => {
                        whole_number_bounds(spec, format);
                        spec.format
                    }
                };
            }
            "allOf" => demands.all_of = self.forms(node)?,
            "anyOf" => demands.any_of = self.forms(node)?,
            "oneOf" => demands.one_of = self.forms(node)?,
            "not" => demands.not = Some(Arc::new(self.spec(node, "", true)?)),
            "x-kubernetes-validations" => spec.validations = validations(node, false)?,
            _ => self.unused.push((format!("`{key}` is not checked"), node.path())),
        }
        Ok(())
    }

    fn forms(&mut self, node: &Node<'_>) -> Result<Vec<Arc<FieldSpec>>, DefinitionError> {
        let forms = node.list()?.iter().enumerate();
        forms.map(|(index, form)| Ok(Arc::new(self.spec(&node.item(index, form), "", true)?))).collect()
    }
}

fn bound(
    spec: &mut FieldSpec,
    demands: &mut Assertions,
    key: &str,
    node: &Node<'_>,
) -> Result<(), DefinitionError> {
    let bound = number(node)?;
    let (whole, other) = match key {
        "minimum" => (&mut spec.minimum, &mut demands.minimum),
        _ => (&mut spec.maximum, &mut demands.maximum),
    };
    let is_whole = matches!(spec.kind, FieldKind::Integer | FieldKind::IntOrString);
    match node.value.as_whole().filter(|_| is_whole && other.is_none()) {
        Some(number) => *whole = Some(number),
        // `exclusive…` came first.
        None => *other = Some((bound, other.is_some_and(|(_, is_excluded)| is_excluded))),
    }
    Ok(())
}

/// What becomes of a bound behind which `exclusiveMinimum` or `exclusiveMaximum` stands, or will stand.
fn exclusive(
    bound: Option<(f64, bool)>,
    whole: Option<i64>,
    node: &Node<'_>,
) -> Result<Option<(f64, bool)>, DefinitionError> {
    let is_excluded = node.truth()?;
    let bound = bound.map(|(bound, _)| bound).or(whole.map(|whole| whole as f64));
    // Without its bound it excludes nothing.
    Ok(Some((bound.unwrap_or(f64::NAN), is_excluded)))
}

fn number(node: &Node<'_>) -> Result<f64, DefinitionError> {
    node.value.as_f64().ok_or_else(|| node.error("must be a number"))
}

fn whole_number_bounds(spec: &mut FieldSpec, format: &str) {
    let (low, high) = match format {
        "int32" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "int64" => (i64::MIN, i64::MAX),
        _ => return,
    };
    if spec.kind == FieldKind::Integer {
        spec.minimum = Some(spec.minimum.map_or(low, |bound| bound.max(low)));
        spec.maximum = Some(spec.maximum.map_or(high, |bound| bound.min(high)));
    }
}

fn kind(node: &Node<'_>, is_form: bool) -> Result<FieldKind, DefinitionError> {
    if node.flag("x-kubernetes-int-or-string")? {
        return Ok(FieldKind::IntOrString);
    }
    let has_properties = node.get("properties").is_some();
    let has_keys = has_properties || node.get("required").is_some();
    let Some(name) = node.get("type") else {
        let is_open = node.flag("x-kubernetes-preserve-unknown-fields")?;
        return match (is_form, has_keys, is_open) {
            (true, true, _) => Ok(FieldKind::Object),
            (true, ..) | (_, _, true) => Ok(FieldKind::Any),
            _ => Err(node.error("`type` is missing")),
        };
    };
    let texts = || node.get("enum").is_some_and(|it| it.texts().is_ok_and(|texts| !texts.is_empty()));
    Ok(match name.text()? {
        "string" if texts() => FieldKind::Enum,
        "string" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "number" => FieldKind::Number,
        "boolean" => FieldKind::Boolean,
        "array" if node.get("items").is_none() && !is_form => return Err(node.error("`items` is missing")),
        "array" => FieldKind::List,
        "object" if has_keys => FieldKind::Object,
        "object" => FieldKind::Map,
        other => return Err(name.error(format_args!("{other:?} is no type"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::load;
    use crate::registry::structural::check;

    fn spec(text: &str) -> Result<FieldSpec, String> {
        let tree = load::tree("test.yaml", text).unwrap();
        read(&Node::root("test.yaml", &tree), &mut Vec::new())
            .map_err(|err| format!("{}: {}", err.pointer, err.message))
    }

    /// Holds `value` against the schema of a field `f` and returns the messages.
    #[track_caller]
    fn found(schema: &str, value: &str) -> Vec<String> {
        let schema = format!("{{type: object, properties: {{f: {schema}}}}}");
        let value = load::tree("value.yaml", &format!("{{f: {value}}}")).unwrap();
        check(&spec(&schema).unwrap(), &value).into_iter().map(|violation| violation.message).collect()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "it is a table")]
    fn every_keyword_is_held_against_values() {
        for (schema, good, bad, message) in [
            ("{type: string, pattern: '^a+$'}", "aa", "b", "`f` must match ^a+$"),
            ("{type: integer, minimum: 2}", "2", "1", "`f` must be 2 or more, not 1"),
            ("{type: number, minimum: 0.5}", "0.5", "0.4", "`f` must be 0.5 or more, not 0.4"),
            (
                "{type: number, maximum: 1.5, exclusiveMaximum: true}",
                "1.4",
                "1.5",
                "`f` must be less than 1.5, not 1.5",
            ),
            (
                "{type: integer, exclusiveMinimum: true, minimum: 0}",
                "1",
                "0",
                "`f` must be more than 0, not 0",
            ),
            (
                "{type: integer, minimum: 0, exclusiveMinimum: true}",
                "1",
                "0",
                "`f` must be more than 0, not 0",
            ),
            ("{type: integer, multipleOf: 5}", "10", "12", "`f` must be a multiple of 5, not 12"),
            ("{type: number, multipleOf: 0.1}", "0.3", "0.35", "`f` must be a multiple of 0.1, not 0.35"),
            (
                "{type: integer, format: int32}",
                "2147483647",
                "2147483648",
                "`f` must be from -2147483648 to 2147483647, not 2147483648",
            ),
            ("{type: integer, enum: [1, 2]}", "2", "3", "`f` must be one of 1, 2"),
            ("{type: string, enum: [a, b]}", "a", "c", "`f` must be one of a, b"),
            (
                "{type: object, additionalProperties: {type: string}, minProperties: 1}",
                "{a: b}",
                "{}",
                "`f` must have at least 1 entry",
            ),
            (
                "{type: object, additionalProperties: {type: string}, maxProperties: 1}",
                "{a: b}",
                "{a: b, c: d}",
                "`f` must have at most 1 entries, not 2",
            ),
            (
                "{type: array, items: {type: string}, x-kubernetes-list-type: set}",
                "[a, b]",
                "[a, a]",
                "a stands twice in `f`: it must differ",
            ),
            (
                "{type: array, items: {type: object, properties: {n: {type: string}}}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [n]}",
                "[{n: a}, {n: b}]",
                "[{n: a}, {n: a}]",
                "a stands twice in `f`: `n` must differ",
            ),
            (
                "{anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true}",
                "1",
                "true",
                "`f` must be a whole number or text, not a boolean",
            ),
            (
                "{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}",
                "{a: x}",
                "{a: x, b: y}",
                "`f` may have only one of `a`, `b`",
            ),
            (
                "{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{not: {anyOf: [{required: [a]}, {required: [b]}]}}, {required: [a]}, {required: [b]}]}",
                "{}",
                "{a: x, b: y}",
                "`f` may have only one of `a`, `b`",
            ),
            (
                "{type: object, properties: {a: {type: string}, b: {type: string}}, anyOf: [{required: [a]}, {required: [b]}]}",
                "{b: x}",
                "{}",
                "`f` needs one of `a`, `b`",
            ),
            (
                "{type: object, properties: {a: {type: string}}, not: {required: [a]}}",
                "{}",
                "{a: x}",
                "`f` must not have `a`",
            ),
            (
                "{type: string, allOf: [{type: string, maxLength: 2}]}",
                "ab",
                "abc",
                "this must have at most 2 characters, not 3",
            ),
            (
                "{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}",
                "{apiVersion: v1, kind: A, x: 1}",
                "{kind: A}",
                "`apiVersion` is required",
            ),
            (
                "{type: object, x-kubernetes-preserve-unknown-fields: true}",
                "{a: 1}",
                "1",
                "`f` must be a mapping, not a number",
            ),
            (
                "{type: string, nullable: true}",
                "null",
                "1",
                "`f` must be text, not a number: write \"1\" in quotes",
            ),
        ] {
            assert_eq!(found(schema, good), [""; 0], "{schema} on {good}");
            assert_eq!(found(schema, bad), [message], "{schema} on {bad}");
        }
    }

    #[test]
    fn what_no_api_server_takes_is_an_error_with_its_place() {
        for (text, message) in [
            ("{type: strin}", "/type: \"strin\" is no type"),
            ("{type: object, properties: {a: {}}}", "/properties/a: `type` is missing"),
            ("{type: array}", ": `items` is missing"),
            (
                "{type: object, properties: {a: {type: string, maxLength: -1}}}",
                "/properties/a/maxLength: must not be negative",
            ),
            (
                "{type: array, items: {type: object}, x-kubernetes-list-map-keys: [n]}",
                "/x-kubernetes-list-map-keys: the items have no property `n`",
            ),
            (
                "{type: object, x-kubernetes-validations: [{message: a}]}",
                "/x-kubernetes-validations/0: `rule` is missing",
            ),
        ] {
            assert_eq!(spec(text), Err(message.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_not_checked_is_said() {
        let tree =
            load::tree("test.yaml", "{type: object, properties: {a: {type: string, pattern: '(', odd: 1}}}")
                .unwrap();
        let mut unused = Vec::new();
        read(&Node::root("test.yaml", &tree), &mut unused).unwrap();
        let shown: Vec<String> =
            unused.iter().map(|(message, path)| format!("{}: {message}", path.to_pointer())).collect();
        assert_eq!(
            shown,
            [
                "/properties/a/pattern: this pattern is not checked: unclosed group",
                "/properties/a/odd: `odd` is not checked"
            ]
        );
    }
}
