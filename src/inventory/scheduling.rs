//! Where pods run and how they resolve names.

use super::concept::{At, Named, concept};
use super::external::Host;
use super::scalar::{Count, LabelValue, Text, Word, choice};

concept! {
    /// A taint that pods put up with; its name is the taint's key.
    pub struct Toleration {
        /// `Equal` unless given: `value` is compared.
        operator: Option<At<TolerationOperator>>,
        /// Value of the taint.
        value: Option<At<LabelValue>>,
        /// Effect of the taint; all unless given.
        effect: Option<At<TaintEffect>>,
        /// Seconds until a pod is evicted after all; never unless given. With `NoExecute` only.
        toleration_seconds: Option<At<Count>>,
    }
}

choice! {
    /// How a toleration matches.
    pub enum TolerationOperator ("`Equal` or `Exists`") {
        /// Key and value.
        Equal = "Equal",
        /// Key alone.
        Exists = "Exists",
    }
}

choice! {
    /// What a taint does.
    pub enum TaintEffect ("`NoSchedule`, `PreferNoSchedule` or `NoExecute`") {
        /// No new pods.
        NoSchedule = "NoSchedule",
        /// No new pods if that can be helped.
        PreferNoSchedule = "PreferNoSchedule",
        /// Pods that run are evicted, too.
        NoExecute = "NoExecute",
    }
}

choice! {
    /// Whether two pods of a service may share a node.
    pub enum AntiAffinity ("`soft` or `hard`") {
        /// If there is no other way.
        Soft = "soft",
        /// Never: more pods than nodes stay pending.
        Hard = "hard",
    }
}

choice! {
    /// Who resolves names.
    pub enum DnsPolicy ("`ClusterFirst`, `ClusterFirstWithHostNet`, `Default` or `None`") {
        /// The cluster's DNS.
        ClusterFirst = "ClusterFirst",
        /// The cluster's DNS, on the host's network, too.
        ClusterFirstWithHostNet = "ClusterFirstWithHostNet",
        /// The node's.
        Default = "Default",
        /// What `dnsConfig` says, alone.
        None = "None",
    }
}

concept! {
    /// How names are resolved, beside what `dnsPolicy` gives.
    pub struct DnsConfig {
        /// Addresses of name servers.
        nameservers: Vec<At<Host>>,
        /// Domains that short names are sought in.
        searches: Vec<At<Word>>,
        /// Options of the resolver by name; an empty value for those that take none.
        options: Named<Word, At<Text>>,
    }
}
