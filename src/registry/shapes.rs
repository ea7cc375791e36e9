//! Schemas of what stands inside a field: messages of Envoy's API in an EnvoyFilter, volumes in an annotation.
//!
//! They are of no kind of component, so they are in no palette and no form; rules hold values against them with
//! [`super::structural`].

use std::sync::{Arc, LazyLock};

use super::builtin::{self, File};
use super::field_spec::{Exclusive, FieldSpec, Others, Properties};
use super::load::{self, DefinitionError, Node};
use super::schema::{self, Shared};

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A filter of Envoy's HTTP connection manager.
    HttpFilter,
    /// A filter of a filter chain.
    NetworkFilter,
    /// A filter of a listener.
    ListenerFilter,
    /// What Envoy's extension discovery sends.
    ExtensionConfig,
    /// A Wasm filter, of HTTP or of connections.
    Wasm,
    /// A volume of a pod.
    Volume,
    /// The mount of a volume in a container.
    VolumeMount,
}

impl Shape {
    #[cfg(test)]
    const ALL: [Self; 7] = [
        Self::HttpFilter,
        Self::NetworkFilter,
        Self::ListenerFilter,
        Self::ExtensionConfig,
        Self::Wasm,
        Self::Volume,
        Self::VolumeMount,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::HttpFilter => "httpFilter",
            Self::NetworkFilter => "networkFilter",
            Self::ListenerFilter => "listenerFilter",
            Self::ExtensionConfig => "extensionConfig",
            Self::Wasm => "wasm",
            Self::Volume => "volume",
            Self::VolumeMount => "volumeMount",
        }
    }

    /// Its schema.
    pub fn spec(self) -> &'static FieldSpec {
        // The files are compiled in, and a test asks for every shape.
        &SHAPES[self.name()]
    }
}

static SHAPES: LazyLock<Shared> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the files are compiled in, and a test reads them all")]
    let read = |file| read(file).expect("the built-in schemas are well-formed");
    let messages = read(builtin::ENVOY).into_iter().map(|(name, spec)| (name, in_both_spellings(&spec)));
    messages.chain(read(builtin::VOLUMES)).collect()
});

fn read((file, text): File) -> Result<Shared, DefinitionError> {
    let tree = load::tree(file, text)?;
    let root = Node::root(file, &tree);
    schema::parts(&root.required("schemas")?)
}

/// The same schema, where each key may be spelled in lowerCamelCase too, but not both ways at once.
///
/// The second spelling is hidden: suggestions keep to the names of the `.proto`, which Envoy's documents have.
fn in_both_spellings(spec: &FieldSpec) -> FieldSpec {
    let mut both = spec.clone();
    both.items = spec.items.as_deref().map(|items| Arc::new(in_both_spellings(items)));
    if let Others::Of(value) = &spec.others {
        both.others = Others::Of(Arc::new(in_both_spellings(value)));
    }
    both.properties = Properties::default();
    for (name, property) in &spec.properties {
        let property = in_both_spellings(property);
        let camel = lower_camel(name);
        if camel != *name {
            both.exclusive.push(Exclusive { fields: vec![name.clone(), camel.clone()], rule: None });
            let hidden = FieldSpec { hidden: true, ..property.clone() };
            both.properties.insert(camel, hidden);
        }
        both.properties.insert(name.clone(), property);
    }
    for group in both.exclusive.iter_mut().take(spec.exclusive.len()) {
        let camels: Vec<String> = group.fields.iter().map(|name| lower_camel(name)).collect();
        for camel in camels {
            if !group.fields.contains(&camel) {
                group.fields.push(camel);
            }
        }
    }
    both
}

/// `typed_config` as proto JSON spells it by default: `typedConfig`.
fn lower_camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;
    use crate::registry::structural;

    fn problems(shape: Shape, text: &str) -> Vec<String> {
        let value: Value = crate::yaml::parse(text).unwrap().into_first().unwrap().value;
        structural::check(shape.spec(), &value).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn every_shape_is_there() {
        for shape in Shape::ALL {
            assert!(!shape.spec().properties.is_empty(), "{shape:?}");
        }
    }

    #[test]
    fn both_spellings_are_known_but_not_at_once() {
        let sound = "{config: {rootId: a, vm_config: {code: {local: {inlineString: b}}, environmentVariables: {hostEnvKeys: [A]}}}}";
        assert_eq!(problems(Shape::Wasm, sound), [""; 0]);
        let twice = problems(Shape::Wasm, "{config: {root_id: a, rootId: a}}");
        assert_eq!(twice, ["`rootId` and `root_id` exclude each other: keep one of them"]);
        let sources =
            problems(Shape::Wasm, "{config: {vm_config: {code: {local: {filename: /a, inlineString: b}}}}}");
        assert_eq!(sources, ["`inlineString` and `filename` exclude each other: keep one of them"]);
    }

    #[test]
    fn a_misspelt_key_and_a_wrong_type_are_found() {
        assert_eq!(
            problems(Shape::Wasm, "{config: {vmconfig: {}, root_id: 3}}"),
            [
                "unknown field `vmconfig`: did you mean `vm_config`?",
                "`root_id` must be text, not a number: write \"3\" in quotes"
            ]
        );
        assert_eq!(
            problems(Shape::Wasm, "{config: {vm_config: {code: {remote: {http_uri: {timeout: 30}}}}}}").len(),
            1
        );
        assert_eq!(
            problems(Shape::Wasm, "{config: {vm_config: {code: {remote: {http_uri: {timeout: 30m}}}}}}"),
            ["`timeout` must be seconds such as 30s or 0.5s"]
        );
    }

    #[test]
    fn a_volume_has_one_source() {
        assert_eq!(
            problems(Shape::Volume, "{name: a, configMap: {name: b, items: [{key: c, path: d}]}}"),
            [""; 0]
        );
        assert_eq!(
            problems(Shape::Volume, "{name: a, comfigMap: {name: b}}"),
            ["unknown field `comfigMap`: did you mean `configMap`?"]
        );
        assert_eq!(problems(Shape::Volume, "{name: a, configMap: {name: b}, emptyDir: {}}").len(), 1);
        assert_eq!(problems(Shape::VolumeMount, "{name: a, mountPath: /b, readOnly: true}"), [""; 0]);
        assert_eq!(problems(Shape::VolumeMount, "{name: a, path: /b}").len(), 2);
    }
}
