//! Whether one EnvoyFilter reaches all proxies that another one reaches.

use std::collections::HashSet;

use super::Context;
use crate::istio::{EnvoyFilter, Policy};
use crate::model::Map;
use crate::wallet::Effective;

static NONE: &Map = &Map::new();

/// An EnvoyFilter of the design, and what it is for.
pub(super) struct Patching<'a> {
    pub(super) resource: &'a Effective,
    pub(super) filter: EnvoyFilter<'a>,
    policy: Policy<'a>,
}

/// All EnvoyFilters of the design, in its order.
pub(super) fn patching<'a>(context: &Context<'a>) -> Vec<Patching<'a>> {
    let of = |resource: &'a Effective| {
        let filter = EnvoyFilter::of(&resource.kind, &resource.configuration)?;
        let policy = Policy::of_envoy_filter(&resource.configuration, resource.namespace_or_default());
        Some(Patching { resource, filter, policy })
    };
    context.effective.iter().filter_map(of).collect()
}

impl Patching<'_> {
    /// The object, as a message names it to somebody in `other`.
    pub(super) fn named_for(&self, other: &Self) -> String {
        if std::ptr::eq(self.resource, other.resource) {
            return "this EnvoyFilter".to_owned();
        }
        let name = &self.resource.name;
        if self.policy.namespace == other.policy.namespace {
            format!("EnvoyFilter {name}")
        } else {
            format!("EnvoyFilter {name} of namespace {}", self.policy.namespace)
        }
    }

    /// Tells whether it is on every proxy that `other` is on, as far as labels and the proxies of the design say.
    pub(super) fn covers(&self, other: &Self, context: &Context<'_>) -> bool {
        if std::ptr::eq(self.resource, other.resource) {
            return true;
        }
        let is_in_reach =
            self.policy.namespace == other.policy.namespace || context.mesh.is_root(self.policy.namespace);
        let labels = |it: &Self| it.policy.selector.map_or(NONE, crate::model::view::LabelSelector::labels);
        let refs = |it: &Self| -> HashSet<(String, String, String)> {
            let key = |it: &crate::model::view::TargetRef<'_>| {
                (it.group.to_owned(), it.kind.to_owned(), it.name.to_owned())
            };
            it.policy.target_refs.iter().map(key).collect()
        };
        let (own_refs, other_refs) = (refs(self), refs(other));
        let says_so = if own_refs.is_empty() && other_refs.is_empty() {
            labels(self).iter().all(|(key, value)| labels(other).get(key) == Some(value))
        } else if own_refs.is_empty() {
            labels(self).is_empty()
        } else {
            !other_refs.is_empty() && other_refs.is_subset(&own_refs)
        };
        if is_in_reach && says_so {
            return true;
        }
        let own: HashSet<usize> = context.proxies.attached(&self.policy, context.mesh).into_iter().collect();
        let others = context.proxies.attached(&other.policy, context.mesh);
        !others.is_empty() && others.iter().all(|place| own.contains(place))
    }
}
