//! `monitoring.coreos.com/v1alpha1`: whom Alertmanager tells; structs as in the operator's Go API. Routes below the
//! first are anything in the definition, which can't refer to itself; the operator reads them as routes.

use super::prometheus_operator::{
    BasicAuth, ConfigResourceStatus, DURATION, OAuth2, SafeAuthorization, SafeTlsConfig, URL,
};
use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::api::core::v1::SecretKeySelector;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

structs! {
    /// Whom Alertmanager tells of which alerts.
    AlertmanagerConfig "AlertmanagerConfig" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: AlertmanagerConfigSpec,
        status: ConfigResourceStatus,
    }
    Matcher "alertmanager.Matcher" {
        matchType: String,
        name: String,
        regex: bool,
        value: String,
    }
    InhibitRule "alertmanager.InhibitRule" {
        equal: List<String>,
        sourceMatch: List<Matcher>,
        targetMatch: List<Matcher>,
    }
    DayOfMonthRange "alertmanager.DayOfMonthRange" {
        end: i64,
        start: i64,
    }
    TimeRange "alertmanager.TimeRange" {
        endTime: String,
        startTime: String,
    }
    TimeInterval "alertmanager.TimeInterval" {
        daysOfMonth: List<DayOfMonthRange>,
        months: List<String>,
        times: List<TimeRange>,
        weekdays: List<String>,
        years: List<String>,
    }
    MuteTimeInterval "alertmanager.MuteTimeInterval" {
        name: String,
        timeIntervals: List<TimeInterval>,
    }
    HttpConfig "alertmanager.HttpConfig" {
        authorization: SafeAuthorization,
        basicAuth: BasicAuth,
        bearerTokenSecret: SecretKeySelector,
        enableHttp2: bool,
        followRedirects: bool,
        noProxy: String,
        oauth2: OAuth2,
        proxyConnectHeader: Mapping<List<SecretKeySelector>>,
        proxyFromEnvironment: bool,
        proxyURL: String,
        proxyUrl: String,
        tlsConfig: SafeTlsConfig,
    }
    DiscordConfig "alertmanager.DiscordConfig" {
        apiURL: SecretKeySelector,
        avatarURL: String,
        content: String,
        httpConfig: HttpConfig,
        message: String,
        sendResolved: bool,
        title: String,
        username: String,
    }
    KeyValue "alertmanager.KeyValue" {
        key: String,
        value: String,
    }
    EmailThreading "alertmanager.EmailThreading" {
        threadByDate: String,
    }
    EmailConfig "alertmanager.EmailConfig" {
        authIdentity: String,
        authPassword: SecretKeySelector,
        authSecret: SecretKeySelector,
        authUsername: String,
        forceImplicitTLS: bool,
        from: String,
        headers: List<KeyValue>,
        hello: String,
        html: String,
        requireTLS: bool,
        sendResolved: bool,
        smarthost: String,
        text: String,
        threading: EmailThreading,
        tlsConfig: SafeTlsConfig,
        to: String,
    }
    MsteamsConfig "alertmanager.MsteamsConfig" {
        httpConfig: HttpConfig,
        sendResolved: bool,
        summary: String,
        text: String,
        title: String,
        webhookUrl: SecretKeySelector,
    }
    Msteamsv2Config "alertmanager.Msteamsv2Config" {
        httpConfig: HttpConfig,
        sendResolved: bool,
        text: String,
        title: String,
        webhookURL: SecretKeySelector,
    }
    OpsgenieResponder "alertmanager.OpsgenieResponder" {
        id: String,
        name: String,
        type: String,
        username: String,
    }
    OpsgenieConfig "alertmanager.OpsgenieConfig" {
        actions: String,
        apiKey: SecretKeySelector,
        apiURL: String,
        description: String,
        details: List<KeyValue>,
        entity: String,
        httpConfig: HttpConfig,
        message: String,
        note: String,
        priority: String,
        responders: List<OpsgenieResponder>,
        sendResolved: bool,
        source: String,
        tags: String,
        updateAlerts: bool,
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
        clientURL: String,
        component: String,
        description: String,
        details: List<KeyValue>,
        group: String,
        httpConfig: HttpConfig,
        pagerDutyImageConfigs: List<PagerDutyImageConfig>,
        pagerDutyLinkConfigs: List<PagerDutyLinkConfig>,
        routingKey: SecretKeySelector,
        sendResolved: bool,
        serviceKey: SecretKeySelector,
        severity: String,
        source: String,
        timeout: String,
        url: String,
    }
    PushoverConfig "alertmanager.PushoverConfig" {
        device: String,
        expire: String,
        html: bool,
        httpConfig: HttpConfig,
        message: String,
        monospace: bool,
        priority: String,
        retry: String,
        sendResolved: bool,
        sound: String,
        title: String,
        token: SecretKeySelector,
        tokenFile: String,
        ttl: String,
        url: String,
        urlTitle: String,
        userKey: SecretKeySelector,
        userKeyFile: String,
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
        actions: List<RocketchatAction>,
        apiURL: String,
        channel: String,
        color: String,
        emoji: String,
        fields: List<RocketchatField>,
        httpConfig: HttpConfig,
        iconURL: String,
        imageURL: String,
        linkNames: bool,
        sendResolved: bool,
        shortFields: bool,
        text: String,
        thumbURL: String,
        title: String,
        titleLink: String,
        token: SecretKeySelector,
        tokenID: SecretKeySelector,
    }
    SlackConfirm "alertmanager.SlackConfirm" {
        dismissText: String,
        okText: String,
        text: String,
        title: String,
    }
    SlackAction "alertmanager.SlackAction" {
        confirm: SlackConfirm,
        name: String,
        style: String,
        text: String,
        type: String,
        url: String,
        value: String,
    }
    SlackField "alertmanager.SlackField" {
        short: bool,
        title: String,
        value: String,
    }
    SlackConfig "alertmanager.SlackConfig" {
        actions: List<SlackAction>,
        apiURL: SecretKeySelector,
        callbackId: String,
        channel: String,
        color: String,
        fallback: String,
        fields: List<SlackField>,
        footer: String,
        httpConfig: HttpConfig,
        iconEmoji: String,
        iconURL: String,
        imageURL: String,
        linkNames: bool,
        messageText: String,
        mrkdwnIn: List<String>,
        pretext: String,
        sendResolved: bool,
        shortFields: bool,
        text: String,
        thumbURL: String,
        timeout: String,
        title: String,
        titleLink: String,
        updateMessage: bool,
        username: String,
    }
    Sigv4 "alertmanager.Sigv4" {
        accessKey: SecretKeySelector,
        externalId: String,
        profile: String,
        region: String,
        roleArn: String,
        secretKey: SecretKeySelector,
        useFIPSSTSEndpoint: bool,
    }
    SnsConfig "alertmanager.SnsConfig" {
        apiURL: String,
        attributes: Mapping<String>,
        httpConfig: HttpConfig,
        message: String,
        phoneNumber: String,
        sendResolved: bool,
        sigv4: Sigv4,
        subject: String,
        targetARN: String,
        topicARN: String,
        useAWSHTTPClient: bool,
    }
    TelegramConfig "alertmanager.TelegramConfig" {
        apiURL: String,
        botToken: SecretKeySelector,
        botTokenFile: String,
        chatID: i64,
        disableNotifications: bool,
        httpConfig: HttpConfig,
        message: String,
        messageThreadID: i64,
        parseMode: String,
        sendResolved: bool,
    }
    VictoropsConfig "alertmanager.VictoropsConfig" {
        apiKey: SecretKeySelector,
        apiUrl: String,
        customFields: List<KeyValue>,
        entityDisplayName: String,
        httpConfig: HttpConfig,
        messageType: String,
        monitoringTool: String,
        routingKey: String,
        sendResolved: bool,
        stateMessage: String,
    }
    WebexConfig "alertmanager.WebexConfig" {
        apiURL: String,
        httpConfig: HttpConfig,
        message: String,
        roomID: String,
        sendResolved: bool,
    }
    WebhookConfig "alertmanager.WebhookConfig" {
        httpConfig: HttpConfig,
        maxAlerts: u64,
        payload: String,
        sendResolved: bool,
        timeout: String,
        url: String,
        urlSecret: SecretKeySelector,
    }
    WechatConfig "alertmanager.WechatConfig" {
        agentID: String,
        apiSecret: SecretKeySelector,
        apiURL: String,
        corpID: String,
        httpConfig: HttpConfig,
        message: String,
        messageType: String,
        sendResolved: bool,
        toParty: String,
        toTag: String,
        toUser: String,
    }
    Receiver "alertmanager.Receiver" {
        discordConfigs: List<DiscordConfig>,
        emailConfigs: List<EmailConfig>,
        msteamsConfigs: List<MsteamsConfig>,
        msteamsv2Configs: List<Msteamsv2Config>,
        name: String,
        opsgenieConfigs: List<OpsgenieConfig>,
        pagerdutyConfigs: List<PagerdutyConfig>,
        pushoverConfigs: List<PushoverConfig>,
        rocketchatConfigs: List<RocketchatConfig>,
        slackConfigs: List<SlackConfig>,
        snsConfigs: List<SnsConfig>,
        telegramConfigs: List<TelegramConfig>,
        victoropsConfigs: List<VictoropsConfig>,
        webexConfigs: List<WebexConfig>,
        webhookConfigs: List<WebhookConfig>,
        wechatConfigs: List<WechatConfig>,
    }
    Route "alertmanager.Route" {
        activeTimeIntervals: List<String>,
        continue: bool,
        groupBy: List<String>,
        groupInterval: String,
        groupWait: String,
        matchers: List<Matcher>,
        muteTimeIntervals: List<String>,
        receiver: String,
        repeatInterval: String,
        routes: List<Route>,
    }
    AlertmanagerConfigSpec "AlertmanagerConfigSpec" {
        inhibitRules: List<InhibitRule>,
        muteTimeIntervals: List<MuteTimeInterval>,
        receivers: List<Receiver>,
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
