//! Putting a plugin elsewhere in a chain of filters: which priorities give the order that somebody asks for.
//!
//! A pure question about a chain as it is shown: what would have to change, or why it cannot be. The answer is what
//! [`super::EditCommand::ReorderPlugin`] does; the words of both are the same.

use indexmap::IndexMap;

use crate::istio::{Entry, FilterChain, Level};
use crate::model::view::Phase;
use crate::model::{ComponentId, Design, Value};
use crate::wallet::priority;

type Hasher = foldhash::fast::FixedState;
type Bases = IndexMap<ComponentId, Option<i64>, Hasher>;

/// Where a plugin's filters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Directly before the first filter of this plugin, in its phase.
    Before(ComponentId),
    /// Directly behind the last filter of this plugin, in its phase.
    After(ComponentId),
    /// Into a phase in which no other plugin runs.
    Alone(Phase),
}

/// A priority that a plugin gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPriority {
    /// The plugin.
    pub plugin: ComponentId,
    /// What it has; `None`: not set.
    pub before: Option<i64>,
    /// What it gets.
    pub priority: Option<i64>,
}

/// What puts a plugin where it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reorder {
    /// The plugin.
    pub plugin: ComponentId,
    /// Where it goes.
    pub beside: Beside,
    /// Its new phase, if that changes.
    pub phase: Option<Phase>,
    /// The priorities that change: its own first, then those of neighbours that have to make room.
    pub priorities: Vec<NewPriority>,
    /// What changes, for people.
    pub text: String,
    /// The name of the step in the history.
    pub label: String,
}

impl Reorder {
    /// Tells whether everything is there already.
    pub fn is_nothing(&self) -> bool {
        self.phase.is_none() && self.priorities.is_empty()
    }

    /// The plugins besides the one that is moved that get another priority.
    pub fn neighbours(&self) -> impl Iterator<Item = ComponentId> {
        self.priorities.iter().map(|change| change.plugin).filter(|id| *id != self.plugin)
    }
}

/// A filter in the slot of a phase.
#[derive(Clone, Copy, Debug)]
struct Slotted {
    plugin: ComponentId,
    /// How far its priority lies above that of its plugin.
    above: i64,
    /// How far that of the plugin's first filter does.
    span: i64,
    /// Its present sort key.
    key: i64,
}

impl Slotted {
    fn of(entry: &Entry) -> Option<Self> {
        let (place, length) = entry.place;
        let steps = |places: usize| {
            i64::try_from(places)
                .ok()
                .and_then(|places| places.checked_mul(priority::STEP))
                .unwrap_or(i64::MAX)
        };
        Some(Self {
            plugin: entry.plugin?,
            above: steps(length.saturating_sub(place + 1)),
            span: steps(length.saturating_sub(1)),
            key: entry.sort_key(),
        })
    }

    /// Its sort key when its plugin has `base`.
    fn key_with(self, base: Option<i64>) -> i64 {
        match base {
            None if self.above == 0 => i64::MIN,
            base => base.unwrap_or(0).saturating_add(self.above),
        }
    }

    fn fits(self, base: Option<i64>) -> bool {
        priority::fits(base) && priority::fits(Some(base.unwrap_or(0).saturating_add(self.span)))
    }
}

/// Tells what puts `plugin` beside another in `chain`, which is one of `design`; else why it cannot be.
pub fn reorder(
    design: &Design,
    chain: &FilterChain,
    plugin: ComponentId,
    beside: Beside,
) -> Result<Reorder, String> {
    let own: Vec<&Entry> = chain.entries.iter().filter(|entry| entry.plugin == Some(plugin)).collect();
    let name = design.name_of(plugin);
    let Some(first) = own.first() else { return Err(format!("{name} does not run in this chain")) };
    let Some(phase) = first.phase else {
        return Err(format!("{name} is placed by its own patches, not by a phase and a priority"));
    };
    let level = first.level;
    let target = target_phase(design, chain, beside, level)?;
    let slot = chain.entries.iter().filter(|entry| entry.level == level && entry.phase == Some(target));
    let others: Vec<Slotted> =
        slot.filter(|entry| entry.plugin != Some(plugin)).filter_map(Slotted::of).collect();
    let at = place_in(&others, plugin, beside)?;
    if let Some(wallet) = others[..at].iter().find(|it| others[at..].iter().any(|x| x.plugin == it.plugin)) {
        return Err(format!(
            "between two filters of {}: they run as one chain, and another plugin does not belong between them",
            design.name_of(wallet.plugin)
        ));
    }
    let own: Vec<Slotted> = own.into_iter().filter_map(Slotted::of).collect();
    let bases: Bases = std::iter::once(plugin)
        .chain(others.iter().map(|it| it.plugin))
        .map(|id| (id, base_of(design, id)))
        .collect();
    let order: Vec<Slotted> = [&others[..at], &own, &others[at..]].concat();
    let problem = Problem { order, own: at..at + own.len(), plugin, bases };
    let Some(solved) = problem.solve() else {
        return Err(format!(
            "no priority is free for {name} there, and its neighbours cannot make room; spread their priorities first"
        ));
    };
    let phase = (phase != target).then_some(target);
    let change = |(id, priority): (&ComponentId, &Option<i64>)| {
        let before = problem.bases.get(id).copied().flatten();
        (before != *priority).then_some(NewPriority { plugin: *id, before, priority: *priority })
    };
    let mut priorities: Vec<NewPriority> = solved.iter().filter_map(change).collect();
    priorities.sort_by_key(|change| change.plugin != plugin);
    let mut reorder =
        Reorder { plugin, beside, phase, priorities, text: String::new(), label: String::new() };
    reorder.text = reorder.in_words(design);
    reorder.label = match beside {
        Beside::Before(other) => format!("Run {name} before {}", design.name_of(other)),
        Beside::After(other) => format!("Run {name} after {}", design.name_of(other)),
        Beside::Alone(phase) => format!("Move {name} to {}", phase_in_words(phase)),
    };
    Ok(reorder)
}

/// What a gap between two filters of the shown chain means for `plugin`; `gap` is the index of the filter behind it.
///
/// Where two phases meet, that of the plugin is meant, else that of the filter before.
pub fn beside_gap(
    design: &Design,
    chain: &FilterChain,
    plugin: ComponentId,
    gap: usize,
) -> Result<Beside, String> {
    let own = chain.entries.iter().find(|entry| entry.plugin == Some(plugin));
    let Some((level, phase)) = own.and_then(|own| Some((own.level, own.phase?))) else {
        return Err(format!("{} has no phase in this chain", design.name_of(plugin)));
    };
    let gap = gap.min(chain.entries.len());
    let is_other = |entry: &&Entry| entry.plugin != Some(plugin);
    let slotted = |entry: &Entry| (entry.level == level).then_some(()).and(entry.phase.zip(entry.plugin));
    let before = chain.entries[..gap].iter().rev().find(is_other).and_then(slotted);
    let behind = chain.entries[gap..].iter().find(is_other).and_then(slotted);
    match (before, behind) {
        (Some((_, one)), Some((_, other))) if one == other => Err(format!(
            "between two filters of {}: they run as one chain, and another plugin does not belong between them",
            design.name_of(one)
        )),
        (Some((own, other)), _) if own == phase => Ok(Beside::After(other)),
        (_, Some((own, other))) if own == phase => Ok(Beside::Before(other)),
        (before, behind) => {
            let phases = chain.phases_at(gap, level);
            let taken = |phase: &Phase| before.into_iter().chain(behind).any(|(taken, _)| taken == *phase);
            if phases.contains(&phase) {
                return Ok(Beside::Alone(phase));
            }
            match (before, behind, phases.iter().find(|phase| !taken(phase))) {
                (Some((_, other)), ..) => Ok(Beside::After(other)),
                (_, Some((_, other)), _) => Ok(Beside::Before(other)),
                (.., Some(phase)) => Ok(Beside::Alone(*phase)),
                (.., None) => {
                    Err("no phase lies here: Istio puts no plugin between these filters".to_owned())
                }
            }
        }
    }
}

fn target_phase(design: &Design, chain: &FilterChain, beside: Beside, level: Level) -> Result<Phase, String> {
    let (Beside::Before(other) | Beside::After(other)) = beside else {
        let Beside::Alone(phase) = beside else { return Ok(Phase::Unspecified) };
        return Ok(phase);
    };
    let name = || design.name_of(other);
    let Some(entry) = chain.entries.iter().find(|entry| entry.plugin == Some(other)) else {
        return Err(format!("{} does not run in this chain", name()));
    };
    if entry.level != level {
        return Err(format!("{} works on {}, the other does not", name(), words_of(entry.level)));
    }
    entry
        .phase
        .ok_or_else(|| format!("{} is placed by its own patches, not by a phase and a priority", name()))
}

fn words_of(level: Level) -> &'static str {
    match level {
        Level::Network => "connections",
        Level::Http => "requests",
    }
}

/// The place among `others` at which the plugin's filters go in.
fn place_in(others: &[Slotted], plugin: ComponentId, beside: Beside) -> Result<usize, String> {
    let is = |id: ComponentId| move |it: &Slotted| it.plugin == id;
    let missing = || "a plugin has no place beside itself".to_owned();
    match beside {
        Beside::Before(other) | Beside::After(other) if other == plugin => Err(missing()),
        Beside::Before(other) => others.iter().position(is(other)).ok_or_else(missing),
        Beside::After(other) => others.iter().rposition(is(other)).map(|at| at + 1).ok_or_else(missing),
        Beside::Alone(_) => Ok(others.len()),
    }
}

fn base_of(design: &Design, id: ComponentId) -> Option<i64> {
    design.component(id)?.configured(&["spec", "priority"]).and_then(Value::as_whole)
}

/// An order that is asked for, over the priorities that there are.
struct Problem {
    /// All filters of the phase in the order that they shall have.
    order: Vec<Slotted>,
    /// Which of them belong to the plugin that is moved.
    own: std::ops::Range<usize>,
    plugin: ComponentId,
    /// The priorities of the plugins.
    bases: Bases,
}

/// Which neighbours make room.
#[derive(Clone, Copy)]
enum Side {
    /// Those before the plugin go up.
    Up,
    /// Those behind it go down.
    Down,
}

impl Problem {
    /// The priorities that give the order, with as few changes as can be.
    fn solve(&self) -> Option<Bases> {
        let present = self.bases.get(&self.plugin).copied().flatten();
        if let Some(bases) = self.free(present) {
            return Some(bases).filter(|bases| self.holds(bases));
        }
        // No priority is free: one that is kept, or next to a neighbour, and those who are in the way move.
        let own = &self.order[self.own.clone()];
        let reach =
            |pick: fn(i64, i64) -> i64| own.iter().map(|it| it.above).reduce(pick).unwrap_or_default();
        let behind = self.order.get(self.own.end).map(|it| it.key);
        let before = self.own.start.checked_sub(1).and_then(|at| self.order.get(at)).map(|it| it.key);
        let next_to_behind = behind.map(|key| key.saturating_add(1).saturating_sub(reach(i64::min)));
        let next_to_before = before.map(|key| key.saturating_sub(1).saturating_sub(reach(i64::max)));
        // Where it costs the same, what was moved changes rather than what it was moved past.
        let candidates = [next_to_behind.map(Some), next_to_before.map(Some), Some(present), Some(Some(0))];
        let tries = candidates.into_iter().flatten().flat_map(|base| [(base, Side::Up), (base, Side::Down)]);
        tries
            .filter_map(|(base, side)| self.make_room(base, side))
            .filter(|bases| self.holds(bases))
            .min_by_key(|bases| self.cost(bases))
    }

    fn with(&self, base: Option<i64>) -> Bases {
        let mut bases = self.bases.clone();
        bases.insert(self.plugin, base);
        bases
    }

    /// With the priority nearest to `present` that is free where the plugin shall stand; an unset one stays if it can.
    fn free(&self, present: Option<i64>) -> Option<Bases> {
        let own = &self.order[self.own.clone()];
        let behind = self.order.get(self.own.end).map(|it| it.key);
        let before = self.own.start.checked_sub(1).and_then(|at| self.order.get(at)).map(|it| it.key);
        let is_free = |base: Option<i64>| {
            own.iter().all(|it| {
                let key = it.key_with(base);
                it.fits(base)
                    && before.is_none_or(|before| key < before)
                    && behind.is_none_or(|behind| key > behind)
            })
        };
        if is_free(present) {
            return Some(self.with(present));
        }
        let span = own.iter().map(|it| it.span).max().unwrap_or_default();
        let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX).saturating_sub(span));
        let lowest = own.iter().map(|it| it.above).min().unwrap_or_default();
        let highest = own.iter().map(|it| it.above).max().unwrap_or_default();
        let from = behind.map_or(least, |key| key.saturating_add(1).saturating_sub(lowest)).max(least);
        let to = before.map_or(most, |key| key.saturating_sub(1).saturating_sub(highest)).min(most);
        let base = (from <= to).then(|| present.unwrap_or(0).clamp(from, to));
        base.filter(|base| is_free(Some(*base))).map(|base| self.with(Some(base)))
    }

    /// Moves the neighbours on one side as little as the order asks for, with the plugin at `base`.
    fn make_room(&self, base: Option<i64>, side: Side) -> Option<Bases> {
        let mut bases = self.with(base);
        // Each round moves somebody by one at least; what goes on and on has no end within int32 either.
        for _ in 0..self.order.len().saturating_mul(8).saturating_add(8) {
            let is_broken = |at: &usize| self.is_broken(*at, &bases);
            let pairs = 0..self.order.len().saturating_sub(1);
            let broken = match side {
                Side::Up => pairs.rev().find(is_broken),
                Side::Down => pairs.into_iter().find(is_broken),
            };
            let Some(at) = broken else { return Some(bases) };
            let (upper, lower) = (self.order[at], self.order[at + 1]);
            let key = |it: Slotted| it.key_with(bases.get(&it.plugin).copied().flatten());
            let gap = i64::from(self.is_strict(at));
            let (moved, base) = match side {
                Side::Up if at < self.own.start => {
                    let base = key(lower).saturating_add(gap).saturating_sub(upper.above);
                    let is_set = bases.get(&upper.plugin).copied().flatten().is_some();
                    (upper, if is_set { base } else { base.max(0) })
                }
                Side::Down if at + 1 >= self.own.end => {
                    (lower, key(upper).saturating_sub(gap).saturating_sub(lower.above))
                }
                _ => return None,
            };
            if !moved.fits(Some(base)) {
                return None;
            }
            bases.insert(moved.plugin, Some(base));
        }
        None
    }

    /// Whether the filter at `at` has to have a higher priority than the next one, and not an equal one.
    fn is_strict(&self, at: usize) -> bool {
        let is_own = |at: usize| self.own.contains(&at);
        is_own(at) || is_own(at + 1) || self.order[at].key != self.order[at + 1].key
    }

    fn is_broken(&self, at: usize, bases: &Bases) -> bool {
        let key = |it: Slotted| it.key_with(bases.get(&it.plugin).copied().flatten());
        let (upper, lower) = (key(self.order[at]), key(self.order[at + 1]));
        upper < lower || (upper == lower && self.is_strict(at))
    }

    /// Tells whether the priorities give the order, and Kubernetes takes them.
    fn holds(&self, bases: &Bases) -> bool {
        let fits = |it: &Slotted| {
            let base = bases.get(&it.plugin).copied().flatten();
            base == self.bases.get(&it.plugin).copied().flatten() || it.fits(base)
        };
        self.order.iter().all(fits)
            && (0..self.order.len().saturating_sub(1)).all(|at| !self.is_broken(at, bases))
    }

    /// How many others change, and by how much all of them together.
    fn cost(&self, bases: &Bases) -> (usize, u64) {
        let changed = || bases.iter().filter(|(id, base)| self.bases.get(*id) != Some(*base));
        let others = changed().filter(|(id, _)| **id != self.plugin).count();
        let distance = changed()
            .map(|(id, base)| {
                let before = self.bases.get(id).copied().flatten().unwrap_or(0);
                base.unwrap_or(0).abs_diff(before)
            })
            .fold(0, u64::saturating_add);
        (others, distance)
    }
}

impl Reorder {
    /// "Sets the priority of edge-auth to 11 (was 20)", with the neighbours that make room.
    fn in_words(&self, design: &Design) -> String {
        let value = |priority: Option<i64>| {
            priority.map_or_else(|| "not set".to_owned(), |priority| priority.to_string())
        };
        let name = design.name_of(self.plugin);
        let own = self.priorities.iter().find(|change| change.plugin == self.plugin);
        let mut parts = Vec::new();
        if let Some(phase) = self.phase {
            parts.push(format!("moves {name} to {}", phase_in_words(phase)));
        }
        if let Some(change) = own {
            let (now, before) = (value(change.priority), value(change.before));
            parts.push(match change.priority {
                Some(_) => format!("sets the priority of {name} to {now} (was {before})"),
                None => format!("unsets the priority of {name} (was {before})"),
            });
        }
        let moved: Vec<String> = self
            .priorities
            .iter()
            .filter(|change| change.plugin != self.plugin)
            .map(|change| {
                format!(
                    "{} to {} (was {})",
                    design.name_of(change.plugin),
                    value(change.priority),
                    value(change.before)
                )
            })
            .collect();
        if !moved.is_empty() {
            parts.push(format!("makes room: sets the priority of {}", moved.join(", ")));
        }
        if parts.is_empty() {
            return format!("{name} stays where it is");
        }
        let text = parts.join("; ");
        let mut chars = text.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }
}

fn phase_in_words(phase: Phase) -> String {
    match phase {
        Phase::Unspecified => "no phase".to_owned(),
        phase => format!("phase {}", phase.text()),
    }
}
