//! Rights that mean something: of resources that there are, in a namespace, under names that requests bear.
//!
//! The API server takes any words for a Role and grants nothing; pods find out when they ask.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::inventory::Verb;
use crate::kinds::{Resource, Scope};

impl Checker<'_> {
    /// All checks of a service's `rbac`.
    pub(super) fn rights(&mut self) {
        for (key, access) in self.service.spec.rbac.iter() {
            let resource = match Resource::parse(&key.text) {
                Ok(resource) => resource,
                Err(advice) => {
                    let message = format!("`{}` is no resource that `{}` can have rights on", key.text, self.name());
                    let diagnostic = Diagnostic::new(Code::UnknownReference, message);
                    self.say(diagnostic.of(self.origins, key.origin, advice));
                    continue;
                }
            };
            let of_cluster = resource.scope == Some(Scope::Cluster);
            // A request for one namespace by its name is one within it.
            let own = of_cluster && (resource.name, resource.group) == ("namespaces", "");
            if of_cluster && !own {
                let message = format!("`{}` has rights on `{}`, which are in no namespace", self.name(), key.text);
                self.say(
                    Diagnostic::new(Code::Conflict, message)
                        .of(self.origins, key.origin, "a Role grants nothing outside of its namespace")
                        .help("write a ClusterRole and its binding in `objects/`, for the service's account"),
                );
                continue;
            }
            let named = access.resource_names.first();
            for verb in &access.verbs {
                let all = matches!(verb.value, Verb::List | Verb::Watch | Verb::DeleteCollection);
                // The name of what is made is in its body; that of what is done to it, such as `pods/exec`, is not.
                let makes = verb.value == Verb::Create && !resource.name.contains('/');
                if own && (all || makes) {
                    let message = format!("a Role can't let `{}` `{}` namespaces", self.name(), verb.text());
                    self.say(
                        Diagnostic::new(Code::Conflict, message)
                            .of(
                                self.origins,
                                verb.origin,
                                "of its own namespace alone it can allow `get`, `update`, `patch` and `delete`",
                            )
                            .help("write a ClusterRole and its binding in `objects/`, for the service's account"),
                    );
                } else if let Some(named) = named.filter(|_| makes || verb.value == Verb::DeleteCollection) {
                    let message = format!("no request to `{}` `{}` bears a name", verb.text(), key.text);
                    self.say(
                        Diagnostic::new(Code::Conflict, message)
                            .of(self.origins, verb.origin, "this never holds for single objects")
                            .of(self.origins, named.origin, "these rights are for objects of these names")
                            .help("leave the verb out, or the names: a resource has either"),
                    );
                }
            }
        }
    }
}
