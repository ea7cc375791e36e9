//! WP070: ports of `match` that are missing, out of range or repeated.

use super::super::at_path;
use crate::model::{Diagnostic, FieldPath, Value};
use crate::validate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.plugins() {
        let Some(matches) = resource.configuration.get("spec").and_then(|spec| spec.at(&["match"])) else {
            continue;
        };
        for (i, selector) in matches.as_list().unwrap_or_default().iter().enumerate() {
            let mut seen: Vec<i64> = Vec::new();
            let ports = selector.at(&["ports"]).and_then(Value::as_list).unwrap_or_default();
            for (j, port) in ports.iter().enumerate() {
                let number = port.at(&["number"]);
                let reason = match number.map(Value::as_i64) {
                    None => "a port needs a number".to_owned(),
                    Some(Some(number @ 1..=65535)) if seen.contains(&number) => {
                        format!("port {number} is there twice")
                    }
                    Some(Some(number @ 1..=65535)) => {
                        seen.push(number);
                        continue;
                    }
                    Some(_) => "a port is a whole number from 1 to 65535".to_owned(),
                };
                let mut path = FieldPath::keys(&["spec", "match"]).child(i).child("ports").child(j);
                if number.is_some() {
                    path.push("number");
                }
                found.push(Diagnostic::new("WP070", at_path(resource, &path), reason));
            }
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
