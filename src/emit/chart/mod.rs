//! All environments as one Helm chart: what they have in common stands in templates, what differs is a
//! value, with a file of values for each environment.
//!
//! Made of the objects alone, as the kustomize tree is: `helm template` with the values of an environment
//! gives the objects that `render` gives. `values.yaml` holds those of the base.
//!
//! Does not belong here: how files get to the disk (`sink`).

mod layout;
mod parts;
mod text;
mod unify;
mod values;

use super::tree::{HEADER, Side};
use crate::source::{Node, OriginId};
use crate::yaml::write_yaml;
use std::collections::BTreeMap;

/// What `Chart.yaml` says.
#[derive(Clone, Copy, Debug)]
pub struct Chart<'a> {
    /// Name of the chart.
    pub name: &'a str,
    /// Its version, as semantic versioning has it.
    pub version: &'a str,
    /// The oldest Kubernetes that takes its objects: `1.34`.
    pub kubernetes: &'a str,
}

/// The files of a chart by path, parts divided by `/`. The first side is the base.
#[must_use]
pub fn chart(about: Chart<'_>, sides: &[Side<'_>]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let Chart { name, version, kubernetes } = about;
    let described = format!(
        "{HEADER}base/\napiVersion: v2\nname: {name}\ndescription: All objects of {name}, with values for each \
         environment\ntype: application\nversion: {version}\nkubeVersion: \">={kubernetes}.0-0\"\n"
    );
    files.insert("Chart.yaml".to_owned(), described);
    let spaces = parts::Spaces::new(sides);
    let mut parts = parts::parts(sides, &spaces);
    let mut values = values::Values::new(sides.len());
    values.name_spaces(&spaces);
    for part in parts.iter_mut().filter(|part| part.trees.iter().any(Option::is_none)) {
        let there = part.trees.iter().map(|tree| Some(Node::bool(tree.is_some(), OriginId::NONE))).collect();
        let name: Vec<String> = part.values.iter().cloned().chain(["enabled".to_owned()]).collect();
        part.switch = Some(values.add(&[&name], there));
    }
    let laid: Vec<unify::Laid> =
        parts.iter().map(|part| unify::Unifier::new(part, &spaces, &mut values).object()).collect();
    for (name, of) in layout::files(&parts) {
        let mut text = format!("{HEADER}base/ and overlays/\n");
        for (at, part) in of.into_iter().enumerate() {
            if at > 0 {
                text.push_str("---\n");
            }
            text::object(&laid[part], parts[part].switch.as_deref(), &mut text);
        }
        files.insert(format!("templates/{name}"), text);
    }
    for (at, side) in sides.iter().enumerate() {
        let (name, edit) = match side.environment {
            "base" => ("values.yaml".to_owned(), "base/".to_owned()),
            other => (format!("values-{other}.yaml"), format!("base/ and overlays/{other}/")),
        };
        let mut text = format!("{HEADER}{edit}\n");
        write_yaml(&values.of(at), &mut text);
        files.insert(name, text);
    }
    files
}
