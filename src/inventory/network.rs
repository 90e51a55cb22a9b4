//! The shape of a service's Service.

use super::scalar::choice;

choice! {
    /// Who can reach a Service.
    pub enum ServiceType ("`ClusterIP` or `LoadBalancer`") {
        /// The cluster.
        ClusterIp = "ClusterIP",
        /// The ranges in `loadBalancerSourceRanges`, through a load balancer of the cloud.
        LoadBalancer = "LoadBalancer",
    }
}

choice! {
    /// A Service without an address of its own.
    pub enum ClusterIp ("`None`") {
        /// DNS answers with the pods' addresses.
        None = "None",
    }
}

choice! {
    /// Whether a client stays with one pod.
    pub enum SessionAffinity ("`None` or `ClientIP`") {
        /// No.
        None = "None",
        /// Yes, by its address.
        ClientIp = "ClientIP",
    }
}

choice! {
    /// Which pods take traffic that comes in at a node.
    pub enum TrafficPolicy ("`Cluster` or `Local`") {
        /// All.
        Cluster = "Cluster",
        /// Those of the node: the client's address is kept.
        Local = "Local",
    }
}
