//! Questions as people put them: `Deployment/web`, a field, `web.resources.limits`.

use super::{Explanation, Index, explain};
use crate::merge::{Path, leaves};
use crate::object::{Object, ObjectId, ObjectSet};
use crate::plan::Plan;
use crate::source::{Map, Node, Origins};
use crate::text;
use anyhow::{Result, bail};
use std::collections::HashMap;

/// What a question is asked of.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The environment's plan.
    pub plan: &'a Plan,
    /// Its objects.
    pub objects: &'a ObjectSet,
    /// The service each object belongs to.
    pub owners: &'a HashMap<ObjectId, usize>,
    /// The layers as written, lowest first: they know the paths of values that lost.
    pub layers: &'a [&'a Map],
}

/// Answers about one object, or about the inventory.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The object, as `Deployment shop/web`; `None` for a place in the inventory.
    pub object: Option<String>,
    /// One for each leaf that was asked for.
    pub answers: Vec<Explanation>,
}

impl Question<'_> {
    /// Answers for an object (`KIND/NAME` or `KIND/NAMESPACE/NAME`, perhaps with a field) or a place in the inventory
    /// (`SERVICE.PATH`, `platform.PATH`).
    ///
    /// # Errors
    /// If there is no such object, field or place; with what there is.
    pub fn answer(&self, subject: &str, field: Option<&str>, origins: &Origins) -> Result<Answers> {
        match subject.split_once('/') {
            Some((kind, name)) if !kind.contains(['[', '.']) => self.object(kind, name, field, origins),
            _ if field.is_some() => {
                bail!("`{subject}` is a place in the inventory and takes no field; an object is `KIND/NAME`")
            }
            _ => self.place(subject, origins),
        }
    }

    /// Answers for every leaf of an object.
    #[must_use]
    pub fn all(&self, object: &Object, origins: &Origins) -> Vec<Explanation> {
        let index = self.index(self.owner(object));
        leaves(&object.tree)
            .into_iter()
            .map(|(path, leaf)| explain(path.named(&object.tree).to_string(), leaf, &index, origins))
            .collect()
    }

    fn owner(&self, object: &Object) -> Option<&str> {
        self.owners.get(&object.id).map(|at| self.plan.services[*at].name.text.as_str())
    }

    fn index(&self, service: Option<&str>) -> Index {
        Index::new(self.plan, self.layers, service)
    }

    /// The object of this kind and name; its namespace may stand before the name.
    fn find(&self, kind: &str, name: &str) -> Result<&Object> {
        let of_kind: Vec<&Object> = self.objects.iter().filter(|object| object.is_kind(kind)).collect();
        let Some(first) = of_kind.first() else {
            let mut kinds: Vec<&str> = self.objects.iter().map(|object| object.kind.kind).collect();
            kinds.dedup();
            bail!("`{}` has no objects of kind `{kind}`: {}", self.plan.environment, text::suggest(kind, kinds));
        };
        let kind = first.kind.kind;
        let (namespace, bare) = match name.split_once('/') {
            Some((namespace, bare)) => (Some(namespace), bare),
            None => (None, name),
        };
        let called: Vec<&Object> = of_kind.iter().copied().filter(|object| object.id.name == bare).collect();
        if called.is_empty() {
            let names = of_kind.iter().map(|object| object.id.name.as_str());
            let near = text::suggest(bare, names.collect::<Vec<_>>());
            bail!("there is no {kind} `{bare}` in `{}`: {near}", self.plan.environment);
        }
        let within = |namespace: &str| called.iter().find(|object| object.id.namespace.as_deref() == Some(namespace));
        let namespaces = || called.iter().filter_map(|object| object.id.namespace.as_deref());
        if let [only] = called.as_slice()
            && namespace.is_none()
        {
            return Ok(only);
        }
        // The platform's own namespace needs no naming.
        if let Some(found) = within(namespace.unwrap_or(&self.plan.namespace.value)) {
            return Ok(found);
        }
        if let Some(namespace) = namespace {
            let near = text::suggest(namespace, namespaces().collect::<Vec<_>>());
            bail!("there is no {kind} `{bare}` in namespace `{namespace}`: {near}");
        }
        let ways: Vec<String> = namespaces().map(|namespace| format!("{kind}/{namespace}/{bare}")).collect();
        bail!("several are called {kind} `{bare}`: {}", text::one_of(ways.iter().map(String::as_str)))
    }

    fn object(&self, kind: &str, name: &str, field: Option<&str>, origins: &Origins) -> Result<Answers> {
        let object = self.find(kind, name)?;
        let path = Path::parse(field.unwrap_or_default())
            .map_err(|error| anyhow::anyhow!("`{}` is not a field: {error}", field.unwrap_or_default()))?;
        let node = path.find(&object.tree).or_else(|taken| bail!("{}", lost(&path, taken, object)))?;
        let index = self.index(self.owner(object));
        let start = path.resolved(&object.tree).unwrap_or(path);
        let answers = leaves(node).into_iter().map(|(below, leaf)| {
            let whole = Path(start.0.iter().chain(&below.0).cloned().collect());
            explain(whole.named(&object.tree).to_string(), leaf, &index, origins)
        });
        Ok(Answers { object: Some(object.id.to_string()), answers: answers.collect() })
    }

    fn place(&self, subject: &str, origins: &Origins) -> Result<Answers> {
        let subject = subject.strip_prefix("services.").unwrap_or(subject);
        let path = Path::parse(subject)
            .map_err(|error| anyhow::anyhow!("`{subject}` is not a place in the inventory: {error}"))?;
        let first = subject.split(['.', '[']).next().unwrap_or_default();
        let (root, name, service) = match self.plan.service(first) {
            Some(service) => (&service.node, format!("services.{first}"), Some(first)),
            None if first == "platform" => (&self.plan.platform_node, first.to_owned(), None),
            None => {
                let names = self.plan.services.iter().map(|service| service.name.text.as_str()).chain(["platform"]);
                bail!(
                    "there is no service `{first}` in `{}`: {}",
                    self.plan.environment,
                    text::suggest(first, names.collect::<Vec<_>>())
                );
            }
        };
        let path = Path(path.0[1..].to_vec());
        let node = path.find(root).or_else(|taken| {
            let reached = Path(path.0[..taken].to_vec());
            bail!("`{name}` has no `{path}`: {}", missing(reached.find(root).unwrap_or(root), &path, taken))
        })?;
        let index = self.index(service);
        let set = |leaf: &Node| !leaf.origin.is_none();
        let leaves = leaves(node);
        // What a layer lifted is null, and worth a line only to who asks for it by name.
        let all_null = leaves.iter().all(|(_, leaf)| leaf.is_null());
        let answers = leaves.into_iter().filter(|(_, leaf)| set(leaf) && (all_null || !leaf.is_null()));
        let answers = answers.map(|(below, leaf)| {
            let whole = Path(path.0.iter().chain(&below.0).cloned().collect()).to_string();
            let separator = if whole.is_empty() || whole.starts_with('[') { "" } else { "." };
            explain(format!("{name}{separator}{whole}"), leaf, &index, origins)
        });
        let answers: Vec<_> = answers.collect();
        if answers.is_empty() {
            bail!("`{name}.{path}` is not set in `{}`, and has no default", self.plan.environment);
        }
        Ok(Answers { object: None, answers })
    }
}

fn lost(path: &Path, taken: usize, object: &Object) -> String {
    let reached = Path(path.0[..taken].to_vec());
    let node = reached.find(&object.tree).unwrap_or(&object.tree);
    format!("`{}` has no field `{path}`: {}", object.id, missing(node, path, taken))
}

/// What there is where a path got lost.
fn missing(node: &Node, path: &Path, taken: usize) -> String {
    let step = Path(path.0[taken..=taken].to_vec()).to_string();
    let reached = Path(path.0[..taken].to_vec()).to_string();
    let place = if reached.is_empty() { "it".to_owned() } else { format!("`{reached}`") };
    match (node.as_map(), node.as_list()) {
        (Some(map), _) => match text::suggest(&step, map.iter().map(|entry| entry.key.text.as_str())) {
            nothing if nothing.is_empty() => format!("{place} is empty"),
            near => format!("{place} has no `{step}`; {near}"),
        },
        (_, Some(items)) => {
            let names = items.iter().filter_map(|item| item.get("name").and_then(Node::as_str));
            match text::one_of(names) {
                none if none.is_empty() => format!("{place} is a list of {}", text::count(items.len(), "item")),
                names => format!("the items of {place} are called {names}"),
            }
        }
        _ => format!("{place} is {}", node.value.kind()),
    }
}
