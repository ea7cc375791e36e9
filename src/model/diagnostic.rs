//! What is wrong, where, how bad it is, and how to mend it; and the one table of all codes.
//!
//! Policy, rules, registry and formats all report with this type.

use std::fmt;

use super::edit::Edit;
use super::ids::{ComponentId, RelationshipId};
use super::path::FieldPath;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The API server or webhook rejects it, or it is certain to fail.
    Error,
    /// Likely wrong.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word of the JSON output: `error`, `warning`, `info`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The design, or the file, as a whole.
    Design,
    /// A component.
    Component(ComponentId),
    /// A relationship.
    Relationship(RelationshipId),
}

/// The place of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// What it is about.
    pub subject: Subject,
    /// The field, from the root of the subject's wire object; the root when the whole of it is meant.
    pub path: FieldPath,
}

impl Location {
    /// A field of a component.
    pub fn component(id: ComponentId, path: FieldPath) -> Self {
        Self { subject: Subject::Component(id), path }
    }

    /// A field of a relationship.
    pub fn relationship(id: RelationshipId, path: FieldPath) -> Self {
        Self { subject: Subject::Relationship(id), path }
    }

    /// The design as a whole.
    pub fn design() -> Self {
        Self { subject: Subject::Design, path: FieldPath::root() }
    }
}

/// A way to mend a finding, as one undoable step.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does, for the button: "Put into edge-auth".
    pub label: String,
    /// The edits; the policy runs behind them as behind any gesture.
    pub edits: Vec<Edit>,
    /// Whether the cluster does something else behind it, so that somebody has to choose it: `check --fix` leaves it alone.
    pub is_by_hand: bool,
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// A code of [`CODES`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// Where.
    pub location: Location,
    /// How to mend it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with the code's own severity.
    pub fn new(code: &'static str, location: Location, message: impl Into<String>) -> Self {
        let severity = info(code).map_or(Severity::Warning, |info| info.severity);
        debug_assert!(info(code).is_some(), "{code} is not in the table of codes");
        Self { code, severity, message: message.into(), location, fix: None }
    }

    /// The same finding with a severity of its own.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding with a way to mend it.
    #[must_use]
    pub fn with_fix(mut self, label: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { label: label.into(), edits, is_by_hand: false });
        self
    }

    /// The same finding with a way to mend it that somebody has to choose ([`Fix::is_by_hand`]).
    #[must_use]
    pub fn with_fix_by_hand(mut self, label: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { label: label.into(), edits, is_by_hand: true });
        self
    }

    /// The component that it is about, if it is about one.
    pub fn component(&self) -> Option<ComponentId> {
        match self.location.subject {
            Subject::Component(id) => Some(id),
            Subject::Design | Subject::Relationship(_) => None,
        }
    }
}

/// A code and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// `WP012`.
    pub code: &'static str,
    /// The severity that the table gives it.
    pub severity: Severity,
    /// Where the fact is from: `C` the CRD, `H` Istio's webhook, `A` istioctl analyze, `S` the source of Istio or Envoy,
    /// `P` what people ran into, `B` Billfold's own.
    pub sources: &'static str,
    /// What it means, in one line.
    pub summary: &'static str,
}

impl CodeInfo {
    /// Where the fact is from, in words.
    pub fn sources_in_words(&self) -> Vec<&'static str> {
        SOURCES.iter().filter(|(letter, _)| self.sources.contains(*letter)).map(|(_, words)| *words).collect()
    }
}

/// The letters of [`CodeInfo::sources`], in words.
pub const SOURCES: [(char, &str); 6] = [
    ('C', "the API's schema and validation rules"),
    ('H', "Istio's webhook"),
    ('A', "istioctl analyze"),
    ('S', "the source of Istio and Envoy"),
    ('P', "what people ran into"),
    ('B', "Billfold's own rule"),
];

/// What is known of `code`.
pub fn info(code: &str) -> Option<&'static CodeInfo> {
    CODES.binary_search_by(|info| info.code.cmp(code)).ok().map(|index| &CODES[index])
}

const fn error(code: &'static str, sources: &'static str, summary: &'static str) -> CodeInfo {
    CodeInfo { code, severity: Severity::Error, sources, summary }
}

const fn warning(code: &'static str, sources: &'static str, summary: &'static str) -> CodeInfo {
    CodeInfo { code, severity: Severity::Warning, sources, summary }
}

const fn note(code: &'static str, sources: &'static str, summary: &'static str) -> CodeInfo {
    CodeInfo { code, severity: Severity::Info, sources, summary }
}

/// Every code that anything in this program reports, sorted.
pub const CODES: &[CodeInfo] = &[
    error("AN001", "S", "a volume annotation that injection cannot use"),
    warning("AN002", "A", "an annotation that belongs on the pods"),
    warning("AN003", "P", "a volume annotation on a gateway"),
    error("CM001", "S", "a ConfigMap beyond its size limit"),
    warning("CM002", "P", "a manifest that is too large for a client-side apply"),
    error("CM003", "S", "a module that a ConfigMap does not keep as bytes"),
    error("CM004", "P", "a file name that no mount gives"),
    error("DS001", "B", "a plugin has neither a filter nor a url of its own"),
    warning("DS002", "B", "a filter is in no wallet and never runs"),
    error("DS003", "B", "a filter has no module"),
    error("DS004", "B", "a filter's config is no mapping"),
    error("DS005", "B", "two relationships write different values to one field"),
    error("DS006", "B", "a set of relationships does not settle"),
    warning("DS007", "B", "a relationship was removed by validation"),
    note("DS008", "B", "legacy references of a wallet relationship"),
    warning("DS009", "B", "a definition's reference does not resolve"),
    error("DS010", "B", "a duplicate id or name, or a name that Kubernetes refuses"),
    warning("DS011", "B", "a plain scalar that kubectl takes for another type"),
    warning("DS012", "B", "a resource of one wallet runs inside the chain of another"),
    warning("DS013", "B", "a plugin's module field was changed outside"),
    note("DS014", "B", "something to know about an evaluation"),
    error("EF001", "H", "an empty config patch"),
    error("EF002", "H", "a config patch without applyTo"),
    error("EF003", "H", "a config patch without patch"),
    error("EF004", "H", "a patch without an operation"),
    error("EF005", "H", "a patch without a value"),
    error("EF006", "H", "an invalid regular expression for the proxy's version"),
    error("EF007", "H", "a listener patch with a match of another class"),
    error("EF008", "H", "a filter match without a name"),
    error("EF009", "H", "a sub-filter match of something that is no HTTP_FILTER"),
    error("EF010", "H", "a sub-filter match outside the connection manager"),
    error("EF011", "H", "a sub-filter match without a name"),
    error("EF012", "H", "a route patch with a match of another class"),
    error("EF013", "H", "a cluster patch with a match of another class"),
    error("EF014", "H", "a value that is not of the type it says"),
    error("EF020", "HS", "a deprecated filter name, which matches nothing"),
    warning("EF021", "H", "a filter without typed_config"),
    error("EF022", "H", "a type of Envoy's removed v2 API"),
    error("EF023", "S", "an HTTP filter behind the router"),
    warning("EF024", "S", "an HTTP filter in front of all others"),
    warning("EF025", "A", "a relative operation without a priority"),
    error("EF026", "A", "an operation that does nothing on this kind of object"),
    warning("EF027", "S", "filterClass, which istiod ignores"),
    error("EF028", "S", "a filter that waits for a configuration that nobody sends"),
    warning("EF029", "S", "remote code in a filter, which no agent downloads"),
    error("EF030", "S", "remote code without sha256"),
    error("EF031", "S", "a Wasm entry has neither local nor remote code"),
    warning("EF032", "S", "fail_open, which failure_policy replaces"),
    warning("EF033", "S", "precompiled code, which nobody verifies"),
    error("EF034", "S", "a runtime that the Istio proxy does not have"),
    warning("EF035", "S", "one vm_id with different code"),
    error("EF036", "S", "an environment variable that is set twice"),
    note("EF037", "P", "can be a WasmPlugin with a file url"),
    error("EF038", "C", "a match or target that its context excludes"),
    warning("EF039", "S", "context WAYPOINT, which no istiod applies"),
    note("EX001", "B", "an object without a namespace is applied to kubectl's current one"),
    error("FM001", "B", "the text could not be read"),
    note("FM002", "B", "a template, not plain YAML"),
    warning("FM003", "B", "something in the input was not understood"),
    warning("IG001", "B", "an ignored rule without a reason, or of a code that does not exist"),
    note("IG002", "B", "an ignored rule that finds nothing"),
    error("IMG001", "S", "an image of a layout that Istio cannot unpack"),
    error("IMG002", "S", "an image without plugin.wasm"),
    error("IMG003", "S", "an image without linux/amd64"),
    error("IMG004", "S", "the digest of an image index"),
    error("IMG005", "P", "the digest of the module instead of the manifest's"),
    error("IMG006", "S", "a module beyond the size limit"),
    error("MOD001", "S", "no Wasm module"),
    error("MOD002", "S", "a module without a known Proxy-Wasm ABI"),
    error("MOD003", "S", "a module that Envoy cannot load"),
    warning("MOD004", "S", "a module that needs a newer Envoy"),
    warning("MOD005", "S", "a Wasm module that is no Proxy-Wasm plugin"),
    warning("MOD006", "S", "a module without callbacks of its type"),
    note("MOD007", "P", "a module that calls other services"),
    error("SC001", "C", "a value of the wrong type"),
    error("SC002", "C", "a required field is missing"),
    error("SC003", "C", "a value out of bounds"),
    error("SC004", "C", "a value that is not one of the allowed ones"),
    warning("SC005", "C", "a field that the kind's schema does not know"),
    error("SC006", "C", "a version that the kind does not have, or a misspelt kind or group"),
    error("SC007", "C", "a selector that the labels of its own pods do not fit"),
    error("SC008", "C", "a validation rule of the API is broken"),
    note("SC009", "B", "a validation rule that could not be evaluated here"),
    error("TE001", "CH", "not exactly one of wasm and lua"),
    error("TE002", "CH", "a Lua script that is empty or too long"),
    warning("TE003", "S", "a Lua script without an entry point"),
    error("TE004", "C", "the unset phase in the spelling of the other kind"),
    note("VE001", "B", "a version of Istio that is newer than the facts"),
    error("WP001", "CH", "url is missing or empty"),
    error("WP002", "CH", "the url's scheme is not supported"),
    error("WP003", "S", "a host and port, or name and tag, that is read as the url's scheme"),
    error("WP004", "S", "a url that the API accepts and istiod discards"),
    error("WP005", "S", "a url without a registry or host"),
    warning("WP006", "S", "a path without a scheme, which Istio takes for an image"),
    error("WP007", "S", "a file url that does not name an absolute path"),
    warning("WP008", "S", "an http module that nothing pins"),
    error("WP009", "CH", "sha256 is not 64 lower-case hexadecimal digits"),
    error("WP010", "S", "the url's digest and sha256 contradict each other"),
    warning("WP011", "S", "sha256 of a file in the proxy, which nothing verifies"),
    warning("WP012", "P", "an OCI tag is mutable"),
    warning("WP013", "S", "an image without tag and digest"),
    warning("WP014", "S", "a pull policy beside a digest, which has no effect"),
    note("WP015", "P", "latest is fetched once and then stays"),
    note("WP016", "S", "Always fetches again only when the object changes"),
    warning("WP017", "S", "a pull policy or secret that the url's scheme does not use"),
    error("WP020", "CH", "imagePullSecret is empty or too long"),
    error("WP021", "S", "the pull secret is in another namespace"),
    error("WP022", "S", "the pull secret is of another type"),
    note("WP023", "S", "the pull secret is not in the input"),
    error("WP030", "CH", "pluginName is empty or too long"),
    warning("WP031", "S", "a root id that the module does not register"),
    warning("WP032", "S", "verificationKey, which no version of Istio uses"),
    error("WP040", "CH", "an environment variable without a valid name, twice, or one too many"),
    error("WP041", "CH", "a value for a variable that comes from the host"),
    error("WP042", "C", "the value of an environment variable is too long"),
    warning("WP043", "S", "the name of an environment variable is no C identifier"),
    error("WP044", "S", "an environment variable that Istio keeps for itself"),
    error("WP050", "CH", "more than one of selector, targetRef and targetRefs"),
    error("WP051", "CH", "a target without kind or name, in another namespace, or one too many"),
    error("WP052", "H", "a target that a plugin or an EnvoyFilter cannot be attached to"),
    warning("WP053", "S", "the hidden singular targetRef"),
    error("WP054", "CH", "an invalid selector"),
    warning("WP055", "H", "a selector without labels"),
    warning("WP056", "S", "a resource of the root namespace without selector and targets"),
    warning("WP057", "S", "a selector in the root namespace"),
    warning("WP058", "A", "a selector that finds the pods of a gateway"),
    warning("WP059", "S", "a Service or ServiceEntry as target needs a waypoint"),
    warning("WP060", "S", "a GatewayClass as target that never matches"),
    warning("WP061", "P", "the selector matches no workload in the design"),
    error("WP070", "CH", "a port of match is missing, out of range or repeated"),
    warning("WP071", "S", "a match that no gateway traffic fits"),
    warning("WP072", "S", "a match that no HTTP traffic of a waypoint fits"),
    note("WP073", "P", "without a match it runs on inbound and outbound traffic"),
    error("WP080", "C", "an enum value that does not exist"),
    warning("WP081", "S", "priority is unset while others in its phase set it"),
    warning("WP082", "S", "equal or unset priorities in one phase on one target"),
    warning("WP083", "C", "a security plugin that is skipped when it fails"),
    note("WP084", "S", "a failed download answers 403 to all requests"),
    warning("WP085", "S", "a field or value that the target version does not have"),
    warning("WP086", "P", "nothing runs before an external authorizer"),
    warning("WP087", "S", "a NETWORK plugin on a waypoint's HTTP traffic"),
    warning("WP088", "S", "a number of pluginConfig that loses digits"),
    note("WP089", "S", "an empty pluginConfig, with which the module gets no configuration"),
    note("WP090", "S", "can be written as a TrafficExtension"),
    warning("WP091", "S", "an EnvoyFilter that looks for a filter by its former name"),
    error("WP092", "S", "a WasmPlugin of Higress, which is another API"),
    error("WP093", "C", "an unknown field of spec"),
    note("WP094", "S", "a policy of the cluster refuses this kind"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_unique() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        let are_letters =
            |sources: &str| !sources.is_empty() && sources.chars().all(|c| "CHASPB".contains(c));
        assert!(CODES.iter().all(|info| are_letters(info.sources)));
        assert_eq!(info("WP012").map(|info| info.severity), Some(Severity::Warning));
        assert_eq!(info("ZZ999"), None);
    }
}
