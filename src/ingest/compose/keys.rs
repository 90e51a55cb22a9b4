//! Every key of the Compose Specification, and what becomes of it: the one table that makes sure that
//! nothing is dropped in silence.
//!
//! From `compose-spec.json` of github.com/compose-spec/compose-spec. A key that is not in a table is an
//! error with the nearest one that is; a key with the fate `Read` is looked at by the file of its
//! concern, which translates it or says what it does not.

use Fate::{Left, Moot, Read};

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is translated.
    Read,
    /// It has no counterpart: what to do instead.
    Left(&'static str),
    /// It need not be said in Kubernetes: why.
    Moot(&'static str),
}

/// A mapping of a Compose file.
#[derive(Debug)]
pub struct Keys {
    /// What it is, for messages.
    pub name: &'static str,
    /// Its keys, in the order of the specification.
    pub keys: &'static [(&'static str, Fate)],
}

const NODE: &str = "a setting of the node: ask who runs the cluster, or choose nodes by `nodeSelector`";
const WINDOWS: &str = "there is no counterpart for containers of Windows";
const HOST: &str = "a pod that shares what is the node's breaks Pod Security: leave it, or make it a `daemonset` in a privileged namespace";
const SWARM: &str = "a matter of Swarm";
const BUILD: &str = "a matter of the pipeline that builds the image";
const NETWORK: &str =
    "the cluster's network has addresses and drivers of its own; who may call whom follows from `dependsOn`";
const MODEL: &str = "run the model as a service, or name where it is as one of type `external`";

/// The file.
pub const FILE: Keys = Keys {
    name: "a Compose file",
    keys: &[
        ("version", Moot("Compose takes no notice of it either")),
        ("name", Read),
        ("include", Left("import the files that it names, too, or put them into one with `docker compose config`")),
        ("services", Read),
        ("models", Left(MODEL)),
        ("networks", Read),
        ("volumes", Read),
        ("secrets", Read),
        ("configs", Read),
    ],
};

/// A service.
pub const SERVICE: Keys = Keys {
    name: "a service of Compose",
    keys: &[
        ("develop", Moot("it is for development on one machine")),
        ("deploy", Read),
        ("annotations", Read),
        ("attach", Moot("`kubectl logs` shows what a container writes")),
        ("build", Read),
        ("blkio_config", Left(NODE)),
        (
            "cap_add",
            Left(
                "capabilities are refused by Pod Security `restricted`: listen above 1024, leave the rest to the node",
            ),
        ),
        ("cap_drop", Moot("all capabilities are dropped")),
        ("cgroup", Left(HOST)),
        ("cgroup_parent", Left(NODE)),
        ("command", Read),
        ("configs", Read),
        ("container_name", Read),
        ("cpu_count", Left("set `resources.limits.cpu`")),
        ("cpu_percent", Left("set `resources.limits.cpu`")),
        ("cpu_shares", Left("set `resources.requests.cpu`: shares follow from it")),
        ("cpu_quota", Left("set `resources.limits.cpu`: quota divided by period")),
        ("cpu_period", Left("set `resources.limits.cpu`: quota divided by period")),
        ("cpu_rt_period", Left(NODE)),
        ("cpu_rt_runtime", Left(NODE)),
        ("cpus", Read),
        ("cpuset", Left(NODE)),
        ("credential_spec", Left(WINDOWS)),
        ("depends_on", Read),
        ("device_cgroup_rules", Left(HOST)),
        ("devices", Left("devices are given out by device plugins: name the resource in `resources.limits`")),
        ("dns", Read),
        ("dns_opt", Read),
        ("dns_search", Read),
        ("domainname", Left("a pod's domain is the cluster's")),
        ("entrypoint", Read),
        ("env_file", Read),
        ("label_file", Left("write the labels as `annotations`")),
        ("environment", Read),
        ("expose", Read),
        ("extends", Read),
        ("provider", Left("name what it provides as a service of type `external`")),
        ("external_links", Left("name what is outside as a service of type `external`")),
        ("extra_hosts", Left("give the host a name in the DNS, or name it as a service of type `external`")),
        ("gpus", Left("GPUs are given out by device plugins: `resources: {limits: {nvidia.com/gpu: 1}}`")),
        ("group_add", Left("set `securityContext.fsGroup` if it is about a volume's files")),
        ("healthcheck", Read),
        ("hostname", Read),
        ("image", Read),
        ("init", Left("have the image start its process by `tini`, or let it reap its children itself")),
        ("ipc", Left(HOST)),
        ("isolation", Left(WINDOWS)),
        ("labels", Read),
        ("links", Read),
        ("logging", Moot("the node collects what containers write to standard output")),
        ("mac_address", Left(NETWORK)),
        ("mem_limit", Read),
        ("mem_reservation", Read),
        ("mem_swappiness", Left(NODE)),
        ("memswap_limit", Left(NODE)),
        ("network_mode", Read),
        ("models", Left(MODEL)),
        ("networks", Read),
        ("oom_kill_disable", Left(NODE)),
        ("oom_score_adj", Left("it follows from requests and limits")),
        ("pid", Left(HOST)),
        ("pids_limit", Left(NODE)),
        ("platform", Left("set `nodeSelector: {kubernetes.io/arch: …}`")),
        ("ports", Read),
        ("post_start", Left("do it in an init container, or as the container's first step")),
        ("pre_stop", Left("let the process do it when it is told to end (SIGTERM)")),
        (
            "privileged",
            Left("privileged containers are refused by Pod Security: say what it is needed for, and give that alone"),
        ),
        ("profiles", Read),
        ("pull_policy", Moot("Kubernetes pulls what a node does not have, and `latest` always")),
        ("pull_refresh_after", Moot("Kubernetes pulls what a node does not have, and `latest` always")),
        ("read_only", Read),
        ("restart", Read),
        ("runtime", Left(NODE)),
        ("scale", Read),
        ("security_opt", Moot("no privileges can be gained, and seccomp's profile is the runtime's default")),
        ("shm_size", Read),
        ("secrets", Read),
        ("sysctls", Left(NODE)),
        ("stdin_open", Left("nobody types into a pod; `kubectl exec --stdin --tty` starts a process of its own")),
        ("stop_grace_period", Read),
        ("stop_signal", Left("the image's own STOPSIGNAL holds, SIGTERM unless it says: set it there")),
        ("storage_opt", Left(NODE)),
        ("tmpfs", Read),
        ("tty", Left("nobody types into a pod; `kubectl exec --stdin --tty` starts a process of its own")),
        ("ulimits", Left(NODE)),
        ("use_api_socket", Left("the node's Docker is out of reach: use the Kubernetes API and `rbac`")),
        ("user", Read),
        ("uts", Left(HOST)),
        ("userns_mode", Left(HOST)),
        ("volumes", Read),
        ("volumes_from", Left("mount the volume by its name in both services")),
        ("working_dir", Left("the image's WORKDIR holds: set it there")),
    ],
};

/// `build`, in its long form.
pub const BUILD_KEYS: Keys = Keys {
    name: "`build`",
    keys: &[
        ("context", Read),
        ("dockerfile", Moot(BUILD)),
        ("dockerfile_inline", Moot(BUILD)),
        ("entitlements", Moot(BUILD)),
        ("args", Moot(BUILD)),
        ("ssh", Moot(BUILD)),
        ("labels", Moot(BUILD)),
        ("cache_from", Moot(BUILD)),
        ("cache_to", Moot(BUILD)),
        ("no_cache", Moot(BUILD)),
        ("additional_contexts", Moot(BUILD)),
        ("network", Moot(BUILD)),
        ("pull", Moot(BUILD)),
        ("target", Moot(BUILD)),
        ("shm_size", Moot(BUILD)),
        ("extra_hosts", Moot(BUILD)),
        ("isolation", Moot(BUILD)),
        ("privileged", Moot(BUILD)),
        ("secrets", Moot(BUILD)),
        ("tags", Moot(BUILD)),
        ("ulimits", Moot(BUILD)),
        ("platforms", Moot(BUILD)),
        ("provenance", Moot(BUILD)),
        ("sbom", Moot(BUILD)),
    ],
};

/// An entry of `depends_on`.
pub const DEPENDENCY: Keys = Keys {
    name: "an entry of `depends_on`",
    keys: &[
        ("restart", Moot("a service finds its dependencies again by their names")),
        ("required", Read),
        ("condition", Read),
    ],
};

/// An entry of `ports`.
pub const PORT: Keys = Keys {
    name: "an entry of `ports`",
    keys: &[
        ("name", Read),
        ("mode", Moot("ports of nodes are not used")),
        ("host_ip", Read),
        ("target", Read),
        ("published", Read),
        ("protocol", Read),
        ("app_protocol", Read),
    ],
};

/// An entry of `volumes` of a service.
pub const MOUNT: Keys = Keys {
    name: "an entry of `volumes`",
    keys: &[
        ("type", Read),
        ("source", Read),
        ("target", Read),
        ("read_only", Read),
        ("consistency", Moot("it is for development on one machine")),
        ("bind", Read),
        ("volume", Read),
        ("tmpfs", Read),
        ("image", Left("copy the files into the service's own image")),
    ],
};

/// `bind` of a mount.
pub const BIND: Keys = Keys {
    name: "`bind`",
    keys: &[
        ("propagation", Left(HOST)),
        ("create_host_path", Moot("nothing of the node is mounted")),
        ("recursive", Moot("nothing of the node is mounted")),
        ("selinux", Moot("nothing of the node is mounted")),
    ],
};

/// `volume` of a mount.
pub const MOUNTED: Keys = Keys {
    name: "`volume`",
    keys: &[
        ("labels", Left("label the claim by a patch")),
        ("nocopy", Moot("a new volume is empty: nothing of the image is copied into it")),
        ("subpath", Read),
    ],
};

/// `tmpfs` of a mount.
pub const TMPFS: Keys =
    Keys { name: "`tmpfs`", keys: &[("size", Read), ("mode", Moot("the pod's group may write to it"))] };

/// A grant of a secret or config.
pub const GRANT: Keys = Keys {
    name: "a grant of a secret or config",
    keys: &[
        ("source", Read),
        ("target", Read),
        ("uid", Moot("the pod's user can read it")),
        ("gid", Moot("the pod's user can read it")),
        ("mode", Moot("the pod's user can read it")),
    ],
};

/// An entry of `env_file`.
pub const ENV_FILE: Keys =
    Keys { name: "an entry of `env_file`", keys: &[("path", Read), ("format", Read), ("required", Read)] };

/// `healthcheck`.
pub const HEALTH: Keys = Keys {
    name: "`healthcheck`",
    keys: &[
        ("disable", Read),
        ("interval", Read),
        ("retries", Read),
        ("test", Read),
        ("timeout", Read),
        ("start_period", Read),
        ("start_interval", Read),
    ],
};

/// `deploy`.
pub const DEPLOY: Keys = Keys {
    name: "`deploy`",
    keys: &[
        ("mode", Read),
        ("endpoint_mode", Read),
        ("replicas", Read),
        ("labels", Read),
        ("rollback_config", Left("`kubectl rollout undo` goes back as it went forward")),
        ("update_config", Read),
        ("resources", Read),
        ("restart_policy", Read),
        ("placement", Read),
    ],
};

/// `deploy.update_config`.
pub const UPDATE: Keys = Keys {
    name: "`update_config`",
    keys: &[
        ("parallelism", Read),
        ("delay", Read),
        (
            "failure_action",
            Left("a rollout that makes no progress stops; what goes back by itself is `strategy: {type: canary}`"),
        ),
        ("monitor", Left("set `progressDeadlineSeconds`")),
        ("max_failure_ratio", Left("a rollout stops at the first pods that don't get ready")),
        ("order", Read),
    ],
};

/// `deploy.resources`.
pub const RESOURCES: Keys = Keys { name: "`resources`", keys: &[("limits", Read), ("reservations", Read)] };

/// `deploy.resources.limits`.
pub const LIMITS: Keys = Keys { name: "`limits`", keys: &[("cpus", Read), ("memory", Read), ("pids", Left(NODE))] };

/// `deploy.resources.reservations`.
pub const RESERVATIONS: Keys = Keys {
    name: "`reservations`",
    keys: &[
        ("cpus", Read),
        ("memory", Read),
        ("generic_resources", Left("name the resource in `resources.limits`")),
        ("devices", Left("GPUs are given out by device plugins: `resources: {limits: {nvidia.com/gpu: 1}}`")),
    ],
};

/// `deploy.restart_policy`.
pub const RESTART: Keys = Keys {
    name: "`restart_policy`",
    keys: &[
        ("condition", Read),
        ("delay", Moot("Kubernetes waits longer after each failure")),
        ("max_attempts", Read),
        ("window", Moot("readiness says whether a start succeeded")),
    ],
};

/// `deploy.placement`.
pub const PLACEMENT: Keys = Keys {
    name: "`placement`",
    keys: &[
        ("constraints", Read),
        ("preferences", Moot("pods are spread over nodes and zones")),
        ("max_replicas_per_node", Read),
    ],
};

/// An entry of `networks` of a service.
pub const ATTACHMENT: Keys = Keys {
    name: "an entry of `networks`",
    keys: &[
        ("aliases", Read),
        ("interface_name", Left(NETWORK)),
        ("ipv4_address", Left(NETWORK)),
        ("ipv6_address", Left(NETWORK)),
        ("link_local_ips", Left(NETWORK)),
        ("mac_address", Left(NETWORK)),
        ("driver_opts", Left(NETWORK)),
        ("priority", Left(NETWORK)),
        ("gw_priority", Left(NETWORK)),
    ],
};

/// A network.
pub const NETWORK_KEYS: Keys = Keys {
    name: "a network",
    keys: &[
        ("name", Moot(NETWORK)),
        ("driver", Moot(NETWORK)),
        ("driver_opts", Left(NETWORK)),
        ("ipam", Left(NETWORK)),
        ("external", Left("what is on it is no part of this platform: name it as services of type `external`")),
        ("internal", Moot("pods reach only whom `dependsOn` names")),
        ("enable_ipv4", Left(NETWORK)),
        ("enable_ipv6", Left(NETWORK)),
        ("attachable", Left(NETWORK)),
        ("labels", Left(NETWORK)),
    ],
};

/// A volume.
pub const VOLUME: Keys = Keys {
    name: "a volume",
    keys: &[
        ("name", Read),
        ("driver", Read),
        ("driver_opts", Left("choose a StorageClass: `storageClassName`")),
        ("external", Read),
        ("labels", Left("label the claim by a patch")),
    ],
};

/// A secret.
pub const SECRET: Keys = Keys {
    name: "a secret",
    keys: &[
        ("name", Moot("the Secret is the service's own")),
        ("environment", Read),
        ("file", Read),
        ("external", Read),
        ("labels", Moot(SWARM)),
        ("driver", Left("choose a backend: `platform.secrets.backend`")),
        ("driver_opts", Left("choose a backend: `platform.secrets.backend`")),
        ("template_driver", Left("`template` of a secret makes a text of others")),
    ],
};

/// A config.
pub const CONFIG: Keys = Keys {
    name: "a config",
    keys: &[
        ("name", Moot("the ConfigMap is the service's own")),
        ("content", Read),
        ("environment", Read),
        ("file", Read),
        ("external", Read),
        ("labels", Moot(SWARM)),
        ("template_driver", Left("write the file out")),
    ],
};

/// All mappings, for the test that none of their keys is dropped in silence.
pub const ALL: &[&Keys] = &[
    &FILE,
    &SERVICE,
    &BUILD_KEYS,
    &DEPENDENCY,
    &PORT,
    &MOUNT,
    &BIND,
    &MOUNTED,
    &TMPFS,
    &GRANT,
    &ENV_FILE,
    &HEALTH,
    &DEPLOY,
    &UPDATE,
    &RESOURCES,
    &LIMITS,
    &RESERVATIONS,
    &RESTART,
    &PLACEMENT,
    &ATTACHMENT,
    &NETWORK_KEYS,
    &VOLUME,
    &SECRET,
    &CONFIG,
];
