//! From an origin back to the path in the inventory that bears it.

use crate::plan::{Plan, PlannedService};
use crate::source::{Map, Node, OriginId, Value};
use std::collections::HashMap;

/// Inventory paths by origin.
#[derive(Clone, Debug, Default)]
pub struct Index {
    paths: HashMap<OriginId, String>,
}

impl Index {
    /// The paths of a plan, and of what its layers say. Defaults are shared by services, so the service
    /// that is asked about comes first, and keeps the names it gave; what it does not hold is called what
    /// its layer calls it, not what another service that holds it does.
    #[must_use]
    pub fn new(plan: &Plan, layers: &[&Map], first: Option<&str>) -> Self {
        let mut index = Self::default();
        let asked = plan.services.iter().filter(|service| Some(service.name.text.as_str()) == first);
        let others = plan.services.iter().filter(|service| Some(service.name.text.as_str()) != first);
        asked.for_each(|service| index.add_service(service));
        layers.iter().for_each(|layer| index.add_layer(layer));
        others.for_each(|service| index.add_service(service));
        index.walk(&plan.platform_node, "platform");
        index
    }

    fn add_service(&mut self, service: &PlannedService) {
        let path = format!("services.{}", service.name.text);
        self.walk(&service.node, &path);
        self.add(service.name.origin, &path);
    }

    /// Adds what a layer's own text says, for values that lost.
    fn add_layer(&mut self, layer: &Map) {
        for entry in layer {
            self.walk(&entry.value, &entry.key.text);
        }
    }

    /// The inventory path of a value or key.
    #[must_use]
    pub fn path(&self, id: OriginId) -> Option<&str> {
        self.paths.get(&id).map(String::as_str)
    }

    fn add(&mut self, id: OriginId, path: &str) {
        if !id.is_none() {
            self.paths.entry(id).or_insert_with(|| path.to_owned());
        }
    }

    fn walk(&mut self, node: &Node, path: &str) {
        self.add(node.origin, path);
        match &node.value {
            Value::Map(map) => {
                for entry in map.iter() {
                    let key = &entry.key.text;
                    let below = if key.contains('.') { format!("{path}[\"{key}\"]") } else { format!("{path}.{key}") };
                    self.walk(&entry.value, &below);
                    self.add(entry.key.origin, &below);
                }
            }
            Value::List(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.walk(item, &format!("{path}[{at}]")));
            }
            _ => {}
        }
    }
}
