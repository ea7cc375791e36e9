//! The effective resources among the proxies of their design: what chains of filters they give.

use smol_str::SmolStr;

use super::{Effective, entry};
use crate::istio::{Landscape, Mesh, Proxies, Resource};
use crate::model::{ComponentId, ComponentKind, Design};

/// The plugins and `EnvoyFilter`s of `effective`, which are those of `design`, among its workloads and gateways.
pub fn landscape<'a>(design: &Design, effective: &'a [Effective], mesh: Mesh) -> Landscape<'a> {
    landscape_among(Proxies::of(design), design, effective, mesh)
}

/// The same among `proxies`.
pub fn landscape_among<'a>(
    proxies: Proxies,
    design: &Design,
    effective: &'a [Effective],
    mesh: Mesh,
) -> Landscape<'a> {
    let resources = effective.iter().map(|resource| Resource {
        kind: &resource.kind,
        name: &resource.name,
        namespace: resource.namespace_or_default(),
        object: &resource.configuration,
        plugin: resource.plugin,
        filter: resource.filter,
        place: resource.place,
        chain_length: resource.chain_length,
        entries: entries(design, resource),
    });
    Landscape::new(proxies, resources.collect(), mesh)
}

/// Which filter owns which entry of an `EnvoyFilter`.
fn entries(design: &Design, resource: &Effective) -> Vec<(SmolStr, ComponentId)> {
    if !resource.kind.same_kind(&ComponentKind::ENVOY_FILTER) {
        return Vec::new();
    }
    let chain = design.chain(resource.plugin);
    let owned = chain.iter().filter_map(|link| {
        let name = entry::patch_name(design.relationship(link.relationship)?, link.pair)?;
        Some((SmolStr::new(name), link.from))
    });
    owned.collect()
}
