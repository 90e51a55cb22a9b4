//! Sealed values: what opens them and what does not, by two decryptors that share no code with what sealed.

use crate::harness::{Case, feed};
use crate::judges;
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use base64ct::{Base64, Encoding as _};
use rsa::oaep::DecryptingKey;
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use rsa::traits::Decryptor as _;
use sha2::Sha256;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The controller: its key and certificate.
pub struct Controller {
    key: rsa::PrivateKey,
    pub certificate: String,
}

/// One controller for all tests: keys take their time.
pub fn controller() -> &'static Controller {
    static CONTROLLER: OnceLock<Controller> = OnceLock::new();
    CONTROLLER.get_or_init(|| {
        let key = rsa::PrivateKey::new(&mut getrandom::SysRng, 2048).expect("a key");
        let public = key.to_public_key().to_public_key_der().expect("DER").into_vec();
        Controller { key, certificate: certificate(&public) }
    })
}

/// A value with its tag and length, as DER writes it.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short value").to_be_bytes();
    let mut out = vec![tag];
    match content.len() {
        0..=127 => out.push(length[1]),
        128..=255 => out.extend([0x81, length[1]]),
        _ => out.extend([0x82, length[0], length[1]]),
    }
    out.extend(content);
    out
}

/// A certificate around a public key. Nobody checks its signature, which is nothing.
fn certificate(public: &[u8]) -> String {
    let algorithm = der(0x30, &[der(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b]), der(0x05, &[])].concat());
    let name = der(0x30, &[]);
    let times = der(0x30, &[der(0x17, b"260101000000Z"), der(0x17, b"360101000000Z")].concat());
    let version = der(0xa0, &der(0x02, &[2]));
    let body = [version, der(0x02, &[1]), algorithm.clone(), name.clone(), times, name, public.to_vec()].concat();
    let signature = der(0x03, &[&[0][..], &[0; 256]].concat());
    let whole = der(0x30, &[der(0x30, &body), algorithm, signature].concat());
    let text = Base64::encode_string(&whole);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

impl Controller {
    /// Opens a sealed value as the controller does, under the label of a place.
    fn open(&self, sealed: &str, label: &str) -> Option<Vec<u8>> {
        let bytes = Base64::decode_vec(sealed).ok()?;
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (wrapped, sealed) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let unwrapping = DecryptingKey::<Sha256>::new_with_label(self.key.clone(), label.as_bytes());
        let key = unwrapping.decrypt(wrapped).ok()?;
        Aes256Gcm::new_from_slice(&key).ok()?.decrypt(&Nonce::default(), sealed).ok()
    }
}

/// Runs platgen in a folder.
pub fn platgen(folder: &Path, args: &[&str], stdin: &str, env: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platgen"));
    command.args(args).current_dir(folder).env_clear().envs(env.iter().copied());
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = feed(command, stdin.as_bytes().to_vec());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Runs platgen and expects it to end well; both streams.
#[track_caller]
pub fn ends_well(folder: &Path, args: &[&str], stdin: &str, env: &[(&str, &str)]) -> (String, String) {
    let (code, out, err) = platgen(folder, args, stdin, env);
    assert!(code == Some(0), "{args:?}: {code:?}\n{out}\n{err}");
    (out, err)
}

fn project(scope: &str) -> Case {
    Case::new(scope)
        .file(
            "base/shop.yaml",
            format!(
                "platform: {{name: shop, secrets: {{backend: sealed, sealed: {{certificate: controller.pem, scope: {scope}}}}}}}\nservices:\n  web:\n    type: web\n    image: web:1\n    ports: {{http: 80}}\n    secrets: {{API_KEY: {{}}, OTHER: {{key: other.key}}}}\n"
            ),
        )
        .file("overlays/production/overlay.yaml", "platform: {namespace: shop-live}\n")
        .file("controller.pem", &controller().certificate)
}

/// The sealed values of the one `SealedSecret` in a stream, and its annotations.
fn sealed(stream: &str) -> serde_json::Value {
    let documents = crate::types::documents(stream);
    let found = documents.into_iter().find(|object| object["kind"] == "SealedSecret");
    found.expect("a SealedSecret")
}

const OPEN: &str = r#"
import base64, json, sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
asked = json.load(sys.stdin)
key = serialization.load_der_private_key(base64.b64decode(asked["key"]), None)
said = []
for sealed, label in asked["pairs"]:
    data = base64.b64decode(sealed)
    length = int.from_bytes(data[:2], "big")
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=label.encode() or None)
    try:
        session = key.decrypt(data[2:2 + length], oaep)
        said.append(AESGCM(session).decrypt(bytes(12), data[2 + length:], None).decode())
    except Exception:
        said.append(None)
print(json.dumps(said))
"#;

#[test]
fn sealed_values_open_where_they_were_sealed_for_and_nowhere_else() {
    let labels = ["shop-live/web", "shop-live", "", "shop-live/api", "shop/web", "shop"];
    let mut pairs = Vec::new();
    let mut expected: Vec<Option<String>> = Vec::new();
    for (scope, fits, annotation) in [
        ("strict", "shop-live/web", None),
        ("namespace-wide", "shop-live", Some("sealedsecrets.bitnami.com/namespace-wide")),
        ("cluster-wide", "", Some("sealedsecrets.bitnami.com/cluster-wide")),
    ] {
        let output = project(scope).args(["render", "production"]).run().code(2).stdout_is_empty();
        let output = output.stderr_contains("error[missing-secret]: `API_KEY` of the Secret `web` in `shop-live`");
        let output = output.stderr_contains("= help: `platgen seal production web API_KEY`");
        let folder = output.folder();
        let (out, err) = ends_well(folder, &["seal", "production", "web", "API_KEY"], "from stdin ü\n", &[]);
        assert_eq!((out.as_str(), err.as_str()), ("", ""));
        let variable = [("VALUE", "from a variable\n")];
        ends_well(folder, &["seal", "production", "web", "OTHER", "--from-env", "VALUE"], "", &variable);
        let (stream, _) = ends_well(folder, &["render", "production"], "", &[]);
        assert_eq!(ends_well(folder, &["render", "production", "--threads", "1"], "", &[]).0, stream);
        let object = sealed(&stream);
        let annotations = &object["metadata"]["annotations"];
        assert_eq!(annotations, &object["spec"]["template"]["metadata"]["annotations"]);
        match annotation {
            Some(annotation) => assert_eq!(annotations[annotation], "true", "{object}"),
            None => assert!(annotations.is_null(), "{object}"),
        }
        let values = &object["spec"]["encryptedData"];
        // Two times the same value is two times another ciphertext.
        ends_well(folder, &["seal", "production", "web", "API_KEY"], "from stdin ü", &[]);
        let again = sealed(&ends_well(folder, &["render", "production"], "", &[]).0);
        assert_ne!(again["spec"]["encryptedData"]["API_KEY"], values["API_KEY"]);
        assert_eq!(again["spec"]["encryptedData"]["other.key"], values["other.key"]);
        let texts = [
            (&values["API_KEY"], "from stdin ü"),
            (&again["spec"]["encryptedData"]["API_KEY"], "from stdin ü"),
            (&values["other.key"], "from a variable\n"),
        ];
        for (value, text) in texts {
            let value = value.as_str().expect("a text");
            for label in labels {
                let opened = controller().open(value, label);
                let wanted = (label == fits).then(|| text.to_owned());
                assert_eq!(opened, wanted.clone().map(String::into_bytes), "{scope} under `{label}`");
                pairs.push((value.to_owned(), label));
                expected.push(wanted);
            }
        }
    }
    let key = controller().key.to_pkcs8_der().expect("DER");
    let asked = serde_json::json!({"key": Base64::encode_string(key.as_bytes()), "pairs": pairs});
    let Some(said) = judges::cryptography(OPEN, &asked.to_string()) else { return };
    let said: Vec<Option<String>> = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said, expected);
}

#[test]
fn what_moves_is_sealed_anew() {
    let folder = project("strict").args(["render", "base"]).run().code(2);
    for name in ["API_KEY", "OTHER"] {
        ends_well(folder.folder(), &["seal", "base", "web", name], "x", &[]);
    }
    ends_well(folder.folder(), &["render", "base"], "", &[]);
    // The overlay has another namespace.
    let (code, out, err) = platgen(folder.folder(), &["render", "production"], "", &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("it was sealed for the namespace `shop`, and only opens there"), "{err}");
}

#[test]
fn what_can_t_be_sealed_is_said() {
    let refused = |case: Case, args: &[&str], stdin: &str, part: &str| {
        let output = case.args(["seal"]).args(args).stdin(stdin).run().code(2).stdout_is_empty().stderr_contains(part);
        assert!(!output.folder().join("overlays/production/sealed").exists(), "{output}");
    };
    let strict = || project("strict");
    let web = ["production", "web", "API_KEY"];
    refused(
        strict(),
        &["production", "wep", "API_KEY"],
        "x",
        "there is no service `wep` in `production`: did you mean `web`?",
    );
    refused(
        strict(),
        &["production", "web", "API_KEI"],
        "x",
        "`web` reads no secret `API_KEI`: did you mean `API_KEY`?",
    );
    refused(strict(), &["prod", "web", "API_KEY"], "x", "there is no environment `prod`");
    refused(strict(), &web, "", "the value is empty");
    refused(strict(), &web, "\n", "the value is empty");
    refused(strict(), &web, &"x".repeat((1 << 20) + 1), "more than 1048576 bytes");
    refused(
        strict(),
        &["production", "web", "API_KEY", "--from-env", "NOT_SET"],
        "",
        "the variable `NOT_SET` is not set",
    );
    refused(
        strict(),
        &["production", "web", "API_KEY", "--cert", "none.pem"],
        "x",
        "can't read the certificate `none.pem`: no such file",
    );
    refused(strict().file("controller.pem", "nothing"), &web, "x", "it holds no certificate");
    let private = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";
    refused(strict().file("controller.pem", private), &web, "x", "it is a private key");
    let broken = "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n";
    refused(strict().file("controller.pem", broken), &web, "x", "its certificate can't be read");
    let existing = strict().file("overlays/production/overlay.yaml", "platform: {secrets: {backend: existing}}\n");
    refused(existing, &web, "x", "`API_KEY` comes from `existing` in `production`");
    let bare =
        strict().file("overlays/production/overlay.yaml", "platform: {secrets: {sealed: {certificate: null}}}\n");
    refused(bare, &web, "x", "there is no certificate: name one with `--cert FILE`");
}
