//! The names of exported resources (`product.md`, Names).
//!
//! A resource has its component's **own** name, which nothing here ever alters, or, for the filters of a chain of several,
//! a **derived** one, which always is a valid name and never meets another.

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

/// The most characters of a name (RFC 1123 subdomain, as Kubernetes applies it to most objects).
pub const MAX_LENGTH: usize = 253;

/// Characters at the end of a cut name: a hyphen and six of the hash.
const TAIL_LENGTH: usize = 7;

/// The namespace that rules and names assume for an object that has none.
pub const DEFAULT_NAMESPACE: &str = "default";

/// What two objects of one kind must not share.
pub type Scope = (String, String);

/// The name of one filter's resource in a chain of several: `<plugin>-<filter>` in lower case, every other character
/// than a letter or digit a hyphen, none at the ends, at most [`MAX_LENGTH`] long.
///
/// Never empty: names without a single usable letter give `fallback`.
pub fn derive(plugin: &str, filter: &str, fallback: &str) -> String {
    let joined = format!("{plugin}-{filter}");
    let usable: String = joined.chars().map(usable_char).collect();
    let usable = usable.trim_matches('-');
    if usable.is_empty() {
        return fallback.to_owned();
    }
    shortened(usable, MAX_LENGTH, &joined)
}

/// An ASCII `name` of at most `length` characters: cut, with six hexadecimal digits of the hash of `whole` behind it,
/// which still tells apart what the cut makes equal.
pub fn shortened(name: &str, length: usize, whole: &str) -> String {
    if name.len() <= length {
        return name.to_owned();
    }
    with_hash(cut(name, length.saturating_sub(TAIL_LENGTH)), whole)
}

/// `name` with six hexadecimal digits of the hash of `whole` behind it.
pub fn with_hash(name: &str, whole: &str) -> String {
    let hash = Sha256::digest(whole.as_bytes());
    format!("{name}-{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2])
}

fn usable_char(c: char) -> char {
    let lower = c.to_ascii_lowercase();
    if lower.is_ascii_lowercase() || lower.is_ascii_digit() { lower } else { '-' }
}

/// The first `length` bytes of an ASCII name, without hyphens at the end.
fn cut(name: &str, length: usize) -> &str {
    name.get(..length).unwrap_or(name).trim_end_matches('-')
}

/// Names that are taken, and the next free one.
#[derive(Debug, Default)]
pub struct Taken {
    names: IndexMap<Scope, Names, foldhash::fast::FixedState>,
}

/// The names of one scope; for a name that met another, the number to try next.
type Names = IndexMap<String, usize, foldhash::fast::FixedState>;

impl Taken {
    /// Takes an own name. It may be taken already: that is a finding of its own (DS010), not ours to mend.
    pub fn take(&mut self, scope: Scope, name: &str) {
        self.names.entry(scope).or_default().entry(name.to_owned()).or_insert(2);
    }

    /// Takes `name` or, when it is taken, the first free of `name-2`, `name-3`, … and returns it.
    pub fn take_free(&mut self, scope: Scope, name: &str) -> String {
        let taken = self.names.entry(scope).or_default();
        let Some(&(mut number)) = taken.get(name) else {
            taken.insert(name.to_owned(), 2);
            return name.to_owned();
        };
        let free = loop {
            let tail = format!("-{number}");
            let free = format!("{}{tail}", cut(name, name.len().min(MAX_LENGTH - tail.len())));
            number += 1;
            if !taken.contains_key(&free) {
                break free;
            }
        };
        taken.insert(name.to_owned(), number);
        taken.insert(free.clone(), 2);
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_name_is_always_valid() {
        for (plugin, filter, name) in [
            ("edge-auth", "basic-auth", "edge-auth-basic-auth"),
            ("Edge Auth", "JWT_check.v1", "edge-auth-jwt-check-v1"),
            ("-edge", "auth-", "edge-auth"),
            ("日本", "語", "wasm-plugin"),
        ] {
            assert_eq!(derive(plugin, filter, "wasm-plugin"), name);
        }
    }

    #[test]
    fn a_long_name_is_cut_and_stays_unlike_its_neighbour() {
        let plugin = "p".repeat(200);
        let a = derive(&plugin, &format!("{}a", "f".repeat(100)), "x");
        let b = derive(&plugin, &format!("{}b", "f".repeat(100)), "x");
        assert_eq!(a.len(), MAX_LENGTH);
        assert_eq!(a[..MAX_LENGTH - 6], b[..MAX_LENGTH - 6]);
        assert_ne!(a, b);
        assert!(a.rsplit('-').next().is_some_and(|hash| hash.len() == 6));
        let exact = derive(&"p".repeat(126), &"f".repeat(126), "x");
        assert_eq!(exact.len(), MAX_LENGTH);
        assert!(exact.ends_with('f'));
    }

    #[test]
    fn a_taken_name_gets_the_next_number() {
        let scope = || (String::from("WasmPlugin"), String::from("default"));
        let mut taken = Taken::default();
        taken.take(scope(), "a-b");
        taken.take(scope(), "a-b");
        assert_eq!(taken.take_free(scope(), "a-b"), "a-b-2");
        assert_eq!(taken.take_free(scope(), "a-b"), "a-b-3");
        assert_eq!(taken.take_free((String::from("WasmPlugin"), String::from("other")), "a-b"), "a-b");
        let long = "n".repeat(MAX_LENGTH);
        taken.take(scope(), &long);
        assert_eq!(taken.take_free(scope(), &long).len(), MAX_LENGTH);
    }
}
