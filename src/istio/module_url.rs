//! How Istio reads the `url` of a module.
//!
//! The webhook and istiod parse with Go's `net/url`, not with the WHATWG rules; what follows are the few rules of Go's
//! parser that decide here (istio-wasm facts, 4.5).

/// What becomes of a module URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading<'a> {
    /// Nothing there.
    Missing,
    /// Go's parser refuses it, and so do CRD and webhook.
    Unparsable,
    /// A scheme that Istio does not know. A registry without `oci://` but with a port is read as a scheme, too.
    UnsupportedScheme(&'a str),
    /// Accepted by the API server and then discarded by istiod with one line in its log.
    Discarded,
    /// An image in an OCI registry; the part behind the scheme.
    Oci(&'a str),
    /// `http` or `https`.
    Http,
    /// `file`.
    File,
}

/// Reads `url` as Istio does.
pub fn read(url: &str) -> Reading<'_> {
    if url.is_empty() {
        return Reading::Missing;
    }
    if url.starts_with(' ') || url.bytes().any(|byte| byte.is_ascii_control()) || has_bad_escape(url) {
        return Reading::Unparsable;
    }
    let Some((scheme, rest)) = split_scheme(url) else { return Reading::Unparsable };
    match scheme.to_ascii_lowercase().as_str() {
        "" => {
            let first_segment = rest.split('/').next().unwrap_or_default();
            if rest.starts_with("//") {
                // A reference without a scheme but with an authority.
                return Reading::Oci(rest.trim_start_matches('/'));
            }
            if first_segment.contains(':') { Reading::Discarded } else { Reading::Oci(rest) }
        }
        "oci" => {
            let Some(image) = rest.strip_prefix("//") else { return Reading::Oci(rest) };
            let authority = image.split(['/', '?', '#']).next().unwrap_or_default();
            if has_valid_port(authority) { Reading::Oci(image) } else { Reading::Discarded }
        }
        "http" | "https" => Reading::Http,
        "file" => Reading::File,
        _ => Reading::UnsupportedScheme(scheme),
    }
}

/// Go's `getScheme`: `None` when a colon comes first; `""` when there is no scheme.
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    for (at, c) in url.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return None,
            ':' => return Some((&url[..at], &url[at + 1..])),
            _ => break,
        }
    }
    Some(("", url))
}

/// Go's `validOptionalPort`, behind an optional user and an IPv6 host in brackets.
fn has_valid_port(authority: &str) -> bool {
    let host = authority.rsplit('@').next().unwrap_or_default();
    let after_host = match host.rfind(']') {
        Some(end) => &host[end + 1..],
        None => host.find(':').map_or("", |colon| &host[colon..]),
    };
    after_host.is_empty()
        || after_host.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn has_bad_escape(url: &str) -> bool {
    let bytes = url.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    bytes.iter().enumerate().any(|(at, byte)| *byte == b'%' && !(is_hex(at + 1) && is_hex(at + 2)))
}

/// The tag of an OCI image reference (`host[:port]/path[:tag][@digest]`), and whether it is pinned by a digest.
pub fn tag_and_digest(image: &str) -> (Option<&str>, bool) {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, digest.starts_with("sha256:")),
        None => (image, false),
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    let tag = if name.contains('/') { last.split_once(':').map(|(_, tag)| tag) } else { None };
    (tag, digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_as_istio_reads_them() {
        for (url, reading) in [
            ("", Reading::Missing),
            ("reg.example.io/a/b:v1", Reading::Oci("reg.example.io/a/b:v1")),
            ("test", Reading::Oci("test")),
            ("localhost:5000/a:v1", Reading::UnsupportedScheme("localhost")),
            ("private-registry:5000/a:latest", Reading::UnsupportedScheme("private-registry")),
            ("reg.example.io:5000/a:v1", Reading::UnsupportedScheme("reg.example.io")),
            ("myimage:v1", Reading::UnsupportedScheme("myimage")),
            ("10.0.0.1:5000/a:v1", Reading::Discarded),
            ("my_image:v1", Reading::Discarded),
            ("oci://myimage:v1", Reading::Discarded),
            ("oci://localhost:5000/a:latest", Reading::Oci("localhost:5000/a:latest")),
            ("oci://[::1]:5000/a:v1", Reading::Oci("[::1]:5000/a:v1")),
            ("file:///opt/a.wasm", Reading::File),
            ("/opt/a.wasm", Reading::Oci("/opt/a.wasm")),
            ("OCI://reg.example.io/a", Reading::Oci("reg.example.io/a")),
            ("ftp://example.com/a.wasm", Reading::UnsupportedScheme("ftp")),
            ("docker://a/b", Reading::UnsupportedScheme("docker")),
            (" oci://a/b", Reading::Unparsable),
            ("#%blah$#@", Reading::Unparsable),
            (":a", Reading::Unparsable),
            ("https://example.com/a.wasm", Reading::Http),
        ] {
            assert_eq!(read(url), reading, "{url}");
        }
    }

    #[test]
    fn a_tag_is_not_a_port_and_a_digest_pins() {
        assert_eq!(tag_and_digest("reg.example.io:5000/a"), (None, false));
        assert_eq!(tag_and_digest("reg.example.io:5000/a:1.4"), (Some("1.4"), false));
        assert_eq!(tag_and_digest("reg.example.io/a:1@sha256:00"), (Some("1"), true));
        assert_eq!(tag_and_digest("reg.example.io/a@sha256:00"), (None, true));
    }
}
