//! One component of a design: a node on the canvas.
//!
//! The component keeps its whole wire object as a tree, so that every key of the file survives in its order; the getters
//! here are typed views over that tree. Only [`super::Design::apply`] changes a component.

use std::any::Any;

use smol_str::SmolStr;

use super::configuration::Value;
use super::ids::ComponentId;
use super::kind::ComponentKind;
use super::map::Map;
use super::memo::{Kept, Memo};
use super::path::Segment;

/// A place on the canvas, in Meshery's units: the centre of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Position {
    /// Coordinates beyond this count as no position.
    pub const LIMIT: f64 = 1e6;

    /// A position with two decimals, as it is stored.
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The value of `styles.position`, with two decimals at most.
    pub fn to_value(self) -> Value {
        Value::from([("x", rounded(self.x)), ("y", rounded(self.y))])
    }
}

fn rounded(coordinate: f64) -> Value {
    let rounded = (coordinate * 100.0).round() / 100.0;
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    Value::Number(super::Number::from_text(&rounded.to_string()))
}

/// A kind, but not in the component itself: what components of known kinds have in common stands in one place, and stays
/// in the processor's caches while a large design is gone through.
#[derive(Clone, Debug, PartialEq)]
enum SharedKind {
    Known(&'static ComponentKind),
    Other(Box<ComponentKind>),
}

/// One component, as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    id: ComponentId,
    kind: SharedKind,
    /// `configuration.metadata.namespace`, read once: the policy asks every component for it, again and again.
    namespace: Option<SmolStr>,
    tree: Value,
    memo: Memo,
}

impl Component {
    /// Wraps the wire object `tree`. `id` is the identity within the design; the tree keeps its own `id` text.
    pub fn from_tree(id: ComponentId, tree: Value) -> Self {
        let (kind, namespace) = (kind_of(&tree), namespace_of(&tree));
        Self { id, kind, namespace, tree, memo: Memo::default() }
    }

    /// The identity within the design.
    pub fn id(&self) -> ComponentId {
        self.id
    }

    /// Kind, group and version (`component.kind`, `component.version`).
    pub fn kind(&self) -> &ComponentKind {
        match &self.kind {
            SharedKind::Known(kind) => kind,
            SharedKind::Other(kind) => kind,
        }
    }

    /// Tells whether the component is of this kind and group, in whatever version.
    pub fn is(&self, kind: &ComponentKind) -> bool {
        self.kind().same_kind(kind)
    }

    /// The whole wire object.
    pub fn tree(&self) -> &Value {
        &self.tree
    }

    pub(super) fn tree_mut(&mut self) -> &mut Value {
        self.memo = Memo::default();
        &mut self.tree
    }

    /// What `make` works out from this component, worked out once and kept until the component changes. There is room
    /// for one thing; of a second type nothing is kept.
    pub fn memo<T: Any + Send + Sync>(&self, make: impl Fn() -> T) -> Kept<'_, T> {
        self.memo.get(make)
    }

    pub(super) fn tree_changed(&mut self) {
        self.kind = kind_of(&self.tree);
        self.namespace = namespace_of(&self.tree);
    }

    /// The id as the file has it; may be blank, or the same as another component's.
    pub fn id_text(&self) -> &str {
        self.tree.text_at(&["id"]).unwrap_or_default()
    }

    /// `displayName`, or `""`.
    pub fn display_name(&self) -> &str {
        self.tree.text_at(&["displayName"]).unwrap_or_default()
    }

    /// `configuration`, when it is a mapping.
    pub fn configuration(&self) -> Option<&Map> {
        self.tree.at(&["configuration"])?.as_map()
    }

    /// The value at keys below `configuration`.
    pub fn configured(&self, keys: &[&str]) -> Option<&Value> {
        self.tree.at(&["configuration"])?.at(keys)
    }

    /// `configuration.metadata.name`, unless it is blank.
    pub fn metadata_name(&self) -> Option<&str> {
        self.configured(&["metadata", "name"])?.as_text().filter(|name| !name.trim().is_empty())
    }

    /// `configuration.metadata.namespace`, unless it is blank.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The value at `path`, which starts at the component's root.
    pub fn get(&self, path: &[Segment]) -> Option<&Value> {
        self.tree.get(path)
    }

    /// `styles.position`; `None` when it is missing, not a number, or beyond [`Position::LIMIT`].
    pub fn position(&self) -> Option<Position> {
        let position = self.tree.at(&["styles", "position"])?;
        let coordinate = |key: &str| {
            position
                .at(&[key])?
                .as_f64()
                .filter(|coordinate| coordinate.is_finite() && coordinate.abs() <= Position::LIMIT)
        };
        Some(Position { x: coordinate("x")?, y: coordinate("y")? })
    }

    /// What of our own stands under `metadata.billfold.<key>`.
    pub fn billfold(&self, key: &str) -> Option<&Value> {
        self.tree.at(&["metadata", "billfold", key])
    }

    /// Whether the component is only a reference, whatever body it has (`metadata.billfold.referenceOnly`).
    pub fn reference_only(&self) -> bool {
        self.billfold("referenceOnly").and_then(Value::as_bool).unwrap_or_else(|| self.reference_by_default())
    }

    /// What [`Self::reference_only`] is when the file does not say: a namespace without labels and annotations, or an
    /// object of an unknown kind that is nothing but a name, only says that it is there. One that was made as a new one
    /// says `referenceOnly: false`.
    pub fn reference_by_default(&self) -> bool {
        let has_entries = |key| {
            self.configured(&["metadata", key]).and_then(Value::as_map).is_some_and(|map| !map.is_empty())
        };
        if self.is(&ComponentKind::NAMESPACE) {
            return !has_entries("labels") && !has_entries("annotations");
        }
        let is_known = ComponentKind::KNOWN.iter().any(|known| self.is(known));
        let is_content = |key: &str| !matches!(key, "apiVersion" | "kind" | "metadata" | "status");
        !is_known && !self.configuration().is_some_and(|map| map.keys().any(is_content))
    }

    /// The name of the model that the component belongs to (`model.name`, else `modelReference.name`).
    pub fn model_name(&self) -> Option<&str> {
        self.tree.text_at(&["model", "name"]).or_else(|| self.tree.text_at(&["modelReference", "name"]))
    }

    /// The name that stands in the file: `metadata.name`, else `displayName`, else for a filter the last part of its
    /// URL. A component with none of these is named by its place: see [`super::Design::name_of`].
    pub fn own_name(&self) -> Option<&str> {
        self.metadata_name()
            .or_else(|| Some(self.display_name()).filter(|name| !name.trim().is_empty()))
            .or_else(|| {
                super::view::WasmFilterView::cast(self)?.url().map(url_name).filter(|name| !name.is_empty())
            })
    }
}

/// The last part of a module URL, without tag, digest and extension: `oci://reg.example.com/a/basic-auth:1.2` gives
/// `basic-auth`.
fn url_name(url: &str) -> &str {
    let last = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.split(['@', ':', '?', '#']).next().unwrap_or_default();
    last.strip_suffix(".wasm").unwrap_or(last)
}

fn kind_of(tree: &Value) -> SharedKind {
    let text = |key: &str| tree.text_at(&["component", key]).unwrap_or_default();
    let (kind, version) = (text("kind"), text("version"));
    match ComponentKind::find_known(kind, version) {
        Some(known) => SharedKind::Known(known),
        None => SharedKind::Other(Box::new(ComponentKind::parse(kind, version))),
    }
}

fn namespace_of(tree: &Value) -> Option<SmolStr> {
    match tree.at(&["configuration", "metadata", "namespace"])? {
        Value::Text(name) if !name.trim().is_empty() => Some(name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_url_gives_a_name() {
        for (url, name) in [
            ("oci://reg.example.com/auth/basic-auth:1.2", "basic-auth"),
            ("reg.example.com:5000/basic-auth@sha256:0a", "basic-auth"),
            ("file:///var/lib/example-filter.wasm", "example-filter"),
            ("https://example.com/f.wasm?x=1", "f"),
        ] {
            assert_eq!(url_name(url), name, "{url}");
        }
    }

    #[test]
    fn a_wild_position_counts_as_none() {
        let at = |x: f64| {
            Component::from_tree(
                ComponentId::from_name("c"),
                Value::from([("styles", Value::from([("position", Position::new(x, 0.0).to_value())]))]),
            )
            .position()
        };
        assert_eq!(at(12.345).map(|position| position.x), Some(12.35));
        assert_eq!(at(2e6), None);
        assert_eq!(at(f64::NAN), None);
    }
}
