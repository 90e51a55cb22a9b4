//! The files of a new project: small, complete, and explained where they stand.

use crate::inventory::schema::{Document, schema};

const FILES: &[(&str, &str)] = &[
    ("README.md", include_str!("scaffold/readme.md")),
    ("base/platform.yaml", include_str!("scaffold/platform.yaml")),
    ("base/services.yaml", include_str!("scaffold/services.yaml")),
    ("overlays/dev/overlay.yaml", include_str!("scaffold/dev.yaml")),
    ("overlays/production/overlay.yaml", include_str!("scaffold/production.yaml")),
    ("overlays/staging/overlay.yaml", include_str!("scaffold/staging.yaml")),
];

/// The environments of a new project.
const ENVIRONMENTS: &[&str] = &["dev", "production", "staging"];

/// Path and text of every file of a new project whose folder is called `folder`.
#[must_use]
pub fn scaffold(folder: &str) -> Vec<(String, String)> {
    let name = platform_name(folder);
    let files = FILES.iter().map(|(path, text)| {
        // Comments stay in their column: the name takes the place of its own letters and of blanks.
        let blanks = " ".repeat(name.len().saturating_sub("NAME".len()));
        let text = text.replace(&format!("NAME{blanks}  "), &format!("{name}  ")).replace("NAME", &name);
        ((*path).to_owned(), text)
    });
    files.chain(surroundings()).collect()
}

/// Path and text of what a project has beside its inventory: what kustomize and editors read.
pub fn surroundings() -> impl Iterator<Item = (String, String)> {
    let plugin = ENVIRONMENTS.iter().flat_map(|name| {
        let render = include_str!("scaffold/render.yaml").replace("ENVIRONMENT", name);
        let kustomization = include_str!("scaffold/kustomization.yaml").to_owned();
        [
            (format!("overlays/{name}/kustomization.yaml"), kustomization),
            (format!("overlays/{name}/render.yaml"), render),
        ]
    });
    plugin.chain([(".platgen/schema.json".to_owned(), schema(Document::Inventory))])
}

/// A folder's name as a platform's: a DNS-1123 label with room for `-production`.
fn platform_name(folder: &str) -> String {
    let lower = folder.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = words.collect::<Vec<_>>().join("-");
    name.truncate(40);
    match name.trim_end_matches('-') {
        "" => "shop".to_owned(),
        // Words that YAML takes for something else.
        word @ ("null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n") => format!("{word}-shop"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_become_names() {
        for (folder, name) in
            [("shop", "shop"), ("My Shop_2", "my-shop-2"), ("..", "shop"), ("café", "caf"), ("null", "null-shop")]
        {
            assert_eq!(platform_name(folder), name);
        }
        assert_eq!(platform_name(&"a".repeat(99)).len(), 40);
    }
}
