//! The parts of a service that shape its pods.

use super::concept::{At, Named, concept};
use super::scalar::{Count, Flag, Id, PortName, Positive, Quantity, ResourceName, Text, UrlPath, UserId, choice};

concept! {
    /// Requests and limits of a container.
    pub struct Resources {
        /// What a node must have free.
        requests: Named<ResourceName, At<Quantity>>,
        /// What it may use. A CPU limit throttles; a memory limit kills.
        limits: Named<ResourceName, At<Quantity>>,
    }
}

concept! {
    /// Probes of a container. Short form of each: a path, for `httpGet`.
    pub struct Probes {
        /// Restarts the container when it fails.
        liveness: Option<Probe>,
        /// Takes the pod out of the Service while it fails.
        readiness: Option<Probe>,
        /// Holds the others back until it succeeds.
        startup: Option<Probe>,
    }
}

concept! {
    /// A probe: one handler and its timing. A layer that sets a handler lifts the others beneath it.
    pub struct Probe short "httpGet"; lifts &[
        ("httpGet", &["tcpSocket", "grpc", "exec"]),
        ("tcpSocket", &["httpGet", "grpc", "exec"]),
        ("grpc", &["httpGet", "tcpSocket", "exec"]),
        ("exec", &["httpGet", "tcpSocket", "grpc"]),
    ]; {
        /// Succeeds on a status from 200 to 399.
        http_get: Option<ProbeHttp>,
        /// Succeeds if the port accepts a connection.
        tcp_socket: Option<ProbeTcp>,
        /// Succeeds if the gRPC health service says `SERVING`.
        grpc: Option<ProbeGrpc>,
        /// Succeeds if the command exits with 0.
        exec: Option<ProbeExec>,
        /// Seconds before the first probe.
        initial_delay_seconds: Option<At<Count>>,
        /// Seconds between probes; Kubernetes' default is 10.
        period_seconds: Option<At<Positive>>,
        /// Seconds until a probe counts as failed; Kubernetes' default is 1.
        timeout_seconds: Option<At<Positive>>,
        /// Successes in a row after a failure; 1 for liveness and startup.
        success_threshold: Option<At<Positive>>,
        /// Failures in a row until it counts; Kubernetes' default is 3.
        failure_threshold: Option<At<Positive>>,
    }
}

concept! {
    /// HTTP handler of a probe. Short form: the path.
    pub struct ProbeHttp short "path"; {
        /// Path.
        path: At<UrlPath>,
        /// Port by its name; the service's first unless given.
        port: Option<At<PortName>>,
        /// `HTTP` unless given.
        scheme: Option<At<Scheme>>,
    }
}

choice! {
    /// Scheme of a probe.
    pub enum Scheme ("`HTTP` or `HTTPS`") {
        /// Plain.
        Http = "HTTP",
        /// TLS; the certificate is not verified.
        Https = "HTTPS",
    }
}

concept! {
    /// TCP handler of a probe.
    pub struct ProbeTcp {
        /// Port by its name; the service's first unless given.
        port: Option<At<PortName>>,
    }
}

concept! {
    /// gRPC handler of a probe.
    pub struct ProbeGrpc {
        /// Port by its name; the service's first unless given.
        port: Option<At<PortName>>,
        /// Name that the health service is asked for.
        service: Option<At<Text>>,
    }
}

concept! {
    /// Command handler of a probe.
    pub struct ProbeExec {
        /// The command and its arguments; no shell unless it names one.
        command: Vec<At<Text>>,
    }
}

concept! {
    /// How pods end.
    pub struct Shutdown {
        /// Seconds from the request to end until the container is killed.
        termination_grace_period_seconds: Option<At<Count>>,
        /// Seconds to wait before the container is told: requests still arrive while endpoints are removed.
        pre_stop_sleep_seconds: Option<At<Count>>,
        /// Seconds the process needs to end once it is told: `platgen check` compares.
        app_seconds: Option<At<Count>>,
    }
}

concept! {
    /// How pods spread over the cluster; `null` for not at all.
    pub struct TopologySpread {
        /// Over nodes.
        hostname: Option<At<Spread>>,
        /// Over zones.
        zone: Option<At<Spread>>,
    }
}

choice! {
    /// What to do with a pod that can't be spread.
    pub enum Spread ("`ScheduleAnyway` or `DoNotSchedule`") {
        /// Schedule it where it skews least.
        ScheduleAnyway = "ScheduleAnyway",
        /// Leave it pending.
        DoNotSchedule = "DoNotSchedule",
    }
}

concept! {
    /// What a container may do. Privileges, capabilities and the seccomp profile are not adjustable.
    pub struct SecurityContext {
        /// User id of the process; `null` for the image's own, which must be a number other than 0.
        run_as_user: Option<At<UserId>>,
        /// Group id of the process.
        run_as_group: Option<At<Id>>,
        /// Group that owns mounted volumes; `runAsGroup` where one is claimed, `null` for none.
        fs_group: Option<At<Id>>,
        /// Whether the image's file system is read-only; see `emptyDirs` for writable folders.
        read_only_root_filesystem: Option<At<Flag>>,
    }
}
