//! Images made by hand, by the URL under which the files of the rules name them.

use std::collections::BTreeMap;
use std::sync::Arc;

use billfold::wasm_module::{ImageFacts, ImageManifest, Layer, ModuleInfo};

const REGISTRY: &str = "oci://reg.example.com";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const WASM_CONFIG: &str = "application/vnd.module.wasm.config.v1+json";
const WASM_LAYER: &str = "application/vnd.module.wasm.content.layer.v1+wasm";

/// An image with these layers, all of them small.
fn manifest(config: &str, layers: &[&str]) -> ImageFacts {
    let layer = |media_type: &&str| Layer { media_type: (*media_type).to_owned(), size: 4096 };
    let manifest = ImageManifest {
        digest: format!("sha256:{}", "b".repeat(64)),
        media_type: OCI_MANIFEST.to_owned(),
        config_media_type: config.to_owned(),
        layers: layers.iter().map(layer).collect(),
    };
    ImageFacts { manifest: Some(manifest), has_plugin_file: Some(true), ..ImageFacts::default() }
}

/// An OCI image that Istio unpacks.
fn image() -> ImageFacts {
    manifest(OCI_CONFIG, &[OCI_LAYER])
}

fn index(platforms: &[&str]) -> ImageFacts {
    let platforms: Vec<String> = platforms.iter().map(|&it| it.to_owned()).collect();
    let has_ours = platforms.iter().any(|it| it == "linux/amd64");
    let manifest = image().manifest.filter(|_| has_ours);
    let index_digest = Some(format!("sha256:{}", "a".repeat(64)));
    ImageFacts { index_digest, platforms, manifest, ..ImageFacts::default() }
}

/// Every image.
pub(super) fn all() -> BTreeMap<String, Arc<ImageFacts>> {
    let mut huge = image();
    huge.manifest.iter_mut().flat_map(|it| &mut it.layers).for_each(|layer| layer.size = 300 << 20);
    let module = ModuleInfo { sha256: "c".repeat(64), size: 4096, ..ModuleInfo::default() };
    let index_url = format!("multi@sha256:{}", "a".repeat(64));
    [
        ("image:1", image()),
        ("artifact:1", manifest("", &[WASM_CONFIG, WASM_LAYER])),
        ("single-layer:1", manifest(WASM_CONFIG, &[WASM_LAYER])),
        ("cncf:1", manifest("application/vnd.wasm.config.v0+json", &["application/wasm"])),
        ("zstd:1", manifest(OCI_CONFIG, &["application/vnd.oci.image.layer.v1.tar+zstd"])),
        ("without-file:1", ImageFacts { has_plugin_file: Some(false), ..image() }),
        ("arm-only:1", index(&["linux/arm64"])),
        ("multi:1", index(&["linux/amd64", "linux/arm64"])),
        (&*index_url, index(&["linux/amd64", "linux/arm64"])),
        ("with-module:1", ImageFacts { module: Some(Ok(module)), ..image() }),
        ("with-root-ids:1", ImageFacts { root_ids: vec!["add_header".to_owned()], ..image() }),
        ("huge:1", huge),
    ]
    .map(|(name, facts)| (format!("{REGISTRY}/{name}"), Arc::new(facts)))
    .into()
}
