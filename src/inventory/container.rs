//! Containers beside a service's own, and the volumes they share.

use super::concept::{At, Named, concept};
use super::scalar::{ConfigKey, Count, EnvName, FilePath, Flag, Name, ObjectName, Quantity, Text, choice};
use super::secrets::SecretRef;
use super::service::Image;
use super::workload::{Probes, Resources, SecurityContext};

concept! {
    /// A container beside the service's own. Its ports are among the service's, with its name as
    /// `container`.
    pub struct Container {
        /// Container image.
        image: Image,
        /// Entry point in place of the image's.
        command: Option<Vec<At<Text>>>,
        /// Arguments in place of the image's.
        args: Option<Vec<At<Text>>>,
        /// Environment variables.
        env: Named<EnvName, At<Text>>,
        /// Values in Secrets, as environment variables or files, by name.
        secrets: Named<EnvName, SecretRef>,
        /// Requests and limits; small ones unless given, field by field.
        resources: Option<Resources>,
        /// Probes; a port is one of the container's own.
        probes: Option<Probes>,
        /// Volumes of the pod that it sees, by name.
        mounts: Named<Name, Mount>,
        /// What it may do; the pod's ids unless given.
        security_context: Option<SecurityContext>,
        /// `Always` makes an init container a sidecar: it starts before the others and runs beside them.
        restart_policy: Option<At<InitRestartPolicy>>,
    }
}

choice! {
    /// The restart policy an init container can have.
    pub enum InitRestartPolicy ("`Always`") {
        /// It runs as long as the pod.
        Always = "Always",
    }
}

concept! {
    /// Where a container sees a volume. Short form: the path.
    pub struct Mount short "mountPath"; {
        /// The path.
        mount_path: At<FilePath>,
        /// Part of the volume that is mounted; all of it unless given.
        sub_path: Option<At<Text>>,
        /// Whether it can't be written to.
        read_only: Option<At<Flag>>,
    }
}

concept! {
    /// A volume of the pod: one source, and where the service's own container sees it. A layer that
    /// sets a source lifts the others beneath it.
    pub struct Volume lifts &[
        ("emptyDir", &["persistentVolumeClaim", "configMap", "secret", "hostPath"]),
        ("persistentVolumeClaim", &["emptyDir", "configMap", "secret", "hostPath"]),
        ("configMap", &["emptyDir", "persistentVolumeClaim", "secret", "hostPath"]),
        ("secret", &["emptyDir", "persistentVolumeClaim", "configMap", "hostPath"]),
        ("hostPath", &["emptyDir", "persistentVolumeClaim", "configMap", "secret"]),
    ]; {
        /// Where the service's own container sees it; nowhere unless given.
        mount_path: Option<At<FilePath>>,
        /// Part of the volume that is mounted there.
        sub_path: Option<At<Text>>,
        /// Whether it can't be written to there.
        read_only: Option<At<Flag>>,
        /// A folder that lives as long as the pod.
        empty_dir: Option<EmptyDirSource>,
        /// A persistent volume that all pods of the service share.
        persistent_volume_claim: Option<ClaimSource>,
        /// A ConfigMap that exists.
        config_map: Option<ConfigMapSource>,
        /// A Secret that exists.
        secret: Option<SecretSource>,
        /// A folder of the node, for types that run on every node.
        host_path: Option<HostPathSource>,
    }
}

concept! {
    /// A folder that lives as long as the pod.
    pub struct EmptyDirSource {
        /// Size at which the pod is evicted.
        size_limit: At<Quantity>,
        /// `Memory` for a file system in memory, which counts as the container's.
        medium: Option<At<Medium>>,
    }
}

choice! {
    /// What holds an `emptyDir`.
    pub enum Medium ("`Memory`") {
        /// Memory.
        Memory = "Memory",
    }
}

concept! {
    /// A claim to a persistent volume. Short form: its size. A layer that sets a size lifts the name
    /// of an existing claim beneath it, and the other way round.
    pub struct ClaimSource short "size"; lifts &[("size", &["claimName"]), ("claimName", &["size"])]; {
        /// Size of the volume.
        size: Option<At<Quantity>>,
        /// StorageClass; the cluster's default unless given.
        storage_class_name: Option<At<ObjectName>>,
        /// How it is mounted; `ReadWriteOnce` unless given, which is one node.
        access_modes: Vec<At<AccessMode>>,
        /// A claim that exists, in place of one of the service's own.
        claim_name: Option<At<ObjectName>>,
    }
}

choice! {
    /// How a volume can be mounted.
    pub enum AccessMode ("`ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`") {
        /// By the pods of one node.
        ReadWriteOnce = "ReadWriteOnce",
        /// By many, to read.
        ReadOnlyMany = "ReadOnlyMany",
        /// By many.
        ReadWriteMany = "ReadWriteMany",
        /// By one pod.
        ReadWriteOncePod = "ReadWriteOncePod",
    }
}

concept! {
    /// A ConfigMap that exists.
    pub struct ConfigMapSource {
        /// Its name.
        name: At<ObjectName>,
        /// Keys that become files; all unless given.
        items: Vec<KeyToPath>,
        /// Whether pods start without it.
        optional: Option<At<Flag>>,
        /// Permissions of the files, as a decimal number.
        default_mode: Option<At<Count>>,
    }
}

concept! {
    /// A Secret that exists.
    pub struct SecretSource {
        /// Its name.
        secret_name: At<ObjectName>,
        /// Keys that become files; all unless given.
        items: Vec<KeyToPath>,
        /// Whether pods start without it.
        optional: Option<At<Flag>>,
        /// Permissions of the files, as a decimal number.
        default_mode: Option<At<Count>>,
    }
}

concept! {
    /// A key that becomes a file.
    pub struct KeyToPath {
        /// The key.
        key: At<ConfigKey>,
        /// Path of the file in the volume.
        path: At<Text>,
    }
}

concept! {
    /// A folder of the node.
    pub struct HostPathSource {
        /// Its path.
        path: At<FilePath>,
        /// What must be there; unchecked unless given.
        r#type: Option<At<HostPathType>>,
    }
}

choice! {
    /// What must be at a path of the node.
    pub enum HostPathType ("`Directory`, `DirectoryOrCreate`, `File`, `FileOrCreate` or `Socket`") {
        /// A folder.
        Directory = "Directory",
        /// A folder, made if need be.
        DirectoryOrCreate = "DirectoryOrCreate",
        /// A file.
        File = "File",
        /// A file, made if need be.
        FileOrCreate = "FileOrCreate",
        /// A Unix socket.
        Socket = "Socket",
    }
}
