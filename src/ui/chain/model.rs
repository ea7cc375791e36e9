//! What is shown of one proxy: made anew when the revision or the question changes, and only read by the frames between.

use super::columns::{self, Run};
use crate::editor::Derived;
use crate::istio::{Absent, Entry, FilterChain, Landscape, Protocol, Proxy, Traffic};
use crate::model::view::Phase;
use crate::model::{ComponentId, ComponentKind, Design, Diagnostic, Fix, Subject};
use crate::wallet::landscape;

/// Which chain is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) picked: Option<ComponentId>,
    pub(super) selected: Option<ComponentId>,
    pub(super) traffic: Option<Traffic>,
}

/// A resource that does not run here.
#[derive(Debug)]
pub(super) struct Missing {
    pub(super) id: ComponentId,
    pub(super) kind: ComponentKind,
    pub(super) name: String,
    pub(super) why: String,
}

/// One chain as it is shown.
#[derive(Debug)]
pub(super) struct Shown {
    /// The component that stands for the proxy.
    pub(super) proxy: ComponentId,
    /// `Deployment shop/cart`.
    pub(super) title: String,
    pub(super) traffics: &'static [Traffic],
    pub(super) summary: String,
    pub(super) chain: FilterChain,
    /// The entries by columns.
    pub(super) runs: Vec<Run>,
    /// What each entry is called: `2. jwt-claims, edge-auth, AUTHN, priority 10`.
    pub(super) words: Vec<String>,
    /// What stands on each block: the name of its filter, where it is made from one.
    pub(super) titles: Vec<String>,
    /// Names of the plugins of the entries.
    pub(super) plugins: Vec<String>,
    /// What mends the order of an entry that no file decides.
    pub(super) fixes: Vec<Option<Fix>>,
    pub(super) missing: Vec<Missing>,
}

impl Shown {
    /// What tells an entry from the others, whatever its place.
    pub(super) fn key_of(&self, at: usize) -> Option<(Option<ComponentId>, Option<ComponentId>, String)> {
        let entry = self.chain.entries.get(at)?;
        Some((entry.plugin, entry.filter, entry.filter_name.clone()))
    }

    /// Where the entry is that had this key.
    pub(super) fn find(&self, key: &(Option<ComponentId>, Option<ComponentId>, String)) -> Option<usize> {
        (0..self.chain.entries.len()).find(|at| self.key_of(*at).as_ref() == Some(key))
    }
}

/// `Deployment shop/cart`, with what kind of proxy it is where that is not plain.
pub fn title(proxy: &Proxy) -> String {
    use crate::istio::ProxyKind;
    let kind = match proxy.kind {
        ProxyKind::Sidecar => "",
        ProxyKind::ClassicGateway | ProxyKind::Gateway => " (gateway)",
        ProxyKind::Waypoint => " (waypoint)",
    };
    let kind = if proxy.object_kind == "Gateway" && kind == " (gateway)" { "" } else { kind };
    format!("{} {}/{}{kind}", proxy.object_kind, proxy.namespace, proxy.name)
}

/// The text with a capital letter.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The phase as it is written on a column.
pub(super) fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Authn => "AUTHN",
        Phase::Authz => "AUTHZ",
        Phase::Stats => "STATS",
        Phase::Unspecified => "No phase",
    }
}

/// Makes the chain that is wanted; `before` is the proxy that was shown. `None`: there is no proxy.
pub(super) fn make(derived: &Derived, wanted: Wanted, before: Option<ComponentId>) -> Option<Shown> {
    let design = &*derived.design;
    let land = landscape(design, &derived.effective, derived.report.mesh.clone());
    let place = choose(design, &land, wanted, before)?;
    let proxy = land.proxies.get(place)?;
    let traffics = Traffic::of(proxy);
    let traffic = wanted.traffic.filter(|it| traffics.contains(it)).or_else(|| traffics.first().copied())?;
    let chain = land.chain(place, traffic, Protocol::Http);
    let missing = land.absent(place, traffic, Protocol::Http).into_iter().map(|it| missing(design, it));
    let missing: Vec<Missing> = missing.collect();
    let runs = columns::runs(&chain);
    let plugin = |id: Option<ComponentId>| id.map(|id| design.name_of(id)).unwrap_or_default();
    let plugins: Vec<String> = chain.entries.iter().map(|entry| plugin(entry.plugin)).collect();
    let title_of = |entry: &Entry| match entry.filter {
        Some(filter) => design.name_of(filter),
        None => entry.name.clone(),
    };
    let titles: Vec<String> = chain.entries.iter().map(title_of).collect();
    let words = words(&chain, &titles, &plugins);
    let fixes = chain.entries.iter().map(|entry| {
        entry.undetermined.as_ref().and_then(|_| order_fix(&derived.diagnostics, entry.plugin?))
    });
    let fixes: Vec<Option<Fix>> = fixes.collect();
    let (title, proxy) = (title(proxy), proxy.component);
    let summary = summary(&chain, missing.len());
    Some(Shown { proxy, title, traffics, summary, chain, runs, words, titles, plugins, fixes, missing })
}

/// The proxy to show: the one that was picked, else the one of the selection, else the one from before, else the first.
fn choose(
    design: &Design,
    land: &Landscape<'_>,
    wanted: Wanted,
    before: Option<ComponentId>,
) -> Option<usize> {
    let place = |id: ComponentId| land.proxies.iter().position(|proxy| proxy.component == id);
    let of_selection = |id: ComponentId| {
        let wallet = design.wallet_of(id).map_or(id, |link| link.to);
        let resource = land.resources().find(|resource| resource.plugin == wallet)?;
        let attached = land.proxies.attached(&resource.policy()?, &land.mesh);
        // While the plugin runs in the chain that is shown, that one stays.
        let stays = before.and_then(place).filter(|place| attached.contains(place));
        stays.or_else(|| attached.first().copied())
    };
    let first = (!land.proxies.is_empty()).then_some(0);
    let selected = |id| place(id).or_else(|| of_selection(id));
    wanted
        .picked
        .and_then(place)
        .or_else(|| wanted.selected.and_then(selected))
        .or_else(|| before.and_then(place))
        .or(first)
}

fn missing(design: &Design, absent: Absent) -> Missing {
    let id = absent.filter.unwrap_or(absent.plugin);
    let plugin = design.name_of(absent.plugin);
    let name = if absent.name == plugin { plugin } else { format!("{} of {plugin}", absent.name) };
    Missing { id, kind: absent.kind, name, why: absent.why.to_string() }
}

/// The quick fix of a finding about the order of this plugin.
fn order_fix(diagnostics: &[Diagnostic], plugin: ComponentId) -> Option<Fix> {
    let is_about_order = |it: &&Diagnostic| {
        matches!(it.code, "WP081" | "WP082" | "DS012") && it.location.subject == Subject::Component(plugin)
    };
    diagnostics.iter().find(is_about_order)?.fix.clone()
}

fn words(chain: &FilterChain, titles: &[String], plugins: &[String]) -> Vec<String> {
    let mut number = 0;
    let word = |((entry, title), plugin): ((&Entry, &String), &String)| {
        if let Some(builtin) = entry.builtin {
            return format!("{}, Istio's own, {}", entry.name, builtin.what);
        }
        number += 1;
        let phase = entry.phase.map_or(String::new(), |phase| format!(", {}", phase_word(phase)));
        let priority = match (entry.priority, entry.phase) {
            (Some(priority), _) => format!(", priority {priority}"),
            (None, Some(_)) => ", no priority".to_owned(),
            (None, None) => String::new(),
        };
        let open = if entry.is_determined() { "" } else { ", order not determined" };
        format!("{number}. {title}, {plugin}{phase}{priority}{open}")
    };
    chain.entries.iter().zip(titles).zip(plugins).map(word).collect()
}

fn summary(chain: &FilterChain, missing: usize) -> String {
    let own = chain.entries.iter().filter(|entry| !entry.is_builtin());
    let open = own.clone().filter(|entry| !entry.is_determined()).count();
    let mut parts = vec![match own.count() {
        0 => "no plugin runs here".to_owned(),
        1 => "1 filter of yours".to_owned(),
        count => format!("{count} filters of yours"),
    }];
    if open > 0 {
        parts.push(format!("{open} without a determined place"));
    }
    if missing > 0 {
        parts.push(format!("{missing} not here"));
    }
    parts.join(" · ")
}
