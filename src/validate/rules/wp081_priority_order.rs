//! WP081, WP082 and DS012: plugins of one phase on one target whose order no file decides, or that run inside each other.
//!
//! A pair of wallets gives one finding, at the priority of the later plugin (`product.md`, Priorities).

use super::super::wallets::{Wallet, meeting_pairs};
use crate::model::{Diagnostic, Edit, FieldPath, Location};
use crate::validate::Context;
use crate::wallet::priority;

/// The most findings at one plugin; with more, its priority has to be looked at anyway.
const MAX_AT_ONE: usize = 5;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut at_one = (usize::MAX, 0);
    for (earlier, later) in meeting_pairs(&context.wallets) {
        let (earlier, wallet) = (&context.wallets[earlier], &context.wallets[later]);
        let Some((code, message)) = compare(context, earlier, wallet) else { continue };
        at_one = if at_one.0 == later { (later, at_one.1 + 1) } else { (later, 1) };
        if at_one.1 > MAX_AT_ONE {
            continue;
        }
        let path = FieldPath::keys(&["configuration", "spec", "priority"]);
        let id = wallet.component.id();
        let mut finding = Diagnostic::new(code, Location::component(id, path.clone()), message);
        if let Some(base) = free_base(earlier, wallet) {
            finding = finding.with_fix(format!("Set priority {base}"), vec![Edit::set(id, path, base)]);
        }
        found.push(finding);
    }
}

fn compare(
    context: &Context<'_>,
    earlier: &Wallet<'_>,
    later: &Wallet<'_>,
) -> Option<(&'static str, String)> {
    let name = context.design.name_of(earlier.component.id());
    let lies_inside = |of: &Wallet<'_>, range: (i64, i64)| {
        of.priorities().map(priority::sort_key).any(|priority| range.1 < priority && priority < range.0)
    };
    if lies_inside(later, earlier.range()) {
        return Some(("DS012", format!("runs inside the chain of {name}: set another priority")));
    }
    if lies_inside(earlier, later.range()) {
        return Some(("DS012", format!("{name} runs inside the chain of this plugin: set another priority")));
    }
    if earlier.priorities().any(|priority| later.priorities().any(|other| other == priority)) {
        let which = match (earlier.base, later.base) {
            (None, None) => "neither sets a priority",
            _ => "both have the same priority",
        };
        return Some(("WP082", format!("order with {name} depends on which was created first: {which}")));
    }
    match (earlier.base, later.base) {
        (Some(_), None) => Some((
            "WP081",
            format!("priority is not set and {name} sets it: unset runs last, below negatives"),
        )),
        (None, Some(_)) => Some(("WP081", format!("{name} sets no priority: it runs last, below negatives"))),
        _ => None,
    }
}

/// A priority for the later plugin that puts its whole range below the other's, else above.
fn free_base(earlier: &Wallet<'_>, later: &Wallet<'_>) -> Option<i64> {
    let (highest, lowest) = priority::range(earlier.base, earlier.length);
    let span = i64::try_from(later.length - 1).ok()? * priority::STEP;
    let below = lowest.map(|lowest| lowest - priority::STEP - span);
    let above = highest.unwrap_or(0) + priority::STEP;
    let fits = |base: &i64| priority::fits(Some(*base)) && priority::fits(Some(*base + span));
    below.filter(fits).or(Some(above)).filter(fits)
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

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
        case("WP081", "plugin p url=x ns=shop sel=app:a\nplugin q url=x ns=shop sel=app:a priority=1\n", &at);
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
}
