//! The definitions that come with the program.

/// A definition file: its name and its text.
pub(super) type File = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$((
            concat!($folder, "/", $name),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/registry/", $folder, "/", $name)),
        )),+]
    };
}

/// Models and the parts of schemas that several kinds share.
pub(super) const SHARED: File =
    ("shared.yaml", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/registry/shared.yaml")));

/// Messages of Envoy's API.
pub(super) const ENVOY: File =
    ("envoy.yaml", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/registry/envoy.yaml")));

/// Volumes of pods, as annotations have them.
pub(super) const VOLUMES: File =
    ("volumes.yaml", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/registry/volumes.yaml")));

/// One file a kind, in the order of the palette.
pub(super) const COMPONENTS: &[File] = files!("components":
    "wasm-plugin.yaml",
    "wasm-filter.yaml",
    "envoy-filter.yaml",
    "deployment.yaml",
    "gateway.yaml",
    "namespace.yaml",
    "service.yaml",
    "secret.yaml",
    "config-map.yaml",
    "stateful-set.yaml",
    "daemon-set.yaml",
    "pod.yaml",
    "traffic-extension.yaml",
);

/// One file a relationship.
pub(super) const RELATIONSHIPS: &[File] = files!("relationships":
    "hierarchical-parent-wallet-wasmfilter-wasmplugin.yaml",
    "hierarchical-parent-wallet-wasmfilter-envoyfilter.yaml",
    "hierarchical-parent-inventory-namespace.yaml",
    "edge-non-binding-reference-target.yaml",
    "edge-non-binding-reference-secret.yaml",
);
