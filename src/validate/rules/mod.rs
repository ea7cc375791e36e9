//! The rules, one a file, in one sorted table.
//!
//! A file is named by its code. `sc001_structure.rs` reports the whole SC family and WP093: one walk over the schema finds
//! them together. `sc006_refused.rs` reports what an API server refuses and no schema says. `wp081_priority_order.rs` holds WP081, WP082 and DS012: a pair of wallets gives one of the three.

mod an001;
mod an002;
mod an003;
mod cm001_size;
mod cm003;
mod cm004;
mod ds001;
mod ds002;
mod ds010;
mod ef001_webhook;
mod ef014_value;
mod ef020;
mod ef023_placement;
mod ef025;
mod ef026;
mod ef027;
mod ef028;
mod ef029_remote_code;
mod ef031;
mod ef032;
mod ef033;
mod ef034;
mod ef035;
mod ef036;
mod ef037;
mod ef038;
mod ef039;
mod ex001;
mod img001;
mod img002;
mod img003;
mod img004;
mod img005;
mod img006;
mod mod001;
mod mod002;
mod mod003;
mod mod004;
mod mod005;
mod mod006;
mod mod007;
mod rule;
mod sc001_structure;
mod sc006_refused;
mod sc008_validations;
mod te001;
mod te002_script;
mod te004;
mod ve001;
mod wp001;
mod wp002;
mod wp003;
mod wp004;
mod wp005;
mod wp006;
mod wp007;
mod wp008;
mod wp009;
mod wp010;
mod wp011;
mod wp012;
mod wp013;
mod wp014_unused_pull_settings;
mod wp015;
mod wp016;
mod wp020;
mod wp023_pull_secret;
mod wp030;
mod wp031;
mod wp032;
mod wp040;
mod wp041_env_value;
mod wp043_env_name;
mod wp050;
mod wp051;
mod wp052;
mod wp053;
mod wp054;
mod wp055_reach;
mod wp058;
mod wp059;
mod wp060;
mod wp061;
mod wp061_target;
mod wp070;
mod wp071_match;
mod wp073;
mod wp080;
mod wp081_priority_order;
mod wp083;
mod wp084;
mod wp085;
mod wp086;
mod wp088;
mod wp089;
mod wp090;
mod wp091;
mod wp092;
mod wp094;

pub(super) use rule::Rule;

/// Every rule, sorted by the names of their files.
pub(super) const RULES: &[Rule] = &[
    an001::RULE,
    an002::RULE,
    an003::RULE,
    cm001_size::RULE,
    cm003::RULE,
    cm004::RULE,
    ds001::RULE,
    ds002::RULE,
    ds010::RULE,
    ef001_webhook::RULE,
    ef014_value::RULE,
    ef020::RULE,
    ef023_placement::RULE,
    ef025::RULE,
    ef026::RULE,
    ef027::RULE,
    ef028::RULE,
    ef029_remote_code::RULE,
    ef031::RULE,
    ef032::RULE,
    ef033::RULE,
    ef034::RULE,
    ef035::RULE,
    ef036::RULE,
    ef037::RULE,
    ef038::RULE,
    ef039::RULE,
    ex001::RULE,
    img001::RULE,
    img002::RULE,
    img003::RULE,
    img004::RULE,
    img005::RULE,
    img006::RULE,
    mod001::RULE,
    mod002::RULE,
    mod003::RULE,
    mod004::RULE,
    mod005::RULE,
    mod006::RULE,
    mod007::RULE,
    sc001_structure::RULE,
    sc006_refused::RULE,
    sc008_validations::RULE,
    te001::RULE,
    te002_script::RULE,
    te004::RULE,
    ve001::RULE,
    wp001::RULE,
    wp002::RULE,
    wp003::RULE,
    wp004::RULE,
    wp005::RULE,
    wp006::RULE,
    wp007::RULE,
    wp008::RULE,
    wp009::RULE,
    wp010::RULE,
    wp011::RULE,
    wp012::RULE,
    wp013::RULE,
    wp014_unused_pull_settings::RULE,
    wp015::RULE,
    wp016::RULE,
    wp020::RULE,
    wp023_pull_secret::RULE,
    wp030::RULE,
    wp031::RULE,
    wp032::RULE,
    wp040::RULE,
    wp041_env_value::RULE,
    wp043_env_name::RULE,
    wp050::RULE,
    wp051::RULE,
    wp052::RULE,
    wp053::RULE,
    wp054::RULE,
    wp055_reach::RULE,
    wp058::RULE,
    wp059::RULE,
    wp060::RULE,
    wp061::RULE,
    wp061_target::RULE,
    wp070::RULE,
    wp071_match::RULE,
    wp073::RULE,
    wp080::RULE,
    wp081_priority_order::RULE,
    wp083::RULE,
    wp084::RULE,
    wp085::RULE,
    wp086::RULE,
    wp088::RULE,
    wp089::RULE,
    wp090::RULE,
    wp091::RULE,
    wp092::RULE,
    wp094::RULE,
];

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::model::diagnostic::info;

    #[test]
    fn each_rule_reports_known_codes_and_looks_at_something() {
        for rule in RULES {
            assert!(
                rule.resource.is_some()
                    || rule.design.is_some()
                    || rule.module.is_some()
                    || rule.image.is_some(),
                "{:?}",
                rule.codes
            );
            assert!(rule.codes.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", rule.codes);
            for code in rule.codes {
                assert!(info(code).is_some(), "{code}");
            }
        }
    }
}
