//! What a value is sealed for.

use crate::inventory::SealScope;

/// A Secret, and how far a value sealed for it may wander.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Namespace of the Secret.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Where the value can be opened.
    pub scope: SealScope,
}

impl Target {
    /// The label that the value is bound to: the controller opens it with no other. Source:
    /// `EncryptionLabel` of its Go API.
    #[must_use]
    pub fn label(&self) -> String {
        match self.scope {
            SealScope::Strict => format!("{}/{}", self.namespace, self.name),
            SealScope::NamespaceWide => self.namespace.clone(),
            SealScope::ClusterWide => String::new(),
        }
    }

    /// The annotation that tells the controller.
    #[must_use]
    pub fn annotation(&self) -> Option<&'static str> {
        match self.scope {
            SealScope::Strict => None,
            SealScope::NamespaceWide => Some("sealedsecrets.bitnami.com/namespace-wide"),
            SealScope::ClusterWide => Some("sealedsecrets.bitnami.com/cluster-wide"),
        }
    }
}
