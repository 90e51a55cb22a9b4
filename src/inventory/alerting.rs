//! Who is told of alerts: the platform's receivers, and which alert goes to whom.

use super::concept::{At, Named, concept};
use super::monitoring::{LabelName, Severity, Window};
use super::scalar::{ConfigKey, Duration, Name, ObjectName, Word, fail, texts};

concept! {
    /// Who is told of alerts, as an AlertmanagerConfig.
    pub struct Alertmanager {
        /// Who is told of what no route takes.
        receiver: At<Name>,
        /// Receivers by name.
        receivers: Named<Name, Receiver>,
        /// Alerts that go to somebody else, by a name of one's own; the first that matches takes an alert.
        routes: Named<Name, AlertRoute>,
        /// Labels by which alerts are told together; `namespace` and `service` unless given.
        group_by: Vec<At<LabelName>>,
        /// Time to wait for others of a new group.
        group_wait: Option<At<Duration>>,
        /// Time between news of a group.
        group_interval: Option<At<Window>>,
        /// Time until a group that still fires is told again.
        repeat_interval: Option<At<Window>>,
    }
}

concept! {
    /// Which alerts go to a receiver.
    pub struct AlertRoute {
        /// Who is told.
        receiver: At<Name>,
        /// How bad they are.
        severity: Option<At<Severity>>,
        /// Labels they have.
        match_labels: Named<LabelName, At<Word>>,
    }
}

concept! {
    /// Somebody who is told, in one way or several. Credentials stand in Secrets.
    pub struct Receiver {
        /// A channel of Slack.
        slack: Option<SlackReceiver>,
        /// A service of PagerDuty.
        pagerduty: Option<PagerdutyReceiver>,
        /// A program that is called.
        webhook: Option<WebhookReceiver>,
        /// A mailbox.
        email: Option<EmailReceiver>,
    }
}

concept! {
    /// A channel of Slack.
    pub struct SlackReceiver {
        /// The channel, such as `#shop-alerts`.
        channel: At<Word>,
        /// The webhook's URL.
        api_u_r_l: SecretKey,
    }
}

concept! {
    /// A service of PagerDuty.
    pub struct PagerdutyReceiver {
        /// The key of its integration (Events API v2).
        routing_key: SecretKey,
    }
}

concept! {
    /// A program that is called.
    pub struct WebhookReceiver {
        /// Its URL.
        url_secret: SecretKey,
    }
}

concept! {
    /// A mailbox.
    pub struct EmailReceiver {
        /// Its address.
        to: At<Mailbox>,
        /// The sender's.
        from: At<Mailbox>,
        /// Host and port of the server that takes mail.
        smarthost: At<HostPort>,
        /// Who the sender is to that server.
        auth_username: Option<At<Word>>,
        /// The sender's password there.
        auth_password: Option<SecretKey>,
    }
}

concept! {
    /// A value in a Secret that exists.
    pub struct SecretKey {
        /// Name of the Secret.
        name: At<ObjectName>,
        /// Key in it.
        key: At<ConfigKey>,
    }
}

/// Who an email is for or from; a display name and several are legal.
fn mailbox(text: &str) -> Result<(), String> {
    let part = |text: &str| !text.is_empty() && !text.contains(['@', '\r', '\n']);
    let whole = |one: &str| one.split_once('@').is_some_and(|(who, host)| part(who) && part(host));
    fail(text.split(',').all(whole), "an address has an `@` between who and where")
}

/// Host and port; an IPv6 address stands in brackets.
fn host_port(text: &str) -> Result<(), String> {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let fine = match bare {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|c| c.is_ascii_alphanumeric() || b".-_".contains(&c)),
    };
    let digits = port.len() <= 5 && port.bytes().all(|c| c.is_ascii_digit());
    let number = digits && port.parse::<u16>().is_ok_and(|port| port > 0);
    fail(fine && number, "a host and a port, such as `mail.example.com:587`")
}

texts! {
    /// Address of a mailbox, or several.
    Mailbox: "an address such as `ops@example.com`", mailbox, r"^[^,@\r\n]+@[^,@\r\n]+(,[^,@\r\n]+@[^,@\r\n]+)*$";
    /// Host and port.
    HostPort: "a host and a port, such as `mail.example.com:587`", host_port, r"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$";
}
