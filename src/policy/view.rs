//! One environment as checks see it.

use crate::object::{Object, ObjectId, ObjectSet};
use crate::plan::Plan;
use crate::source::{Origins, Str};
use std::collections::HashMap;

/// Name of the environment that production is compared with.
pub(super) const STAGING: &str = "staging";

/// Name of the environment that nothing comes behind.
pub(super) const PRODUCTION: &str = "production";

/// One environment: what was planned, what came of it, and where each value is from.
#[derive(Debug)]
pub struct View<'a> {
    pub(super) plan: &'a Plan,
    pub(super) objects: &'a ObjectSet,
    pub(super) origins: &'a Origins,
    owners: &'a HashMap<ObjectId, usize>,
    chain: Vec<&'a str>,
}

impl<'a> View<'a> {
    /// A view of these; `owners` are the services that objects belong to, `chain` the layers the
    /// environment is made of, lowest first.
    #[must_use]
    pub fn new(
        plan: &'a Plan,
        objects: &'a ObjectSet,
        owners: &'a HashMap<ObjectId, usize>,
        origins: &'a Origins,
        chain: Vec<&'a str>,
    ) -> Self {
        Self { plan, objects, origins, owners, chain }
    }

    /// Whether it is production: by its name, or because it extends what is.
    pub(super) fn is_production(&self) -> bool {
        self.plan.environment != STAGING && self.chain.contains(&PRODUCTION)
    }

    /// Name of the service an object belongs to; nothing for the platform's own and for manifests.
    pub(super) fn owner(&self, object: &Object) -> Option<Str> {
        let at = self.owners.get(&object.id)?;
        self.plan.services.get(*at).map(|service| service.name.text.clone())
    }
}

/// Staging and each production among these environments, by position.
pub(super) fn promotions(views: &[View<'_>]) -> Vec<(usize, usize)> {
    let Some(staging) = views.iter().position(|view| view.plan.environment == STAGING) else { return Vec::new() };
    let productions = views.iter().enumerate().filter(|(_, view)| view.is_production());
    productions.map(|(at, _)| (staging, at)).collect()
}
