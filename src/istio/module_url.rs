//! What becomes of the `url` of a module, in three places: at the API server, in istiod, and in the proxy's agent.
//!
//! All three parse with Go's rules ([`super::go_url`]), each with other consequences: CRD and webhook admit, istiod
//! discards what it cannot parse with one line in its log, and the agent fetches what is left. [`read`] sums it up.

use super::go_url;

/// What becomes of a module URL: the first thing that is wrong with it, or where the module comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading<'a> {
    /// Nothing there.
    Missing,
    /// An image or download without a host: `oci://`, `http:///a.wasm`.
    NoHost,
    /// A scheme of ours and no slashes behind it: `oci:registry/a`. The part behind the colon.
    Opaque(&'a str),
    /// A file whose name the proxy gets wrong: only a leading `file://`, in lower case, is cut off.
    CrookedFile,
    /// Accepted by the API server and then discarded by istiod with one line in its log.
    Discarded,
    /// A registry with a port, or an image with a tag, and no scheme: what stands before the colon is read as one.
    NameAsScheme(&'a str),
    /// A scheme that Istio does not know.
    UnsupportedScheme(&'a str),
    /// Go's parser refuses it, and so do CRD and webhook.
    Unparsable,
    /// Looks like a file and is without a scheme, so that it is read as an image.
    PathLike(&'a str),
    /// An image in an OCI registry; the part behind the scheme.
    Oci(&'a str),
    /// `http` or `https`.
    Http,
    /// `file`, with an absolute path.
    File,
}

/// The schemes that a module URL may have; without one it is an image.
pub const SCHEMES: [&str; 4] = ["oci", "https", "http", "file"];

/// The end of a module's file name.
const WASM: &str = ".wasm";

/// Reads `url` as Istio does.
pub fn read(url: &str) -> Reading<'_> {
    if url.is_empty() {
        return Reading::Missing;
    }
    let Ok(admitted) = parse_strictly(url) else { return Reading::Unparsable };
    // The scheme as it was written; the webhook's own attempt with `http://` in front has none of its own.
    let scheme = url.split(':').next().unwrap_or_default();
    let is_known = admitted.is_retried || SCHEMES.contains(&admitted.url.scheme.as_str());
    if !is_known && !admitted.url.scheme.is_empty() {
        let is_name = !url[scheme.len()..].starts_with(":/");
        return if is_name { Reading::NameAsScheme(scheme) } else { Reading::UnsupportedScheme(scheme) };
    }
    let Ok(parsed) = go_url::parse(url) else { return Reading::Discarded };
    let behind_colon = || &url[scheme.len() + 1..];
    match parsed.scheme.as_str() {
        "file" if url.starts_with("file:///") && url.len() > "file:///".len() => Reading::File,
        "file" => Reading::CrookedFile,
        "" => {
            let is_path = ["/", "./", "../"].iter().any(|start| url.starts_with(start));
            let is_file = is_path && !url.starts_with("//") || url.to_ascii_lowercase().ends_with(WASM);
            let has_host = istiod(url).is_ok_and(|source| source.is_fetchable());
            match (is_file, has_host) {
                (true, _) => Reading::PathLike(url),
                (false, true) => Reading::Oci(url.trim_start_matches('/')),
                (false, false) => Reading::NoHost,
            }
        }
        // Behind the webhook's back: `ftp://a#` is admitted as `http://ftp://a#`, and no agent fetches it.
        other if !SCHEMES.contains(&other) => Reading::UnsupportedScheme(scheme),
        _ if !parsed.opaque.is_empty() => Reading::Opaque(behind_colon()),
        _ if parsed.host.is_empty() => Reading::NoHost,
        "oci" => Reading::Oci(behind_colon().trim_start_matches('/')),
        _ => Reading::Http,
    }
}

struct Admitted {
    url: go_url::Url,
    /// It was parsed with `http://` in front of it.
    is_retried: bool,
}

/// As the webhook parses: what is no absolute URL is tried again as a host and path.
fn parse_strictly(url: &str) -> Result<Admitted, String> {
    let strict = |text: &str| match go_url::parse(text) {
        Ok(_) => Ok(()),
        Err(err) => Err(format!("failed to strict parse url: {err}")),
    };
    match go_url::parse_request_uri(url) {
        Ok(parsed) => strict(url).map(|()| Admitted { url: parsed, is_retried: false }),
        Err(err) => {
            let retried = format!("http://{url}");
            match go_url::parse_request_uri(&retried) {
                // The reason is that of the first attempt.
                Err(_) => Err(format!("failed to parse url: {err}")),
                Ok(parsed) => strict(&retried).map(|()| Admitted { url: parsed, is_retried: true }),
            }
        }
    }
}

/// What the webhook says to `url`: nothing, or its own message.
pub fn webhook(url: &str) -> Result<(), String> {
    if url.is_empty() {
        return Err("url field needs to be set".to_owned());
    }
    let scheme = parse_strictly(url)?.url.scheme;
    if scheme.is_empty() || SCHEMES.contains(&scheme.as_str()) {
        return Ok(());
    }
    Err(format!("url contains unsupported scheme: {scheme}"))
}

/// Tells whether the CRD's own rule accepts `url`; its message is [`CRD_MESSAGE`].
///
/// `isURL(self) ? url(self).getScheme() in [...] : isURL('http://' + self) && ...`: the webhook's question but for what
/// only shows behind a hash.
pub fn crd_accepts(url: &str) -> bool {
    let scheme = match go_url::parse_request_uri(url) {
        Ok(parsed) => parsed.scheme,
        Err(_) => match go_url::parse_request_uri(&format!("http://{url}")) {
            Ok(parsed) => parsed.scheme,
            Err(_) => return false,
        },
    };
    scheme.is_empty() || SCHEMES.contains(&scheme.as_str())
}

/// What the API server says when [`crd_accepts`] does not hold.
pub const CRD_MESSAGE: &str = "url must have schema one of [http, https, file, oci]";

/// Where istiod tells a proxy to get the module from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// A file in the proxy.
    Local {
        /// Its name; what is not absolute is looked up where Envoy runs.
        filename: String,
    },
    /// To be fetched by the proxy's agent.
    Remote {
        /// The URL, in the spelling of Go.
        uri: String,
    },
}

impl DataSource {
    /// Tells whether the agent has anything to fetch, and from where.
    pub fn is_fetchable(&self) -> bool {
        match self {
            Self::Local { .. } => false,
            Self::Remote { uri } => matches!(agent(uri), Fetch::Image(_) | Fetch::Http),
        }
    }
}

/// What istiod makes of `url`. An error is what it logs when it discards the plugin.
pub fn istiod(url: &str) -> Result<DataSource, go_url::Error> {
    let mut parsed = go_url::parse(url)?;
    if parsed.scheme == "file" {
        let filename = url.strip_prefix("file://").unwrap_or(url);
        return Ok(DataSource::Local { filename: filename.to_owned() });
    }
    if parsed.scheme.is_empty() {
        "oci".clone_into(&mut parsed.scheme);
    }
    Ok(DataSource::Remote { uri: parsed.to_string() })
}

/// What the proxy's agent makes of a URL that istiod sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// An image of an OCI registry.
    Image(Image),
    /// A download over http or https.
    Http,
    /// There is no host to fetch from.
    NoHost,
    /// The agent does not know the scheme.
    Unsupported,
}

/// The name of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Registry and port.
    pub host: String,
    /// The repository, without the host; empty for an image that is nothing but a host.
    pub path: String,
    /// The tag, if one is named.
    pub tag: Option<String>,
    /// The digest, `sha256:` included, if one is named.
    pub digest: Option<String>,
}

/// What the agent makes of `uri`, which is a [`DataSource::Remote`].
pub fn agent(uri: &str) -> Fetch {
    let Ok(parsed) = go_url::parse(uri) else { return Fetch::Unsupported };
    match parsed.scheme.as_str() {
        "oci" | "http" | "https" if parsed.host.is_empty() => Fetch::NoHost,
        "oci" => {
            let (name, digest) = match parsed.path().split_once('@') {
                Some((name, digest)) => (name.to_owned(), Some(digest.to_owned())),
                None => (parsed.path(), None),
            };
            let (path, tag) = match name.rsplit_once(':') {
                Some((path, tag)) if !tag.contains('/') => (path, Some(tag.to_owned())),
                _ => (name.as_str(), None),
            };
            Fetch::Image(Image {
                host: parsed.host,
                path: path.trim_start_matches('/').to_owned(),
                tag,
                digest,
            })
        }
        "http" | "https" => Fetch::Http,
        _ => Fetch::Unsupported,
    }
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

/// The digest in a URL, `sha256:…`.
pub fn digest(url: &str) -> Option<&str> {
    url.split_once('@').map(|(_, digest)| digest).filter(|digest| digest.starts_with("sha256:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the facts (4.5), and its neighbours.
    #[test]
    fn urls_are_read_as_istio_reads_them() {
        for (url, reading) in [
            ("", Reading::Missing),
            ("reg.example.io/a/b:v1", Reading::Oci("reg.example.io/a/b:v1")),
            ("test", Reading::Oci("test")),
            ("//reg.example.io/a", Reading::Oci("reg.example.io/a")),
            ("localhost:5000/a:v1", Reading::NameAsScheme("localhost")),
            ("private-registry:5000/a:latest", Reading::NameAsScheme("private-registry")),
            ("reg.example.io:5000/a:v1", Reading::NameAsScheme("reg.example.io")),
            ("myimage:v1", Reading::NameAsScheme("myimage")),
            ("10.0.0.1:5000/a:v1", Reading::Discarded),
            ("my_image:5000/a", Reading::Discarded),
            ("oci://myimage:v1", Reading::Discarded),
            ("oci://[::1]:x/a", Reading::Discarded),
            ("oci://localhost:5000/a:latest", Reading::Oci("localhost:5000/a:latest")),
            ("oci://[::1]:5000/a:v1", Reading::Oci("[::1]:5000/a:v1")),
            ("file:///opt/a.wasm", Reading::File),
            ("file:/opt/a.wasm", Reading::CrookedFile),
            ("file:opt/a.wasm", Reading::CrookedFile),
            ("file://opt/a.wasm", Reading::CrookedFile),
            ("file://", Reading::CrookedFile),
            ("file:///", Reading::CrookedFile),
            ("FILE:///opt/a.wasm", Reading::CrookedFile),
            ("/opt/a.wasm", Reading::PathLike("/opt/a.wasm")),
            ("./a.wasm", Reading::PathLike("./a.wasm")),
            ("../a", Reading::PathLike("../a")),
            ("a.wasm", Reading::PathLike("a.wasm")),
            ("oci:reg.example.io/a", Reading::Opaque("reg.example.io/a")),
            ("https:example.com/a.wasm", Reading::Opaque("example.com/a.wasm")),
            ("oci:", Reading::NoHost),
            ("oci:/a/b", Reading::NoHost),
            ("oci://", Reading::NoHost),
            ("someone@", Reading::NoHost),
            ("http://", Reading::NoHost),
            ("oci:///a/b", Reading::NoHost),
            ("OCI://reg.example.io/a", Reading::Oci("reg.example.io/a")),
            ("ftp://example.com/a.wasm", Reading::UnsupportedScheme("ftp")),
            ("docker://a/b", Reading::UnsupportedScheme("docker")),
            ("Docker:/a/b", Reading::UnsupportedScheme("Docker")),
            ("ftp://a#", Reading::UnsupportedScheme("ftp")),
            (" oci://a/b", Reading::Unparsable),
            ("#%blah$#@", Reading::Unparsable),
            ("oci://a/b\n", Reading::Unparsable),
            ("oci://a b/c", Reading::Discarded),
            ("https://example.com/a.wasm", Reading::Http),
            ("https://example.com/%zz", Reading::Unparsable),
        ] {
            assert_eq!(read(url), reading, "{url}");
        }
    }

    #[test]
    fn the_webhook_has_its_own_words() {
        for (url, message) in [
            ("", "url field needs to be set"),
            ("ftp://example.com/a", "url contains unsupported scheme: ftp"),
            ("localhost:5000/a:v1", "url contains unsupported scheme: localhost"),
            (" oci://a/b", "failed to parse url: parse \" oci://a/b\": invalid URI for request"),
            (
                "https://example.com/?a#%zz",
                "failed to strict parse url: parse \"https://example.com/?a#%zz\": invalid URL escape \"%zz\"",
            ),
        ] {
            assert_eq!(webhook(url), Err(message.to_owned()), "{url}");
        }
        for url in
            ["test", "10.0.0.1:5000/a:v1", "oci://myimage:v1", "file:/a", "/a.wasm", "oci:", "OCI://a/b"]
        {
            assert_eq!(webhook(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn crd_and_webhook_agree_but_for_fragments() {
        for url in ["a", "a:1", "oci://a:v", "ftp://a", " a", "/a", "%", "10.0.0.1:5/a", "file:a", "#", "a#b"]
        {
            assert_eq!(crd_accepts(url), webhook(url).is_ok(), "{url}");
        }
        assert!(crd_accepts("oci://a/?b#%zz") && webhook("oci://a/?b#%zz").is_err());
    }

    #[test]
    fn istiod_cuts_one_prefix_and_assumes_an_image() {
        let local = |filename: &str| Ok(DataSource::Local { filename: filename.to_owned() });
        let remote = |uri: &str| Ok(DataSource::Remote { uri: uri.to_owned() });
        for (url, source) in [
            ("file:///opt/a.wasm", local("/opt/a.wasm")),
            ("file:/opt/a.wasm", local("file:/opt/a.wasm")),
            ("file://opt/a.wasm", local("opt/a.wasm")),
            ("FILE:///opt/a.wasm", local("FILE:///opt/a.wasm")),
            ("reg.example.io/a/b:v1", remote("oci://reg.example.io/a/b:v1")),
            ("test", remote("oci://test")),
            ("/opt/a.wasm", remote("oci:///opt/a.wasm")),
            ("OCI://reg.example.io/a", remote("oci://reg.example.io/a")),
            ("oci:reg.example.io/a", remote("oci:reg.example.io/a")),
        ] {
            assert_eq!(istiod(url), source, "{url}");
        }
        for (url, reason) in [
            ("10.0.0.1:5000/a:v1", "first path segment in URL cannot contain colon"),
            ("oci://myimage:v1", "invalid port \":v1\" after host"),
        ] {
            assert_eq!(istiod(url).unwrap_err().reason.to_string(), reason, "{url}");
        }
    }

    #[test]
    fn the_agent_takes_an_image_apart() {
        let image = |host: &str, path: &str, tag: Option<&str>, digest: Option<&str>| {
            let text = |text: Option<&str>| text.map(ToOwned::to_owned);
            let (host, path) = (host.to_owned(), path.to_owned());
            Fetch::Image(Image { host, path, tag: text(tag), digest: text(digest) })
        };
        for (uri, fetch) in [
            ("oci://localhost:5000/a/b:v1", image("localhost:5000", "a/b", Some("v1"), None)),
            ("oci://reg.example.io/a", image("reg.example.io", "a", None, None)),
            ("oci://reg.example.io/a@sha256:0a", image("reg.example.io", "a", None, Some("sha256:0a"))),
            (
                "oci://reg.example.io/a:1@sha256:0a",
                image("reg.example.io", "a", Some("1"), Some("sha256:0a")),
            ),
            ("oci://test", image("test", "", None, None)),
            ("oci:///opt/a.wasm", Fetch::NoHost),
            ("oci:reg.example.io/a", Fetch::NoHost),
            ("http://", Fetch::NoHost),
            ("https://example.com/a.wasm", Fetch::Http),
            ("ftp://example.com/a.wasm", Fetch::Unsupported),
        ] {
            assert_eq!(agent(uri), fetch, "{uri}");
        }
    }

    #[test]
    fn a_tag_is_not_a_port_and_a_digest_pins() {
        assert_eq!(tag_and_digest("reg.example.io:5000/a"), (None, false));
        assert_eq!(tag_and_digest("reg.example.io:5000/a:1.4"), (Some("1.4"), false));
        assert_eq!(tag_and_digest("reg.example.io/a:1@sha256:00"), (Some("1"), true));
        assert_eq!(tag_and_digest("reg.example.io/a@sha256:00"), (None, true));
    }

    proptest::proptest! {
        /// What is read as a source is accepted, kept and fetched; what is reported as refused is.
        #[test]
        fn the_three_answers_and_the_reading_agree(
            url in "(oci|http|file|ftp|a|)(:|://|:///|/|)[a-z:@#% \\[\\]0-9]{0,6}(:[0-9]{0,2})?(/[a-z:%]{0,4})?"
        ) {
            use Reading::{Discarded, Missing, NameAsScheme, Unparsable, UnsupportedScheme};
            let refused = webhook(&url).is_err();
            match read(&url) {
                Missing | Unparsable | NameAsScheme(_) => proptest::prop_assert!(refused),
                UnsupportedScheme(_) => {}
                reading => {
                    proptest::prop_assert!(!refused);
                    proptest::prop_assert_eq!(istiod(&url).is_err(), reading == Discarded);
                }
            }
            if let (Reading::Oci(_) | Reading::Http, Ok(source)) = (read(&url), istiod(&url)) {
                proptest::prop_assert!(source.is_fetchable(), "{:?}", source);
            }
        }
    }
}
