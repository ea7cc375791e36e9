//! DS010: ids and names that Kubernetes, or the design itself, cannot tell apart or take.

use indexmap::IndexMap;

use super::rule::Rule;
use crate::model::view::effective_namespace;
use crate::model::{Component, ComponentId, ComponentKind, Diagnostic, Edit, FieldPath, Location};
use crate::validate::Context;

pub(super) const RULE: Rule = Rule::of_design(&["DS010"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut names: IndexMap<_, ComponentId, foldhash::fast::FixedState> = IndexMap::default();
    for component in context.design.components() {
        let id_text = component.id_text();
        if !id_text.trim().is_empty() && ComponentId::from_text(id_text) != Some(component.id()) {
            let location = Location::component(component.id(), FieldPath::keys(&["id"]));
            found.push(Diagnostic::new(
                "DS010",
                location,
                format!("another component has the id {id_text}, too"),
            ));
        }
        let kind = component.kind();
        // What a name of others may be, and where it has to differ, their definitions do not say.
        let is_known = context.registry.component(kind).is_some_and(|it| it.is_authoritative());
        let is_object = is_known && !kind.same_kind(&ComponentKind::WASM_FILTER);
        let (true, Some((name, path))) = (is_object, own_object_name(component)) else { continue };
        if let Some(reason) = refusal(kind, name) {
            let location = Location::component(component.id(), FieldPath::keys(path));
            let mut finding = Diagnostic::new("DS010", location, format!("{name:?} is no name: {reason}"));
            let valid = valid_name(kind, name);
            if !valid.is_empty() && refusal(kind, &valid).is_none() {
                finding = finding.with_fix(format!("Rename to {valid}"), rename(component, &valid));
            }
            found.push(finding);
        }
        let is_namespaced = !kind.same_kind(&ComponentKind::NAMESPACE);
        let namespace = if is_namespaced { effective_namespace(component) } else { "" };
        let key = (kind.group.clone(), kind.kind.clone(), namespace, name);
        if names.contains_key(&key) {
            let place = if is_namespaced { format!(" in namespace {namespace}") } else { String::new() };
            let message =
                format!("there is another {} {name}{place}: one would replace the other", kind.kind);
            found.push(Diagnostic::new(
                "DS010",
                Location::component(component.id(), FieldPath::keys(path)),
                message,
            ));
        } else {
            names.insert(key, component.id());
        }
    }
}

/// The name that stands in the file, and where.
fn own_object_name(component: &Component) -> Option<(&str, &'static [&'static str])> {
    if let Some(name) = component.metadata_name() {
        return Some((name, &["configuration", "metadata", "name"]));
    }
    let name = component.display_name();
    (!name.trim().is_empty()).then_some((name, &["displayName"]))
}

/// Why Kubernetes refuses the name: RFC 1123 subdomains of at most 253 characters, for namespaces labels of at most
/// 63, for services labels that begin with a letter (RFC 1035).
fn refusal(kind: &ComponentKind, name: &str) -> Option<&'static str> {
    let is_service = kind.same_kind(&ComponentKind::SERVICE);
    let is_label = is_service || kind.same_kind(&ComponentKind::NAMESPACE);
    if name.len() > if is_label { 63 } else { 253 } {
        return Some(if is_label { "at most 63 characters" } else { "at most 253 characters" });
    }
    if !name.split('.').all(is_dns_label) {
        return Some("lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit");
    }
    if is_label && name.contains('.') {
        return Some("lower-case letters, digits and '-' only");
    }
    if is_service && name.starts_with(|c: char| c.is_ascii_digit()) {
        return Some("a service's name begins with a letter");
    }
    None
}

fn is_dns_label(label: &str) -> bool {
    let is_end =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = label.as_bytes();
    is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

/// The nearest name that Kubernetes takes; empty when nothing is left.
fn valid_name(kind: &ComponentKind, name: &str) -> String {
    let usable = |c: char| {
        let lower = c.to_ascii_lowercase();
        if lower.is_ascii_lowercase() || lower.is_ascii_digit() { lower } else { '-' }
    };
    let name: String = name.trim().chars().map(usable).take(63).collect();
    let name = name.trim_matches('-');
    if kind.same_kind(&ComponentKind::SERVICE) && name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("service-{name}");
    }
    name.to_owned()
}

fn rename(component: &Component, name: &str) -> Vec<Edit> {
    let display_name = Edit::set(component.id(), FieldPath::keys(&["displayName"]), name);
    let object_name =
        Edit::set(component.id(), FieldPath::keys(&["configuration", "metadata", "name"]), name);
    vec![display_name, object_name]
}

#[cfg(test)]
mod tests {
    use super::valid_name;
    use crate::model::ComponentKind;
    use crate::validate::testing::{check, fixes};

    #[test]
    fn names_that_kubernetes_refuses() {
        check(
            "DS010",
            "plugin Bad_Name url=x\nplugin fine-1.2 url=x\n",
            &["Bad_Name /configuration/metadata/name"],
        );
        check(
            "DS010",
            "namespace a.b\nservice 1st\nservice ok\n",
            &["a.b /configuration/metadata/name", "1st /configuration/metadata/name"],
        );
        assert_eq!(fixes("DS010", "plugin Bad_Name url=x\n"), ["Rename to bad-name"]);
        assert_eq!(fixes("DS010", "service 1st\n"), ["Rename to service-1st"]);
        assert_eq!(valid_name(&ComponentKind::CONFIG_MAP, "日本"), "");
    }

    #[test]
    fn names_that_meet() {
        check(
            "DS010",
            "plugin a url=x ns=shop\nplugin a url=x ns=shop\n",
            &["a /configuration/metadata/name"],
        );
        check("DS010", "plugin a url=x ns=default\nplugin a url=x\n", &["a /configuration/metadata/name"]);
        check("DS010", "plugin a url=x ns=shop\nplugin a url=x ns=other\nenvoyfilter a ns=shop\n", &[]);
    }
}
