//! The controller's certificate: the public key that values are sealed for.

use anyhow::{Context as _, Result, bail};
use rsa::PublicKey;
use x509_cert::der::DecodePem as _;
use x509_cert::der::referenced::OwnedToRef as _;

/// A certificate of the sealed-secrets controller.
#[derive(Clone, Debug)]
pub struct Certificate {
    key: PublicKey,
}

impl Certificate {
    /// Reads the first certificate of a PEM file, as `kubeseal --fetch-cert` prints it.
    ///
    /// # Errors
    /// If there is none, or its key is not RSA.
    pub fn from_pem(text: &str) -> Result<Self> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        let found = text.find(BEGIN).and_then(|start| {
            let length = text[start..].find(END)? + END.len();
            Some(&text[start..start + length])
        });
        let Some(block) = found else {
            if text.contains("PRIVATE KEY") {
                bail!("it is a private key, which has no place here: expected the certificate");
            }
            bail!("it holds no certificate: expected `{BEGIN}`, as `kubeseal --fetch-cert` prints it");
        };
        let certificate = x509_cert::Certificate::from_pem(block).context("its certificate can't be read")?;
        let key = certificate.tbs_certificate().subject_public_key_info().owned_to_ref();
        let key = PublicKey::try_from(key).context("its key is not RSA of 1024 to 8192 bits")?;
        Ok(Self { key })
    }

    /// Its key.
    pub(super) fn key(&self) -> &PublicKey {
        &self.key
    }
}
