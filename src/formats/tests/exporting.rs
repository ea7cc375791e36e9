//! Designs to manifests: what is written, what is blocked, in which order.

use crate::formats::{ExportOptions, export, no_longer_exported};
use crate::model::{ComponentId, Diagnostic, FieldPath, Location};
use crate::registry::Registry;

use super::{exported, imported, opened, written};

const SHOP: &str = "\
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: edge, namespace: shop}
spec: {url: 'oci://reg.example.com/filters/auth:1'}
---
apiVersion: v1
kind: Secret
metadata: {name: regcred, namespace: shop}
data: {token: c2VjcmV0}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {mode: 'on'}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
";

#[test]
fn what_others_need_comes_first_and_secrets_only_when_asked_for() {
    let design = imported(SHOP).design;
    let plain = exported(&design, &[]);
    assert_eq!(written(&plain), ["-/shop", "shop/settings", "shop/edge"]);
    assert_eq!(plain.withheld.len(), 1);
    assert_eq!(plain.withheld[0].object.slashed(), "Secret/shop/regcred");
    assert!(!plain.text().contains("c2VjcmV0"));
    let options = ExportOptions { with_secrets: true };
    let all = export(&design, &Registry::builtin(), &[], options);
    assert_eq!(written(&all), ["-/shop", "shop/regcred", "shop/settings", "shop/edge"]);
    assert!(all.withheld.is_empty());
    assert_eq!(all.text().matches("\n---\n").count(), 3);
    assert!(all.text().starts_with("apiVersion: v1\nkind: Namespace\n"), "{}", all.text());
}

#[test]
fn an_error_blocks_what_is_made_from_its_component_and_nothing_else() {
    let text =
        format!("{SHOP}---\n{}", SHOP.split("---").next().unwrap().replace("name: edge", "name: back"));
    let design = imported(&text).design;
    let name = |name: &str| ComponentId::from_name(&format!("extensions.istio.io/WasmPlugin/shop/{name}"));
    let at = |id: ComponentId, code: &'static str| {
        Diagnostic::new(code, Location::component(id, FieldPath::root()), "broken")
    };
    let blocked = |findings: &[Diagnostic]| -> Vec<String> {
        let export = exported(&design, findings);
        assert_eq!(export.objects.len() + export.blocked.len(), 4);
        export.blocked.iter().map(|it| format!("{} {}", it.object.slashed(), it.reason.code)).collect()
    };
    let filter = ComponentId::from_name("extensions.istio.io/WasmPlugin/shop/edge/filter");
    assert_eq!(blocked(&[at(filter, "DS003")]), ["WasmPlugin/shop/edge DS003"]);
    assert_eq!(blocked(&[at(name("back"), "WP080")]), ["WasmPlugin/shop/back WP080"]);
    // A warning, and an unknown field, do not block; a frame's error is its own.
    assert_eq!(blocked(&[at(filter, "WP012"), at(name("edge"), "WP093")]), [""; 0]);
    assert_eq!(blocked(&[at(ComponentId::from_name("/Namespace//shop"), "DS010")]), ["Namespace/shop DS010"]);
    // An error at the relationship is one at the child.
    let relationship = design.relationships().next().unwrap().id();
    let conflict = Diagnostic::new("DS005", Location::relationship(relationship, FieldPath::root()), "x");
    assert_eq!(blocked(std::slice::from_ref(&conflict)), ["WasmPlugin/shop/edge DS005"]);
    let export = exported(&design, &[at(filter, "DS003"), conflict]);
    assert_eq!(export.blocked[0].further, 1);
}

#[test]
fn files_have_names_of_their_own() {
    let text = "\
{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: a-b, namespace: shop}, spec: {url: 'file:///a'}}
---
{apiVersion: extensions.higress.io/v1alpha1, kind: WasmPlugin, metadata: {name: b, namespace: shop-a}, spec: {url: x}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'shop:Admin/../x'}, rules: []}
---
{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: b, namespace: shop}, spec: {url: 'file:///a'}}
";
    let export = exported(&opened(text).design, &[]);
    let files = export.files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "wasmplugin_shop_a-b.yaml",
            "wasmplugin_shop-a_b.yaml",
            "clusterrole_shop-admin-..-x-797a6d.yaml",
            "wasmplugin_shop_b.yaml"
        ]
    );
    // No object's name depends on which others there are.
    let rest = text.split_once("---\n").unwrap().1;
    let export = exported(&opened(rest).design, &[]);
    assert!(export.files().iter().map(|(name, _)| name.as_str()).eq(names.into_iter().skip(1)));
}

#[test]
fn a_long_name_gives_a_file_name_that_every_file_system_takes() {
    let object = |last: char| {
        let name = format!("{}{last}", "n".repeat(252));
        format!(
            "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, namespace: shop}}, data: {{a: b}}}}"
        )
    };
    let export = exported(&opened(&format!("{}\n---\n{}\n", object('a'), object('b'))).design, &[]);
    let files = export.files();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|(name, _)| name.len() <= 255), "{files:?}");
    assert_ne!(files[0].0, files[1].0);
}

#[test]
fn a_blocked_object_is_not_called_gone() {
    let before = exported(&opened(SHOP).design, &[]).concerned();
    let design = imported(SHOP).design;
    let filter = ComponentId::from_name("extensions.istio.io/WasmPlugin/shop/edge/filter");
    let finding = Diagnostic::new("DS003", Location::component(filter, FieldPath::root()), "broken");
    let now = exported(&design, &[finding]);
    assert_eq!(now.blocked.len(), 1);
    assert!(no_longer_exported(&before, &now.concerned()).is_empty());
}

#[test]
fn a_kind_that_is_not_written_yet_is_said() {
    let mut text = String::from(
        "schemaVersion: designs.meshery.io/v1beta1\nmetadata: {billfold: {exportKind: trafficextension}}\n",
    );
    text.push_str("components: []\n");
    let export = exported(&opened(&text).design, &[]);
    assert_eq!(export.notes.len(), 1, "{:?}", export.notes);
    assert!(export.is_empty());
}
