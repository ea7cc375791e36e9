//! The rules, one a file, in one sorted table.
//!
//! A file is named by its code. `sc001_structure.rs` reports the whole SC family and WP093: one walk over the schema finds
//! them together. `sc006_refused.rs` reports what an API server refuses and no schema says. `wp081_priority_order.rs` holds WP081, WP082 and DS012: a pair of wallets gives one of the three.

mod ds001;
mod ds002;
mod ds010;
mod ex001;
mod sc001_structure;
mod sc006_refused;
mod wp001;
mod wp002;
mod wp004;
mod wp009;
mod wp012;
mod wp050;
mod wp052;
mod wp054;
mod wp061;
mod wp070;
mod wp080;
mod wp081_priority_order;

use super::Context;
use crate::model::Diagnostic;

/// Looks at the input and adds what it finds.
pub(super) type Rule = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// Every rule, by the code that it reports first, sorted.
pub(super) const RULES: &[(&str, Rule)] = &[
    ("DS001", ds001::check),
    ("DS002", ds002::check),
    ("DS010", ds010::check),
    ("EX001", ex001::check),
    ("SC001", sc001_structure::check),
    ("SC006", sc006_refused::check),
    ("WP001", wp001::check),
    ("WP002", wp002::check),
    ("WP004", wp004::check),
    ("WP009", wp009::check),
    ("WP012", wp012::check),
    ("WP050", wp050::check),
    ("WP052", wp052::check),
    ("WP054", wp054::check),
    ("WP061", wp061::check),
    ("WP070", wp070::check),
    ("WP080", wp080::check),
    ("WP081", wp081_priority_order::check),
];

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::model::diagnostic::info;

    #[test]
    fn the_table_is_sorted_and_its_codes_are_known() {
        assert!(RULES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, _) in RULES {
            assert!(info(code).is_some(), "{code}");
        }
    }
}
