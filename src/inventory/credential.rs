//! What is taken for a credential: by its name, or by its shape.
//!
//! A name alone proves little (`TOKEN_TTL`, `TLS_SECRET`, `ALLOW_EMPTY_PASSWORD: "yes"`), so it has to end
//! in a credential's word, and the value has to be one that could be it. Shapes are those whose issuers
//! made them to be found: prefixes that nothing else begins with.

use regex::RegexSet;
use std::sync::OnceLock;

/// Why something is taken for a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is called like one.
    Name,
    /// It has the shape of a known token.
    Shape,
    /// It is a URL, or a connection string, with a password.
    Url,
    /// It is a private key.
    Key,
    /// It stands where a program takes a password.
    Flag,
}

impl Reason {
    /// What is said of it, behind its name.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Name => "is called like a credential, and its value stands in the inventory",
            Self::Shape => "has the shape of a token, and stands in the inventory",
            Self::Url => "holds an address with a password, which stands in the inventory",
            Self::Key => "holds a private key, which stands in the inventory",
            Self::Flag => "stands where a program takes a password",
        }
    }
}

/// Shapes of tokens.
const SHAPES: &[&str] = &[
    // AWS: id of an access key
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b",
    // GitHub
    r"\bgh[pousr]_[A-Za-z0-9]{36,}",
    r"\bgithub_pat_[A-Za-z0-9_]{40,}",
    // GitLab
    r"\bgl(pat|dt|rt|ptt|soat|cbt)-[A-Za-z0-9_-]{20,}",
    // Slack, its webhooks included
    r"\bxox[abeposr]-[A-Za-z0-9-]{10,}",
    r"hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]+",
    // Stripe; `pk_` is for everybody
    r"\b(sk|rk)_(live|test)_[A-Za-z0-9]{16,}",
    r"\bwhsec_[A-Za-z0-9+/=]{24,}",
    // Google: API keys, OAuth clients
    r"\bAIza[0-9A-Za-z_-]{35}",
    r"\bGOCSPX-[0-9A-Za-z_-]{20,}",
    // a signed JSON Web Token
    r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    // SendGrid, npm, PyPI, OpenAI and others, DigitalOcean, Vault, Telegram, Shopify, Discord, Hugging Face
    r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"\bnpm_[A-Za-z0-9]{36}",
    r"\bpypi-[A-Za-z0-9_-]{50,}",
    r"\bsk-(proj-|ant-|svcacct-)?[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]{18,}",
    r"\bdo[opr]_v1_[a-f0-9]{64}",
    r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}",
    r"\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\b",
    r"\bshp(at|ca|pa|ss)_[a-fA-F0-9]{32}",
    r"discord(app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{40,}",
    r"\bhf_[A-Za-z0-9]{30,}",
    // Azure: keys of storage accounts and of what is reached by connection strings
    r"\b(AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{30,}={0,2}",
    // Passwords in JSON, in headers, and as Go's driver of MySQL has them
    r#"(?i)"(password|passwd|pwd|passphrase|client_?secret|api_?key)"\s*:\s*"[^"$<{%*x][^"]{2,}""#,
    r"(?i)\bauthorization:\s*(bearer|basic)\s+[a-z0-9+/=._~-]{8,}",
    r"^(Bearer|Basic) [A-Za-z0-9+/=._~-]{20,}$",
    r"\b[A-Za-z0-9_.-]+:[^@\s:/$<{%]+@(tcp|unix)\(",
];

/// A variable, by its name or value.
#[must_use]
pub fn variable(name: &str, value: &str) -> Option<Reason> {
    text(value).or_else(|| (is_name(name) && is_value(name, value)).then_some(Reason::Name))
}

/// An argument: `--name=value`, or anything with the shape of a credential.
#[must_use]
pub fn argument(word: &str) -> Option<Reason> {
    let named = word.strip_prefix('-').and_then(|rest| rest.trim_start_matches('-').split_once('='));
    named.map_or_else(|| text(word), |(name, value)| variable(name, value).or_else(|| text(word)))
}

/// A text of any kind, by shapes in it.
#[must_use]
pub fn text(value: &str) -> Option<Reason> {
    static SET: OnceLock<Option<RegexSet>> = OnceLock::new();
    if value.len() < 8 {
        return None;
    }
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY") {
        return Some(Reason::Key);
    }
    if urls(value) || connection(value) {
        return Some(Reason::Url);
    }
    if value.split_whitespace().any(option) {
        return Some(Reason::Name);
    }
    let set = SET.get_or_init(|| RegexSet::new(SHAPES).ok()).as_ref()?;
    set.is_match(value).then_some(Reason::Shape)
}

/// Whether there is a URL with a password: `scheme://user:password@host`.
fn urls(value: &str) -> bool {
    value.match_indices("://").any(|(at, _)| {
        let scheme = value[..at].bytes().next_back().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let rest = &value[at + 3..];
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | ','))
            .unwrap_or(rest.len());
        let Some((user, _)) = rest[..end].rsplit_once('@') else { return false };
        let password = user.split_once(':').map(|(_, password)| password);
        scheme && password.is_some_and(|password| !password.is_empty() && !is_reference(password))
    })
}

/// Whether there is a password in a connection string: `Server=…;Password=…`, `host=… password=…`.
fn connection(value: &str) -> bool {
    let apart = |c: char| if value.contains(';') { c == ';' } else { c.is_whitespace() };
    let parts = value.split(apart).filter_map(|part| part.split_once('='));
    let mut password = false;
    let mut count = 0;
    for (key, value) in parts {
        count += 1;
        let key = key.trim().to_ascii_lowercase();
        password |=
            matches!(key.as_str(), "password" | "pwd") && !value.trim().is_empty() && !is_reference(value.trim());
    }
    password && count > 1
}

/// Whether a word gives an option or a property of Java a credential: `--password=…`, `-Dspring.datasource.password=…`.
fn option(word: &str) -> bool {
    let Some(rest) = word.strip_prefix('-') else { return false };
    let rest = rest.strip_prefix('D').unwrap_or(rest).trim_start_matches('-');
    let quotes = ['"', '\''];
    rest.split_once('=').is_some_and(|(name, value)| is_name(name) && is_value(name, value.trim_matches(quotes)))
}

/// Whether a value stands for another: a variable, a placeholder, what a tool fills in.
fn is_reference(value: &str) -> bool {
    let within = |open: &str, close: &str| value.starts_with(open) && value.ends_with(close);
    value.starts_with('$')
        || within("{", "}")
        || within("<", ">")
        || within("%", "%")
        || value.contains("{{")
        || value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '…'))
}

/// The words of a name: `dbPassword` and `DB_PASSWORD` have the same.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        let starts = c.is_ascii_uppercase() && lower;
        if !c.is_ascii_alphanumeric() || starts {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    // `PGPASSWORD` is two.
    if let Some(last) = words.last_mut()
        && let Some(stem) = last.strip_suffix("password").filter(|stem| !stem.is_empty()).map(str::to_owned)
    {
        *last = stem;
        words.push("password".to_owned());
    }
    words
}

/// Whether a name ends in a credential's word.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let words = words(name);
    let word = |back: usize| words.len().checked_sub(back + 1).and_then(|at| words.get(at)).map_or("", String::as_str);
    // What is compiled into a page is for everybody.
    let public = matches!(word(words.len().saturating_sub(1)), "vite" | "public")
        || words.iter().any(|word| word == "public" || word == "publishable")
        || (words.first().is_some_and(|word| word == "react") && words.get(1).is_some_and(|word| word == "app"));
    if public {
        return false;
    }
    match word(0) {
        "password" | "passwd" | "passphrase" | "apikey" | "credentials" | "credential" => true,
        // The shell's own is the folder it is in.
        "pwd" => words.len() > 1,
        "pass" => words.len() > 1,
        "token" => true,
        // Names of objects of Kubernetes.
        "secret" => !matches!(word(1), "tls" | "pull" | "cert" | "certificate" | "image" | "kubernetes" | "k8s"),
        "base" => word(1) == "key" && word(2) == "secret",
        "key" => matches!(
            word(1),
            "api"
                | "access"
                | "secret"
                | "private"
                | "encryption"
                | "signing"
                | "master"
                | "hmac"
                | "auth"
                | "jwt"
                | "app"
                | "account"
                | "license"
                | "session"
                | "cookie"
                | "webhook"
        ),
        _ => false,
    }
}

/// Whether a value could be what a name like a credential's promises.
fn is_value(name: &str, value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let setting = matches!(
        lower.as_str(),
        "" | "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "none"
            | "null"
            | "nil"
            | "enabled"
            | "disabled"
            | "required"
            | "optional"
            | "always"
            | "never"
            | "auto"
            | "default"
            | "env"
            | "file"
            | "vault"
    );
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    // Times: `15m`, `1h30m`.
    let time = !digits
        && value.len() < 8
        && value.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && value.bytes().all(|byte| byte.is_ascii_digit() || b"smhdw".contains(&byte));
    let elsewhere =
        ["/", "./", "~/", "file:", "vault:", "secretref:", "arn:", "projects/", "ref+", "op://", "http://", "https://"]
            .iter()
            .any(|prefix| lower.starts_with(prefix));
    if setting || is_reference(value) || elsewhere || time || (digits && value.len() < 4) {
        return false;
    }
    let words = words(name);
    let password =
        words.last().is_some_and(|word| matches!(word.as_str(), "password" | "passwd" | "passphrase" | "pwd" | "pass"));
    if password {
        // Any word will do for a password, and does.
        return true;
    }
    // Tokens and keys are made by machines: a plain word in their place chooses a kind of them.
    let plain = value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte == b'_' || byte == b' ');
    value.len() >= 8 && !(plain && value.len() < 20) && !(digits && value.len() < 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ordinary configuration, `NAME=value`: nothing in it is a credential.
    const ORDINARY: &str = include_str!("ordinary.env");

    #[test]
    fn ordinary_configuration_raises_no_alarm() {
        let lines: Vec<&str> = ORDINARY.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let alarms: Vec<&&str> = lines
            .iter()
            .filter(|line| line.split_once('=').is_none_or(|(name, value)| variable(name, value).is_some()))
            .collect();
        println!("{} false alarms among {} ordinary settings", alarms.len(), lines.len());
        assert!(lines.len() > 250, "{}", lines.len());
        assert!(alarms.is_empty(), "{alarms:#?}");
    }

    /// Tokens are put together here: whole ones would alarm whoever scans this text.
    fn tokens() -> Vec<String> {
        let letters = |count: usize| "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA".chars().cycle().take(count).collect::<String>();
        let hex = |count: usize| "0123456789abcdef".chars().cycle().take(count).collect::<String>();
        vec![
            format!("AKIA{}", "IOSFODNN7ABCDEFG"),
            format!("ghp_{}", letters(36)),
            format!("github_pat_{}", letters(60)),
            format!("glpat-{}", letters(20)),
            format!("xoxb-{}", "123456789012-abcdefghij"),
            format!("https://hooks.slack.com/services/{}", "T0000/B0000/abcdef"),
            format!("sk_live_{}", letters(24)),
            format!("whsec_{}", letters(32)),
            format!("AIza{}", letters(35)),
            format!("GOCSPX-{}", letters(28)),
            format!("eyJ{}.eyJ{}.{}", letters(20), letters(40), letters(43)),
            format!("SG.{}.{}", letters(22), letters(43)),
            format!("npm_{}", letters(36)),
            format!("pypi-{}", letters(60)),
            format!("sk-proj-{}", letters(40)),
            format!("sk-ant-{}", letters(40)),
            format!("dop_v1_{}", hex(64)),
            format!("hvs.{}", letters(24)),
            format!("123456789:AA{}", letters(33)),
            format!("shpat_{}", hex(32)),
            format!("https://discord.com/api/webhooks/1234/{}", letters(60)),
            format!("hf_{}", letters(34)),
            format!("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={}==", letters(86)),
            format!("Authorization: Bearer eyJ{}.eyJ{}.{}", letters(20), letters(40), letters(43)),
        ]
    }

    #[test]
    fn shapes_of_tokens_are_found_under_any_name() {
        for token in tokens() {
            for value in [token.clone(), format!("x={token}"), format!("[{token}]")] {
                assert_eq!(variable("SETTING", &value), Some(Reason::Shape), "{value}");
            }
        }
    }

    #[test]
    fn credentials_are_found() {
        for (name, value, reason) in [
            ("DB_PASSWORD", "hunter2", Reason::Name),
            ("POSTGRES_PASSWORD", "postgres", Reason::Name),
            ("SMTP_PASS", "letmein", Reason::Name),
            ("MYSQL_PWD", "root", Reason::Name),
            ("PGPASSWORD", "hunter2", Reason::Name),
            ("dbPassword", "hunter2", Reason::Name),
            ("spring.datasource.password", "hunter2", Reason::Name),
            ("KEYSTORE_PASSPHRASE", "correct horse", Reason::Name),
            ("REDIS_PASSWORD", "123456", Reason::Name),
            ("API_KEY", "8f14e45fceea167a", Reason::Name),
            ("STRIPE_API_KEY", "abc123def456", Reason::Name),
            ("apiKey", "8f14e45fceea167a", Reason::Name),
            ("APIKEY", "8f14e45fceea167a", Reason::Name),
            ("AUTH_TOKEN", "7c4a8d09ca3762af", Reason::Name),
            ("SESSION_SECRET", "keyboard cat 2026!", Reason::Name),
            ("CLIENT_SECRET", "Zm9vYmFyYmF6cXV4", Reason::Name),
            ("SECRET_KEY_BASE", "2b1c9f0e5a4d3c2b1a09", Reason::Name),
            ("APP_KEY", "base64:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4", Reason::Name),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzz", Reason::Name),
            ("DATABASE_URL", "postgresql://shop:hunter2@db:5432/shop", Reason::Url),
            ("AMQP", "amqp://guest:guest@rabbitmq", Reason::Url),
            ("REDIS_URL", "redis://:hunter2@redis:6379/0", Reason::Url),
            ("MONGO", "mongodb://a:b@m1,m2/?authSource=admin", Reason::Url),
            ("DSN", "Server=db;Database=shop;User Id=sa;Password=hunter2;", Reason::Url),
            ("DSN", "host=db user=shop password=hunter2 dbname=shop", Reason::Url),
            ("JAVA_OPTS", "-Xmx1g -Dspring.datasource.password=hunter2", Reason::Name),
            ("OPTIONS", "--verbose --db-password=hunter2", Reason::Name),
            ("MYSQL", "root:hunter2@tcp(mysql:3306)/shop", Reason::Shape),
            ("CONFIG", r#"{"user": "shop", "password": "hunter2"}"#, Reason::Shape),
            ("HEADER", "Authorization: Basic c2hvcDpodW50ZXIy", Reason::Shape),
            ("UPSTREAM_AUTH", "Bearer 0123456789abcdef0123", Reason::Shape),
            ("SIGNER", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", Reason::Key),
            ("SA", r#"{"private_key": "-----BEGIN PRIVATE KEY-----\nMIIE"}"#, Reason::Key),
        ] {
            assert_eq!(variable(name, value), Some(reason), "{name}={value}");
        }
        for (word, reason) in [
            ("--password=hunter2", Reason::Name),
            ("-db-password=hunter2", Reason::Name),
            ("--dsn=mysql://root:hunter2@db/shop", Reason::Url),
        ] {
            assert_eq!(argument(word), Some(reason), "{word}");
        }
        let asked = "mysqladmin ping --password=\"$(cat /run/secrets/db)\" --silent";
        assert_eq!(variable("CHECK", asked), None);
        for word in ["--password=$(DB_PASSWORD)", "--password-file=/etc/secrets/DB", "--token-ttl=15m", "serve", "-v=2"]
        {
            assert_eq!(argument(word), None, "{word}");
        }
    }
}
