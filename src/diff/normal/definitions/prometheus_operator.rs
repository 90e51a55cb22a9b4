//! `monitoring.coreos.com`, v1 and v1alpha1.

use super::{Definition, Rule};
use crate::diff::normal::edit::Filled::Text;

/// Of an endpoint of a ServiceMonitor or PodMonitor, beside its HTTP client.
const RELABELINGS: &[Rule] =
    &[("metricRelabelings.*", "action", Text("replace")), ("relabelings.*", "action", Text("replace"))];
/// Of an AlertmanagerConfig, but for its HTTP clients.
const RECEIVER: &[Rule] = &[
    ("spec.receivers.*.discordConfigs.*.apiURL", "name", Text("")),
    ("spec.receivers.*.emailConfigs.*.authPassword", "name", Text("")),
    ("spec.receivers.*.emailConfigs.*.authSecret", "name", Text("")),
    ("spec.receivers.*.emailConfigs.*.tlsConfig.ca.configMap", "name", Text("")),
    ("spec.receivers.*.emailConfigs.*.tlsConfig.ca.secret", "name", Text("")),
    ("spec.receivers.*.emailConfigs.*.tlsConfig.cert.configMap", "name", Text("")),
    ("spec.receivers.*.emailConfigs.*.tlsConfig.cert.secret", "name", Text("")),
    ("spec.receivers.*.emailConfigs.*.tlsConfig.keySecret", "name", Text("")),
    ("spec.receivers.*.msteamsConfigs.*.webhookUrl", "name", Text("")),
    ("spec.receivers.*.msteamsv2Configs.*.webhookURL", "name", Text("")),
    ("spec.receivers.*.opsgenieConfigs.*.apiKey", "name", Text("")),
    ("spec.receivers.*.pagerdutyConfigs.*.routingKey", "name", Text("")),
    ("spec.receivers.*.pagerdutyConfigs.*.serviceKey", "name", Text("")),
    ("spec.receivers.*.pushoverConfigs.*.token", "name", Text("")),
    ("spec.receivers.*.pushoverConfigs.*.userKey", "name", Text("")),
    ("spec.receivers.*.rocketchatConfigs.*.token", "name", Text("")),
    ("spec.receivers.*.rocketchatConfigs.*.tokenID", "name", Text("")),
    ("spec.receivers.*.slackConfigs.*.apiURL", "name", Text("")),
    ("spec.receivers.*.snsConfigs.*.sigv4.accessKey", "name", Text("")),
    ("spec.receivers.*.snsConfigs.*.sigv4.secretKey", "name", Text("")),
    ("spec.receivers.*.telegramConfigs.*.botToken", "name", Text("")),
    ("spec.receivers.*.victoropsConfigs.*.apiKey", "name", Text("")),
    ("spec.receivers.*.webhookConfigs.*.urlSecret", "name", Text("")),
    ("spec.receivers.*.wechatConfigs.*.apiSecret", "name", Text("")),
];
/// Where an AlertmanagerConfig describes an HTTP client.
const HTTP_CLIENTS: &[&str] = &[
    "spec.receivers.*.discordConfigs.*.httpConfig",
    "spec.receivers.*.msteamsConfigs.*.httpConfig",
    "spec.receivers.*.msteamsv2Configs.*.httpConfig",
    "spec.receivers.*.opsgenieConfigs.*.httpConfig",
    "spec.receivers.*.pagerdutyConfigs.*.httpConfig",
    "spec.receivers.*.pushoverConfigs.*.httpConfig",
    "spec.receivers.*.rocketchatConfigs.*.httpConfig",
    "spec.receivers.*.slackConfigs.*.httpConfig",
    "spec.receivers.*.snsConfigs.*.httpConfig",
    "spec.receivers.*.telegramConfigs.*.httpConfig",
    "spec.receivers.*.victoropsConfigs.*.httpConfig",
    "spec.receivers.*.webexConfigs.*.httpConfig",
    "spec.receivers.*.webhookConfigs.*.httpConfig",
    "spec.receivers.*.wechatConfigs.*.httpConfig",
];
/// Of an HTTP client.
const HTTP_CLIENT: &[Rule] = &[
    ("authorization.credentials", "name", Text("")),
    ("basicAuth.password", "name", Text("")),
    ("basicAuth.username", "name", Text("")),
    ("bearerTokenSecret", "name", Text("")),
    ("oauth2.clientId.configMap", "name", Text("")),
    ("oauth2.clientId.secret", "name", Text("")),
    ("oauth2.clientSecret", "name", Text("")),
    ("oauth2.proxyConnectHeader.*.*", "name", Text("")),
    ("oauth2.tlsConfig.ca.configMap", "name", Text("")),
    ("oauth2.tlsConfig.ca.secret", "name", Text("")),
    ("oauth2.tlsConfig.cert.configMap", "name", Text("")),
    ("oauth2.tlsConfig.cert.secret", "name", Text("")),
    ("oauth2.tlsConfig.keySecret", "name", Text("")),
    ("proxyConnectHeader.*.*", "name", Text("")),
    ("tlsConfig.ca.configMap", "name", Text("")),
    ("tlsConfig.ca.secret", "name", Text("")),
    ("tlsConfig.cert.configMap", "name", Text("")),
    ("tlsConfig.cert.secret", "name", Text("")),
    ("tlsConfig.keySecret", "name", Text("")),
];

pub(super) const TABLE: &[Definition] = &[
    (
        "monitoring.coreos.com",
        "ServiceMonitor",
        &[(&["spec.endpoints.*"], HTTP_CLIENT), (&["spec.endpoints.*"], RELABELINGS)],
    ),
    (
        "monitoring.coreos.com",
        "PodMonitor",
        &[(&["spec.podMetricsEndpoints.*"], HTTP_CLIENT), (&["spec.podMetricsEndpoints.*"], RELABELINGS)],
    ),
    ("monitoring.coreos.com", "AlertmanagerConfig", &[(&[""], RECEIVER), (HTTP_CLIENTS, HTTP_CLIENT)]),
];
