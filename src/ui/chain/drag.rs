//! What moving a block would do, said before it is done.

use super::model::Shown;
use crate::editor::{Beside, Destination, EditCommand, beside_gap, reorder};
use crate::model::{ComponentId, Design};

/// Where a block is dragged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// Before the entry of this index; the number of entries is the end.
    Gap(usize),
    /// Into a phase that has no plugin, whose column has this number.
    Empty(usize),
}

/// A block on its way.
#[derive(Clone, Debug)]
pub(super) struct Drag {
    /// Its index in the chain.
    pub(super) entry: usize,
    /// Where the pointer is.
    pub(super) spot: Option<Spot>,
    /// What release would do.
    pub(super) plan: Option<Plan>,
}

/// What a move would do.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The change; `None`: it is refused, or nothing changes.
    pub(super) command: Option<EditCommand>,
    /// In words: what changes, or why it cannot be.
    pub(super) text: String,
    pub(super) is_refused: bool,
}

impl Plan {
    fn refused(text: String) -> Self {
        Self { command: None, text, is_refused: true }
    }

    fn nothing() -> Self {
        Self { command: None, text: "stays where it is".to_owned(), is_refused: false }
    }
}

/// What it would mean to drop the entry there.
pub(super) fn plan(design: &Design, shown: &Shown, entry: usize, spot: Spot) -> Plan {
    let chain = &shown.chain;
    let Some(moved) = chain.entries.get(entry) else { return Plan::nothing() };
    let Some(plugin) = moved.plugin else {
        return Plan::refused("Istio's own filters stay where they are".to_owned());
    };
    let own = own_run(shown, entry, plugin);
    let gap = match spot {
        Spot::Gap(gap) => gap,
        Spot::Empty(run) => {
            let Some(super::columns::Run::Phase { phase, .. }) = shown.runs.get(run) else {
                return Plan::nothing();
            };
            return of_plugin(design, shown, plugin, Beside::Alone(*phase));
        }
    };
    if (own.start..=own.end).contains(&gap) {
        return match moved.filter.filter(|_| own.len() > 1) {
            Some(filter) => in_wallet(design, plugin, filter, entry - own.start, gap - own.start),
            None => Plan::nothing(),
        };
    }
    match beside_gap(design, chain, plugin, gap) {
        Ok(beside) => of_plugin(design, shown, plugin, beside),
        Err(reason) => Plan::refused(reason),
    }
}

/// What one step earlier or later would do: within the wallet first, then past the neighbour's whole wallet.
pub(super) fn step(design: &Design, shown: &Shown, entry: usize, later: bool) -> Plan {
    let Some(plugin) = shown.chain.entries.get(entry).and_then(|entry| entry.plugin) else {
        return Plan::refused("Istio's own filters stay where they are".to_owned());
    };
    let own = own_run(shown, entry, plugin);
    let inner = if later { entry + 1 < own.end } else { entry > own.start };
    if inner {
        return plan(design, shown, entry, Spot::Gap(if later { entry + 2 } else { entry - 1 }));
    }
    let is_other = |place: &usize| shown.chain.entries[*place].plugin.is_some_and(|other| other != plugin);
    let mut places = own.end..shown.chain.entries.len();
    let neighbour = if later { places.find(is_other) } else { (0..own.start).rev().find(is_other) };
    let neighbour = neighbour.and_then(|place| shown.chain.entries[place].plugin);
    match (neighbour, later) {
        (Some(other), true) => of_plugin(design, shown, plugin, Beside::After(other)),
        (Some(other), false) => of_plugin(design, shown, plugin, Beside::Before(other)),
        (None, true) => Plan::refused("it is the last of your filters here".to_owned()),
        (None, false) => Plan::refused("it is the first of your filters here".to_owned()),
    }
}

/// The entries of the plugin around this one.
fn own_run(shown: &Shown, entry: usize, plugin: ComponentId) -> std::ops::Range<usize> {
    let entries = &shown.chain.entries;
    let is_own = |place: &usize| entries[*place].plugin == Some(plugin);
    let start = (0..entry).rev().take_while(is_own).last().unwrap_or(entry);
    let end = (entry..entries.len()).take_while(is_own).last().unwrap_or(entry) + 1;
    start..end
}

fn in_wallet(design: &Design, plugin: ComponentId, filter: ComponentId, from: usize, gap: usize) -> Plan {
    let place = if gap > from { gap - 1 } else { gap };
    if place == from {
        return Plan::nothing();
    }
    let text = format!("{} runs as no. {} of {}", design.name_of(filter), place + 1, design.name_of(plugin));
    let destination = Destination::Wallet { wallet: plugin, place };
    Plan { command: Some(EditCommand::Place { ids: vec![filter], destination }), text, is_refused: false }
}

fn of_plugin(design: &Design, shown: &Shown, plugin: ComponentId, beside: Beside) -> Plan {
    match reorder(design, &shown.chain, plugin, beside) {
        Ok(answer) if answer.is_nothing() => Plan::nothing(),
        Ok(answer) => {
            let text = answer.text.clone();
            Plan { command: Some(EditCommand::ReorderPlugin(answer)), text, is_refused: false }
        }
        Err(reason) => Plan::refused(reason),
    }
}
