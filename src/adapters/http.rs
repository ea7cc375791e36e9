//! Downloads: `http` and `https` only, with limits on time, size and redirects.
//!
//! Blocking; called from a job. TLS is rustls with the ring provider and the platform's certificates.

use std::io::Read as _;
use std::sync::Once;
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::{Client, Response};
use reqwest::redirect;

/// Limits of a download.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes of a body.
    pub max_bytes: u64,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long everything together may take.
    pub total: Duration,
    /// How many redirects are followed.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 64 * 1024 * 1024,
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
            redirects: 5,
        }
    }
}

/// Why a download failed; for people. The address stands last.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Not an address.
    #[error("this is no web address: {reason}\n{address}")]
    Address {
        /// Why not.
        reason: String,
        /// As it was typed.
        address: String,
    },
    /// Another scheme than `http` and `https`.
    #[error("only http and https addresses can be opened, not {scheme}\n{address}")]
    Scheme {
        /// The scheme.
        scheme: String,
        /// The address.
        address: String,
    },
    /// The server answered with something else than success.
    #[error("the server answered {status}\n{address}")]
    Status {
        /// `404 Not Found`.
        status: String,
        /// The address.
        address: String,
    },
    /// The body is too large.
    #[error("this is larger than {} MiB, which is more than a design or a manifest has\n{address}", limit / 1024 / 1024)]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
        /// The address.
        address: String,
    },
    /// It took too long.
    #[error("the download took too long (more than {seconds} s); try again later\n{address}")]
    Timeout {
        /// The limit.
        seconds: u64,
        /// The address.
        address: String,
    },
    /// No connection, or it broke.
    #[error("the download failed: {reason}\n{address}")]
    Failed {
        /// Why.
        reason: String,
        /// The address.
        address: String,
    },
    /// The user stopped it.
    #[error("the download was stopped\n{address}")]
    Cancelled {
        /// The address.
        address: String,
    },
}

const NOT_WEB: &str = "it was redirected to an address that is neither http nor https";

/// Checks an address before anything is asked of the network.
pub fn check_address(address: &str) -> Result<Url, HttpError> {
    let address = address.trim();
    let url = Url::parse(address)
        .map_err(|err| HttpError::Address { reason: err.to_string(), address: address.to_owned() })?;
    if !is_web(&url) {
        return Err(HttpError::Scheme { scheme: url.scheme().to_owned(), address: address.to_owned() });
    }
    Ok(url)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Downloads `address`. `go_on` is called with the bytes so far and the total (0: unknown), and stops the download when
/// it returns `false`.
pub fn get(
    address: &str,
    limits: Limits,
    go_on: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Vec<u8>, HttpError> {
    let url = check_address(address)?;
    let address = shown(&url);
    let failed = |err: &reqwest::Error| fail(err, limits, &address);
    let client = client(&url, limits).map_err(|err| failed(&err))?;
    let response = client.get(url).send().map_err(|err| failed(&err))?;
    // Every redirect that leads to the web was followed.
    if response.status().is_redirection() {
        return Err(HttpError::Failed { reason: NOT_WEB.to_owned(), address });
    }
    if !response.status().is_success() {
        return Err(HttpError::Status { status: response.status().to_string(), address });
    }
    let total = response.content_length().unwrap_or(0);
    if total > limits.max_bytes {
        return Err(HttpError::TooLarge { limit: limits.max_bytes, address });
    }
    body(response, total, limits, &address, go_on)
}

fn body(
    mut response: Response,
    total: u64,
    limits: Limits,
    address: &str,
    go_on: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Vec<u8>, HttpError> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        if !go_on(bytes.len() as u64, total) {
            return Err(HttpError::Cancelled { address: address.to_owned() });
        }
        let count = response.read(&mut chunk).map_err(|err| {
            let inner = err.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
            match inner {
                Some(inner) => fail(inner, limits, address),
                None if err.kind() == std::io::ErrorKind::TimedOut => timeout(limits, address),
                None => HttpError::Failed { reason: err.to_string(), address: address.to_owned() },
            }
        })?;
        if count == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(chunk.get(..count).unwrap_or_default());
        if bytes.len() as u64 > limits.max_bytes {
            return Err(HttpError::TooLarge { limit: limits.max_bytes, address: address.to_owned() });
        }
    }
}

/// The address without user name and password, which may be secret.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Only an address without a host refuses this, and it has no password then.
    let _refused = url.set_username("").and_then(|()| url.set_password(None));
    url.to_string()
}

fn client(url: &Url, limits: Limits) -> Result<Client, reqwest::Error> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another provider may be there already; either one will do.
        let _other = rustls::crypto::ring::default_provider().install_default();
    });
    let redirects = redirect::Policy::custom(move |attempt| {
        if attempt.previous().len() > limits.redirects {
            return attempt.error("it was redirected too often");
        }
        if !is_web(attempt.url()) {
            return attempt.error(NOT_WEB);
        }
        attempt.follow()
    });
    let mut builder = Client::builder()
        .user_agent(concat!("billfold/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .timeout(limits.total)
        .redirect(redirects);
    if is_this_machine(url) {
        builder = builder.no_proxy();
    }
    builder.build()
}

/// A proxy cannot reach what runs on this machine.
fn is_this_machine(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

fn timeout(limits: Limits, address: &str) -> HttpError {
    HttpError::Timeout { seconds: limits.total.as_secs(), address: address.to_owned() }
}

fn fail(err: &reqwest::Error, limits: Limits, address: &str) -> HttpError {
    if err.is_timeout() && !err.is_connect() {
        return timeout(limits, address);
    }
    // The innermost cause says what happened; the outer ones only where.
    let mut cause: &dyn std::error::Error = err;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let reason = if err.is_connect() {
        format!("the server could not be reached ({cause})")
    } else {
        cause.to_string()
    };
    HttpError::Failed { reason, address: address.to_owned() }
}

#[cfg(test)]
mod tests;
