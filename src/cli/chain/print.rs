//! A chain as text for people and as JSON for programs.

use indexmap::IndexMap;

use crate::editor::{Beside, reorder};
use crate::istio::{AttachedBy, Entry, FilterChain, Level, NotAttached, NotRunning, Ports, Protocol, Proxy};
use crate::model::{ComponentId, Design, Value};

use super::super::output;
use super::Scene;

/// The most plugins that do not run of which a list of many chains tells why.
const MOST_ABSENT: usize = 20;

/// The most filters that are named whose order is open.
const MOST_NAMED: usize = 10;

/// The chain as the JSON that is promised.
pub(super) fn json(design: &Design, proxy: &Proxy, chain: &FilterChain) -> Value {
    let name = |id: Option<ComponentId>| id.map_or(Value::Null, |id| design.name_of(id).into());
    let filters = chain.entries.iter().map(|entry| {
        Value::from([
            ("name", entry.name.as_str().into()),
            ("namespace", entry.namespace.as_deref().map_or(Value::Null, Value::from)),
            ("plugin", name(entry.plugin)),
            ("filter", name(entry.filter)),
            ("phase", entry.phase.map_or(Value::Null, |phase| phase.text().into())),
            ("priority", entry.priority.map_or(Value::Null, Value::from)),
            ("builtin", entry.is_builtin().into()),
            ("determined", entry.is_determined().into()),
        ])
    });
    Value::from([
        ("workload", proxy.to_string().into()),
        ("direction", chain.traffic.word().into()),
        ("filters", Value::List(filters.collect())),
    ])
}

/// Adds the chain as a list, and what there is to say about it.
pub(super) fn text(scene: &Scene<'_>, chain: &FilterChain, is_one: bool, text: &mut String) {
    let Some(proxy) = scene.landscape.proxies.get(scene.place) else { return };
    if !text.is_empty() {
        text.push('\n');
    }
    let direction = chain.traffic.word();
    line(text, &format!("{proxy}, {direction}"));
    list(chain, text);
    open_orders(scene.design, chain, text);
    not_shown(scene, chain, text);
    absent(scene, chain, is_one, text);
    let is_for_connections = |entry: &&Entry| !entry.is_builtin() && entry.level == Level::Network;
    let tcp = scene.tcp(chain);
    if tcp.entries.iter().any(|entry| is_for_connections(&entry)) {
        line(text, "");
        line(text, &format!("{proxy}, {direction}, ports without HTTP"));
        list(&tcp, text);
        open_orders(scene.design, &tcp, text);
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

/// One filter in columns: its number, the phase, the name, the priority, and what else there is to say.
type Row = [String; 5];

fn list(chain: &FilterChain, text: &mut String) {
    let mut number = 0;
    let mut rows: Vec<(bool, Row)> = Vec::new();
    for entry in &chain.entries {
        number += usize::from(!entry.is_builtin());
        rows.push((entry.is_builtin(), row(entry, number)));
    }
    let width = |column: usize| rows.iter().map(|(_, row)| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..4).map(width).collect();
    let has_colors = output::has_colors();
    for (is_builtin, [number, phase, name, priority, rest]) in &rows {
        let shown = format!(
            "  {number:>0$}  {phase:<1$}  {name:<2$}  {priority:>3$}  {rest}",
            widths[0], widths[1], widths[2], widths[3]
        );
        let shown = shown.trim_end();
        if *is_builtin && has_colors {
            line(text, &format!("\u{1b}[2m{shown}\u{1b}[0m"));
        } else {
            line(text, shown);
        }
    }
}

fn row(entry: &Entry, number: usize) -> Row {
    if let Some(builtin) = entry.builtin {
        let only = builtin.only.map_or(String::new(), |only| format!(", {only}"));
        let rest = format!("{}{only}", builtin.what);
        return [String::new(), "(istio)".to_owned(), format!("({})", builtin.name), String::new(), rest];
    }
    let open = if entry.is_determined() { "" } else { "?" };
    let phase = match entry.phase {
        None => "EnvoyFilter",
        Some(crate::model::view::Phase::Unspecified) => "no phase",
        Some(phase) => phase.text(),
    };
    let namespace = entry.namespace.as_deref().unwrap_or_default();
    let priority = match (entry.phase, entry.priority) {
        (None, _) => String::new(),
        (Some(_), None) => "unset".to_owned(),
        (Some(_), Some(priority)) => priority.to_string(),
    };
    let ports = match &entry.ports {
        Ports::All => None,
        Ports::Only(ports) => {
            let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
            Some(format!("{} {}", if ports.len() == 1 { "port" } else { "ports" }, ports.join(", ")))
        }
    };
    let notes = [
        (entry.level == Level::Network).then(|| "connections".to_owned()),
        ports,
        entry.attached.as_ref().map(AttachedBy::to_string),
    ];
    let rest: Vec<String> = notes.into_iter().flatten().collect();
    [
        format!("{number}{open}"),
        phase.to_owned(),
        format!("{namespace}/{}", entry.name),
        priority,
        rest.join("; "),
    ]
}

/// Says which orders no file decides, and what would.
fn open_orders(design: &Design, chain: &FilterChain, text: &mut String) {
    for places in open_groups(chain) {
        let members: Vec<&Entry> = places.iter().filter_map(|place| chain.entries.get(*place)).collect();
        let Some(open) = members.first().and_then(|member| member.undetermined.as_ref()) else { continue };
        let which = if members.len() == 1 { "place" } else { "order" };
        line(text, &format!("  ? the {which} of {} is open: {}", listed(&members), open.why));
        if let Some(fix) = fix(design, chain, &members) {
            line(text, &format!("    fix: {fix}"));
        }
    }
}

/// "a, b and c"; of many the first ones.
fn listed(members: &[&Entry]) -> String {
    let names: Vec<&str> = members.iter().take(MOST_NAMED).map(|member| member.name.as_str()).collect();
    let more = members.len() - names.len();
    match names.split_last() {
        _ if more > 0 => format!("{} and {more} more", names.join(", ")),
        Some((last, others @ [_, ..])) => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// The filters whose order is open, those together that could change places with each other, directly or by way of
/// others.
fn open_groups(chain: &FilterChain) -> Vec<Vec<usize>> {
    let mut group_of: Vec<usize> = (0..chain.entries.len()).collect();
    for (at, entry) in chain.entries.iter().enumerate() {
        for other in entry.undetermined.iter().flat_map(|open| &open.with) {
            let (a, b) = (root(&mut group_of, at), root(&mut group_of, *other));
            group_of[a.max(b)] = a.min(b);
        }
    }
    let mut groups: IndexMap<usize, Vec<usize>> = IndexMap::new();
    for (at, entry) in chain.entries.iter().enumerate() {
        if !entry.is_determined() {
            groups.entry(root(&mut group_of, at)).or_default().push(at);
        }
    }
    groups.into_values().collect()
}

/// The first filter of the group that a place is in.
fn root(group_of: &mut [usize], mut place: usize) -> usize {
    while group_of[place] != place {
        group_of[place] = group_of[group_of[place]];
        place = group_of[place];
    }
    place
}

/// What would decide for the order that is shown.
fn fix(design: &Design, chain: &FilterChain, members: &[&Entry]) -> Option<String> {
    let [first, second, rest @ ..] = members else { return None };
    if !rest.is_empty() && first.phase.is_some() {
        return Some("give each of them a spec.priority of its own".to_owned());
    }
    if first.phase.is_none() {
        return Some("set spec.priority of the EnvoyFilters; the lower one inserts first".to_owned());
    }
    let (first, second) = (first.plugin?, second.plugin?);
    let answer = reorder(design, chain, first, Beside::Before(second)).ok().filter(|it| !it.is_nothing())?;
    let mut words = answer.text.chars();
    let first_letter = words.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    let (first, second) = (design.name_of(first), design.name_of(second));
    Some(format!("to keep {first} before {second}: {first_letter}{}", words.as_str()))
}

/// Says which `EnvoyFilter`s add filters that are not listed, as they are no Wasm.
fn not_shown(scene: &Scene<'_>, chain: &FilterChain, text: &mut String) {
    for (resource, count) in scene.landscape.not_shown(scene.place, chain) {
        let what = if count == 1 { "filter" } else { "filters" };
        let is = if count == 1 { "is" } else { "are" };
        let (namespace, name) = (resource.namespace, resource.name);
        line(
            text,
            &format!("  - {count} other {what} of EnvoyFilter {namespace}/{name} {is} not shown: no Wasm"),
        );
    }
}

/// Says which plugins do not run here, and why.
fn absent(scene: &Scene<'_>, chain: &FilterChain, is_one: bool, text: &mut String) {
    let absent = scene.landscape.absent(scene.place, chain.traffic, Protocol::Http);
    let most = if is_one { usize::MAX } else { MOST_ABSENT };
    let place = |namespace: &str, name: &str| format!("{namespace}/{name}");
    for it in absent.iter().take(most) {
        line(
            text,
            &format!("  - {} {} does not run here: {}", it.kind.kind, place(&it.namespace, &it.name), it.why),
        );
    }
    if let more @ 1.. = absent.len().saturating_sub(most) {
        line(text, &format!("  - {more} more do not run here: name one workload to see why"));
    }
    if !is_one {
        return;
    }
    let Some(proxy) = scene.landscape.proxies.get(scene.place) else { return };
    for resource in scene.landscape.elsewhere(scene.place) {
        let why = NotRunning::NotAttached(NotAttached::OtherNamespace {
            namespace: resource.namespace.to_owned(),
            proxy: proxy.namespace.to_string(),
        });
        let name = place(resource.namespace, resource.name);
        line(text, &format!("  - {} {name} does not run here: {why}", resource.kind.kind));
    }
}
