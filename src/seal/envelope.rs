//! The sealed-secrets controller's encryption, as `HybridEncrypt` of its `pkg/crypto` does it.
//!
//! A fresh key of 32 bytes encrypts the value with AES-256-GCM; its nonce is zero, because the key is
//! never used again. The key is wrapped with RSA-OAEP (SHA-256) under a label. What comes out is the
//! length of the wrapped key in two bytes, the wrapped key, and the ciphertext with its tag, in base64.

use super::{Certificate, Target};
use crate::source::Secret;
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use anyhow::{Context as _, Result, anyhow, bail};
use base64ct::{Base64, Encoding as _};
use getrandom::SysRng;
use rsa::oaep::EncryptingKey;
use rsa::traits::RandomizedEncryptor as _;
use sha2::Sha256;
use zeroize::Zeroizing;

/// A value to be sealed.
pub type Value = Secret<Vec<u8>>;

/// Most bytes a value may have: what a Secret holds in all.
pub const LARGEST: usize = 1 << 20;

/// Encrypts a value for a Secret.
///
/// # Errors
/// If the value is empty or too large, or the system has no randomness.
pub fn seal(value: &Value, target: &Target, certificate: &Certificate) -> Result<String> {
    let text = value.expose();
    if text.is_empty() {
        bail!("the value is empty");
    }
    if text.len() > LARGEST {
        bail!("the value has more than {LARGEST} bytes, which is all a Secret holds");
    }
    let mut key = Zeroizing::new([0_u8; 32]);
    getrandom::fill(key.as_mut_slice()).map_err(|_| anyhow!("the system gives no randomness"))?;
    let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| anyhow!("the key has a wrong length"))?;
    let sealed =
        cipher.encrypt(&Nonce::default(), text.as_slice()).map_err(|_| anyhow!("the value can't be encrypted"))?;
    let wrapping = EncryptingKey::<Sha256>::new_with_label(certificate.key().clone(), target.label().into_bytes());
    let wrapped = wrapping
        .encrypt_with_rng(&mut SysRng, key.as_slice())
        .map_err(|_| anyhow!("the certificate's key can't wrap the value's"))?;
    let length = u16::try_from(wrapped.len()).context("the certificate's key is too long")?;
    let mut bytes = Vec::with_capacity(2 + wrapped.len() + sealed.len());
    bytes.extend(length.to_be_bytes());
    bytes.extend(wrapped);
    bytes.extend(sealed);
    Ok(Base64::encode_string(&bytes))
}
