//! `monitoring.coreos.com/v1alpha1`: whom Alertmanager tells; structs as in the operator's Go API. Routes below the
//! first are anything in the definition, which can't refer to itself; the operator reads them as routes.

use super::prometheus_operator::{
    BasicAuth, ConfigResourceStatus, DURATION, OAuth2, SafeAuthorization, SafeTlsConfig, URL,
};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::api::core::v1::SecretKeySelector;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::collections::BTreeMap;

structs! {
    /// Whom Alertmanager tells of which alerts.
    AlertmanagerConfig "AlertmanagerConfig" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: AlertmanagerConfigSpec,
        status: ConfigResourceStatus,
    }
    Matcher "alertmanager.Matcher" {
        match_type: String,
        name: String,
        regex: bool,
        value: String,
    }
    InhibitRule "alertmanager.InhibitRule" {
        equal: Vec<String>,
        source_match: Vec<Matcher>,
        target_match: Vec<Matcher>,
    }
    DayOfMonthRange "alertmanager.DayOfMonthRange" {
        end: i64,
        start: i64,
    }
    TimeRange "alertmanager.TimeRange" {
        end_time: String,
        start_time: String,
    }
    TimeInterval "alertmanager.TimeInterval" {
        days_of_month: Vec<DayOfMonthRange>,
        months: Vec<String>,
        times: Vec<TimeRange>,
        weekdays: Vec<String>,
        years: Vec<String>,
    }
    MuteTimeInterval "alertmanager.MuteTimeInterval" {
        name: String,
        time_intervals: Vec<TimeInterval>,
    }
    HttpConfig "alertmanager.HttpConfig" {
        authorization: SafeAuthorization,
        basic_auth: BasicAuth,
        bearer_token_secret: SecretKeySelector,
        enable_http2: bool,
        follow_redirects: bool,
        no_proxy: String,
        oauth2: OAuth2,
        proxy_connect_header: BTreeMap<String, Vec<SecretKeySelector>>,
        proxy_from_environment: bool,
        #[serde(rename = "proxyURL")]
        old_proxy_url: String,
        proxy_url: String,
        tls_config: SafeTlsConfig,
    }
    DiscordConfig "alertmanager.DiscordConfig" {
        #[serde(rename = "apiURL")]
        api_url: SecretKeySelector,
        #[serde(rename = "avatarURL")]
        avatar_url: String,
        content: String,
        http_config: HttpConfig,
        message: String,
        send_resolved: bool,
        title: String,
        username: String,
    }
    KeyValue "alertmanager.KeyValue" {
        key: String,
        value: String,
    }
    EmailThreading "alertmanager.EmailThreading" {
        thread_by_date: String,
    }
    EmailConfig "alertmanager.EmailConfig" {
        auth_identity: String,
        auth_password: SecretKeySelector,
        auth_secret: SecretKeySelector,
        auth_username: String,
        #[serde(rename = "forceImplicitTLS")]
        force_implicit_tls: bool,
        from: String,
        headers: Vec<KeyValue>,
        hello: String,
        html: String,
        #[serde(rename = "requireTLS")]
        require_tls: bool,
        send_resolved: bool,
        smarthost: String,
        text: String,
        threading: EmailThreading,
        tls_config: SafeTlsConfig,
        to: String,
    }
    MsteamsConfig "alertmanager.MsteamsConfig" {
        http_config: HttpConfig,
        send_resolved: bool,
        summary: String,
        text: String,
        title: String,
        webhook_url: SecretKeySelector,
    }
    Msteamsv2Config "alertmanager.Msteamsv2Config" {
        http_config: HttpConfig,
        send_resolved: bool,
        text: String,
        title: String,
        #[serde(rename = "webhookURL")]
        webhook_url: SecretKeySelector,
    }
    OpsgenieResponder "alertmanager.OpsgenieResponder" {
        id: String,
        name: String,
        r#type: String,
        username: String,
    }
    OpsgenieConfig "alertmanager.OpsgenieConfig" {
        actions: String,
        api_key: SecretKeySelector,
        #[serde(rename = "apiURL")]
        api_url: String,
        description: String,
        details: Vec<KeyValue>,
        entity: String,
        http_config: HttpConfig,
        message: String,
        note: String,
        priority: String,
        responders: Vec<OpsgenieResponder>,
        send_resolved: bool,
        source: String,
        tags: String,
        update_alerts: bool,
    }
    PagerDutyImageConfig "alertmanager.PagerDutyImageConfig" {
        alt: String,
        href: String,
        src: String,
    }
    PagerDutyLinkConfig "alertmanager.PagerDutyLinkConfig" {
        alt: String,
        href: String,
    }
    PagerdutyConfig "alertmanager.PagerdutyConfig" {
        class: String,
        client: String,
        #[serde(rename = "clientURL")]
        client_url: String,
        component: String,
        description: String,
        details: Vec<KeyValue>,
        group: String,
        http_config: HttpConfig,
        pager_duty_image_configs: Vec<PagerDutyImageConfig>,
        pager_duty_link_configs: Vec<PagerDutyLinkConfig>,
        routing_key: SecretKeySelector,
        send_resolved: bool,
        service_key: SecretKeySelector,
        severity: String,
        source: String,
        timeout: String,
        url: String,
    }
    PushoverConfig "alertmanager.PushoverConfig" {
        device: String,
        expire: String,
        html: bool,
        http_config: HttpConfig,
        message: String,
        monospace: bool,
        priority: String,
        retry: String,
        send_resolved: bool,
        sound: String,
        title: String,
        token: SecretKeySelector,
        token_file: String,
        ttl: String,
        url: String,
        url_title: String,
        user_key: SecretKeySelector,
        user_key_file: String,
    }
    RocketchatAction "alertmanager.RocketchatAction" {
        msg: String,
        text: String,
        url: String,
    }
    RocketchatField "alertmanager.RocketchatField" {
        short: bool,
        title: String,
        value: String,
    }
    RocketchatConfig "alertmanager.RocketchatConfig" {
        actions: Vec<RocketchatAction>,
        #[serde(rename = "apiURL")]
        api_url: String,
        channel: String,
        color: String,
        emoji: String,
        fields: Vec<RocketchatField>,
        http_config: HttpConfig,
        #[serde(rename = "iconURL")]
        icon_url: String,
        #[serde(rename = "imageURL")]
        image_url: String,
        link_names: bool,
        send_resolved: bool,
        short_fields: bool,
        text: String,
        #[serde(rename = "thumbURL")]
        thumb_url: String,
        title: String,
        title_link: String,
        token: SecretKeySelector,
        #[serde(rename = "tokenID")]
        token_id: SecretKeySelector,
    }
    SlackConfirm "alertmanager.SlackConfirm" {
        dismiss_text: String,
        ok_text: String,
        text: String,
        title: String,
    }
    SlackAction "alertmanager.SlackAction" {
        confirm: SlackConfirm,
        name: String,
        style: String,
        text: String,
        r#type: String,
        url: String,
        value: String,
    }
    SlackField "alertmanager.SlackField" {
        short: bool,
        title: String,
        value: String,
    }
    SlackConfig "alertmanager.SlackConfig" {
        actions: Vec<SlackAction>,
        #[serde(rename = "apiURL")]
        api_url: SecretKeySelector,
        callback_id: String,
        channel: String,
        color: String,
        fallback: String,
        fields: Vec<SlackField>,
        footer: String,
        http_config: HttpConfig,
        icon_emoji: String,
        #[serde(rename = "iconURL")]
        icon_url: String,
        #[serde(rename = "imageURL")]
        image_url: String,
        link_names: bool,
        message_text: String,
        mrkdwn_in: Vec<String>,
        pretext: String,
        send_resolved: bool,
        short_fields: bool,
        text: String,
        #[serde(rename = "thumbURL")]
        thumb_url: String,
        timeout: String,
        title: String,
        title_link: String,
        update_message: bool,
        username: String,
    }
    Sigv4 "alertmanager.Sigv4" {
        access_key: SecretKeySelector,
        external_id: String,
        profile: String,
        region: String,
        role_arn: String,
        secret_key: SecretKeySelector,
        #[serde(rename = "useFIPSSTSEndpoint")]
        use_fipssts_endpoint: bool,
    }
    SnsConfig "alertmanager.SnsConfig" {
        #[serde(rename = "apiURL")]
        api_url: String,
        attributes: BTreeMap<String, String>,
        http_config: HttpConfig,
        message: String,
        phone_number: String,
        send_resolved: bool,
        sigv4: Sigv4,
        subject: String,
        #[serde(rename = "targetARN")]
        target_arn: String,
        #[serde(rename = "topicARN")]
        topic_arn: String,
        #[serde(rename = "useAWSHTTPClient")]
        use_awshttp_client: bool,
    }
    TelegramConfig "alertmanager.TelegramConfig" {
        #[serde(rename = "apiURL")]
        api_url: String,
        bot_token: SecretKeySelector,
        bot_token_file: String,
        #[serde(rename = "chatID")]
        chat_id: i64,
        disable_notifications: bool,
        http_config: HttpConfig,
        message: String,
        #[serde(rename = "messageThreadID")]
        message_thread_id: i64,
        parse_mode: String,
        send_resolved: bool,
    }
    VictoropsConfig "alertmanager.VictoropsConfig" {
        api_key: SecretKeySelector,
        api_url: String,
        custom_fields: Vec<KeyValue>,
        entity_display_name: String,
        http_config: HttpConfig,
        message_type: String,
        monitoring_tool: String,
        routing_key: String,
        send_resolved: bool,
        state_message: String,
    }
    WebexConfig "alertmanager.WebexConfig" {
        #[serde(rename = "apiURL")]
        api_url: String,
        http_config: HttpConfig,
        message: String,
        #[serde(rename = "roomID")]
        room_id: String,
        send_resolved: bool,
    }
    WebhookConfig "alertmanager.WebhookConfig" {
        http_config: HttpConfig,
        max_alerts: u64,
        payload: String,
        send_resolved: bool,
        timeout: String,
        url: String,
        url_secret: SecretKeySelector,
    }
    WechatConfig "alertmanager.WechatConfig" {
        #[serde(rename = "agentID")]
        agent_id: String,
        api_secret: SecretKeySelector,
        #[serde(rename = "apiURL")]
        api_url: String,
        #[serde(rename = "corpID")]
        corp_id: String,
        http_config: HttpConfig,
        message: String,
        message_type: String,
        send_resolved: bool,
        to_party: String,
        to_tag: String,
        to_user: String,
    }
    Receiver "alertmanager.Receiver" {
        discord_configs: Vec<DiscordConfig>,
        email_configs: Vec<EmailConfig>,
        msteams_configs: Vec<MsteamsConfig>,
        msteamsv2_configs: Vec<Msteamsv2Config>,
        name: String,
        opsgenie_configs: Vec<OpsgenieConfig>,
        pagerduty_configs: Vec<PagerdutyConfig>,
        pushover_configs: Vec<PushoverConfig>,
        rocketchat_configs: Vec<RocketchatConfig>,
        slack_configs: Vec<SlackConfig>,
        sns_configs: Vec<SnsConfig>,
        telegram_configs: Vec<TelegramConfig>,
        victorops_configs: Vec<VictoropsConfig>,
        webex_configs: Vec<WebexConfig>,
        webhook_configs: Vec<WebhookConfig>,
        wechat_configs: Vec<WechatConfig>,
    }
    Route "alertmanager.Route" {
        active_time_intervals: Vec<String>,
        r#continue: bool,
        group_by: Vec<String>,
        group_interval: String,
        group_wait: String,
        matchers: Vec<Matcher>,
        mute_time_intervals: Vec<String>,
        receiver: String,
        repeat_interval: String,
        routes: Vec<Route>,
    }
    AlertmanagerConfigSpec "AlertmanagerConfigSpec" {
        inhibit_rules: Vec<InhibitRule>,
        mute_time_intervals: Vec<MuteTimeInterval>,
        receivers: Vec<Receiver>,
        route: Route,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("AlertmanagerConfig", &["metadata", "spec"]),
    ("alertmanager.Matcher", &["name"]),
    ("alertmanager.MuteTimeInterval", &["name"]),
    ("alertmanager.DiscordConfig", &["apiURL"]),
    ("alertmanager.KeyValue", &["key", "value"]),
    ("alertmanager.EmailThreading", &["threadByDate"]),
    ("alertmanager.MsteamsConfig", &["webhookUrl"]),
    ("alertmanager.OpsgenieResponder", &["type"]),
    ("alertmanager.RocketchatConfig", &["token", "tokenID"]),
    ("alertmanager.SlackConfirm", &["text"]),
    ("alertmanager.SlackField", &["title", "value"]),
    ("alertmanager.SlackAction", &["text", "type"]),
    ("alertmanager.TelegramConfig", &["chatID"]),
    ("alertmanager.VictoropsConfig", &["routingKey"]),
    ("alertmanager.WebexConfig", &["roomID"]),
    ("alertmanager.Receiver", &["name"]),
];

static INTERVAL: Rule = Rule::Is(&DURATION);
static ADDRESS: Rule = Rule::Is(&URL);

pub(super) const RULES: &[FieldRules] = &[
    ("alertmanager.Matcher", &[("matchType", &Rule::OneOf(&["!=", "=", "=~", "!~"])), ("name", &Rule::Some)]),
    ("alertmanager.DiscordConfig", &[("avatarURL", &ADDRESS), ("content", &Rule::Some), ("username", &Rule::Some)]),
    ("alertmanager.KeyValue", &[("key", &Rule::Some)]),
    ("alertmanager.EmailThreading", &[("threadByDate", &Rule::OneOf(&["Daily", "None"]))]),
    (
        "alertmanager.EmailConfig",
        &[
            ("authIdentity", &Rule::Some),
            ("authUsername", &Rule::Some),
            ("from", &Rule::Some),
            ("hello", &Rule::Some),
            ("smarthost", &Rule::Some),
            ("text", &Rule::Some),
            ("to", &Rule::Some),
        ],
    ),
    ("alertmanager.Msteamsv2Config", &[("text", &Rule::Some), ("title", &Rule::Some)]),
    (
        "alertmanager.OpsgenieResponder",
        &[
            ("id", &Rule::Some),
            ("name", &Rule::Some),
            ("type", &Rule::All(&[&Rule::OneOf(&["team", "teams", "user", "escalation", "schedule"]), &Rule::Some])),
            ("username", &Rule::Some),
        ],
    ),
    (
        "alertmanager.OpsgenieConfig",
        &[
            ("apiURL", &ADDRESS),
            ("actions", &Rule::Some),
            ("description", &Rule::Some),
            ("entity", &Rule::Some),
            ("message", &Rule::Some),
            ("note", &Rule::Some),
            ("priority", &Rule::Some),
            ("source", &Rule::Some),
            ("tags", &Rule::Some),
        ],
    ),
    ("alertmanager.PagerDutyImageConfig", &[("alt", &Rule::Some), ("src", &Rule::Some)]),
    ("alertmanager.PagerDutyLinkConfig", &[("alt", &Rule::Some)]),
    (
        "alertmanager.PagerdutyConfig",
        &[
            ("url", &ADDRESS),
            ("class", &Rule::Some),
            ("client", &Rule::Some),
            ("component", &Rule::Some),
            ("description", &Rule::Some),
            ("group", &Rule::Some),
            ("severity", &Rule::Some),
            ("source", &Rule::Some),
            ("timeout", &INTERVAL),
        ],
    ),
    (
        "alertmanager.PushoverConfig",
        &[
            ("device", &Rule::Some),
            ("message", &Rule::Some),
            ("priority", &Rule::Some),
            ("sound", &Rule::Some),
            ("title", &Rule::Some),
            ("tokenFile", &Rule::Some),
            ("ttl", &INTERVAL),
            ("urlTitle", &Rule::Some),
            ("userKeyFile", &Rule::Some),
        ],
    ),
    ("alertmanager.RocketchatAction", &[("msg", &Rule::Some), ("text", &Rule::Some)]),
    ("alertmanager.RocketchatField", &[("title", &Rule::Some), ("value", &Rule::Some)]),
    ("alertmanager.SlackField", &[("title", &Rule::Some), ("value", &Rule::Some)]),
    (
        "alertmanager.RocketchatConfig",
        &[
            ("apiURL", &ADDRESS),
            ("actions", &Rule::Some),
            ("channel", &Rule::Some),
            ("color", &Rule::Some),
            ("emoji", &Rule::Some),
            ("fields", &Rule::Some),
            ("text", &Rule::Some),
            ("title", &Rule::Some),
            ("titleLink", &Rule::Some),
        ],
    ),
    (
        "alertmanager.SlackConfirm",
        &[("dismissText", &Rule::Some), ("okText", &Rule::Some), ("text", &Rule::Some), ("title", &Rule::Some)],
    ),
    (
        "alertmanager.SlackAction",
        &[
            ("name", &Rule::Some),
            ("style", &Rule::Some),
            ("text", &Rule::Some),
            ("type", &Rule::Some),
            ("value", &Rule::Some),
        ],
    ),
    (
        "alertmanager.SlackConfig",
        &[
            ("actions", &Rule::Some),
            ("callbackId", &Rule::Some),
            ("channel", &Rule::Some),
            ("color", &Rule::Some),
            ("fallback", &Rule::Some),
            ("fields", &Rule::Some),
            ("footer", &Rule::Some),
            ("iconEmoji", &Rule::Some),
            ("messageText", &Rule::Some),
            ("mrkdwnIn", &Rule::All(&[&Rule::Some, &Rule::Each(&Rule::Some)])),
            ("pretext", &Rule::Some),
            ("text", &Rule::Some),
            ("timeout", &INTERVAL),
            ("title", &Rule::Some),
            ("username", &Rule::Some),
        ],
    ),
    ("alertmanager.Sigv4", &[("externalId", &Rule::Some)]),
    (
        "alertmanager.SnsConfig",
        &[
            ("message", &Rule::Some),
            ("phoneNumber", &Rule::Some),
            ("subject", &Rule::Some),
            ("targetARN", &Rule::Some),
            ("topicARN", &Rule::Some),
        ],
    ),
    (
        "alertmanager.TelegramConfig",
        &[("apiURL", &ADDRESS), ("parseMode", &Rule::OneOf(&["MarkdownV2", "Markdown", "HTML"]))],
    ),
    (
        "alertmanager.VictoropsConfig",
        &[
            ("apiUrl", &ADDRESS),
            ("entityDisplayName", &Rule::Some),
            ("messageType", &Rule::Some),
            ("monitoringTool", &Rule::Some),
            ("routingKey", &Rule::Some),
            ("stateMessage", &Rule::Some),
        ],
    ),
    ("alertmanager.WebexConfig", &[("apiURL", &ADDRESS), ("roomID", &Rule::Some)]),
    ("alertmanager.WebhookConfig", &[("payload", &Rule::Some), ("timeout", &INTERVAL)]),
    (
        "alertmanager.WechatConfig",
        &[
            ("apiURL", &ADDRESS),
            ("agentID", &Rule::Some),
            ("corpID", &Rule::Some),
            ("message", &Rule::Some),
            ("messageType", &Rule::Some),
            ("toParty", &Rule::Some),
            ("toTag", &Rule::Some),
            ("toUser", &Rule::Some),
        ],
    ),
    ("alertmanager.Receiver", &[("name", &Rule::Some)]),
    (
        "alertmanager.Route",
        &[
            ("groupInterval", &Rule::All(&[&INTERVAL, &Rule::Some])),
            ("groupWait", &Rule::All(&[&INTERVAL, &Rule::Some])),
            ("repeatInterval", &Rule::All(&[&INTERVAL, &Rule::Some])),
        ],
    ),
];
