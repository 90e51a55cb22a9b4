//! What was sealed, by layer: names, what each value was sealed for, and ciphertext.
//!
//! Files hold objects of kind `SealedSecret`, as `platgen seal` and kubeseal write them. Of each its
//! ciphertext counts; what else the object will be, the inventory says.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{At, SealScope};
use crate::source::{Map, Node, OriginId, Origins};
use base64ct::{Base64, Encoding as _};

/// Annotations that say where a value can be opened.
const SCOPES: [(&str, SealScope); 2] = [
    ("sealedsecrets.bitnami.com/cluster-wide", SealScope::ClusterWide),
    ("sealedsecrets.bitnami.com/namespace-wide", SealScope::NamespaceWide),
];

/// One object: the values of a Secret.
#[derive(Clone, Debug)]
pub(super) struct SealedValues {
    pub name: String,
    pub namespace: String,
    pub scope: At<SealScope>,
    pub values: Map,
}

/// Reads the documents of a layer's `sealed/`.
pub(super) fn read(documents: &[Node], origins: &Origins, sink: &mut Sink) -> Vec<SealedValues> {
    let mut all: Vec<SealedValues> = Vec::with_capacity(documents.len());
    for document in documents {
        let Some(sealed) = values(document, origins, sink) else { continue };
        let same = |other: &&SealedValues| other.name == sealed.name && other.namespace == sealed.namespace;
        for entry in &sealed.values {
            let Some(first) = all.iter().filter(same).find_map(|other| other.values.entry(&entry.key.text)) else {
                continue;
            };
            let message = format!("`{}` of `{}` is sealed twice", entry.key.text, sealed.name);
            sink.push(
                Diagnostic::new(Code::DuplicateDefinition, message).of(origins, entry.key.origin, "the second").of(
                    origins,
                    first.key.origin,
                    "the first",
                ),
            );
        }
        all.push(sealed);
    }
    all
}

fn values(document: &Node, origins: &Origins, sink: &mut Sink) -> Option<SealedValues> {
    let text = |path: &[&str]| document.at(path).and_then(Node::as_str);
    let of_kind = text(&["apiVersion"]) == Some("bitnami.com/v1alpha1") && text(&["kind"]) == Some("SealedSecret");
    if !of_kind {
        let message = "a document in `sealed/` is no `SealedSecret` of `bitnami.com/v1alpha1`";
        let place = document.get("kind").map_or(document.origin, |kind| kind.origin);
        let file = origins.span(place).map(crate::source::Span::start);
        let diagnostic = Diagnostic::new(Code::ExposedSecret, message);
        let diagnostic = file.map_or_else(|| diagnostic.clone(), |span| diagnostic.clone().unquoted(span));
        let help = "`platgen seal` writes such documents; a Secret in clear has no place here";
        sink.push(diagnostic.help(help));
        return None;
    }
    let mut whole = true;
    for path in [&["metadata", "name"][..], &["metadata", "namespace"], &["spec", "encryptedData"]] {
        if document.at(path).is_none_or(Node::is_null) {
            let message = format!("a `SealedSecret` has no `{}`", path.join("."));
            let at = document.get("kind").map_or(document.origin, |kind| kind.origin);
            sink.push(Diagnostic::new(Code::MissingField, message).of(origins, at, "it is missing here"));
            whole = false;
        }
    }
    let values = document.at(&["spec", "encryptedData"]).and_then(Node::as_map)?;
    for entry in values.iter().filter(|entry| !entry.value.as_str().is_some_and(is_ciphertext)) {
        let message = format!("the value of `{}` is not sealed", entry.key.text);
        let diagnostic = Diagnostic::new(Code::ExposedSecret, message);
        let diagnostic = match origins.span(entry.key.origin) {
            Some(span) => diagnostic.unquoted(span),
            None => diagnostic,
        };
        sink.push(diagnostic.help("seal it with `platgen seal`; if it was a secret, it needs to be changed"));
        whole = false;
    }
    let annotations = document.at(&["metadata", "annotations"]);
    let said = SCOPES.iter().find_map(|(key, scope)| {
        let value = annotations?.get(key).filter(|value| value.as_str() == Some("true"))?;
        Some(At { value: *scope, origin: value.origin })
    });
    let (name, namespace) = (text(&["metadata", "name"])?.to_owned(), text(&["metadata", "namespace"])?.to_owned());
    let scope = said.unwrap_or(At { value: SealScope::Strict, origin: OriginId::NONE });
    whole.then(|| SealedValues { name, namespace, scope, values: values.clone() })
}

/// Whether a text has the form of a sealed value: base64 of the length of a wrapped key in two bytes, the
/// wrapped key, and what it encrypts with a tag of 16 bytes.
fn is_ciphertext(text: &str) -> bool {
    let Ok(bytes) = Base64::decode_vec(text) else { return false };
    let Some(([high, low], rest)) = bytes.split_first_chunk::<2>() else { return false };
    let wrapped = usize::from(u16::from_be_bytes([*high, *low]));
    // RSA of 1024 bits is the least anybody ever used.
    wrapped >= 128 && rest.len() >= wrapped + 16
}
