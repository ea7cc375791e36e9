//! A chain cut into columns: each of Istio's own filters, and between them the phases, empty ones too.

use crate::istio::{Entry, FilterChain, Level};
use crate::model::view::Phase;

/// What stands side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// One of Istio's own filters, by its index.
    Builtin(usize),
    /// The plugins of one phase, by their indices; maybe none.
    Phase {
        /// The phase.
        phase: Phase,
        /// Its first entry, or where one would be.
        start: usize,
        /// The end of its entries.
        end: usize,
    },
    /// A filter that an EnvoyFilter puts between: no phase decides where.
    Loose(usize),
}

/// Cuts a chain into columns. Phases without a plugin are shown among the filters of requests, where one can be put.
pub(super) fn runs(chain: &FilterChain) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = 0;
    loop {
        let end = at + chain.entries[at..].iter().take_while(|entry| !entry.is_builtin()).count();
        let level = level_at(chain, at, end);
        let mut phases = match level {
            Level::Http => chain.phases_at(at, Level::Http),
            Level::Network => Vec::new(),
        };
        let mut place = at;
        while let Some(entry) = chain.entries[..end].get(place) {
            let Some(phase) = entry.phase else {
                runs.push(Run::Loose(place));
                place += 1;
                continue;
            };
            let empty = phases.iter().position(|other| *other == phase);
            if let Some(before) = empty {
                let empty = phases.drain(..=before).take(before);
                runs.extend(empty.map(|phase| Run::Phase { phase, start: place, end: place }));
            }
            let is_same = |entry: &&Entry| entry.phase == Some(phase);
            let stop = place + chain.entries[place..end].iter().take_while(is_same).count();
            runs.push(Run::Phase { phase, start: place, end: stop });
            place = stop;
        }
        runs.extend(phases.into_iter().map(|phase| Run::Phase { phase, start: end, end }));
        if end >= chain.entries.len() {
            return runs;
        }
        runs.push(Run::Builtin(end));
        at = end + 1;
    }
}

/// What the filters from `at` to `end` work on.
fn level_at(chain: &FilterChain, at: usize, end: usize) -> Level {
    let own = chain.entries[at..end].first();
    let behind = chain.entries.get(end);
    let before = || at.checked_sub(1).and_then(|before| chain.entries.get(before));
    own.or(behind).or_else(before).map_or(Level::Http, |entry| entry.level)
}
