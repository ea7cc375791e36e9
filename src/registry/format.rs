//! Forms of text that Kubernetes and Istio demand, by name.
//!
//! A definition names one as `x-billfold-format`. Each is a few lines here instead of a regular expression.

/// A form of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// Empty, or 64 lower-case hexadecimal digits.
    Sha256Hex,
    /// RFC 1123 label: `my-name`, at most 63 characters.
    DnsLabel,
    /// RFC 1035 label: as [`Self::DnsLabel`], beginning with a letter. Names of Services.
    DnsLabel1035,
    /// RFC 1123 subdomain: labels joined by dots, at most 253 characters. Names of most objects.
    DnsSubdomain,
    /// Empty, or a DNS subdomain: an API group, where empty is the core group.
    ApiGroup,
    /// A host name that may begin with `*.`.
    Hostname,
    /// A label or annotation key: `name` or `prefix.example.com/name`.
    LabelKey,
    /// A label value: at most 63 characters, letters, digits, `-`, `_`, `.`.
    LabelValue,
    /// A key of a workload selector in Istio: not empty, no `*`.
    SelectorKey,
    /// A value of a workload selector in Istio: no `*`.
    SelectorValue,
    /// A key of a `ConfigMap` or Secret: letters, digits, `-`, `_`, `.`; at most 253.
    DataKey,
    /// The name of a port: at most 15 lower-case letters, digits and `-`, with a letter.
    PortName,
    /// The kind of an object: letters, digits and `-`, beginning with a letter.
    KindName,
    /// Base64, standard alphabet with padding; line breaks do not count.
    Base64,
    /// An amount of a resource: `500m`, `1.5Gi`.
    Quantity,
    /// A module URL with a scheme that Istio knows, or none.
    ModuleUrl,
    /// An absolute path.
    AbsolutePath,
    /// A duration in the JSON of protocol buffers: `30s`, `0.5s`.
    ProtoDuration,
    /// Must be empty: the field exists and may not be used.
    Empty,
}

impl TextFormat {
    /// Every format with its name in definition files.
    const NAMES: [(&'static str, Self); 19] = [
        ("sha256-hex", Self::Sha256Hex),
        ("dns-label", Self::DnsLabel),
        ("dns-label-1035", Self::DnsLabel1035),
        ("dns-subdomain", Self::DnsSubdomain),
        ("api-group", Self::ApiGroup),
        ("hostname", Self::Hostname),
        ("label-key", Self::LabelKey),
        ("label-value", Self::LabelValue),
        ("selector-key", Self::SelectorKey),
        ("selector-value", Self::SelectorValue),
        ("data-key", Self::DataKey),
        ("port-name", Self::PortName),
        ("kind-name", Self::KindName),
        ("base64", Self::Base64),
        ("quantity", Self::Quantity),
        ("module-url", Self::ModuleUrl),
        ("absolute-path", Self::AbsolutePath),
        ("proto-duration", Self::ProtoDuration),
        ("empty", Self::Empty),
    ];

    /// The format that a definition file calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// Tells whether `text` has this form.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Sha256Hex => text.is_empty() || (text.len() == 64 && text.bytes().all(is_lower_hex)),
            Self::DnsLabel => is_dns_label(text),
            Self::DnsLabel1035 => is_dns_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase()),
            Self::DnsSubdomain => is_dns_subdomain(text),
            Self::ApiGroup => text.is_empty() || is_dns_subdomain(text),
            Self::Hostname => is_dns_subdomain(text.strip_prefix("*.").unwrap_or(text)),
            Self::LabelKey => is_label_key(text),
            Self::LabelValue => text.is_empty() || is_label_name(text),
            Self::SelectorKey => !text.is_empty() && !text.contains('*'),
            Self::SelectorValue => !text.contains('*'),
            Self::DataKey => {
                matches!(text.len(), 1..=253)
                    && text != "."
                    && !text.starts_with("..")
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            }
            Self::PortName => is_port_name(text),
            Self::KindName => {
                text.starts_with(|c: char| c.is_ascii_alphabetic())
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                    && !text.ends_with('-')
            }
            Self::Base64 => is_base64(text),
            Self::Quantity => is_quantity(text),
            Self::ModuleUrl => has_module_scheme(text),
            Self::AbsolutePath => text.starts_with('/'),
            Self::ProtoDuration => is_proto_duration(text),
            Self::Empty => text.is_empty(),
        }
    }

    /// The form in words, to stand behind "must be".
    pub fn expected(self) -> &'static str {
        match self {
            Self::Sha256Hex => "64 lower-case hexadecimal digits",
            Self::DnsLabel => {
                "lower-case letters, digits and '-', at most 63, with a letter or digit at both ends"
            }
            Self::DnsLabel1035 => "lower-case letters, digits and '-', at most 63, beginning with a letter",
            Self::DnsSubdomain => {
                "lower-case letters, digits, '-' and '.', at most 253, with a letter or digit at both ends"
            }
            Self::ApiGroup => "an API group such as gateway.networking.k8s.io, or empty for the core group",
            Self::Hostname => "a host name, which may begin with '*.'",
            Self::LabelKey => "a label key such as app or example.com/team",
            Self::LabelValue => {
                "letters, digits, '-', '_' and '.', at most 63, with a letter or digit at both ends"
            }
            Self::SelectorKey => "a label key, without '*'",
            Self::SelectorValue => "a label value, without '*'",
            Self::DataKey => "letters, digits, '-', '_' and '.', at most 253",
            Self::PortName => "lower-case letters, digits and '-', at most 15, with a letter",
            Self::KindName => "a kind such as Gateway",
            Self::Base64 => "base64",
            Self::Quantity => "an amount such as 500m, 0.5 or 128Mi",
            Self::ModuleUrl => "a URL with the scheme oci, https, http or file, or without one",
            Self::AbsolutePath => "an absolute path, beginning with '/'",
            Self::ProtoDuration => "seconds such as 30s or 0.5s",
            Self::Empty => "left empty",
        }
    }
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_dns_label(text: &str) -> bool {
    matches!(text.len(), 1..=63)
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Kubernetes limits the whole to 253 characters and, in this check, no single label.
fn is_dns_subdomain(text: &str) -> bool {
    matches!(text.len(), 1..=253)
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

fn is_label_name(text: &str) -> bool {
    matches!(text.len(), 1..=63)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

fn is_label_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_dns_subdomain(prefix) && is_label_name(name),
        None => is_label_name(text),
    }
}

fn is_port_name(text: &str) -> bool {
    matches!(text.len(), 1..=15)
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

fn is_proto_duration(text: &str) -> bool {
    let Some(seconds) = text.strip_suffix('s') else { return false };
    let seconds = seconds.strip_prefix('-').unwrap_or(seconds);
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let is_digits = |text: &str, most| {
        matches!(text.len(), 1..=12) && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_digits(whole, 12) && is_digits(part, 9)
}

fn is_base64(text: &str) -> bool {
    let mut digits = 0_usize;
    let mut padding = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'\n' | b'\r' => {}
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => digits += 1,
            _ => return false,
        }
    }
    padding <= 2 && (digits + padding).is_multiple_of(4)
}

fn is_quantity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let number_fits = number.bytes().any(|byte| byte.is_ascii_digit()) && number.matches('.').count() <= 1;
    let suffix_fits = matches!(
        suffix,
        "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei"
    ) || suffix
        .strip_prefix(['e', 'E'])
        .is_some_and(|exponent| exponent.parse::<i32>().is_ok());
    number_fits && suffix_fits
}

/// What Go's URL reader takes for a scheme, as the CRD and the webhook of Istio ask it.
fn has_module_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return true };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    !is_scheme || ["oci", "http", "https", "file"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, good: &[&str], bad: &[&str]) {
        let format = TextFormat::from_name(name).unwrap();
        for text in good {
            assert!(format.accepts(text), "{name} refuses {text:?}");
        }
        for text in bad {
            assert!(!format.accepts(text), "{name} accepts {text:?}");
        }
    }

    #[test]
    fn names_and_labels() {
        let long = "a".repeat(64);
        check("dns-label", &["a", "my-app-1", "0"], &["", "-a", "a-", "A", "a.b", "a_b", &long]);
        check("dns-label-1035", &["a1"], &["1a"]);
        check("dns-subdomain", &["a.b-c.d", &long], &["", ".", "a.", "Bad_Name", "a..b", "ä"]);
        check("api-group", &["", "gateway.networking.k8s.io"], &["A"]);
        check("hostname", &["*.example.com", "example.com"], &["*", "*.*.a", "a.*"]);
        check("label-key", &["app", "app.kubernetes.io/name", "A_b"], &["", "/a", "a/", "a/b/c", "a b"]);
        check("label-value", &["", "v1", "V_1.0"], &["-", "a b", &long]);
        check("data-key", &["a.wasm", "..a".trim_start_matches('.'), "_"], &["", "..", "..a", "a/b"]);
        check("port-name", &["http", "h2-c", "9p"], &["", "80", "a--b", "abcdefghijklmnop", "Http"]);
        check("kind-name", &["Gateway", "a"], &["", "1a", "a/b"]);
    }

    #[test]
    fn digests_and_data() {
        let digest = "0123456789abcdef".repeat(4);
        check("sha256-hex", &["", &digest], &["zz", &digest[1..], &digest.to_uppercase()]);
        check("base64", &["", "AGFzbQ==", "AGFz\nbQ==\n"], &["A", "A===", "=AAA", "AAA-"]);
        check("quantity", &["1", "500m", "1.5Gi", "1e3", "-1", ".5"], &["", "Gi", "1gb", "1.1.1", "1e"]);
    }

    /// The scheme column of the URL matrix that was executed against Istio's code.
    #[test]
    fn module_urls() {
        check(
            "module-url",
            &[
                "reg.example.com/a/b:v1",
                "test",
                "10.0.0.1:5000/a:v1",
                "oci://myimage:v1",
                "OCI://a/b",
                "/a.wasm",
            ],
            &[
                "localhost:5000/a:v1",
                "myimage:v1",
                "ftp://example.com/a",
                "docker://a",
                "reg.example.com:5000/a",
            ],
        );
    }
}
