//! What pods may ask of the Kubernetes API: their account, its token, the rules of its Role.
//!
//! A token is mounted only where there are rights to use it for: it is what a break-in goes for.

use super::facts::map;
use super::identity;
use super::pods::listed;
use crate::inventory::{Access, Named, Platform, ResourceType};
use crate::kinds::Resource;
use crate::plan::PlannedService;
use crate::source::{Node, OriginId, Origins};

/// Name of the account.
pub(super) fn account_name(service: &PlannedService) -> Node {
    match service.spec.service_account.as_ref().and_then(|account| account.name.as_ref()) {
        Some(name) => Node::string(name.value.0.clone(), name.origin),
        None => identity::object(service, "ServiceAccount"),
    }
}

/// Whether pods get the account's token.
pub(super) fn token(service: &PlannedService, origins: &Origins) -> Node {
    let rights = service.spec.rbac.iter().next();
    let from = rights.map_or(OriginId::NONE, |(resource, _)| resource.origin);
    Node::bool(rights.is_some(), origins.derived("token", &[from]))
}

/// `name`, `create`, `annotations` of the account.
pub(super) fn service_account(platform: &Platform, service: &PlannedService) -> Node {
    let account = service.spec.service_account.as_ref();
    let create = account.and_then(|account| account.create);
    let create =
        create.map_or_else(|| Node::bool(true, OriginId::NONE), |create| Node::bool(create.value.0, create.origin));
    let own = account.map(|account| &account.annotations);
    let layers = [&platform.annotations, &service.spec.annotations].into_iter().chain(own);
    let annotations = identity::node(identity::annotations(layers));
    map(service.name.origin, [("name", account_name(service)), ("create", create), ("annotations", annotations)])
}

/// `rules` of a Role: one for each resource.
pub(super) fn rules(access: &Named<ResourceType, Access>, origins: &Origins) -> Node {
    let rules = access.iter().map(|(resource, access)| {
        // That there is no such resource is said where rights are checked.
        let (name, group) = Resource::parse(&resource.text).map_or((&*resource.text, ""), |of| (of.name, of.group));
        let text = |text: &str| Node::string(text, origins.derived("rbac", &[resource.origin]));
        let verbs = access.verbs.iter().map(|verb| Node::string(verb.text(), verb.origin));
        let names = access.resource_names.iter().map(|name| Node::string(name.value.0.clone(), name.origin));
        map(
            resource.origin,
            [
                ("apiGroups", Node::list(vec![text(group)], resource.origin)),
                ("resources", Node::list(vec![text(name)], resource.origin)),
                ("resourceNames", listed(names.collect())),
                ("verbs", listed(verbs.collect())),
            ],
        )
    });
    listed(rules.collect())
}
