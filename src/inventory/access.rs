//! What pods may ask of the Kubernetes API, and as whom.

use super::concept::{At, Named, concept};
use super::scalar::{Flag, LabelKey, ObjectName, Text, choice, dns_subdomain, fail, texts};

/// `pods`, `pods/log`, `deployments.apps`: the notation of `kubectl`, the group behind the first dot.
fn resource_type(text: &str) -> Result<(), String> {
    fail(!text.contains('*'), "wildcards allow what nobody thought of: name each resource")?;
    let (resource, group) = text.split_once('.').map_or((text, None), |(resource, group)| (resource, Some(group)));
    let (plural, part) =
        resource.split_once('/').map_or((resource, None), |(plural, subresource)| (plural, Some(subresource)));
    let word = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    fail(
        word(plural) && part.is_none_or(word) && group.is_none_or(|group| dns_subdomain(group).is_ok()),
        "a resource is a plural in lower case, and its group if it has one: `configmaps`, `pods/log`, `deployments.apps`",
    )
}

texts! {
    /// Resource of the Kubernetes API.
    ResourceType: "a resource such as `configmaps` or `deployments.apps`", resource_type, r"^[a-z0-9]+(/[a-z0-9]+)?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*)?$";
}

choice! {
    /// What may be done with a resource. Verbs that hand on rights (`bind`, `escalate`, `impersonate`)
    /// are not among them.
    pub enum Verb ("`get`, `list`, `watch`, `create`, `update`, `patch`, `delete` or `deletecollection`") {
        /// Read one.
        Get = "get",
        /// Read all.
        List = "list",
        /// Follow changes.
        Watch = "watch",
        /// Make one.
        Create = "create",
        /// Replace one.
        Update = "update",
        /// Change one.
        Patch = "patch",
        /// Delete one.
        Delete = "delete",
        /// Delete all.
        DeleteCollection = "deletecollection",
    }
}

concept! {
    /// What may be done with one resource. Short form: a list of verbs.
    pub struct Access short ["verbs"]; {
        /// The verbs.
        verbs: Vec<At<Verb>>,
        /// Names of the only objects it holds for; all of the namespace unless given.
        resource_names: Vec<At<ObjectName>>,
    }
}

concept! {
    /// The service account of a service's pods.
    pub struct ServiceAccount {
        /// Its name; the service's unless given.
        name: Option<At<ObjectName>>,
        /// Whether it is laid out; `false` for one that exists.
        create: Option<At<Flag>>,
        /// Annotations, such as the cloud role it stands for.
        annotations: Named<LabelKey, At<Text>>,
    }
}
