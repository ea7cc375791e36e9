//! The filter names that Envoy gave up in 1.14, and what the filters are called since.
//!
//! istiod of 1.19 and later compares names exactly and gives its own filters the new ones, so an EnvoyFilter that names an
//! old one matches nothing.

use super::envoy_filter::FilterLevel;

/// Level of the filter, old name, new name. `envoy.ext_authz` was the name of two filters.
const NAMES: [(FilterLevel, &str, &str); 28] = [
    (FilterLevel::Http, "envoy.buffer", "envoy.filters.http.buffer"),
    (FilterLevel::Http, "envoy.cors", "envoy.filters.http.cors"),
    (FilterLevel::Http, "envoy.csrf", "envoy.filters.http.csrf"),
    (FilterLevel::Http, "envoy.ext_authz", "envoy.filters.http.ext_authz"),
    (FilterLevel::Http, "envoy.fault", "envoy.filters.http.fault"),
    (FilterLevel::Http, "envoy.grpc_http1_bridge", "envoy.filters.http.grpc_http1_bridge"),
    (FilterLevel::Http, "envoy.grpc_json_transcoder", "envoy.filters.http.grpc_json_transcoder"),
    (FilterLevel::Http, "envoy.grpc_web", "envoy.filters.http.grpc_web"),
    (FilterLevel::Http, "envoy.gzip", "envoy.filters.http.gzip"),
    (FilterLevel::Http, "envoy.health_check", "envoy.filters.http.health_check"),
    (FilterLevel::Http, "envoy.http_dynamo_filter", "envoy.filters.http.dynamo"),
    (FilterLevel::Http, "envoy.ip_tagging", "envoy.filters.http.ip_tagging"),
    (FilterLevel::Http, "envoy.lua", "envoy.filters.http.lua"),
    (FilterLevel::Http, "envoy.rate_limit", "envoy.filters.http.ratelimit"),
    (FilterLevel::Http, "envoy.router", "envoy.filters.http.router"),
    (FilterLevel::Http, "envoy.squash", "envoy.filters.http.squash"),
    (FilterLevel::Listener, "envoy.listener.http_inspector", "envoy.filters.listener.http_inspector"),
    (FilterLevel::Listener, "envoy.listener.original_dst", "envoy.filters.listener.original_dst"),
    (FilterLevel::Listener, "envoy.listener.original_src", "envoy.filters.listener.original_src"),
    (FilterLevel::Listener, "envoy.listener.proxy_protocol", "envoy.filters.listener.proxy_protocol"),
    (FilterLevel::Listener, "envoy.listener.tls_inspector", "envoy.filters.listener.tls_inspector"),
    (FilterLevel::Network, "envoy.client_ssl_auth", "envoy.filters.network.client_ssl_auth"),
    (FilterLevel::Network, "envoy.ext_authz", "envoy.filters.network.ext_authz"),
    (FilterLevel::Network, "envoy.http_connection_manager", "envoy.filters.network.http_connection_manager"),
    (FilterLevel::Network, "envoy.mongo_proxy", "envoy.filters.network.mongo_proxy"),
    (FilterLevel::Network, "envoy.ratelimit", "envoy.filters.network.ratelimit"),
    (FilterLevel::Network, "envoy.redis_proxy", "envoy.filters.network.redis_proxy"),
    (FilterLevel::Network, "envoy.tcp_proxy", "envoy.filters.network.tcp_proxy"),
];

/// What the filter that was called `name` is called now; where one name was given twice, the one at `level`.
pub fn replacement(name: &str, level: FilterLevel) -> Option<&'static str> {
    let named = || NAMES.iter().filter(|(_, old, _)| *old == name);
    let at_level = named().find(|(its_level, ..)| *its_level == level);
    at_level.or_else(|| named().next()).map(|(.., new)| *new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_names_have_new_ones_and_new_ones_have_none() {
        assert_eq!(replacement("envoy.router", FilterLevel::Http), Some("envoy.filters.http.router"));
        for (level, new) in [
            (FilterLevel::Http, "envoy.filters.http.ext_authz"),
            (FilterLevel::Network, "envoy.filters.network.ext_authz"),
        ] {
            assert_eq!(replacement("envoy.ext_authz", level), Some(new));
        }
        for (level, _, new) in NAMES {
            assert_eq!(replacement(new, level), None);
        }
    }
}
