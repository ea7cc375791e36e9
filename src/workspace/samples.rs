//! The designs that come with the program.

/// A design that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What it is called.
    pub title: &'static str,
    /// What it shows, in one line.
    pub description: &'static str,
    /// The name of its file.
    pub file_name: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! sample {
    ($title:literal, $description:literal, $file:literal) => {
        Sample {
            title: $title,
            description: $description,
            file_name: $file,
            text: include_str!(concat!("../../designs/", $file)),
        }
    };
}

/// Every sample; [`super::Command::OpenSample`] takes an index into it.
pub const SAMPLES: &[Sample] = &[
    sample!(
        "Hierarchical parent wallet",
        "One plugin, one filter, its namespace: the smallest wallet",
        "hierarchical-parent-wallet.yaml"
    ),
    sample!(
        "HTTP call on back-golang",
        "A plugin in phase STATS on one workload, whose filter makes an HTTP call for each request",
        "http-call-on-back-golang.yaml"
    ),
    sample!(
        "Edge security",
        "Two plugins with two filters each, a gateway and two workloads",
        "edge-security.yaml"
    ),
    sample!("Front page EnvoyFilter", "An EnvoyFilter that holds one filter", "frontpage-envoyfilter.yaml"),
];
