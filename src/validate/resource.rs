//! One effective resource, with what the rules about single resources ask of it.
//!
//! Such a rule sees this and nothing else of the design: so its findings stay true until the resource, or a component that
//! it is made from, changes.

use std::cell::OnceCell;

use crate::istio::{EnvoyFilter, Mesh, Plugin};
use crate::model::{
    Component, ComponentId, ComponentKind, Design, Diagnostic, Edit, FieldPath, Location, Map, Value,
};
use crate::registry::Registry;
use crate::registry::structural::{self, Violation, ViolationKind};
use crate::wallet::Effective;

/// What a rule about one resource looks at.
pub(super) struct Resource<'a> {
    /// The resource, as an export would write it.
    pub(super) effective: &'a Effective,
    pub(super) registry: &'a Registry,
    pub(super) mesh: &'a Mesh,
    design: &'a Design,
    violations: OnceCell<Vec<Violation>>,
}

impl<'a> Resource<'a> {
    pub(super) fn new(
        effective: &'a Effective,
        design: &'a Design,
        registry: &'a Registry,
        mesh: &'a Mesh,
    ) -> Self {
        Self { effective, registry, mesh, design, violations: OnceCell::new() }
    }

    /// Tells whether it is of this kind, in whatever version.
    pub(super) fn is(&self, kind: &ComponentKind) -> bool {
        self.effective.kind.same_kind(kind)
    }

    /// It as a WasmPlugin or TrafficExtension, if it is one.
    pub(super) fn plugin(&self) -> Option<Plugin<'a>> {
        Plugin::of(&self.effective.kind, &self.effective.configuration)
    }

    /// It as an EnvoyFilter, if it is one.
    pub(super) fn envoy_filter(&self) -> Option<EnvoyFilter<'a>> {
        EnvoyFilter::of(&self.effective.kind, &self.effective.configuration)
    }

    /// The object.
    pub(super) fn object(&self) -> &'a Map {
        &self.effective.configuration
    }

    /// The value at `keys` of the object, unless it is absent or null.
    pub(super) fn get(&self, keys: &[&str]) -> Option<&'a Value> {
        let (first, rest) = keys.split_first()?;
        self.object().get(first)?.at(rest).filter(|value| !value.is_null())
    }

    /// The value at `path` of the object.
    pub(super) fn value_at(&self, path: &FieldPath) -> Option<&'a Value> {
        let (first, rest) = path.split_first()?;
        self.object().get(first.as_key()?)?.get(rest)
    }

    /// What in its structure is not as the schema of its kind says; several rules have a part of it.
    pub(super) fn violations(&self) -> &[Violation] {
        self.violations.get_or_init(|| {
            let schema = self.registry.checked_schema(&self.effective.kind);
            schema
                .map(|schema| structural::check_manifest(schema, &self.effective.value()))
                .unwrap_or_default()
        })
    }

    /// What of [`Self::violations`] the schema leaves to the rule `code`; a wrong type is never left to a rule.
    pub(super) fn violations_of(&self, code: &str) -> impl Iterator<Item = &Violation> {
        let is_its =
            move |it: &&Violation| it.rule.as_deref() == Some(code) && it.kind != ViolationKind::Type;
        self.violations().iter().filter(is_its)
    }

    /// The same as findings of that rule.
    pub(super) fn reported_as(&self, code: &'static str) -> impl Iterator<Item = Diagnostic> {
        self.violations_of(code).map(move |violation| {
            Diagnostic::new(code, self.at_path(&violation.path), violation.message.clone())
        })
    }

    /// The component that it is made from: the plugin of a chain, or the object itself.
    pub(super) fn component(&self) -> Option<&'a Component> {
        self.design.component(self.effective.plugin)
    }

    /// The filter whose module it runs, if it is made from one.
    pub(super) fn filter(&self) -> Option<&'a Component> {
        self.design.component(self.effective.filter?)
    }

    /// The place of what gives the value at `keys`.
    pub(super) fn at(&self, keys: &[&str]) -> Location {
        self.at_path(&FieldPath::keys(keys))
    }

    /// The place of what gives the value at `path`.
    pub(super) fn at_path(&self, path: &FieldPath) -> Location {
        super::place_at(self.effective, path)
    }

    /// The component and field that give the value at `path`.
    pub(super) fn source_of(&self, path: &FieldPath) -> (ComponentId, FieldPath) {
        self.effective.source_of(path)
    }

    /// The edit after which the value at `path` is `value`, made where the value comes from.
    pub(super) fn set(&self, path: &FieldPath, value: impl Into<Value>) -> Edit {
        let (component, path) = self.source_of(path);
        Edit::set(component, path, value)
    }

    /// The edit after which nothing stands at `path`, made where the value comes from.
    pub(super) fn unset(&self, path: &FieldPath) -> Edit {
        let (component, path) = self.source_of(path);
        Edit::unset(component, path)
    }
}
