//! Istio's WasmPlugin, as far as the program reads it (istio/api `extensions/v1alpha1/wasm.proto`).

use super::super::component::Component;
use super::super::configuration::Value;
use super::super::kind::ComponentKind;
use super::super::map::Map;
use super::workload::LabelSelector;

/// Where among Istio's own filters a plugin runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Before Istio's authentication filters.
    Authn,
    /// Before Istio's authorization filters.
    Authz,
    /// Before Istio's stats filter.
    Stats,
    /// Not set: before the router, behind the plugins of the other phases.
    #[default]
    Unspecified,
}

impl Phase {
    /// Reads the wire spelling.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "AUTHN" => Some(Self::Authn),
            "AUTHZ" => Some(Self::Authz),
            "STATS" => Some(Self::Stats),
            "" | "UNSPECIFIED_PHASE" => Some(Self::Unspecified),
            _ => None,
        }
    }

    /// The wire spelling.
    pub fn text(self) -> &'static str {
        match self {
            Self::Authn => "AUTHN",
            Self::Authz => "AUTHZ",
            Self::Stats => "STATS",
            Self::Unspecified => "UNSPECIFIED_PHASE",
        }
    }
}

/// Order among plugins of one phase: the higher value runs first. An unset priority runs last, below every number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Priority(pub i32);

/// One entry of `spec.targetRefs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetRef<'a> {
    /// API group; `""` is the core group.
    pub group: &'a str,
    /// Kind.
    pub kind: &'a str,
    /// Name of the object, in the plugin's own namespace.
    pub name: &'a str,
}

/// A WasmPlugin component, read-only.
#[derive(Clone, Copy, Debug)]
pub struct WasmPluginView<'a> {
    component: &'a Component,
}

impl<'a> WasmPluginView<'a> {
    /// Returns `None` when the component is of another kind.
    pub fn cast(component: &'a Component) -> Option<Self> {
        component.is(&ComponentKind::WASM_PLUGIN).then_some(Self { component })
    }

    fn spec(self, key: &str) -> Option<&'a Value> {
        self.component.configured(&["spec", key])
    }

    /// `spec.phase`; unset is [`Phase::Unspecified`], a value that does not exist is `None`.
    pub fn phase(self) -> Option<Phase> {
        match self.spec("phase") {
            None | Some(Value::Null) => Some(Phase::Unspecified),
            Some(value) => Phase::from_text(value.as_text()?),
        }
    }

    /// `spec.priority`; `None` when it is absent or no int32.
    pub fn priority(self) -> Option<Priority> {
        self.spec("priority")?.as_whole().and_then(|number| i32::try_from(number).ok()).map(Priority)
    }

    /// `spec.url`, unless it is blank.
    pub fn url(self) -> Option<&'a str> {
        self.spec("url")?.as_text().filter(|url| !url.trim().is_empty())
    }

    /// `spec.selector.matchLabels`; `None` when no selector is set.
    pub fn selector(self) -> Option<LabelSelector<'a>> {
        let selector = self.spec("selector")?;
        if selector.is_null() {
            return None;
        }
        Some(LabelSelector::new(selector.at(&["matchLabels"]).and_then(Value::as_map).unwrap_or(EMPTY)))
    }

    /// `spec.targetRefs`, and the hidden singular `spec.targetRef`.
    pub fn target_refs(self) -> Vec<TargetRef<'a>> {
        let many = self.spec("targetRefs").and_then(Value::as_list).unwrap_or_default();
        many.iter()
            .chain(self.spec("targetRef"))
            .filter(|reference| reference.as_map().is_some())
            .map(|reference| TargetRef {
                group: reference.text_at(&["group"]).unwrap_or_default(),
                kind: reference.text_at(&["kind"]).unwrap_or_default(),
                name: reference.text_at(&["name"]).unwrap_or_default(),
            })
            .collect()
    }

    /// `spec.imagePullSecret`, unless it is blank.
    pub fn image_pull_secret(self) -> Option<&'a str> {
        self.spec("imagePullSecret")?.as_text().filter(|name| !name.is_empty())
    }
}

static EMPTY: &Map = &Map::new();
