//! What fits a container to its load: the runtime inside it, and vertical autoscaling.

use super::concept::{At, Named, concept};
use super::scalar::{Quantity, ResourceName, choice, fail, texts};

fn setting_name(text: &str) -> Result<(), String> {
    let first = text.bytes().next().is_some_and(|c| c.is_ascii_lowercase() || c == b'_');
    fail(
        first && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'_' | b'-' | b'.')),
        "it holds lower-case letters, digits, `_`, `-` and `.`, and begins with a letter",
    )
}

texts! {
    /// Name of a setting of an engine.
    SettingName: "a setting such as `shared_buffers` or `maxmemory-policy`", setting_name, r"^[a-z_][-a-z0-9_.]*$";
}

choice! {
    /// What runs in a container, where that decides how it is fitted to its limits.
    pub enum Runtime ("`go`, `node`, `java`, `postgres` or `redis`") {
        /// Go: `GOMEMLIMIT`, `GOMAXPROCS`.
        Go = "go",
        /// Node.js: `NODE_OPTIONS`.
        Node = "node",
        /// A Java virtual machine: `JAVA_TOOL_OPTIONS`.
        Java = "java",
        /// PostgreSQL: `shared_buffers`, `effective_cache_size`.
        Postgres = "postgres",
        /// Redis: `maxmemory`.
        Redis = "redis",
    }
}

concept! {
    /// Vertical autoscaling: requests follow what the container uses.
    pub struct Vpa {
        /// Whether and when recommendations are applied.
        mode: At<VpaMode>,
        /// Requests never go below this.
        min_allowed: Named<ResourceName, At<Quantity>>,
        /// Requests never go above this.
        max_allowed: Named<ResourceName, At<Quantity>>,
        /// The resources it is about; CPU and memory unless given.
        controlled_resources: Vec<At<ControlledResource>>,
        /// Whether limits follow in proportion.
        controlled_values: Option<At<ControlledValues>>,
    }
}

choice! {
    /// When recommendations are applied.
    pub enum VpaMode ("`Off`, `Initial`, `Recreate` or `InPlaceOrRecreate`") {
        /// Never: they can be read from the object's status.
        Off = "Off",
        /// When a pod starts.
        Initial = "Initial",
        /// By evicting pods.
        Recreate = "Recreate",
        /// In the running pod if that goes, else by evicting it.
        InPlaceOrRecreate = "InPlaceOrRecreate",
    }
}

choice! {
    /// A resource that recommendations are made for.
    pub enum ControlledResource ("`cpu` or `memory`") {
        /// CPU.
        Cpu = "cpu",
        /// Memory.
        Memory = "memory",
    }
}

choice! {
    /// What recommendations change.
    pub enum ControlledValues ("`RequestsAndLimits` or `RequestsOnly`") {
        /// Limits, too, in proportion.
        RequestsAndLimits = "RequestsAndLimits",
        /// Requests alone.
        RequestsOnly = "RequestsOnly",
    }
}
