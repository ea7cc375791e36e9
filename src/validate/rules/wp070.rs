//! WP070: ports of `match` that are missing, out of range or repeated.

use super::rule::Rule;
use crate::model::{Diagnostic, FieldPath, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP070"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    if resource.plugin().is_none() {
        return;
    }
    let matches = resource.get(&["spec", "match"]).and_then(Value::as_list).unwrap_or_default();
    for (i, selector) in matches.iter().enumerate() {
        let mut seen: Vec<i64> = Vec::new();
        let ports = selector.at(&["ports"]).and_then(Value::as_list).unwrap_or_default();
        for (j, port) in ports.iter().enumerate() {
            let number = port.at(&["number"]).filter(|number| !number.is_null());
            let reason = match number.map(Value::as_i64) {
                None => "a port needs a number".to_owned(),
                Some(Some(number @ 1..=65535)) if seen.contains(&number) => {
                    format!("port {number} is there twice")
                }
                Some(Some(number @ 1..=65535)) => {
                    seen.push(number);
                    continue;
                }
                // What is no whole number is the schema's matter (SC001).
                Some(None) => continue,
                Some(Some(_)) => "a port is a whole number from 1 to 65535".to_owned(),
            };
            let mut path = FieldPath::keys(&["spec", "match"]).child(i).child("ports").child(j);
            if number.is_some() {
                path.push("number");
            }
            found.push(Diagnostic::new("WP070", resource.at_path(&path), reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn ports_are_numbers_from_1_to_65535_once() {
        check(
            "WP070",
            "plugin p url=x ports=0,80,80,65536,65535\n",
            &[
                "p /configuration/spec/match/0/ports/0/number",
                "p /configuration/spec/match/0/ports/2/number",
                "p /configuration/spec/match/0/ports/3/number",
            ],
        );
        check("WP070", "plugin p url=x ports=80,8080\n", &[]);
    }
}
