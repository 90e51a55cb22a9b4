//! JSON Web Tokens: who signs them, for whom, and where a gateway has the keys from.
//!
//! KrakenD fetches a set of keys where the issuer publishes it. Kong's open edition fetches nothing:
//! public keys stand in its configuration, so they are files of the project.

use super::concept::{At, Named, concept};
use super::external::Cidr;
use super::gateway::HttpUrl;
use super::scalar::{RelativePath, Text, Word, choice};
use super::service::Service;

concept! {
    /// How callers prove who they are.
    pub struct Auth {
        /// JSON Web Tokens.
        jwt: Option<Jwt>,
    }
}

concept! {
    /// JSON Web Tokens: who signs them and for whom. A layer that says where keys are published lifts those
    /// that are written out beneath it, and the other way round.
    pub struct Jwt lifts &[("jwksUrl", &["publicKeys"]), ("publicKeys", &["jwksUrl", "cidrs"])]; {
        /// Issuer (`iss`) that tokens must name.
        issuer: Option<At<Word>>,
        /// Where the issuer publishes its keys, for KrakenD.
        jwks_url: Option<At<HttpUrl>>,
        /// The issuer's public keys, for Kong, which fetches none: by the `kid` that tokens name, or by any
        /// name if there is one key and an `issuer`.
        public_keys: Named<Word, PublicKey>,
        /// Algorithm of the signature.
        alg: At<JwtAlgorithm>,
        /// Audiences (`aud`) that tokens must name, all of them. Kong does not look at them.
        audience: Vec<At<Word>>,
        /// Networks of the host of `jwksUrl`, for the NetworkPolicy; not needed for a service of the platform.
        cidrs: Vec<At<Cidr>>,
    }
}

concept! {
    /// A public key in PEM (`-----BEGIN PUBLIC KEY-----`). Short form: the file.
    pub struct PublicKey short "file"; lifts &[("file", &["pem"]), ("pem", &["file"])]; {
        /// A file of `files/`, of the base or an overlay.
        file: Option<At<RelativePath>>,
        /// The key itself.
        pem: Option<At<Text>>,
    }
}

choice! {
    /// Algorithm of a token's signature.
    pub enum JwtAlgorithm ("an algorithm such as `RS256`, `ES256` or `EdDSA`") {
        /// RSA, SHA-256.
        Rs256 = "RS256",
        /// RSA, SHA-384.
        Rs384 = "RS384",
        /// RSA, SHA-512.
        Rs512 = "RS512",
        /// ECDSA, SHA-256.
        Es256 = "ES256",
        /// ECDSA, SHA-384.
        Es384 = "ES384",
        /// ECDSA, SHA-512.
        Es512 = "ES512",
        /// RSA-PSS, SHA-256.
        Ps256 = "PS256",
        /// RSA-PSS, SHA-384.
        Ps384 = "PS384",
        /// RSA-PSS, SHA-512.
        Ps512 = "PS512",
        /// Edwards curve.
        EdDsa = "EdDSA",
    }
}

impl Service {
    /// The tokens that routes ask for; nothing if no route asks.
    #[must_use]
    pub fn jwt_in_use(&self) -> Option<&Jwt> {
        let asked = self.routes.iter().any(|(_, route)| route.auth.is_some());
        self.auth.as_ref()?.jwt.as_ref().filter(|_| asked)
    }
}
