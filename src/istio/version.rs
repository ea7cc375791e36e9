//! Versions of Istio, and what came with which.

use std::fmt;
use std::str::FromStr;

/// A minor version of Istio, such as 1.30. Patch releases change nothing that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// 1.
    pub major: u16,
    /// The minor version.
    pub minor: u16,
}

/// A text that is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no Istio version: write it as {}", Version::NEWEST)]
pub struct VersionError {
    text: String,
}

impl Version {
    /// The newest version that the facts of this program cover.
    pub const NEWEST: Self = Self::new(1, 31);

    /// The versions that the facts cover, newest first: from the first one whose WasmPlugin is known.
    pub fn known() -> impl Iterator<Item = Self> {
        (15..=Self::NEWEST.minor).rev().map(|minor| Self::new(1, minor))
    }

    /// A version.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Tells whether `feature` is there.
    pub fn has(self, feature: Feature) -> bool {
        self >= feature.since()
    }
}

/// `1.30`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Reads `1.30`, `v1.30`, `1.30.2` and `1.30-alpha`: what is behind the minor version does not matter.
impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let read = || {
            let text = text.trim();
            let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
            let (major, rest) = text.split_once('.')?;
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (minor, rest) = rest.split_at(digits);
            if !(rest.is_empty() || rest.starts_with(['.', '-', '+'])) {
                return None;
            }
            let number =
                |text: &str| text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
            Some(Self::new(number(major)?, number(minor)?))
        };
        read().ok_or_else(|| VersionError { text: text.to_owned() })
    }
}

/// Something that Istio has since a version (istio-wasm facts, 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// `match` of a WasmPlugin.
    Match,
    /// `failStrategy`.
    FailStrategy,
    /// An EnvoyFilter does not match Envoy's deprecated filter names.
    CanonicalFilterNamesOnly,
    /// `type: NETWORK`.
    NetworkType,
    /// `targetRef`, the singular.
    TargetRef,
    /// `targetRefs`, of an EnvoyFilter too.
    TargetRefs,
    /// Validation rules in the CRDs.
    CelRules,
    /// Envoy 1.33, which has all functions of WASI preview 1.
    AllOfWasi,
    /// Envoy's `failure_policy` in the configuration of a Wasm filter, in place of `fail_open` (Envoy 1.33).
    FailurePolicy,
    /// `failStrategy: FAIL_RELOAD`.
    FailReload,
    /// Context `WAYPOINT` of an EnvoyFilter.
    WaypointContext,
    /// The kind `TrafficExtension`; every WasmPlugin is translated into one.
    TrafficExtension,
    /// `MERGE_AND_REPLACE_LIST` in an EnvoyFilter.
    MergeAndReplaceList,
}

impl Feature {
    /// The version that it came with.
    pub const fn since(self) -> Version {
        let minor = match self {
            Self::Match => 16,
            Self::FailStrategy | Self::CanonicalFilterNamesOnly => 19,
            Self::NetworkType | Self::TargetRef => 20,
            Self::TargetRefs => 22,
            Self::CelRules | Self::AllOfWasi | Self::FailurePolicy => 25,
            Self::FailReload => 27,
            Self::WaypointContext => 28,
            Self::TrafficExtension => 30,
            Self::MergeAndReplaceList => 31,
        };
        Version::new(1, minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared() {
        for (text, expected) in [
            ("1.30", Some((1, 30))),
            ("v1.9", Some((1, 9))),
            ("1.30.2", Some((1, 30))),
            ("1.31-rc.0", Some((1, 31))),
            (" 1.27 ", Some((1, 27))),
            ("1", None),
            ("", None),
            ("1.", None),
            ("1.x", None),
            ("1.30x", None),
            ("+1.30", None),
            ("1.99999", None),
            ("latest", None),
        ] {
            let read = text.parse::<Version>().ok().map(|it| (it.major, it.minor));
            assert_eq!(read, expected, "{text}");
        }
        assert!(Version::new(1, 9) < Version::new(1, 30));
        assert_eq!(Version::NEWEST.to_string().parse(), Ok(Version::NEWEST));
    }

    #[test]
    fn features_come_with_their_version() {
        assert!(!Version::new(1, 26).has(Feature::FailReload));
        assert!(Version::new(1, 27).has(Feature::FailReload));
        assert!(Version::new(2, 0).has(Feature::MergeAndReplaceList));
    }
}
