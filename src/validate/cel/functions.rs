//! The functions that rules may call: those of Kubernetes, as `kube-cel` has them, with ours where it matters.
//!
//! URLs are those of Go. Regular expressions are compiled once. What the guard of a rule calls begins with `@`, which no
//! rule can write.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::KubeCelExt as _;
use kube_cel::cel::extractors::{Arguments, This};
use kube_cel::cel::objects::{Key, Map, Opaque};
use kube_cel::cel::{Context, ExecutionError, ResolveResult, Value};
use regex::{Regex, RegexBuilder};

use super::budget;
use crate::istio::go_url::{self, Url};

/// Measures a value that a loop goes over.
pub(super) const RANGE: &str = "@range";
/// Measures what a turn of a loop has gathered.
pub(super) const TURN: &str = "@turn";
/// Refuses what is too long for a function that multiplies.
pub(super) const SHORT: &str = "@short";
/// The same for a text that such a function works on.
pub(super) const TEXT: &str = "@text";

const MOST_SHORT: usize = 256;
const MOST_TEXT: usize = 64 * 1024;
/// The longest list that `lists.range` makes.
const MOST_RANGE: i64 = 10_000;
/// How much a pattern may take once compiled, in bytes, and what compiling it costs.
const PATTERN_SIZE: usize = 256 * 1024;
const PATTERN_COST: u64 = 2_000;
/// How many patterns are kept.
const MOST_PATTERNS: usize = 256;

type Text = Arc<String>;

/// A context with every function, without variables.
pub(super) fn context() -> Context<'static> {
    let mut context = Context::default();
    context.register_all();
    context.add_function("isURL", |text: Text| go_url::parse_request_uri(&text).is_ok());
    context.add_function("url", |text: Text| match go_url::parse_request_uri(&text) {
        Ok(url) => Ok(Value::Opaque(Arc::new(GoUrl(url)))),
        Err(err) => Err(ExecutionError::function_error("url", err)),
    });
    context.add_function("getScheme", |url: This<Value>| of_url(&url, |url| url.scheme.clone()));
    context.add_function("getHost", |url: This<Value>| of_url(&url, |url| url.host.clone()));
    context.add_function("getHostname", |url: This<Value>| of_url(&url, |url| url.hostname().to_owned()));
    context.add_function("getPort", |url: This<Value>| of_url(&url, |url| url.port().to_owned()));
    context.add_function("getEscapedPath", |url: This<Value>| {
        of_url(&url, |url| url.escaped_path().into_owned())
    });
    context.add_function("getQuery", query);
    context.add_function("matches", |This(text): This<Text>, pattern: Text| {
        with_pattern(&pattern, &text, |pattern| Value::Bool(pattern.is_match(&text)))
    });
    context.add_function("find", |This(text): This<Text>, pattern: Text| {
        with_pattern(&pattern, &text, |pattern| {
            string(pattern.find(&text).map(|found| found.as_str()).unwrap_or_default())
        })
    });
    context.add_function("findAll", find_all);
    context.add_function("lists.range", |count: i64| {
        let count = count.clamp(0, MOST_RANGE + 1);
        if count > MOST_RANGE {
            return Err(budget::over());
        }
        budget::charge(count.unsigned_abs())?;
        Ok(Value::List(Arc::new((0..count).map(Value::Int).collect())))
    });
    context.add_function(RANGE, |value: Value| {
        budget::charge(budget::size(&value))?;
        Ok(value)
    });
    context.add_function(TURN, |value: Value| {
        budget::charge_turn()?;
        budget::charge(budget::size(&value))?;
        Ok(value)
    });
    context.add_function(SHORT, |value: Value| within(value, MOST_SHORT));
    context.add_function(TEXT, |value: Value| within(value, MOST_TEXT));
    context
}

/// A text that is not longer than this; and no precision that a format could be filled up to.
fn within(value: Value, most: usize) -> ResolveResult {
    match &value {
        Value::String(text) if text.len() > most || has_long_precision(text) && most == MOST_SHORT => {
            Err(budget::over())
        }
        _ => Ok(value),
    }
}

/// `%.999f` and the like.
fn has_long_precision(text: &str) -> bool {
    text.split("%.").skip(1).any(|rest| rest.bytes().take_while(u8::is_ascii_digit).count() > 2)
}

fn string(text: &str) -> Value {
    Value::String(Arc::new(text.to_owned()))
}

/// A URL as a value of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
struct GoUrl(Url);

impl Opaque for GoUrl {
    fn runtime_type_name(&self) -> &'static str {
        "kubernetes.URL"
    }
}

fn of_url(This(value): &This<Value>, part: impl Fn(&Url) -> String) -> ResolveResult {
    let url = match value {
        Value::Opaque(value) => value.downcast_ref::<GoUrl>(),
        _ => None,
    };
    let url = url.ok_or_else(|| ExecutionError::function_error("url", "this is no URL"))?;
    Ok(Value::String(Arc::new(part(&url.0))))
}

fn query(This(value): This<Value>) -> ResolveResult {
    let url = match &value {
        Value::Opaque(value) => value.downcast_ref::<GoUrl>(),
        _ => None,
    };
    let url = url.ok_or_else(|| ExecutionError::function_error("getQuery", "this is no URL"))?;
    let mut found: HashMap<Key, Vec<Value>> = HashMap::new();
    for (key, value) in url.0.query() {
        found.entry(Key::String(Arc::new(key))).or_default().push(Value::String(Arc::new(value)));
    }
    let map = found.into_iter().map(|(key, values)| (key, Value::List(Arc::new(values)))).collect();
    Ok(Value::Map(Map { map: Arc::new(map) }))
}

fn find_all(This(text): This<Text>, Arguments(arguments): Arguments) -> ResolveResult {
    let (Some(Value::String(pattern)), most) = (arguments.first(), arguments.get(1)) else {
        return Err(ExecutionError::function_error("findAll", "needs a pattern"));
    };
    let most = match most {
        None => usize::MAX,
        Some(Value::Int(most)) => usize::try_from(*most).unwrap_or(usize::MAX),
        Some(_) => return Err(ExecutionError::function_error("findAll", "needs a number")),
    };
    with_pattern(pattern, &text, |pattern| {
        let found = pattern.find_iter(&text).take(most).map(|found| string(found.as_str()));
        Value::List(Arc::new(found.collect()))
    })
}

/// Calls `use_it` with the compiled pattern.
fn with_pattern(pattern: &str, text: &str, use_it: impl Fn(&Regex) -> Value) -> ResolveResult {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
    }
    budget::charge(1 + text.len() as u64 / 16)?;
    COMPILED.with_borrow_mut(|known| {
        if !known.contains_key(pattern) {
            budget::charge(PATTERN_COST)?;
            if known.len() >= MOST_PATTERNS {
                known.clear();
            }
            let mut builder = RegexBuilder::new(pattern);
            let compiled = builder.size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE).build().ok();
            known.insert(pattern.to_owned(), compiled);
        }
        let compiled = known.get(pattern).and_then(Option::as_ref);
        let compiled = compiled.ok_or_else(|| {
            ExecutionError::function_error("matches", "the regular expression is wrong or too large")
        })?;
        Ok(use_it(compiled))
    })
}
