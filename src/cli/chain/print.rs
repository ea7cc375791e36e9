//! A chain as text for people and as JSON for programs.

use std::io::IsTerminal as _;

use crate::editor::{Beside, reorder};
use crate::istio::{AttachedBy, Entry, FilterChain, Level, NotAttached, NotRunning, Ports, Protocol, Proxy};
use crate::model::{ComponentId, Design, Value};

use super::Scene;

/// The most plugins that do not run of which a list of many chains tells why.
const MOST_ABSENT: usize = 20;

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
    let is_terminal = std::io::stdout().is_terminal();
    for (is_builtin, [number, phase, name, priority, rest]) in &rows {
        let shown = format!(
            "  {number:>0$}  {phase:<1$}  {name:<2$}  {priority:>3$}  {rest}",
            widths[0], widths[1], widths[2], widths[3]
        );
        let shown = shown.trim_end();
        if *is_builtin && is_terminal {
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
    let mut said = vec![false; chain.entries.len()];
    for (at, entry) in chain.entries.iter().enumerate() {
        let Some(open) = entry.undetermined.as_ref().filter(|_| !said[at]) else { continue };
        let mut places: Vec<usize> = std::iter::once(at).chain(open.with.iter().copied()).collect();
        places.sort_unstable();
        for place in &places {
            if let Some(said) = said.get_mut(*place) {
                *said = true;
            }
        }
        let members: Vec<&Entry> = places.iter().filter_map(|place| chain.entries.get(*place)).collect();
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        let listed = match names.split_last() {
            Some((last, others @ [_, ..])) => format!("{} and {last}", others.join(", ")),
            _ => names.concat(),
        };
        let which = if names.len() == 1 { "place" } else { "order" };
        line(text, &format!("  ? the {which} of {listed} is open: {}", open.why));
        if let Some(fix) = fix(design, chain, &members) {
            line(text, &format!("    fix: {fix}"));
        }
    }
}

/// What would decide for the order that is shown.
fn fix(design: &Design, chain: &FilterChain, members: &[&Entry]) -> Option<String> {
    let [first, second, ..] = members else { return None };
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
