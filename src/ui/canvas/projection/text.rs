//! The words on a card.

use super::{Component, ComponentKind, EnvoyFilterView, WasmFilterView, WasmPluginView, WorkloadView};
use crate::model::Value;
use crate::model::view::{LabelSelector, Phase};

/// A filter's URL is cut to so many characters; they fill its card.
const URL_CHARS: usize = 32;

/// The second line of a card.
pub(super) fn detail(component: &Component) -> String {
    if let Some(filter) = WasmFilterView::cast(component) {
        return filter.url().map_or_else(|| "No module yet".to_owned(), |url| elided_url(url, URL_CHARS));
    }
    if component.kind().is_wallet() || component.is(&ComponentKind::NAMESPACE) {
        return String::new();
    }
    let labels = match WorkloadView::cast(component) {
        Some(workload) => workload.pod_labels(),
        None if component.is(&ComponentKind::SERVICE) => {
            component.configured(&["spec", "selector"]).and_then(Value::as_map)
        }
        None => None,
    };
    match labels {
        Some(labels) if !labels.is_empty() => LabelSelector::new(labels).to_string(),
        _ => component.kind().in_words().to_owned(),
    }
}

/// The second line of a card, uncut: a filter's URL, a label a line.
pub(super) fn whole_detail(component: &Component) -> Vec<String> {
    if let Some(filter) = WasmFilterView::cast(component) {
        return filter.url().map(str::to_owned).into_iter().collect();
    }
    let detail = detail(component);
    if detail == component.kind().in_words() {
        Vec::new()
    } else {
        detail.split(", ").map(str::to_owned).collect()
    }
}

/// The marks in a wallet's header.
pub(super) fn chips(component: &Component) -> Vec<String> {
    if let Some(plugin) = WasmPluginView::cast(component) {
        let phase = plugin.phase().filter(|phase| *phase != Phase::Unspecified);
        let phase = phase.map(|phase| phase.text().to_owned());
        let priority = plugin.priority().map(|priority| format!("prio {}", priority.0));
        return phase.into_iter().chain(priority).collect();
    }
    if EnvoyFilterView::cast(component).is_some() {
        return vec![ComponentKind::ENVOY_FILTER.kind.into_owned()];
    }
    Vec::new()
}

/// `2 filters`, `1 filter`, `no filters`.
pub(super) fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// A module URL in at most `max` characters. What tells modules apart stays: the last part of the path, the tag, the
/// beginning of a digest.
pub(super) fn elided_url(url: &str, max: usize) -> String {
    let short = match url.split_once("@sha256:") {
        Some((module, digest)) if digest.chars().count() > 7 => {
            let digest: String = digest.chars().take(7).collect();
            format!("{module}@{digest}…")
        }
        _ => url.to_owned(),
    };
    let chars: Vec<char> = short.chars().collect();
    if chars.len() <= max {
        return short;
    }
    let last_part = chars.iter().rposition(|&c| c == '/').map_or(0, |slash| chars.len() - slash);
    let tail = if last_part > 0 && last_part + 5 < max { last_part } else { max * 2 / 3 };
    let head = max - 1 - tail;
    chars[..head].iter().chain(&['…']).chain(&chars[chars.len() - tail..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_modules_apart_stays() {
        for (url, elided) in [
            ("oci://reg.example.com/auth:1.2", "oci://reg.example.com/auth:1.2"),
            ("oci://reg.example.com/filters/basic-auth:1.2.0", "oci://reg.example…/basic-auth:1.2.0"),
            (
                "oci://reg.example.com/filters/basic-auth@sha256:e89f63c4181bc584d1cb60c9eed03a60",
                "oci://reg.exam…/basic-auth@e89f63c…",
            ),
            ("", ""),
        ] {
            let short = elided_url(url, 35);
            assert!(short.chars().count() <= 36, "{short}");
            assert_eq!(short, elided, "{url}");
        }
        let endless = "x".repeat(5000);
        assert_eq!(elided_url(&endless, 34).chars().count(), 34);
        let wide = "ä/".repeat(100);
        assert_eq!(elided_url(&wide, 34).chars().count(), 34);
    }

    #[test]
    fn counts_in_words() {
        assert_eq!(counted(0, "filter"), "no filters");
        assert_eq!(counted(1, "filter"), "1 filter");
        assert_eq!(counted(2, "filter"), "2 filters");
    }
}
