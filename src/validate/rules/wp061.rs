//! WP061: a selector that matches no workload in the design. What is one typo away can be mended.
//!
//! Pods that no proxy of the design stands for (of a Job, a Rollout, a virtual machine) are workloads all the same. Where no
//! workload at all is in sight the files may be a part of what is applied, and the finding is an info.

use std::collections::{HashMap, HashSet};

use super::rule::Rule;
use crate::istio::{Policy, Proxy};
use crate::model::view::{LabelSelector, effective_namespace, label_pairs};
use crate::model::{Component, ComponentKind, Design, Diagnostic, Edit, FieldPath, Map, Severity, Value};
use crate::validate::{Context, place_at};
use crate::wallet::Effective;

pub(super) const RULE: Rule = Rule::of_design(&["WP061"], check);

/// The most proxies that are looked at for labels that were meant, for all selectors together.
const MOST_COMPARED: usize = 200_000;

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut sight = Sight { others: OtherPods::of(context.design), left: MOST_COMPARED };
    for wallet in &context.wallets {
        if wallet.attached.is_empty() {
            report(context, wallet.first(), &wallet.policy, &["selector", "matchLabels"], &mut sight, found);
        }
    }
    for resource in context.effective.iter().filter(|it| it.kind.same_kind(&ComponentKind::ENVOY_FILTER)) {
        let policy = Policy::of_envoy_filter(&resource.configuration, resource.namespace_or_default());
        if policy.selector.is_some() && context.proxies.attached(&policy, context.mesh).is_empty() {
            report(context, resource, &policy, &["workloadSelector", "labels"], &mut sight, found);
        }
    }
}

/// Reports a selector that attaches to nothing.
fn report(
    context: &Context<'_>,
    resource: &Effective,
    policy: &Policy<'_>,
    [field, labels]: &[&str; 2],
    sight: &mut Sight<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(selector) = policy.selector.filter(|it| !it.is_empty() && policy.target_refs.is_empty()) else {
        return;
    };
    let namespace = policy.namespace;
    let is_root = context.mesh.is_root(namespace);
    if sight.others.matches(selector, (!is_root).then_some(namespace)) {
        return;
    }
    // A root namespace sees all others.
    let everywhere = Policy { namespace: &context.mesh.root_namespace, ..policy.clone() };
    let elsewhere = context.proxies.attached(&everywhere, context.mesh);
    let place = match elsewhere.first().and_then(|place| context.proxies.get(*place)) {
        Some(proxy) => format!(
            "namespace {namespace} of the design; {} is in namespace {}",
            context.design.name_of(proxy.component),
            proxy.namespace
        ),
        None => "the design".to_owned(),
    };
    let message = format!("selector {selector} matches no workload in {place}");
    let path = FieldPath::keys(&["spec", field]);
    let mut finding = Diagnostic::new("WP061", place_at(resource, &path), message);
    let is_near = |it: &&Proxy| it.namespace == namespace || is_root;
    let is_any_in_sight = if is_root {
        !context.proxies.is_empty() || !sight.others.pods.is_empty()
    } else {
        context.proxies.is_any_in(namespace) || sight.others.namespaces.contains(namespace)
    };
    if !is_any_in_sight && elsewhere.is_empty() {
        finding = finding.with_severity(Severity::Info);
    }
    let compared = sight.left;
    sight.left = compared.saturating_sub(context.proxies.len());
    if compared > 0
        && let Some(meant) =
            context.proxies.iter().filter(is_near).find_map(|proxy| one_typo_away(selector, proxy))
    {
        let path = FieldPath::keys(&["configuration", "spec", field, labels]);
        let mut edits = Vec::new();
        if meant.key != meant.instead_of {
            edits.push(Edit::unset(resource.plugin, path.child(meant.instead_of)));
        }
        edits.push(Edit::set(resource.plugin, path.child(meant.key), meant.value));
        finding = finding.with_fix(format!("Select {}={}", meant.key, meant.value), edits);
    }
    found.push(finding);
}

/// What selectors are looked up in besides the proxies.
struct Sight<'a> {
    others: OtherPods<'a>,
    /// How many proxies may still be looked at for labels that were meant.
    left: usize,
}

/// The pods and virtual machines of the design that are no [`Proxy`].
struct OtherPods<'a> {
    /// The namespace and the labels.
    pods: Vec<(&'a str, &'a Map)>,
    namespaces: HashSet<&'a str>,
    /// The places in `pods` by one label.
    by_label: HashMap<(&'a str, &'a str), Vec<usize>>,
}

impl<'a> OtherPods<'a> {
    fn of(design: &'a Design) -> Self {
        let mut others = Self { pods: Vec::new(), namespaces: HashSet::new(), by_label: HashMap::new() };
        for component in design.components().filter(|it| !it.kind().is_workload()) {
            let Some(labels) = other_labels(component) else { continue };
            let namespace = effective_namespace(component);
            for label in label_pairs(labels) {
                others.by_label.entry(label).or_default().push(others.pods.len());
            }
            others.namespaces.insert(namespace);
            others.pods.push((namespace, labels));
        }
        others
    }

    /// Tells whether the selector finds one, in `namespace` or anywhere.
    fn matches(&self, selector: LabelSelector<'_>, namespace: Option<&str>) -> bool {
        let Some(first) = label_pairs(selector.labels()).next() else { return false };
        let places = self.by_label.get(&first).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.pods.get(*place)).any(|(of, labels)| {
            namespace.is_none_or(|namespace| namespace == *of) && selector.matches(Some(labels))
        })
    }
}

/// The labels of the pods that a controller makes, or of a virtual machine.
fn other_labels(component: &Component) -> Option<&Map> {
    let kind = component.kind();
    let is_istio = kind.group == "networking.istio.io";
    let keys: &[&str] = match &*kind.kind {
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
        "WorkloadEntry" if is_istio => &["spec", "labels"],
        "WorkloadGroup" if is_istio => &["spec", "metadata", "labels"],
        _ => &["spec", "template", "metadata", "labels"],
    };
    component.configured(keys).and_then(Value::as_map)
}

/// A label that was meant.
struct Meant<'a> {
    /// The key in the selector.
    instead_of: &'a str,
    key: &'a str,
    value: &'a str,
}

/// The label of `proxy` that was meant, if all else that `selector` asks for is there.
fn one_typo_away<'a>(selector: LabelSelector<'a>, proxy: &'a Proxy) -> Option<Meant<'a>> {
    let mut meant = None;
    for (key, value) in selector.labels().iter() {
        let wanted = value.as_text()?;
        match proxy.label(key) {
            Some(label) if label == wanted => {}
            _ if meant.is_some() => return None,
            Some(label) if is_one_typo(wanted, label) => {
                meant = Some(Meant { instead_of: key, key, value: label });
            }
            Some(_) => return None,
            None => {
                let near = |(other, label): &(&str, &str)| *label == wanted && is_one_typo(key, other);
                let (other, label) = label_pairs(&proxy.labels).find(near)?;
                meant = Some(Meant { instead_of: key, key: other, value: label });
            }
        }
    }
    meant
}

/// Tells whether one letter added, dropped, changed or swapped with its neighbour makes `b` of `a`. What has one or two
/// letters is too short to tell.
fn is_one_typo(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > 4 || a.len().min(b.len()) < 3 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same_start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    let same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - same_end], &b[..b.len() - same_end]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([first, second], [other_first, other_second]) => first == other_second && second == other_first,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_one_typo;
    use crate::model::Severity;
    use crate::validate::testing::{check, fixes, severities};

    #[test]
    fn a_selector_that_finds_nothing_is_reported() {
        let design = "workload w ns=shop labels=app:a\nplugin p url=x ns=shop sel=app:b\nplugin q url=x ns=shop sel=app:a\n";
        check("WP061", design, &["p /configuration/spec/selector"]);
    }

    #[test]
    fn the_namespace_counts_and_the_root_namespace_sees_all() {
        check(
            "WP061",
            "workload w ns=shop labels=app:a\nplugin p url=x ns=other sel=app:a\n",
            &["p /configuration/spec/selector"],
        );
        check("WP061", "workload w ns=shop labels=app:a\nplugin p url=x ns=istio-system sel=app:a\n", &[]);
    }

    #[test]
    fn where_no_workload_is_in_sight_it_is_an_info() {
        let severity = |design: &str| severities("WP061", design);
        let plugin = "plugin p url=x ns=shop sel=app:b\n";
        assert_eq!(severity(plugin), [Severity::Info]);
        assert_eq!(severity(&format!("workload w ns=edge labels=app:a\n{plugin}")), [Severity::Info]);
        assert_eq!(severity(&format!("workload w ns=shop labels=app:a\n{plugin}")), [Severity::Warning]);
        let found_elsewhere = format!("workload w ns=edge labels=app:b\n{plugin}");
        assert_eq!(severity(&found_elsewhere), [Severity::Warning], "the namespace is wrong");
    }

    #[test]
    fn what_is_one_typo_away_can_be_mended() {
        let fix = |selector: &str| {
            let workload = "workload w ns=shop labels=app:back-golang,version:v1\n";
            fixes("WP061", &format!("{workload}plugin p url=x ns=shop sel={selector}\n"))
        };
        assert_eq!(fix("app:back-golan"), ["Select app=back-golang"]);
        assert_eq!(fix("app:bakc-golang,version:v1"), ["Select app=back-golang"]);
        assert_eq!(fix("app:back-golang,verson:v1"), ["Select version=v1"]);
        assert_eq!(fix("app:back-golan,verson:v1"), [""; 0], "two typos");
        assert_eq!(fix("app:back-python"), [""; 0]);
        assert_eq!(fix("app:back-golang,version:v2"), [""; 0], "too short to be a typo");
    }

    #[test]
    fn one_typo() {
        for (a, b, expected) in [
            ("front", "fronts", true),
            ("front", "fron", true),
            ("front", "frant", true),
            ("front", "frnot", true),
            ("front", "front", false),
            ("front", "frnta", false),
            ("v1", "v2", false),
            ("äpp", "app", true),
        ] {
            assert_eq!(is_one_typo(a, b), expected, "{a} {b}");
        }
    }
}
