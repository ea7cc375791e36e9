//! Definitions, read from their files as plain trees: what they join, and what flows.

use billfold::model::{ComponentKind, FieldPath, Segment, Value};
use billfold::registry::{FieldKind, Registry};

use super::document::{ENVOY_FILTER, FILTER, PLUGIN, at, class, group, is, kind, list_at, text_at};
use super::value::Type;

/// All definitions, and what the schemas say about fields.
pub(crate) struct Definitions<'r> {
    pub(crate) list: Vec<Definition>,
    pub(crate) registry: &'r Registry,
}

pub(crate) struct Definition {
    pub(crate) tree: Value,
}

/// What becomes of the values of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Handler {
    Module,
    Entry,
    Fields,
    Nothing,
}

/// A definition and the two of its selectors that fit a pair.
#[derive(Clone, Copy)]
pub(crate) struct Rule<'d> {
    pub(crate) definition: &'d Definition,
    pub(crate) from: &'d Value,
    pub(crate) to: &'d Value,
}

/// Absent, blank and `*` mean any.
pub(crate) fn restriction<'a>(selector: &'a Value, key: &str) -> Option<&'a str> {
    text_at(selector, key).filter(|text| *text != "*")
}

impl Definition {
    pub(crate) fn is_enabled(&self) -> bool {
        super::document::is_live(&self.tree)
    }

    pub(crate) fn is_wallet(&self) -> bool {
        class(&self.tree).starts_with("hierarchical-") && class(&self.tree).ends_with("-wallet")
    }

    /// Every pair of selectors under `allow` or `deny`.
    pub(crate) fn selector_pairs<'a>(
        &'a self,
        list: &'a str,
    ) -> impl Iterator<Item = (&'a Value, &'a Value)> + 'a {
        list_at(&self.tree, "selectors").iter().flat_map(move |set| {
            let side = |side: &str| list_at(at(set, list).unwrap_or(&Value::Null), side);
            let (from, to) = (side("from"), side("to"));
            from.iter().flat_map(move |from| to.iter().map(move |to| (from, to)))
        })
    }
}

impl Rule<'_> {
    pub(crate) fn handler(&self) -> Handler {
        let names = |selector: &Value, (kind, group): (&str, &str)| {
            restriction(selector, "kind") == Some(kind)
                && text_at(selector, "group").is_none_or(|it| it == group)
        };
        if self.definition.is_wallet() && names(self.from, FILTER) && names(self.to, PLUGIN) {
            return Handler::Module;
        }
        if self.definition.is_wallet() && names(self.from, FILTER) && names(self.to, ENVOY_FILTER) {
            return Handler::Entry;
        }
        if self.child_gives() || self.parent_gives() { Handler::Fields } else { Handler::Nothing }
    }

    fn child_gives(&self) -> bool {
        !refs(self.from, "mutatorRef").is_empty() && !refs(self.to, "mutatedRef").is_empty()
    }

    fn parent_gives(&self) -> bool {
        !refs(self.to, "mutatorRef").is_empty() && !refs(self.from, "mutatedRef").is_empty()
    }

    /// The directions in which values flow, that of the child to its parent first.
    pub(crate) fn ways(&self) -> Vec<Way> {
        let up = self.child_gives().then_some(Way { child_gives: true, is_back: false });
        let down = self.parent_gives().then_some(Way { child_gives: false, is_back: self.child_gives() });
        up.into_iter().chain(down).collect()
    }
}

fn refs<'a>(selector: &'a Value, key: &str) -> &'a [Value] {
    list_at(selector, &format!("patch.{key}"))
}

/// A direction in which values flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Way {
    pub(crate) child_gives: bool,
    /// The second of two.
    pub(crate) is_back: bool,
}

/// A value that flows: where the giver has it and where the receiver gets it, and how.
pub(crate) struct Flow {
    pub(crate) way: Way,
    /// Which pair of references it is.
    pub(crate) number: usize,
    pub(crate) given: FieldPath,
    pub(crate) received: FieldPath,
    pub(crate) strategy: String,
}

impl Flow {
    /// Tells whether this is the way back of another one: the same two fields, in the other direction.
    pub(crate) fn carries_back(&self, other: &Self) -> bool {
        self.way != other.way && (&self.given, &self.received) == (&other.received, &other.given)
    }
}

impl Definitions<'_> {
    pub(crate) fn kind_of(component: &Value) -> ComponentKind {
        ComponentKind::parse(
            kind(component),
            at(component, "component.version").and_then(Value::as_text).unwrap_or(""),
        )
    }

    pub(crate) fn is_namespaced(&self, component: &Value) -> bool {
        match self.registry.component(&Self::kind_of(component)) {
            Some(known) => known.namespaced,
            None => at(component, "metadata.isNamespaced").and_then(Value::as_bool) == Some(true),
        }
    }

    /// Tells whether a selector means this component: its kind, exactly, with the group or else the model that it names.
    pub(crate) fn means(&self, selector: &Value, component: &Value, with_model: bool) -> bool {
        let own_model =
            || text_at(component, "model.name").or_else(|| text_at(component, "modelReference.name"));
        let origin = match (text_at(selector, "group"), restriction(selector, "model.name")) {
            (Some(named), _) => named == group(component),
            (None, Some(named)) if with_model => own_model().is_none_or(|model| model == named),
            _ => true,
        };
        let namespaced = at(selector, "namespaced").and_then(Value::as_bool);
        origin
            && restriction(selector, "kind").is_none_or(|named| named == kind(component))
            && namespaced.is_none_or(|namespaced| namespaced == self.is_namespaced(component))
    }

    /// What the field is to whoever receives it.
    pub(crate) fn type_of(&self, component: &Value, path: &[Segment]) -> Type {
        match self.registry.field(&Self::kind_of(component), path).map(|field| field.kind) {
            Some(FieldKind::Text | FieldKind::Enum) => Type::Text,
            Some(FieldKind::Map | FieldKind::Object) => Type::Mapping,
            _ if FieldPath::from(path).is_keys(&["configuration", "metadata", "namespace"]) => Type::Text,
            _ => Type::Anything,
        }
    }

    pub(crate) fn default_of(&self, component: &Value, path: &[Segment]) -> Option<Value> {
        self.registry.field(&Self::kind_of(component), path)?.default.clone()
    }

    /// The values that flow between two selectors, one direction after the other; but for those of which a reference
    /// leads nowhere.
    pub(crate) fn flows(&self, rule: &Rule<'_>) -> Vec<Flow> {
        rule.ways().into_iter().flat_map(|way| self.flows_one_way(rule, way)).collect()
    }

    fn flows_one_way(&self, rule: &Rule<'_>, way: Way) -> Vec<Flow> {
        let (giver, receiver) = if way.child_gives { (rule.from, rule.to) } else { (rule.to, rule.from) };
        let strategy = text_at(receiver, "patch.patchStrategy").unwrap_or("replace").trim().to_lowercase();
        let pairs = refs(giver, "mutatorRef").iter().zip(refs(receiver, "mutatedRef"));
        pairs
            .enumerate()
            .filter_map(|(number, (given, received))| {
                Some(Flow {
                    way,
                    number,
                    given: self.resolved(giver, given)?,
                    received: self.resolved(receiver, received)?,
                    strategy: strategy.clone(),
                })
            })
            .collect()
    }

    /// A reference in our spelling; `None` when the schema of its kind has no such field.
    fn resolved(&self, selector: &Value, reference: &Value) -> Option<FieldPath> {
        let keys: Vec<&str> = reference.as_list()?.iter().filter_map(Value::as_text).collect();
        let path = FieldPath::keys(&keys);
        let Some(named) = restriction(selector, "kind") else { return Some(path) };
        let model = restriction(selector, "model.name");
        let component = self.registry.components().iter().find(|it| {
            &*it.kind.kind == named
                && text_at(selector, "group").is_none_or(|group| group == it.kind.group)
                && model.is_none_or(|model| model == it.model.name())
        });
        let Some(component) = component else { return Some(path) };
        let path = component.canonical(&path).into_owned();
        (component.resolve(&path) != billfold::registry::Resolution::Nowhere).then_some(path)
    }
}

/// Tells whether two components may never be joined by a definition.
pub(crate) fn denies(
    definitions: &Definitions<'_>,
    definition: &Definition,
    from: &Value,
    to: &Value,
) -> bool {
    definition
        .selector_pairs("deny")
        .any(|(a, b)| definitions.means(a, from, true) && definitions.means(b, to, true))
}

pub(crate) fn is_wallet_kind(component: &Value) -> bool {
    is(component, PLUGIN) || is(component, ENVOY_FILTER)
}
