//! The samples do what their names say: evaluated already, no finding but the deliberate one, and a known export.

use billfold::formats::{ExportOptions, export, meshery, open};
use billfold::model::{Design, Diagnostic, Subject};
use billfold::policy;
use billfold::registry::Registry;
use billfold::validate;
use billfold::wallet::effective_resources;
use billfold::yaml::Format;

use crate::tree;

/// A sample, what the checks say about it (code and the name of the component), and the objects that it exports.
///
/// WP090 is true of every WasmPlugin, which is what the samples are about. WP084 is what a plugin for authentication
/// wants: without its module nobody comes in. WP073 is the smallest plugin that there is: it says nothing of its traffic.
const SAMPLES: &[(&str, &[&str], &[&str])] = &[
    (
        "edge-security",
        &["WP090 edge-auth", "WP084 edge-auth", "WP012 jwt-claims", "WP090 request-insight"],
        &[
            "Namespace edge",
            "Namespace jump-app-dev",
            "WasmPlugin edge/edge-auth-basic-auth",
            "WasmPlugin edge/edge-auth-jwt-claims",
            "WasmPlugin jump-app-dev/request-insight-http-metrics",
            "WasmPlugin jump-app-dev/request-insight-request-id",
            "Gateway edge/edge-gateway",
            "Deployment jump-app-dev/back-golang",
            "Deployment jump-app-dev/back-golang-v2",
        ],
    ),
    (
        "frontpage-envoyfilter",
        // The sample shows how an EnvoyFilter runs a module; the newer way is what the finding says.
        &["EF037 frontpage-v1"],
        &[
            "Namespace shop",
            "EnvoyFilter shop/frontpage-v1",
            "Deployment shop/frontpage-v1",
            "Service shop/frontpage",
        ],
    ),
    (
        "hierarchical-parent-wallet",
        &["WP090 response-headers", "WP073 response-headers"],
        &["Namespace storefront", "WasmPlugin storefront/response-headers"],
    ),
    (
        "http-call-on-back-golang",
        &["WP090 http-call"],
        &[
            "Namespace jump-app-dev",
            "WasmPlugin jump-app-dev/http-call",
            "Deployment jump-app-dev/back-golang",
            "Service jump-app-dev/back-golang",
            "Deployment jump-app-dev/back-python",
            "Service jump-app-dev/back-python",
        ],
    ),
];

fn sample(name: &str) -> Design {
    open(&tree::bytes(&format!("designs/{name}.yaml"))).unwrap_or_else(|err| panic!("{name}: {err}")).design
}

fn findings(design: &Design) -> Vec<Diagnostic> {
    let registry = std::sync::Arc::new(Registry::builtin());
    let (evaluated, evaluation) = policy::evaluated(design, &registry, true);
    let effective = effective_resources(&evaluated, &registry);
    let input = validate::Input::new(&evaluated, &registry, &effective);
    evaluation.diagnostics.into_iter().chain(validate::check(&input).diagnostics).collect()
}

#[test]
fn every_sample_is_in_the_table() {
    let names: Vec<String> = SAMPLES.iter().map(|(name, ..)| format!("designs/{name}.yaml")).collect();
    assert_eq!(tree::files("designs", ""), names);
}

#[test]
fn evaluating_a_sample_changes_nothing() {
    for (name, ..) in SAMPLES {
        let design = sample(name);
        let (evaluated, evaluation) = policy::evaluated(&design, &Registry::builtin(), true);
        let trace = &evaluation.trace;
        assert!(trace.is_empty(), "{name}: {trace:#?}");
        assert_eq!(
            meshery::write(&evaluated, Format::Yaml),
            meshery::write(&design, Format::Yaml),
            "{name}: a change that the trace does not show"
        );
    }
}

/// Else the first edit of a sample would show a difference all over the file.
#[test]
fn a_sample_is_written_as_a_save_writes_it() {
    for (name, ..) in SAMPLES {
        assert_eq!(
            meshery::write(&sample(name), Format::Yaml),
            tree::read(&format!("designs/{name}.yaml")),
            "{name}"
        );
    }
}

#[test]
fn a_sample_has_its_deliberate_finding_and_no_other() {
    for (name, expected, _) in SAMPLES {
        let design = sample(name);
        let found: Vec<String> = findings(&design)
            .iter()
            .map(|it| {
                let name = match it.location.subject {
                    Subject::Component(id) => design.component(id).map_or("?", |it| it.display_name()),
                    Subject::Design | Subject::Relationship(_) => "",
                };
                format!("{} {name}", it.code)
            })
            .collect();
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn a_sample_exports_the_objects_that_it_shows() {
    for (name, _, expected) in SAMPLES {
        let design = sample(name);
        let export =
            export(&design, &Registry::builtin(), &findings(&design), ExportOptions { with_secrets: false });
        assert!(export.blocked.is_empty(), "{name}: {:?}", export.blocked);
        let written: Vec<String> = export
            .objects
            .iter()
            .map(|object| {
                let text = |keys: &[&str]| object.value.text_at(keys).unwrap_or_default();
                let place = [text(&["metadata", "namespace"]), text(&["metadata", "name"])];
                format!("{} {}", text(&["kind"]), place.join("/").trim_start_matches('/'))
            })
            .collect();
        assert_eq!(written, *expected, "{name}");
    }
}
