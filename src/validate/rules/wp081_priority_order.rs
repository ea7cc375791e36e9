//! WP081, WP082 and DS012: plugins of one phase on one target whose order no file decides, or that run inside each other.
//!
//! A plugin gives one finding, at its priority, about all the earlier ones that it meets; the worst gives the code. The
//! fixes go together: whether one of them is taken or all, no two plugins end on one priority.

use indexmap::IndexMap;

use super::super::wallets::{Wallet, meeting_pairs};
use super::rule::Rule;
use crate::model::{Diagnostic, Edit, FieldPath, Location};
use crate::validate::Context;
use crate::wallet::priority;

/// The most other plugins that a message names.
const MOST_NAMED: usize = 3;

/// How two wallets stand to each other, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clash {
    /// A resource of the later runs inside the chain of the earlier.
    Inside,
    /// A resource of the earlier runs inside the chain of the later.
    Holds,
    /// Two resources have the same priority, or none.
    Equal,
    /// One has a priority and the other has none.
    Unset,
}

/// The priorities of a wallet from the lowest to the highest, as sort keys.
type Range = (i64, i64);

pub(super) const RULE: Rule = Rule::of_design(&["DS012", "WP081", "WP082"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let wallets = &context.wallets;
    let pairs = meeting_pairs(wallets, &context.proxies, context.mesh);
    let mut met: IndexMap<usize, Vec<usize>, foldhash::fast::FixedState> = IndexMap::default();
    for (earlier, later) in &pairs {
        met.entry(*later).or_default().push(*earlier);
        met.entry(*earlier).or_default().push(*later);
    }
    met.sort_unstable_keys();
    // Where a plugin stands when its fix is taken.
    let mut mended: Vec<Option<Range>> = vec![None; wallets.len()];
    for (later, others) in &met {
        let wallet = &wallets[*later];
        let earlier = others.iter().copied().filter(|other| other < later);
        let mut clashes: Vec<(Clash, usize)> =
            earlier.filter_map(|other| Some((clash(&wallets[other], wallet)?, other))).collect();
        clashes.sort_unstable();
        let Some((worst, _)) = clashes.first().copied() else { continue };
        let code = match worst {
            Clash::Inside | Clash::Holds => "DS012",
            Clash::Equal => "WP082",
            Clash::Unset => "WP081",
        };
        let path = FieldPath::keys(&["configuration", "spec", "priority"]);
        let id = wallet.first().plugin;
        let message = message(context, wallet, worst, &clashes);
        let mut finding = Diagnostic::new(code, Location::component(id, path.clone()), message);
        let ranges = |other: usize| std::iter::once(range(&wallets[other])).chain(mended[other]);
        let clashing: Vec<Range> = clashes.iter().flat_map(|(_, other)| ranges(*other)).collect();
        let all: Vec<Range> = others.iter().flat_map(|other| ranges(*other)).collect();
        let span = priority::STEP * i64::try_from(wallet.length() - 1).unwrap_or(i64::from(i32::MAX));
        // Another number does not help where it is the others that have none.
        let is_of_others = worst == Clash::Unset && wallet.base.is_some();
        if let Some(base) = free_base(span, &clashing, all).filter(|_| !is_of_others) {
            mended[*later] = Some((base, base + span));
            finding = finding.with_fix(format!("Set priority {base}"), vec![Edit::set(id, path, base)]);
        }
        found.push(finding);
    }
}

fn range(wallet: &Wallet<'_>) -> Range {
    let (highest, lowest) = wallet.range();
    (lowest, highest)
}

fn clash(earlier: &Wallet<'_>, later: &Wallet<'_>) -> Option<Clash> {
    let lies_inside = |of: &Wallet<'_>, (lowest, highest): Range| {
        of.priorities().map(priority::sort_key).any(|priority| lowest < priority && priority < highest)
    };
    if lies_inside(later, range(earlier)) {
        Some(Clash::Inside)
    } else if lies_inside(earlier, range(later)) {
        Some(Clash::Holds)
    } else if earlier.priorities().any(|priority| later.priorities().any(|other| other == priority)) {
        Some(Clash::Equal)
    } else {
        (earlier.base.is_some() != later.base.is_some()).then_some(Clash::Unset)
    }
}

fn message(context: &Context<'_>, later: &Wallet<'_>, worst: Clash, clashes: &[(Clash, usize)]) -> String {
    let listed = |is_meant: &dyn Fn(Clash) -> bool| {
        let meant: Vec<usize> =
            clashes.iter().filter(|(clash, _)| is_meant(*clash)).map(|(_, other)| *other).collect();
        let names: Vec<_> = meant
            .iter()
            .take(MOST_NAMED)
            .map(|other| context.design.name_of(context.wallets[*other].first().plugin))
            .collect();
        let more = meant.len() - names.len();
        let names = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let text = if more > 0 { format!("{names} and {more} more") } else { names };
        (text, meant)
    };
    let (names, others) = listed(&|clash| clash == worst);
    let is_one = others.len() == 1;
    let text = match worst {
        Clash::Inside => format!("runs inside the chain of {names}: set another priority"),
        Clash::Holds if is_one => {
            format!("{names} runs inside the chain of this plugin: set another priority")
        }
        Clash::Holds => format!("{names} run inside the chain of this plugin: set another priority"),
        Clash::Equal => {
            let is_unset =
                later.base.is_none() && others.iter().all(|other| context.wallets[*other].base.is_none());
            let which = match (is_unset, is_one) {
                (true, true) => "neither sets a priority",
                (true, false) => "none of them sets a priority",
                (false, true) => "both have the same priority",
                (false, false) => "they have the same priority",
            };
            format!("order with {names} depends on which was created first: {which}")
        }
        Clash::Unset if later.base.is_none() => {
            let set = if is_one { "sets" } else { "set" };
            format!("priority is not set and {names} {set} it: unset runs last, below negatives")
        }
        Clash::Unset if is_one => format!("{names} sets no priority: it runs last, below negatives"),
        Clash::Unset => format!("{names} set no priority: they run last, below negatives"),
    };
    match listed(&|clash| clash != worst) {
        (_, rest) if rest.is_empty() => text,
        (names, _) => format!("{text}; the order with {names} is not clear either"),
    }
}

/// A priority that puts a range of `span` below all that it clashes with, else above them, and into no other.
fn free_base(span: i64, clashing: &[Range], mut all: Vec<Range>) -> Option<i64> {
    let unset = priority::sort_key(None);
    let fits = |base: &i64| priority::fits(Some(*base)) && priority::fits(Some(base.saturating_add(span)));
    let overlaps =
        |base: i64, (lowest, highest): Range| lowest <= base.saturating_add(span) && base <= highest;
    let below = |lowest: i64| lowest.saturating_sub(priority::STEP).saturating_sub(span);
    let above =
        |highest: i64| if highest == unset { priority::STEP } else { highest.saturating_add(priority::STEP) };
    // On the way down the higher ranges come first, on the way up the lower ones: what was passed stays behind.
    all.sort_unstable_by_key(|(_, highest)| std::cmp::Reverse(*highest));
    let lowest = clashing.iter().map(|(lowest, _)| *lowest).min()?;
    let down = all.iter().fold(
        below(lowest),
        |base, range| {
            if overlaps(base, *range) { below(range.0) } else { base }
        },
    );
    all.sort_unstable();
    let highest = clashing.iter().map(|(_, highest)| *highest).max()?;
    let up = all.iter().fold(
        above(highest),
        |base, range| {
            if overlaps(base, *range) { above(range.1) } else { base }
        },
    );
    Some(down).filter(fits).or(Some(up)).filter(fits)
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes, messages};

    const SHOP: &str = "workload w ns=shop labels=app:a\n";

    fn case(code: &str, plugins: &str, expected: &[&str]) {
        check(code, &format!("{SHOP}{plugins}"), expected);
    }

    #[test]
    fn equal_or_unset_priorities_leave_the_order_open() {
        let at = ["q /configuration/spec/priority"];
        case("WP082", "plugin p url=x ns=shop sel=app:a\nplugin q url=x ns=shop sel=app:a\n", &at);
        case(
            "WP082",
            "plugin p url=x ns=shop sel=app:a priority=5\nplugin q url=x ns=shop sel=app:a priority=5\n",
            &at,
        );
        case(
            "WP082",
            "plugin p url=x ns=shop sel=app:a priority=5\nplugin q url=x ns=shop sel=app:a priority=6\n",
            &[],
        );
        case(
            "WP082",
            "plugin p url=x ns=shop sel=app:a phase=AUTHN\nplugin q url=x ns=shop sel=app:a\n",
            &[],
        );
        case("WP082", "plugin p url=x ns=shop sel=app:a\nplugin q url=x ns=shop sel=app:b\n", &[]);
        case("WP082", "plugin p url=x ns=shop\nplugin q url=x ns=shop sel=app:b\n", &at);
        case("WP082", "plugin p url=x ns=shop ref=Gateway/g\nplugin q url=x ns=shop ref=Gateway/g\n", &at);
        case("WP082", "plugin p url=x ns=shop ref=Gateway/g\nplugin q url=x ns=shop ref=Gateway/h\n", &[]);
    }

    #[test]
    fn an_unset_priority_beside_a_set_one() {
        let at = ["q /configuration/spec/priority"];
        case(
            "WP081",
            "plugin p url=x ns=shop sel=app:a priority=-5\nplugin q url=x ns=shop sel=app:a\n",
            &at,
        );
        let set = "plugin p url=x ns=shop sel=app:a\nplugin q url=x ns=shop sel=app:a priority=1\n";
        case("WP081", set, &at);
        assert_eq!(fixes("WP081", &format!("{SHOP}{set}")), [""; 0], "it is p that has none");
    }

    #[test]
    fn a_resource_between_those_of_another_chain() {
        let chain =
            "plugin p ns=shop sel=app:a priority=0\nfilter f in=p wasmFilter=x\nfilter g in=p wasmFilter=y\n";
        let inside = format!("{chain}plugin q url=x ns=shop sel=app:a priority=5\n");
        case("DS012", &inside, &["q /configuration/spec/priority"]);
        case("WP082", &inside, &[]);
        case("DS012", &format!("{chain}plugin q url=x ns=shop sel=app:a priority=11\n"), &[]);
        case(
            "WP082",
            &format!("{chain}plugin q url=x ns=shop sel=app:a priority=10\n"),
            &["q /configuration/spec/priority"],
        );
        assert_eq!(fixes("DS012", &format!("{SHOP}{inside}")), ["Set priority -10"]);
    }

    #[test]
    fn above_when_there_is_no_room_below() {
        let chain = "plugin p ns=shop sel=app:a\nfilter f in=p wasmFilter=x\nfilter g in=p wasmFilter=y\n";
        let design = format!("{SHOP}{chain}plugin q url=x ns=shop sel=app:a\n");
        assert_eq!(fixes("WP082", &design), ["Set priority 20"]);
    }

    #[test]
    fn a_plugin_gives_one_finding_and_the_fixes_go_together() {
        let plugins = |priority: &str| -> String {
            let plugin = |name| format!("plugin {name} url=x ns=shop sel=app:a {priority}\n");
            ["p", "q", "r", "s", "t"].map(plugin).concat()
        };
        let places = ["q", "r", "s", "t"].map(|name| format!("{name} /configuration/spec/priority"));
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        for priority in ["", "priority=5"] {
            case("WP082", &plugins(priority), &places);
        }
        let fixed = fixes("WP082", &format!("{SHOP}{}", plugins("priority=5")));
        assert_eq!(fixed, ["Set priority -5", "Set priority -15", "Set priority -25", "Set priority -35"]);
        let fixed = fixes("WP082", &format!("{SHOP}{}", plugins("")));
        assert_eq!(fixed, ["Set priority 10", "Set priority 20", "Set priority 30", "Set priority 40"]);
        let said = messages("WP082", &format!("{SHOP}{}", plugins("")));
        let last =
            "order with p, q, r and 1 more depends on which was created first: none of them sets a priority";
        assert_eq!(said.last().map(String::as_str), Some(last));
    }

    #[test]
    fn a_fix_stays_out_of_what_lies_on_the_way() {
        let design = "plugin p url=x ns=shop sel=app:a priority=0\nplugin q url=x ns=shop sel=app:a priority=-10\n\
                      plugin r url=x ns=shop sel=app:a priority=0\n";
        assert_eq!(fixes("WP082", &format!("{SHOP}{design}")), ["Set priority -20"]);
    }

    #[test]
    fn a_priority_that_is_no_whole_number_is_not_called_unset() {
        let pair = "plugin p url=x ns=shop sel=app:a priority=5\nplugin q url=x ns=shop sel=app:a priority=";
        for priority in ["5.5", "ten", "3000000000"] {
            case("WP081", &format!("{pair}{priority}\n"), &[]);
        }
        let whole = crate::model::Number::from_text("5.0");
        assert_eq!((whole.as_i64(), whole.as_whole()), (None, Some(5)));
    }
}
