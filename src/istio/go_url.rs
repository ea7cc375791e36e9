//! The rules of Go's `net/url`: what the API server, the webhook, istiod and the proxy's agent take for a URL.
//!
//! They are not those of the WHATWG: nothing is repaired, a host may hold almost anything, and what stands before the
//! first colon is a scheme if it could be one. Errors are worded as Go words them. The form of an address in brackets is
//! not checked, as by the versions of Go that Istio was built with up to 1.27.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// A URL or a relative reference, as [`parse`] and [`parse_request_uri`] return it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In lower case; empty when there is none.
    pub scheme: String,
    /// What stands behind `scheme:` when that does not begin with a slash.
    pub opaque: String,
    /// Who, if the authority has an `@`.
    pub user: Option<User>,
    /// Host and port, unescaped; an IPv6 address with its brackets.
    pub host: String,
    /// The path as it was written, escapes included.
    raw_path: String,
    /// Behind the question mark, as it was written.
    pub raw_query: String,
    /// A question mark with nothing behind it.
    force_query: bool,
    /// `scheme:/path`: a path and no authority.
    omit_host: bool,
    /// Behind the hash, unescaped.
    pub fragment: String,
    raw_fragment: String,
}

/// What stands before the `@` of an authority, unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The password, if there is a colon.
    pub password: Option<String>,
}

/// Why a text is no URL, in the words of Go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A byte below 0x20, or 0x7f.
    #[error("net/url: invalid control character in URL")]
    ControlCharacter,
    /// Nothing, where a request needs something.
    #[error("empty url")]
    Empty,
    /// A colon comes first.
    #[error("missing protocol scheme")]
    MissingScheme,
    /// Neither absolute nor a path from the root.
    #[error("invalid URI for request")]
    InvalidForRequest,
    /// A relative reference that could be mistaken for one with a scheme.
    #[error("first path segment in URL cannot contain colon")]
    ColonInFirstSegment,
    /// Something before the `@` that may not stand there.
    #[error("net/url: invalid userinfo")]
    InvalidUserinfo,
    /// A bracket that does not close.
    #[error("missing ']' in host")]
    MissingBracket,
    /// What stands behind the host is no colon with digits.
    #[error("invalid port {0:?} after host")]
    InvalidPort(String),
    /// A percent sign without two hexadecimal digits, or one that may not be escaped there.
    #[error("invalid URL escape {0:?}")]
    InvalidEscape(String),
    /// A character that no host may have.
    #[error("invalid character {0:?} in host name")]
    InvalidHostCharacter(String),
}

/// A text that is no URL, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parse {url:?}: {reason}")]
pub struct Error {
    /// The text.
    pub url: String,
    /// Why.
    pub reason: Reason,
}

/// Which part of a URL a text is, for what may stand in it unescaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

/// Go's `url.Parse`: any absolute URL or relative reference.
pub fn parse(text: &str) -> Result<Url, Error> {
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let mut url = read(before, false).map_err(|reason| Error { url: before.to_owned(), reason })?;
    let unescaped =
        unescape(fragment, Part::Fragment).map_err(|reason| Error { url: text.to_owned(), reason })?;
    url.fragment = lossy(&unescaped);
    fragment.clone_into(&mut url.raw_fragment);
    Ok(url)
}

/// Go's `url.ParseRequestURI`: an absolute URL or a path from the root. A hash means nothing there.
pub fn parse_request_uri(text: &str) -> Result<Url, Error> {
    read(text, true).map_err(|reason| Error { url: text.to_owned(), reason })
}

fn read(text: &str, for_request: bool) -> Result<Url, Reason> {
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return Err(Reason::ControlCharacter);
    }
    if text.is_empty() && for_request {
        return Err(Reason::Empty);
    }
    if text == "*" {
        return Ok(Url { raw_path: "*".to_owned(), ..Url::default() });
    }
    let (scheme, mut rest) = split_scheme(text)?;
    let mut url = Url { scheme: scheme.to_ascii_lowercase(), ..Url::default() };
    let has_scheme = !scheme.is_empty();
    if let Some((path, query)) = rest.split_once('?') {
        url.force_query = query.is_empty();
        (rest, url.raw_query) = (path, query.to_owned());
    }
    if !rest.starts_with('/') {
        if has_scheme {
            rest.clone_into(&mut url.opaque);
            return Ok(url);
        }
        if for_request {
            return Err(Reason::InvalidForRequest);
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err(Reason::ColonInFirstSegment);
        }
    }
    let may_have_authority = has_scheme || (!for_request && !rest.starts_with("///"));
    if let (true, Some(behind)) = (may_have_authority, rest.strip_prefix("//")) {
        let end = behind.find('/').unwrap_or(behind.len());
        let (authority, path) = behind.split_at(end);
        (url.user, url.host) = read_authority(authority)?;
        rest = path;
    } else {
        url.omit_host = has_scheme && rest.starts_with('/');
    }
    unescape(rest, Part::Path)?;
    rest.clone_into(&mut url.raw_path);
    Ok(url)
}

/// Splits off what could be a scheme; an empty one means that there is none.
fn split_scheme(text: &str) -> Result<(&str, &str), Reason> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err(Reason::MissingScheme),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn read_authority(authority: &str) -> Result<(Option<User>, String), Reason> {
    let Some((userinfo, host)) = authority.rsplit_once('@') else {
        return Ok((None, read_host(authority)?));
    };
    let host = read_host(host)?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    if !userinfo.bytes().all(is_allowed) {
        return Err(Reason::InvalidUserinfo);
    }
    let plain = |text| unescape(text, Part::User).map(|bytes| lossy(&bytes));
    let user = match userinfo.split_once(':') {
        None => User { name: plain(userinfo)?, password: None },
        Some((name, password)) => User { name: plain(name)?, password: Some(plain(password)?) },
    };
    Ok((Some(user), host))
}

fn read_host(host: &str) -> Result<String, Reason> {
    let port_at = if host.starts_with('[') {
        host.rfind(']').ok_or(Reason::MissingBracket)? + 1
    } else {
        host.rfind(':').unwrap_or(host.len())
    };
    let port = &host[port_at..];
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()));
    if !is_port {
        return Err(Reason::InvalidPort(port.to_owned()));
    }
    // The zone of an IPv6 address may be escaped as it likes; the host may not.
    let zone = host.starts_with('[').then(|| host[..port_at - 1].find("%25")).flatten();
    let mut bytes = Vec::with_capacity(host.len());
    match zone {
        Some(zone) => {
            bytes.extend_from_slice(&unescape(&host[..zone], Part::Host)?);
            bytes.extend_from_slice(&unescape(&host[zone..port_at - 1], Part::Zone)?);
            bytes.extend_from_slice(&unescape(&host[port_at - 1..], Part::Host)?);
        }
        None => bytes.extend_from_slice(&unescape(host, Part::Host)?),
    }
    Ok(lossy(&bytes))
}

fn unescape(text: &str, part: Part) -> Result<Cow<'_, [u8]>, Reason> {
    let bytes = text.as_bytes();
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut plain = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'%' {
            if in_host && byte < 0x80 && must_escape(byte, part) {
                return Err(Reason::InvalidHostCharacter(char::from(byte).to_string()));
            }
            plain.push(byte);
            at += 1;
            continue;
        }
        let escape = &bytes[at..bytes.len().min(at + 3)];
        let refuse = || Reason::InvalidEscape(lossy(escape));
        let [_, high, low] = *escape else { return Err(refuse()) };
        let digit = |byte: u8| char::from(byte).to_digit(16).ok_or_else(refuse);
        let value = (digit(high)? << 4 | digit(low)?) as u8;
        let is_percent = escape == b"%25";
        let is_refused = match part {
            // RFC 3986: in a host only what is not ASCII is escaped; RFC 6874 adds the percent sign of a zone.
            Part::Host => value < 0x80 && !is_percent,
            Part::Zone => !is_percent && value != b' ' && must_escape(value, Part::Host),
            Part::Path | Part::User | Part::Fragment => false,
        };
        if is_refused {
            return Err(refuse());
        }
        plain.push(value);
        at += 3;
    }
    Ok(if plain.len() == bytes.len() { Cow::Borrowed(bytes) } else { Cow::Owned(plain) })
}

fn must_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    match part {
        Part::Host | Part::Zone => !b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => !b"$&+,/:;=@".contains(&byte),
        Part::User => !b"$&+,;=".contains(&byte),
        Part::Fragment => !b"$&+,/:;=?@!()*".contains(&byte),
    }
}

fn escape(bytes: &[u8], part: Part) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        if must_escape(byte, part) {
            // Writing to a text cannot fail.
            _ = write!(text, "%{byte:02X}");
        } else {
            text.push(char::from(byte));
        }
    }
    text
}

/// As it was written if that is a way to escape it, else escaped anew.
fn escaped(raw: &str, part: Part) -> Cow<'_, str> {
    let is_fine = |byte: u8| b"!$&'()*+,;=:@[]%".contains(&byte) || !must_escape(byte, part);
    if raw.bytes().all(is_fine) {
        return Cow::Borrowed(raw);
    }
    let bytes = unescape(raw, part).unwrap_or(Cow::Borrowed(raw.as_bytes()));
    Cow::Owned(escape(&bytes, part))
}

/// What an escape stands for need not be UTF-8.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Url {
    /// The path, unescaped.
    pub fn path(&self) -> String {
        unescape(&self.raw_path, Part::Path).map_or_else(|_| self.raw_path.clone(), |bytes| lossy(&bytes))
    }

    /// Go's `EscapedPath`.
    pub fn escaped_path(&self) -> Cow<'_, str> {
        if self.raw_path == "*" { Cow::Borrowed("*") } else { escaped(&self.raw_path, Part::Path) }
    }

    /// The parameters of the query, as Go's `Query` has them: what cannot be read is left out.
    pub fn query(&self) -> Vec<(String, String)> {
        let plain = |text: &str| {
            let text = text.replace('+', "%20");
            unescape(&text, Part::Fragment).map(|bytes| lossy(&bytes)).ok()
        };
        let pairs = self.raw_query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';'));
        pairs
            .filter_map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                Some((plain(key)?, plain(value)?))
            })
            .collect()
    }

    /// The host without its port and brackets.
    pub fn hostname(&self) -> &str {
        self.host_and_port().0
    }

    /// The port; empty when there is none.
    pub fn port(&self) -> &str {
        self.host_and_port().1
    }

    fn host_and_port(&self) -> (&str, &str) {
        let is_digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        let (host, port) = match self.host.rsplit_once(':') {
            Some((host, port)) if is_digits(port) => (host, port),
            _ => (self.host.as_str(), ""),
        };
        (host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host), port)
    }
}

/// Go's `String`.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.scheme.is_empty() {
            write!(f, "{}:", self.scheme)?;
        }
        if self.opaque.is_empty() {
            let has_authority = !self.host.is_empty() || self.user.is_some();
            if has_authority || (!self.scheme.is_empty() && !self.omit_host && !self.raw_path.is_empty()) {
                f.write_str("//")?;
            }
            if let Some(user) = &self.user {
                f.write_str(&escape(user.name.as_bytes(), Part::User))?;
                if let Some(password) = &user.password {
                    write!(f, ":{}", escape(password.as_bytes(), Part::User))?;
                }
                f.write_str("@")?;
            }
            f.write_str(&escape(self.host.as_bytes(), Part::Host))?;
            let path = self.escaped_path();
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                f.write_str("/")?;
            }
            f.write_str(&path)?;
        } else {
            f.write_str(&self.opaque)?;
        }
        if self.force_query || !self.raw_query.is_empty() {
            write!(f, "?{}", self.raw_query)?;
        }
        if !self.fragment.is_empty() {
            write!(f, "#{}", escaped(&self.raw_fragment, Part::Fragment))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scheme|opaque|user|host|path|query|fragment`, or the reason.
    fn shown(read: Result<Url, Error>) -> String {
        match read {
            Err(err) => err.reason.to_string(),
            Ok(url) => {
                let user = url.user.as_ref().map_or_else(String::new, |user| {
                    format!("{}:{}", user.name, user.password.as_deref().unwrap_or("-"))
                });
                let (query, fragment) = (&url.raw_query, &url.fragment);
                format!("{}|{}|{user}|{}|{}|{query}|{fragment}", url.scheme, url.opaque, url.host, url.path())
            }
        }
    }

    const COLON: &str = "first path segment in URL cannot contain colon";
    const REQUEST: &str = "invalid URI for request";

    /// The table of the facts that was executed with Go, and its neighbours: text, `Parse`, `ParseRequestURI` where
    /// that says something else.
    #[test]
    fn texts_are_read_as_go_reads_them() {
        let same = "=";
        for (text, parsed, requested) in [
            ("", "||||||", "empty url"),
            ("*", "||||*||", same),
            ("reg.example.io/a/b:v1", "||||reg.example.io/a/b:v1||", REQUEST),
            ("test", "||||test||", REQUEST),
            ("localhost:5000/a:v1", "localhost|5000/a:v1|||||", same),
            ("private-registry:5000/a:latest", "private-registry|5000/a:latest|||||", same),
            ("reg.example.io:5000/a:v1", "reg.example.io|5000/a:v1|||||", same),
            ("myimage:v1", "myimage|v1|||||", same),
            ("my_image:v1", COLON, REQUEST),
            ("10.0.0.1:5000/a:v1", COLON, REQUEST),
            ("oci://myimage:v1", "invalid port \":v1\" after host", same),
            ("oci://localhost:5000/a:latest", "oci|||localhost:5000|/a:latest||", same),
            ("oci://reg.example.io:/a", "oci|||reg.example.io:|/a||", same),
            ("oci://a:1:2/b", "oci|||a:1:2|/b||", same),
            ("oci://a:b:2/b", "oci|||a:b:2|/b||", same),
            ("oci://:80/b", "oci|||:80|/b||", same),
            ("file:///opt/a.wasm", "file||||/opt/a.wasm||", same),
            ("file:/opt/a.wasm", "file||||/opt/a.wasm||", same),
            ("file://opt/a.wasm", "file|||opt|/a.wasm||", same),
            ("file:opt/a.wasm", "file|opt/a.wasm|||||", same),
            ("/opt/a.wasm", "||||/opt/a.wasm||", same),
            ("./a.wasm", "||||./a.wasm||", REQUEST),
            ("./a:b", "||||./a:b||", REQUEST),
            ("oci:reg.example.io/a", "oci|reg.example.io/a|||||", same),
            ("oci://", "oci||||||", same),
            ("oci:", "oci||||||", same),
            ("http://", "http||||||", same),
            ("oci:///a/b", "oci||||/a/b||", same),
            ("OCI://Reg.example.io/A", "oci|||Reg.example.io|/A||", same),
            ("ftp://example.com", "ftp|||example.com|||", same),
            (" oci://a/b", COLON, REQUEST),
            ("#%blah$#@", "invalid URL escape \"%bl\"", REQUEST),
            (":a", "missing protocol scheme", same),
            ("1a:b", COLON, REQUEST),
            ("a+b-c.1:x", "a+b-c.1|x|||||", same),
            ("ä:x", COLON, REQUEST),
            // Without a scheme two slashes begin an authority, three do not, and in a request neither does.
            ("//host/a", "|||host|/a||", "||||//host/a||"),
            ("///a", "||||///a||", same),
            ("/a:b", "||||/a:b||", same),
            // Queries and fragments.
            ("http://a/b?c?d", "http|||a|/b|c?d|", same),
            ("http://a/b?", "http|||a|/b||", same),
            ("http://a?b", "http|||a||b|", same),
            ("a?b:c", "||||a|b:c|", REQUEST),
            ("http://a/b#c%20d", "http|||a|/b||c d", "http|||a|/b#c d||"),
            ("http://a#b", "http|||a|||b", "invalid character \"#\" in host name"),
            ("http://a/b#%zz", "invalid URL escape \"%zz\"", same),
            // Escapes.
            ("http://a/b%2Fc", "http|||a|/b/c||", same),
            ("http://a/b%2", "invalid URL escape \"%2\"", same),
            ("http://a/b%", "invalid URL escape \"%\"", same),
            ("http://a/%zz", "invalid URL escape \"%zz\"", same),
            ("http://a/?%zz", "http|||a|/|%zz|", same),
            ("http://a%20b/", "invalid URL escape \"%20\"", same),
            ("http://a%25b/", "http|||a%b|/||", same),
            ("http://%c3%a4/", "http|||ä|/||", same),
            ("http://a b/", "invalid character \" \" in host name", same),
            ("http://a/b c", "http|||a|/b c||", same),
            ("http://a\\b/", "invalid character \"\\\\\" in host name", same),
            ("http://a\"b<c>/", "http|||a\"b<c>|/||", same),
            // Control bytes.
            ("http://a/\u{7f}", "net/url: invalid control character in URL", same),
            ("oci://a/b\n", "net/url: invalid control character in URL", same),
            ("\t", "net/url: invalid control character in URL", same),
            // Who.
            ("http://u@a/", "http||u:-|a|/||", same),
            ("http://u:p%40@a:1/", "http||u:p@|a:1|/||", same),
            ("http://u@v@a/", "http||u@v:-|a|/||", same),
            ("http://u:@a/", "http||u:|a|/||", same),
            ("http://u v@a/", "net/url: invalid userinfo", same),
            ("http://u%zz@a/", "invalid URL escape \"%zz\"", same),
            // Addresses in brackets.
            ("oci://[::1]:5000/a:v1", "oci|||[::1]:5000|/a:v1||", same),
            ("oci://[::1]/a", "oci|||[::1]|/a||", same),
            ("oci://[fe80::1%25en0]:80/a", "oci|||[fe80::1%en0]:80|/a||", same),
            ("oci://[fe80::1%25%65n]/a", "oci|||[fe80::1%en]|/a||", same),
            ("oci://[fe80::1%en0]/a", "invalid URL escape \"%en\"", same),
            ("oci://[fe80::1%25%2f]/a", "invalid URL escape \"%2f\"", same),
            ("oci://[::1/a", "missing ']' in host", same),
            ("oci://[::1]x/a", "invalid port \"x\" after host", same),
            ("oci://[::1]:x/a", "invalid port \":x\" after host", same),
        ] {
            assert_eq!(shown(parse(text)), parsed, "Parse {text:?}");
            let requested = if requested == same { parsed } else { requested };
            assert_eq!(shown(parse_request_uri(text)), requested, "ParseRequestURI {text:?}");
        }
    }

    #[test]
    fn an_error_names_the_text() {
        let err = parse("oci://a:b/c#d").unwrap_err();
        assert_eq!(err.to_string(), "parse \"oci://a:b/c\": invalid port \":b\" after host");
    }

    #[test]
    fn a_url_is_written_as_go_writes_it() {
        for (text, written) in [
            ("OCI://reg.example.io/a:v1", "oci://reg.example.io/a:v1"),
            ("oci:reg/a", "oci:reg/a"),
            ("file:/a", "file:/a"),
            ("file:///a", "file:///a"),
            ("http://", "http:"),
            ("http://u:p@a/?#", "http://u:p@a/?"),
            ("http://a/b c?d e#f g", "http://a/b%20c?d e#f%20g"),
            ("http://a/%7Eb", "http://a/%7Eb"),
            ("http://a/%7E b", "http://a/~%20b"),
            ("http://%c3%a4/", "http://%C3%A4/"),
            ("//a/b", "//a/b"),
            ("*", "*"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), written, "{text}");
        }
        let mut url = parse("reg.example.io/a/b:v1").unwrap();
        url.scheme = "oci".to_owned();
        assert_eq!(url.to_string(), "oci://reg.example.io/a/b:v1");
    }

    #[test]
    fn queries_are_taken_apart() {
        let url = parse("http://a/?x=1&y=a+b%2B&x=2&&z&w=%zz&u;v=1").unwrap();
        let pairs = url.query();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(pairs, [("x", "1"), ("y", "a b+"), ("x", "2"), ("z", "")]);
    }

    #[test]
    fn host_and_port_are_told_apart() {
        for (text, hostname, port) in [
            ("http://a:80/", "a", "80"),
            ("http://a:/", "a", ""),
            ("http://a/", "a", ""),
            ("http://[::1]:80/", "::1", "80"),
            ("http://[::1]/", "::1", ""),
            ("http:///", "", ""),
        ] {
            let url = parse(text).unwrap();
            assert_eq!((url.hostname(), url.port()), (hostname, port), "{text}");
        }
    }

    proptest::proptest! {
        /// Whatever is read can be written, and is then read as the same.
        #[test]
        fn what_is_read_survives(text in "[a-c:/?#@%\\[\\]\\. 0-9+ä\\-]{0,24}") {
            if let Ok(url) = parse(&text) {
                let again = parse(&url.to_string());
                let plain = url.user.is_none() && !url.host.contains('%') && !url.scheme.is_empty();
                if let (true, Ok(again)) = (plain && !url.host.is_empty(), again) {
                    proptest::prop_assert_eq!((url.path(), &url.host), (again.path(), &again.host));
                }
            }
            _ = parse_request_uri(&text);
        }
    }
}
