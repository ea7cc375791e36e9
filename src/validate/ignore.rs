//! Findings that somebody has accepted, with a reason.
//!
//! What says so is an annotation `billfold.dev/ignore` of an object (it stays in what is exported), `metadata.billfold.ignore`
//! of a component or of the whole design, or an entry of the project's file. An annotation covers its object, the
//! filters in its wallet and their relationships. Nothing is accepted without a reason (IG001), and what finds nothing any
//! more is told (IG002).

use indexmap::IndexMap;

use crate::model::{ComponentId, ComponentKind, Design, Diagnostic, FieldPath, Location, Subject, Value};

use super::filter::{self, UnknownCode};
use super::glob::Glob;
use super::options::Options;
use super::rules::{RULES, Rule};

/// The annotation of an object that says which findings are accepted there.
pub const ANNOTATION: &str = "billfold.dev/ignore";

/// The key of the same under `metadata.billfold` of what has no annotations.
const OWN_KEY: &str = "ignore";

/// The codes that are reported here.
pub(super) const CODES: [&str; 2] = ["IG001", "IG002"];

/// What the project's file accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// Which findings.
    pub codes: Vec<&'static str>,
    /// Of which objects (`Kind/namespace/name`); `None`: of all.
    pub object: Option<Glob>,
    /// In which files, from the project's folder; `None`: in all.
    pub path: Option<Glob>,
    /// Why.
    pub reason: String,
}

/// The files that the components of a design stand in, from the project's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The files; the first one holds what is in no other.
    pub names: Vec<String>,
    /// The place of each component's file among them.
    pub of: IndexMap<ComponentId, usize, foldhash::fast::FixedState>,
}

impl Files {
    /// One file for all.
    pub fn one(name: impl Into<String>) -> Self {
        Self { names: vec![name.into()], ..Self::default() }
    }

    fn file_of(&self, component: Option<ComponentId>) -> Option<&str> {
        let place = component.and_then(|id| self.of.get(&id).copied()).unwrap_or(0);
        self.names.get(place).map(String::as_str)
    }
}

/// A finding that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Why it was accepted.
    pub reason: String,
    /// The entry of the project's file that accepts it; `None`: the design or the object itself.
    pub entry: Option<usize>,
}

/// Findings, parted.
#[derive(Clone, Debug, Default)]
pub struct Sifted {
    /// What counts.
    pub diagnostics: Vec<Diagnostic>,
    /// What was accepted.
    pub suppressed: Vec<Suppressed>,
}

/// Takes out of `found` what `options` leave out and what is accepted, and adds what is wrong with the accepting.
pub fn sift(design: &Design, options: &Options, found: Vec<Diagnostic>) -> Sifted {
    let (mut said, mut wrong) = said_in(design);
    let covers = Covers::new(&said);
    let mut sifted = Sifted::default();
    for diagnostic in found {
        if !options.filter.passes(diagnostic.code) {
            continue;
        }
        let around = around(design, diagnostic.location.subject);
        if let Some((place, code)) = covers.find(&around, diagnostic.code) {
            let said = &mut said[place];
            said.used[code] = true;
            let reason = said.reason.clone();
            sifted.suppressed.push(Suppressed { diagnostic, reason, entry: None });
            continue;
        }
        let entry = options.ignores.iter().position(|it| accepts(it, design, options, &around, &diagnostic));
        match entry.and_then(|entry| Some((entry, options.ignores.get(entry)?))) {
            Some((entry, ignore)) => {
                let reason = ignore.reason.clone();
                sifted.suppressed.push(Suppressed { diagnostic, reason, entry: Some(entry) });
            }
            None => sifted.diagnostics.push(diagnostic),
        }
    }
    wrong.extend(said.iter().flat_map(Said::unused));
    sifted.diagnostics.extend(wrong.into_iter().filter(|it| options.filter.passes(it.code)));
    sifted
}

/// Tells whether what is accepted of `code` can be known to be of no use. Where a module or an image is needed to find it,
/// nothing follows from its not being found.
pub fn finds_by_itself(code: &str) -> bool {
    let needs_facts = |rule: &Rule| rule.module.is_some() || rule.image.is_some();
    !RULES.iter().any(|rule| needs_facts(rule) && rule.codes.contains(&code))
}

/// One sentence of an annotation.
struct Said {
    at: Location,
    codes: Vec<&'static str>,
    reason: String,
    /// Which of the codes were found.
    used: Vec<bool>,
}

impl Said {
    /// IG002 for each code that was not found.
    fn unused(&self) -> impl Iterator<Item = Diagnostic> {
        let unused =
            self.codes.iter().zip(&self.used).filter(|(code, is_used)| !**is_used && finds_by_itself(code));
        unused.map(|(code, _)| {
            let message =
                format!("{code} is ignored here, and finds nothing: take it out of the ignored rules");
            Diagnostic::new("IG002", self.at.clone(), message)
        })
    }
}

/// What the design and its objects say, and IG001 where it cannot be taken.
fn said_in(design: &Design) -> (Vec<Said>, Vec<Diagnostic>) {
    let (mut said, mut wrong) = (Vec::new(), Vec::new());
    let mut read = |value: Option<&Value>, subject: Subject, path: &[&str]| {
        let Some(value) = value else { return };
        let at = Location { subject, path: FieldPath::keys(path) };
        let Some(text) = value.as_text() else {
            wrong.push(Diagnostic::new("IG001", at, format!("the ignored rules are a text: {EXAMPLE}")));
            return;
        };
        for sentence in text.split(['\n', ';']).map(str::trim).filter(|it| !it.is_empty()) {
            match sentence_of(sentence) {
                Ok((codes, reason)) => {
                    let used = vec![false; codes.len()];
                    said.push(Said { at: at.clone(), codes, reason: reason.to_owned(), used });
                }
                Err(message) => wrong.push(Diagnostic::new("IG001", at.clone(), message)),
            }
        }
    };
    let own_path = ["metadata", "billfold", OWN_KEY];
    read(design.head().at(&own_path), Subject::Design, &own_path);
    for component in design.components() {
        let subject = Subject::Component(component.id());
        let annotation = component.configured(&["metadata", "annotations", ANNOTATION]);
        read(annotation, subject, &["configuration", "metadata", "annotations", ANNOTATION]);
        read(component.billfold(OWN_KEY), subject, &own_path);
    }
    (said, wrong)
}

/// How a sentence is written.
const EXAMPLE: &str = "`WP012: mirrored registry`";

/// Reads `WP012, WP013: reason`.
fn sentence_of(sentence: &str) -> Result<(Vec<&'static str>, &str), String> {
    let (codes, reason) = sentence.split_once(':').unwrap_or((sentence, ""));
    let codes: Result<Vec<_>, UnknownCode> = codes.split(',').map(filter::code).collect();
    let codes = codes.map_err(|err| format!("nothing is ignored by `{sentence}`: {err}"))?;
    match reason.trim() {
        "" => Err(format!("nothing is ignored by `{sentence}` without a reason: write it as {EXAMPLE}")),
        reason => Ok((codes, reason)),
    }
}

/// Which sentences cover which component; `None` is the whole design.
struct Covers(IndexMap<(Option<ComponentId>, &'static str), (usize, usize), foldhash::fast::FixedState>);

impl Covers {
    fn new(said: &[Said]) -> Self {
        let mut covers = IndexMap::default();
        for (place, said) in said.iter().enumerate() {
            let whose = match said.at.subject {
                Subject::Component(id) => Some(id),
                Subject::Design | Subject::Relationship(_) => None,
            };
            for (index, code) in said.codes.iter().enumerate() {
                covers.entry((whose, *code)).or_insert((place, index));
            }
        }
        Self(covers)
    }

    /// The sentence, and the code in it, that covers one of `around`, or the design.
    fn find(&self, around: &[ComponentId], code: &'static str) -> Option<(usize, usize)> {
        if self.0.is_empty() {
            return None;
        }
        let mut whose = around.iter().copied().map(Some).chain([None]);
        whose.find_map(|whose| self.0.get(&(whose, code)).copied())
    }
}

/// The components whose word counts for a finding: its own, and the wallet that holds it.
fn around(design: &Design, subject: Subject) -> Vec<ComponentId> {
    let own = match subject {
        Subject::Design => None,
        Subject::Component(id) => Some(id),
        Subject::Relationship(id) => design.relationship(id).and_then(|it| it.pairs().first()?.from),
    };
    let Some(own) = own else { return Vec::new() };
    let is_filter = design.component(own).is_some_and(|it| it.is(&ComponentKind::WASM_FILTER));
    let wallet = is_filter.then(|| design.wallet_of(own)).flatten();
    std::iter::once(own).chain(wallet.map(|link| link.to)).collect()
}

/// Tells whether an entry of the project's file accepts a finding.
fn accepts(
    ignore: &Ignore,
    design: &Design,
    options: &Options,
    around: &[ComponentId],
    diagnostic: &Diagnostic,
) -> bool {
    if !ignore.codes.contains(&diagnostic.code) {
        return false;
    }
    let file = || options.files.file_of(around.first().copied());
    if ignore.path.as_ref().is_some_and(|path| !file().is_some_and(|file| path.matches(file))) {
        return false;
    }
    let Some(object) = &ignore.object else { return true };
    around
        .iter()
        .any(|id| object_name(Subject::Component(*id), design).is_some_and(|name| object.matches(&name)))
}

/// `Kind/namespace/name`; of an object without a namespace `Kind/name`.
pub fn object_name(subject: Subject, design: &Design) -> Option<String> {
    let Subject::Component(id) = subject else { return None };
    let component = design.component(id)?;
    let (kind, name) = (&component.kind().kind, design.name_of(id));
    let is_namespaced =
        !component.is(&ComponentKind::NAMESPACE) && !component.is(&ComponentKind::WASM_FILTER);
    Some(match component.namespace().filter(|_| is_namespaced) {
        Some(namespace) => format!("{kind}/{namespace}/{name}"),
        None => format!("{kind}/{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_have_known_codes_and_a_reason() {
        assert_eq!(sentence_of("WP012: mirrored"), Ok((vec!["WP012"], "mirrored")));
        assert_eq!(sentence_of("wp012 , WP013 : a: b"), Ok((vec!["WP012", "WP013"], "a: b")));
        for (wrong, why) in [
            ("WP012", "without a reason"),
            ("WP012:  ", "without a reason"),
            ("WP0122: x", "did you mean WP012?"),
            ("WP012, WP: x", "there is no rule `WP`"),
            (": x", "there is no rule ``"),
            ("all: x", "there is no rule `all`"),
        ] {
            let message = sentence_of(wrong).unwrap_err();
            assert!(message.starts_with("nothing is ignored by ") && message.contains(why), "{message}");
        }
    }

    fn design(plugin_says: &str, design_says: &str) -> Design {
        let text = format!(
            "metadata: {{billfold: {{ignore: {design_says:?}}}}}\n\
             components:\n\
             - {{id: p, displayName: p, component: {{kind: WasmPlugin, version: extensions.istio.io/v1alpha1}}, \
                configuration: {{metadata: {{name: p, namespace: shop, annotations: {{{ANNOTATION}: {plugin_says:?}}}}}}}}}\n\
             - {{id: f, displayName: f, component: {{kind: WASMFilter, version: core.meshery.io/v1alpha1}}}}\n\
             relationships:\n\
             - {{id: r, kind: hierarchical, type: parent, subType: wallet, status: approved, \
                selectors: [{{allow: {{from: [{{id: f, kind: WASMFilter}}], to: [{{id: p, kind: WasmPlugin}}]}}}}]}}\n"
        );
        let parsed = crate::yaml::parse(&text).unwrap();
        Design::from_tree(parsed.into_first().unwrap().value)
    }

    fn ids(design: &Design) -> Vec<ComponentId> {
        design.components().map(crate::model::Component::id).collect()
    }

    fn at(id: ComponentId, code: &'static str) -> Diagnostic {
        Diagnostic::new(code, Location::component(id, FieldPath::root()), "m")
    }

    fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
        diagnostics.iter().map(|it| it.code).collect()
    }

    #[test]
    fn a_wallet_speaks_for_its_filters_and_the_design_for_all() {
        let design = design("WP012: mirrored; WP013: x", "WP085: soon");
        let [plugin, filter] = ids(&design)[..] else { panic!() };
        let found = vec![at(filter, "WP012"), at(plugin, "WP012"), at(filter, "WP085"), at(plugin, "WP002")];
        let sifted = sift(&design, &Options::default(), found);
        assert_eq!(codes(&sifted.diagnostics), ["WP002", "IG002"]);
        assert!(sifted.diagnostics[1].message.starts_with("WP013 is ignored here"));
        let reasons: Vec<&str> = sifted.suppressed.iter().map(|it| it.reason.as_str()).collect();
        assert_eq!(reasons, ["mirrored", "mirrored", "soon"]);
    }

    #[test]
    fn a_sentence_that_cannot_be_taken_accepts_nothing() {
        let design = design("WP012, WPXXX: mirrored", "IMG001: no image here");
        let filter = ids(&design)[1];
        let sifted = sift(&design, &Options::default(), vec![at(filter, "WP012")]);
        assert_eq!(codes(&sifted.diagnostics), ["WP012", "IG001"], "and what needs an image is not unused");
    }

    #[test]
    fn the_project_accepts_by_object_and_file() {
        let design = design("", "");
        let [plugin, filter] = ids(&design)[..] else { panic!() };
        let with = |object: Option<&str>, path: Option<&str>| {
            let ignore = Ignore {
                codes: vec!["WP012"],
                object: object.map(Glob::new),
                path: path.map(Glob::new),
                reason: "r".to_owned(),
            };
            let files = Files::one("k8s/auth.yaml");
            let options = Options { ignores: vec![ignore], files, ..Options::default() };
            let found = vec![at(plugin, "WP012"), at(filter, "WP012"), at(plugin, "WP013")];
            let sifted = sift(&design, &options, found);
            assert!(sifted.suppressed.iter().all(|it| it.entry == Some(0)));
            sifted.suppressed.len()
        };
        assert_eq!(with(None, None), 2);
        assert_eq!(with(Some("WasmPlugin/shop/*"), None), 2, "the filter is the plugin's");
        assert_eq!(with(Some("WASMFilter/*"), None), 1);
        assert_eq!(with(Some("WasmPlugin/edge/*"), None), 0);
        assert_eq!(with(None, Some("k8s/**")), 2);
        assert_eq!(with(Some("WasmPlugin/**"), Some("legacy/**")), 0);
    }

    #[test]
    fn what_is_left_out_is_not_there_at_all() {
        let design = design("WP012: mirrored", "");
        let filter = ids(&design)[1];
        let mut options = Options::default();
        options.filter.without.push("WP".parse().unwrap());
        options.filter.without.push("IG002".parse().unwrap());
        let sifted = sift(&design, &options, vec![at(filter, "WP012"), at(filter, "DS003")]);
        assert_eq!((codes(&sifted.diagnostics).as_slice(), sifted.suppressed.len()), (&["DS003"][..], 0));
    }
}
