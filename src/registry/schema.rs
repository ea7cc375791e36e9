//! Reads the `schema` of a component definition: CRD keywords, `x-kubernetes-…`, and our own `x-billfold-…`.
//!
//! A keyword that is not known is an error: a misspelt bound must not be a bound that is not checked.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::Value;

use super::field_spec::{Choice, Condition, Exclusive, FieldKind, FieldSpec, Input, Others};
use super::format::TextFormat;
use super::load::{DefinitionError, Node};
use super::validation::validations;

/// Parts that several definitions share, by name (`$ref: objectMeta`).
pub(super) type Shared = HashMap<String, FieldSpec, foldhash::fast::FixedState>;

/// Reads a mapping of parts; each may name those above it.
pub(super) fn parts(node: &Node<'_>) -> Result<Shared, DefinitionError> {
    let mut shared = Shared::default();
    for (name, part) in node.map()?.iter() {
        let spec = field_spec(&node.child(name, part), &shared)?;
        shared.insert(name.to_owned(), spec);
    }
    Ok(shared)
}

/// Reads one node of a schema and everything below it.
pub(super) fn field_spec(node: &Node<'_>, shared: &Shared) -> Result<FieldSpec, DefinitionError> {
    let mut spec = match node.get("$ref") {
        None => FieldSpec::default(),
        Some(name) => shared
            .get(name.text()?)
            .cloned()
            .ok_or_else(|| name.error(format_args!("no shared part is called {:?}", name.value)))?,
    };
    let kind = kind_of(node)?;
    if node.get("$ref").is_none() {
        spec.kind = kind;
    } else if kind != FieldKind::Any {
        return Err(node.error("a shared part has a type of its own"));
    }
    for (key, value) in node.map()?.iter() {
        keyword(&mut spec, key, &node.child(key, value), shared)?;
    }
    settle(node, &mut spec)?;
    spec.settle_validations();
    Ok(spec)
}

fn kind_of(node: &Node<'_>) -> Result<FieldKind, DefinitionError> {
    if node.flag("x-kubernetes-int-or-string")? {
        return Ok(FieldKind::IntOrString);
    }
    let Some(name) = node.get("type") else { return Ok(FieldKind::Any) };
    Ok(match name.text()? {
        "string" if node.get("enum").is_some() => FieldKind::Enum,
        "string" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "number" => FieldKind::Number,
        "boolean" => FieldKind::Boolean,
        "array" => FieldKind::List,
        "object" if node.get("properties").is_some() => FieldKind::Object,
        "object" => FieldKind::Map,
        other => return Err(name.error(format_args!("{other:?} is no type"))),
    })
}

fn keyword(spec: &mut FieldSpec, key: &str, node: &Node<'_>, shared: &Shared) -> Result<(), DefinitionError> {
    match key {
        "$ref" | "type" | "x-kubernetes-int-or-string" | "x-billfold-enum-help" => {}
        "title" => node.text()?.clone_into(&mut spec.title),
        "description" => node.text()?.clone_into(&mut spec.help),
        "properties" => {
            // Beside a `$ref` these replace or follow those of the shared part.
            for (name, value) in node.map()?.iter() {
                spec.properties.insert(name.to_owned(), field_spec(&node.child(name, value), shared)?);
            }
        }
        "required" => spec.required = node.texts()?,
        "items" => spec.items = Some(Arc::new(field_spec(node, shared)?)),
        "additionalProperties" => {
            spec.others = match node.value {
                Value::Bool(true) => Others::Free,
                Value::Bool(false) => Others::Refused,
                _ => Others::Of(Arc::new(field_spec(node, shared)?)),
            };
        }
        "x-kubernetes-preserve-unknown-fields" if node.truth()? => spec.others = Others::Free,
        "enum" => spec.choices = choices(node)?,
        "default" => spec.default = Some(node.value.clone()),
        "minimum" => spec.minimum = Some(node.integer()?),
        "maximum" => spec.maximum = Some(node.integer()?),
        "minLength" => spec.min_length = Some(node.count()?),
        "maxLength" => spec.max_length = Some(node.count()?),
        "minItems" => spec.min_items = Some(node.count()?),
        "maxItems" => spec.max_items = Some(node.count()?),
        "maxProperties" => spec.max_properties = Some(node.count()?),
        "nullable" => spec.nullable = node.truth()?,
        "x-kubernetes-list-map-keys" => spec.list_map_keys = node.texts()?,
        "x-kubernetes-list-type" => spec.unique_items = node.text()? == "set",
        // What a definition of ours has in CEL, this program checks by itself.
        "x-kubernetes-validations" => spec.validations = validations(node, true)?,
        "x-billfold-format" => spec.format = Some(format(node)?),
        "x-billfold-key-format" => spec.key_format = Some(format(node)?),
        "x-billfold-rule" => spec.rule = Some(node.text()?.into()),
        "x-billfold-hidden" => spec.hidden = node.truth()?,
        "x-billfold-input" => spec.input = input(node)?,
        "x-billfold-only-when" => spec.only_when = Some(condition(node)?),
        "x-billfold-required-when" => spec.required_when = Some(condition(node)?),
        "x-billfold-at-most-one-of" => spec.exclusive = exclusive(node)?,
        _ => return Err(node.error(format_args!("`{key}` is no keyword"))),
    }
    Ok(())
}

/// Checks what no single keyword can tell.
fn settle(node: &Node<'_>, spec: &mut FieldSpec) -> Result<(), DefinitionError> {
    if let Some(helps) = node.get("x-billfold-enum-help") {
        for (value, help) in helps.map()?.iter() {
            let help = helps.child(value, help);
            let choice = spec.choices.iter_mut().find(|choice| choice.value == value);
            choice.ok_or_else(|| help.error("no such value in `enum`"))?.help.replace_range(.., help.text()?);
        }
    }
    let known = |key: &String| spec.properties.contains_key(key);
    let named = spec.required.iter().chain(spec.exclusive.iter().flat_map(|group| &group.fields));
    if let Some(stray) = named.into_iter().find(|key| !known(key)) {
        return Err(node.error(format_args!("`{stray}` is named and is no property")));
    }
    for property in spec.properties.values() {
        let conditions = property.only_when.iter().chain(&property.required_when);
        if let Some(stray) = conditions.map(|condition| &condition.field).find(|key| !known(key)) {
            return Err(node.error(format_args!("a condition names `{stray}`, which is no property")));
        }
    }
    match spec.kind {
        FieldKind::List if spec.items.is_none() => Err(node.error("a list needs `items`")),
        FieldKind::Map if spec.others == Others::Refused => {
            Err(node.error("a mapping that can hold nothing"))
        }
        FieldKind::Any if spec.others == Others::Refused && node.get("$ref").is_none() => {
            Err(node.error("`type` or `x-kubernetes-preserve-unknown-fields` is missing"))
        }
        _ => Ok(()),
    }
}

fn choices(node: &Node<'_>) -> Result<Vec<Choice>, DefinitionError> {
    let values = node.texts()?;
    Ok(values.into_iter().map(|value| Choice { value, help: String::new() }).collect())
}

fn format(node: &Node<'_>) -> Result<TextFormat, DefinitionError> {
    let name = node.text()?;
    TextFormat::from_name(name).ok_or_else(|| node.error(format_args!("{name:?} is no format")))
}

fn input(node: &Node<'_>) -> Result<Input, DefinitionError> {
    match node.text()? {
        "line" => Ok(Input::Line),
        "multiline" => Ok(Input::Multiline),
        "code" => Ok(Input::Code),
        "secret" => Ok(Input::Secret),
        other => Err(node.error(format_args!("{other:?} is no input"))),
    }
}

fn condition(node: &Node<'_>) -> Result<Condition, DefinitionError> {
    Ok(Condition {
        field: node.required("field")?.text()?.to_owned(),
        among: node.get("in").map_or(Ok(Vec::new()), |texts| texts.texts())?,
        or_absent: node.flag("orAbsent")?,
    })
}

fn exclusive(node: &Node<'_>) -> Result<Vec<Exclusive>, DefinitionError> {
    let groups = node.list()?.iter().enumerate();
    groups
        .map(|(index, group)| {
            let group = node.item(index, group);
            let rule = group.get("rule").map(|rule| rule.text().map(Arc::from)).transpose()?;
            Ok(Exclusive { fields: group.required("fields")?.texts()?, rule })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::load;

    #[track_caller]
    fn read(text: &str) -> Result<FieldSpec, String> {
        let tree = load::tree("test.yaml", text).unwrap();
        field_spec(&Node::root("test.yaml", &tree), &Shared::default()).map_err(|err| err.message)
    }

    #[test]
    fn a_misspelt_keyword_is_an_error() {
        assert_eq!(read("{type: string, maxLenght: 3}"), Err("`maxLenght` is no keyword".to_owned()));
        assert_eq!(read("{type: strin}"), Err("\"strin\" is no type".to_owned()));
        assert!(read("{type: object, properties: {a: {type: string}}, required: [b]}").is_err());
        assert!(read("{type: array}").is_err());
        assert!(read("{description: anything}").is_err());
    }

    #[test]
    fn kinds_follow_type_and_contents() {
        for (text, kind) in [
            ("{type: string}", FieldKind::Text),
            ("{type: string, enum: [a]}", FieldKind::Enum),
            ("{type: object, additionalProperties: {type: string}}", FieldKind::Map),
            ("{type: object, properties: {a: {type: string}}}", FieldKind::Object),
            ("{x-kubernetes-int-or-string: true}", FieldKind::IntOrString),
            ("{x-kubernetes-preserve-unknown-fields: true}", FieldKind::Any),
        ] {
            assert_eq!(read(text).map(|spec| spec.kind), Ok(kind), "{text}");
        }
    }
}
