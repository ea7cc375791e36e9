//! What a registry says about the image that carries a module, and whether Istio's agent can unpack it.
//!
//! The agent knows three layouts; everything else is refused (istio-wasm facts, 7).

use super::{ModuleError, ModuleInfo};

/// Media type of a Docker manifest.
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// Media type of a layer in a Docker image.
const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
/// Media type of the configuration of an OCI image.
const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// Media type of a layer in an OCI image.
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// Media types of the two layers of a Wasm artifact.
const ARTIFACT_LAYERS: [&str; 2] =
    ["application/vnd.module.wasm.config.v1+json", "application/vnd.module.wasm.content.layer.v1+wasm"];

/// One layer of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// What it is.
    pub media_type: String,
    /// Its size in bytes, as the manifest says.
    pub size: u64,
}

/// The manifest of one image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageManifest {
    /// Its digest, `sha256:…`.
    pub digest: String,
    /// What kind of manifest it is.
    pub media_type: String,
    /// What kind of configuration it has.
    pub config_media_type: String,
    /// Its layers, from the bottom up.
    pub layers: Vec<Layer>,
}

/// What is known of the image that a URL names. What nobody asked for is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageFacts {
    /// The digest of the index, if the URL names one: several images, one a platform.
    pub index_digest: Option<String>,
    /// The platforms of the index, `linux/amd64`.
    pub platforms: Vec<String>,
    /// The manifest that Istio's agent takes: of an index the one for linux/amd64, if there is one.
    pub manifest: Option<ImageManifest>,
    /// Whether the last layer has a `plugin.wasm`.
    pub has_plugin_file: Option<bool>,
    /// The module in it, if it was fetched.
    pub module: Option<Result<ModuleInfo, ModuleError>>,
    /// The root ids that `runtime-config.json` names.
    pub root_ids: Vec<String>,
}

/// A layout that Istio's agent can unpack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A Docker image.
    Docker,
    /// An OCI image.
    Oci,
    /// A Wasm artifact: configuration and module, nothing packed.
    Artifact,
}

/// Why the agent cannot unpack an image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// There is no layer.
    #[error("it has no layer")]
    Empty,
    /// The last layer is of a type that is not unpacked.
    #[error("its last layer is {0}")]
    LastLayer(String),
    /// It is neither an image nor an artifact of two layers.
    #[error("it has {layers} {}, and an artifact has exactly two: {} and {}", if *layers == 1 { "layer" } else { "layers" }, ARTIFACT_LAYERS[0], ARTIFACT_LAYERS[1])]
    LayerCount {
        /// How many it has.
        layers: usize,
    },
    /// Two layers, but others.
    #[error("its layer {place} is {found}, and should be {expected}")]
    ArtifactLayer {
        /// Which, from 1.
        place: usize,
        /// What it is.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl ImageManifest {
    /// How the agent unpacks it: a Docker manifest only as a Docker image, all others as an OCI image if their
    /// configuration says so, else as an artifact.
    pub fn layout(&self) -> Result<Layout, LayoutError> {
        let last = self.layers.last().ok_or(LayoutError::Empty)?;
        let of_image = |expected: &str, layout: Layout| {
            let fits = last.media_type == expected;
            if fits { Ok(layout) } else { Err(LayoutError::LastLayer(last.media_type.clone())) }
        };
        if self.media_type == DOCKER_MANIFEST {
            return of_image(DOCKER_LAYER, Layout::Docker);
        }
        if self.config_media_type == OCI_CONFIG && last.media_type == OCI_LAYER {
            return Ok(Layout::Oci);
        }
        let [first, second] = &self.layers[..] else {
            return if self.config_media_type == OCI_CONFIG {
                of_image(OCI_LAYER, Layout::Oci)
            } else {
                Err(LayoutError::LayerCount { layers: self.layers.len() })
            };
        };
        for (place, (layer, expected)) in (1..).zip([first, second].into_iter().zip(ARTIFACT_LAYERS)) {
            if layer.media_type != expected {
                return Err(LayoutError::ArtifactLayer { place, found: layer.media_type.clone(), expected });
            }
        }
        Ok(Layout::Artifact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(manifest: &str, config: &str, layers: &[&str]) -> Result<Layout, LayoutError> {
        let layer = |media_type: &&str| Layer { media_type: (*media_type).to_owned(), size: 1 };
        ImageManifest {
            digest: String::new(),
            media_type: manifest.to_owned(),
            config_media_type: config.to_owned(),
            layers: layers.iter().map(layer).collect(),
        }
        .layout()
    }

    #[test]
    fn three_layouts_are_unpacked_and_no_other() {
        const OCI: &str = "application/vnd.oci.image.manifest.v1+json";
        let [config, content] = ARTIFACT_LAYERS;
        assert_eq!(layout(DOCKER_MANIFEST, "", &["x", DOCKER_LAYER]), Ok(Layout::Docker));
        assert_eq!(layout(OCI, OCI_CONFIG, &["x", "y", OCI_LAYER]), Ok(Layout::Oci));
        assert_eq!(layout(OCI, "x", &ARTIFACT_LAYERS), Ok(Layout::Artifact));
        // A Docker manifest has no second try.
        assert!(layout(DOCKER_MANIFEST, "", &ARTIFACT_LAYERS).is_err());
        assert_eq!(layout(OCI, "x", &[content]), Err(LayoutError::LayerCount { layers: 1 }));
        assert_eq!(layout(OCI, "x", &["application/wasm"]), Err(LayoutError::LayerCount { layers: 1 }));
        assert_eq!(layout(OCI, "x", &[config, content, content]), Err(LayoutError::LayerCount { layers: 3 }));
        assert!(matches!(
            layout(OCI, "x", &[content, config]),
            Err(LayoutError::ArtifactLayer { place: 1, .. })
        ));
        let zstd = "application/vnd.oci.image.layer.v1.tar+zstd";
        assert_eq!(layout(OCI, OCI_CONFIG, &[zstd]), Err(LayoutError::LastLayer(zstd.to_owned())));
        assert_eq!(layout(OCI, OCI_CONFIG, &[]), Err(LayoutError::Empty));
    }
}
