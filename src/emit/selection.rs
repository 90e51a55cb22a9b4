//! Which objects of an environment are written: those of some services, kinds or one scope.
//!
//! The whole environment is compiled and checked before; a selection only keeps objects back.

use crate::kinds::{KINDS, Scope};
use crate::object::{ObjectId, ObjectSet};
use crate::plan::Plan;
use crate::text;
use anyhow::{Result, bail};
use std::collections::HashMap;

/// What to keep; an empty list keeps everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Names of services.
    pub services: Vec<String>,
    /// Kinds as people write them: `Deployment`, `deployment`, `deployments`.
    pub kinds: Vec<String>,
    /// Where the objects live.
    pub scope: Option<Scope>,
}

impl Selection {
    /// Whether it keeps everything.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.services.is_empty() && self.kinds.is_empty() && self.scope.is_none()
    }

    /// Takes out of `objects` what is not selected. `owners` says which service of the plan an
    /// object belongs to.
    ///
    /// # Errors
    /// If a service or kind is unknown: a slip of the finger must not select nothing.
    pub fn apply(&self, objects: &mut ObjectSet, owners: &HashMap<ObjectId, usize>, plan: &Plan) -> Result<()> {
        let mut services: Vec<usize> = self.services.iter().map(|name| service(name, plan)).collect::<Result<_>>()?;
        // With a service comes what it brings.
        let brought = plan.services.iter().enumerate().filter(|(_, service)| {
            service.of.as_ref().is_some_and(|of| self.services.iter().any(|name| of.text == *name))
        });
        services.extend(brought.map(|(at, _)| at));
        self.kinds.iter().try_for_each(|word| known_kind(word))?;
        objects.retain(|object| {
            (services.is_empty() || owners.get(&object.id).is_some_and(|owner| services.contains(owner)))
                && (self.kinds.is_empty() || self.kinds.iter().any(|word| object.is_kind(word)))
                && self.scope.is_none_or(|scope| object.kind.scope == scope)
        });
        Ok(())
    }
}

/// Position of a service in the plan.
fn service(name: &str, plan: &Plan) -> Result<usize> {
    if let Some(at) = plan.index.get(name) {
        return Ok(*at);
    }
    let names: Vec<&str> = plan.services.iter().map(|service| service.name.text.as_str()).collect();
    bail!("there is no service `{name}` in `{}`: {}", plan.environment, text::suggest(name, names));
}

fn known_kind(word: &str) -> Result<()> {
    let names = |object: &&crate::kinds::Kind| {
        object.kind.eq_ignore_ascii_case(word) || object.plural.eq_ignore_ascii_case(word)
    };
    if KINDS.iter().any(|kind| names(&kind)) {
        return Ok(());
    }
    match text::nearest(word, KINDS.iter().map(|kind| kind.kind)) {
        Some(near) => bail!("there is no kind `{word}`: did you mean `{near}`?"),
        None => bail!("there is no kind `{word}`: kinds are called as in the API, such as `Deployment`"),
    }
}
