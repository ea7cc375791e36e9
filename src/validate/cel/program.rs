//! From the text of a rule to what can be evaluated: parsed, measured, and with guards where it loops or multiplies.
//!
//! The parser of the crate recurses, and its evaluator counts nothing. So a text that is long or deep is refused before it
//! is parsed, a tree that is deep before it is evaluated, and what is left may panic without harm.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use kube_cel::cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr};
use kube_cel::cel::parser::Parser;
use kube_cel::cel::{Context, ExecutionError, Value};

use super::budget;
use super::functions::{RANGE, SHORT, TEXT, TURN};

/// The longest rule. Those of Gateway API, which are long ones, have a few hundred characters.
const MOST_CHARACTERS: usize = 4_096;
/// The most brackets, and the most choices (`a ? b : c`), that may stand inside one another in a text.
const MOST_BRACKETS: usize = 24;
const MOST_CHOICES: usize = 32;
/// The most brackets if those in quotes count, too: what is a quote is not told for sure before it is parsed.
const MOST_IN_ALL: usize = 64;
/// The deepest tree: a chain of 200 additions, say.
const DEEPEST: usize = 200;
/// How many compiled rules are kept.
const MOST_KEPT: usize = 4_096;

/// A rule that can be evaluated.
#[derive(Debug)]
pub(super) struct Program {
    expression: IdedExpr,
    /// It speaks of the object before a change, which there is none of here.
    pub(super) has_old_self: bool,
}

/// Why a rule gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It asks for what is not there, where an API server stops as well, and refuses the object.
    Refused(String),
    /// It could not be evaluated here.
    Unknown(String),
}

type Kept = HashMap<Arc<str>, Result<Arc<Program>, String>, foldhash::fast::FixedState>;

/// The program of `text`, compiled once. An error is a clause for people.
pub(super) fn program(text: &Arc<str>) -> Result<Arc<Program>, String> {
    static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
    if let Some(known) = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
        return known.clone();
    }
    let made = compile(text).map(Arc::new);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_KEPT {
        kept.clear();
    }
    kept.insert(Arc::clone(text), made.clone());
    made
}

fn compile(text: &str) -> Result<Program, String> {
    if text.len() > MOST_CHARACTERS {
        return Err(format!("it has more than {MOST_CHARACTERS} characters"));
    }
    let (brackets, choices) = nesting(text);
    if brackets > MOST_BRACKETS || brackets_in_all(text) > MOST_IN_ALL || choices > MOST_CHOICES {
        return Err("it is nested too deeply".to_owned());
    }
    let parse = || Parser::new().enable_optional_syntax(true).parse(text);
    let parsed = catch_unwind(AssertUnwindSafe(parse)).map_err(|_panic| "it cannot be read".to_owned())?;
    let mut expression = parsed.map_err(|errors| {
        let first = errors.errors.first().map(|err| err.msg.clone()).unwrap_or_default();
        format!("it cannot be read: {}", first.lines().next().unwrap_or_default())
    })?;
    let has_old_self = measure(&expression)?;
    guard(&mut expression);
    Ok(Program { expression, has_old_self })
}

/// How deep brackets stand inside one another, in quotes or not.
fn brackets_in_all(text: &str) -> usize {
    let mut depth = 0_usize;
    let depths = text.chars().map(|c| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth
    });
    depths.max().unwrap_or_default()
}

/// How deep brackets stand inside one another in a text, and how many choices it has at most. What stands in quotes does
/// not count.
fn nesting(text: &str) -> (usize, usize) {
    let (mut depth, mut deepest, mut choices) = (0_usize, 0_usize, 0_usize);
    let mut quote: Option<char> = None;
    let mut is_escaped = false;
    for c in text.chars() {
        match (quote, c) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, '?') => choices += 1,
            // Within quotes, or of no meaning here.
            _ => {}
        }
    }
    (deepest, choices)
}

/// Goes over the tree without recursion: refuses what is too deep or cannot be evaluated, and tells whether it speaks of
/// the object before a change.
fn measure(expression: &IdedExpr) -> Result<bool, String> {
    let mut has_old_self = false;
    let mut left = vec![(expression, 1_usize)];
    while let Some((node, depth)) = left.pop() {
        if depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        match &node.expr {
            Expr::Ident(name) => has_old_self |= name == "oldSelf",
            Expr::Unspecified | Expr::Struct(_) => {
                return Err("it makes an object, which is not known here".to_owned());
            }
            _ => {}
        }
        left.extend(children(&node.expr).into_iter().map(|child| (child, depth + 1)));
    }
    Ok(has_old_self)
}

fn children(expression: &Expr) -> Vec<&IdedExpr> {
    match expression {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(it) => {
            vec![&it.iter_range, &it.accu_init, &it.loop_cond, &it.loop_step, &it.result]
        }
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => {
            let entries = map.entries.iter().filter_map(|entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => Some([&entry.key, &entry.value]),
                EntryExpr::StructField(_) => None,
            });
            entries.flatten().collect()
        }
        Expr::Select(select) => vec![&select.operand],
        Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => Vec::new(),
    }
}

/// Puts guards around what loops or multiplies. No deeper than [`DEEPEST`].
fn guard(node: &mut IdedExpr) {
    match &mut node.expr {
        Expr::Call(call) => {
            call.target.as_deref_mut().into_iter().chain(&mut call.args).for_each(guard);
            match call.func_name.as_str() {
                "replace" => {
                    call.target.as_deref_mut().into_iter().for_each(|it| wrap(it, TEXT));
                    call.args.iter_mut().for_each(|it| wrap(it, SHORT));
                }
                "join" => call.args.iter_mut().for_each(|it| wrap(it, SHORT)),
                "format" => call.target.as_deref_mut().into_iter().for_each(|it| wrap(it, SHORT)),
                _ => {}
            }
        }
        Expr::Comprehension(it) => {
            for part in
                [&mut it.iter_range, &mut it.accu_init, &mut it.loop_cond, &mut it.loop_step, &mut it.result]
            {
                guard(part);
            }
            wrap(&mut it.iter_range, RANGE);
            wrap(&mut it.loop_step, TURN);
        }
        Expr::List(list) => list.elements.iter_mut().for_each(guard),
        Expr::Map(map) => {
            for entry in &mut map.entries {
                if let EntryExpr::MapEntry(entry) = &mut entry.expr {
                    guard(&mut entry.key);
                    guard(&mut entry.value);
                }
            }
        }
        Expr::Select(select) => guard(&mut select.operand),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
    }
}

fn wrap(node: &mut IdedExpr, function: &str) {
    let inner = std::mem::take(node);
    let call = CallExpr { func_name: function.to_owned(), target: None, args: vec![inner] };
    node.expr = Expr::Call(call);
}

impl Program {
    /// Evaluates it.
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Value, Stop> {
        budget::start_rule();
        let evaluate = || context.resolve(&self.expression);
        match catch_unwind(AssertUnwindSafe(evaluate)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(err)) if budget::is_over(&err) => Err(Stop::Unknown("it would take too long".to_owned())),
            Ok(Err(ExecutionError::NoSuchKey(key))) => Err(Stop::Refused(format!("there is no `{key}`"))),
            Ok(Err(ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_))) => {
                Err(Stop::Refused("it divides by zero".to_owned()))
            }
            Ok(Err(err)) => Err(Stop::Unknown(one_line(&err.to_string()))),
            Err(_panic) => Err(Stop::Unknown("it cannot be evaluated".to_owned())),
        }
    }
}

/// Errors of the crate show whole values.
fn one_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(120) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line.to_owned(),
    }
}
