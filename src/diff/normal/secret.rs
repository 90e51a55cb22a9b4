//! What a Secret holds: one map of bytes, however it is written, and never shown.

use super::edit::{each, set_missing};
use crate::source::{Key, Map, Node, OriginId};

/// `stringData` becomes part of `data`, as the server does it.
pub(super) fn join(tree: &mut Node) {
    let Some(texts) = tree.get("stringData").and_then(Node::as_map).cloned() else { return };
    each(tree, "", &mut |secret| {
        secret.remove("stringData");
        set_missing(secret, "data", Node::map(Map::default(), OriginId::NONE));
    });
    each(tree, "data", &mut |data| {
        for entry in &texts {
            let text = entry.value.as_str().unwrap_or_default();
            data.insert(
                Key::new(entry.key.text.clone(), entry.key.origin),
                Node::string(base64(text), entry.value.origin),
            );
        }
    });
}

/// RFC 4648, with padding.
fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn the_vectors_of_the_rfc() {
        for (text, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")]
        {
            assert_eq!(base64(text), code);
        }
    }
}
