//! The configuration object: which project and environment are to be rendered.

use super::text;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Map, Node, OriginId, Origins, SourceKind, SourceMap};
use crate::text::suggest;
use crate::yaml;

/// Version of the configuration object.
pub const API_VERSION: &str = "platgen.dev/v1alpha1";
/// Kind of the configuration object.
pub const KIND: &str = "Render";

/// What a configuration asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Render {
    /// The project, from the folder of the kustomization; none for the project that holds that folder.
    pub project: Option<String>,
    /// The environment; none for the one whose overlay that folder is.
    pub environment: Option<String>,
    /// Only objects of these services, if there are any.
    pub services: Vec<String>,
}

/// Why a configuration can't be used.
#[derive(Debug)]
pub struct RenderError {
    /// The text of the configuration.
    pub sources: SourceMap,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a text is a configuration of ours, whatever else may be wrong with it.
#[must_use]
pub fn is_render(text: &str) -> bool {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let Some(file) = sources.add("", text, SourceKind::Inventory) else { return false };
    let documents = yaml::read(&sources, file, &Origins::default(), &mut sink);
    documents.iter().any(is_ours)
}

pub(super) fn is_ours(document: &Node) -> bool {
    text(document, &["apiVersion"]).is_some_and(|version| version.starts_with("platgen.dev/"))
        && document.get("kind").is_some()
}

/// Reads a configuration; `name` is what its text is called in messages.
///
/// # Errors
/// With all that is wrong with it.
pub fn render(text: &str, name: &str) -> Result<Render, RenderError> {
    let (mut sources, mut sink, origins) = (SourceMap::default(), Sink::default(), Origins::default());
    let documents = match sources.add(name, text, SourceKind::Inventory) {
        Some(file) => yaml::read(&sources, file, &origins, &mut sink),
        None => Vec::new(),
    };
    let mut found = Render::default();
    match documents.as_slice() {
        [document] => found = decode(document, &origins, &mut sink),
        _ if sink.has_errors() => {}
        _ => sink.push(Diagnostic::new(Code::WrongType, "expected one document of kind `Render`").in_file(name)),
    }
    if sink.has_errors() {
        return Err(RenderError { sources, diagnostics: sink.into_sorted() });
    }
    Ok(found)
}

/// The configuration that a document holds.
pub(super) fn decode(document: &Node, origins: &Origins, sink: &mut Sink) -> Render {
    let mut found = Render::default();
    let of = |node: &Node, code, message: String| Diagnostic::new(code, message).of(origins, node.origin, "");
    for (key, expected) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        match document.get(key) {
            Some(node) if node.as_str() == Some(expected) => {}
            Some(node) => {
                let message = format!("`{key}` of a configuration of platgen is `{expected}`");
                sink.push(of(node, Code::InvalidValue, message));
            }
            None => sink.push(of(document, Code::MissingField, format!("there is no `{key}`: expected `{expected}`"))),
        }
    }
    let top = ["apiVersion", "kind", "metadata", "spec"];
    unknown(document.as_map(), &top, "a configuration", origins, sink);
    let Some(spec) = document.get("spec") else { return found };
    let Some(map) = spec.as_map() else {
        sink.push(of(spec, Code::WrongType, format!("expected a mapping under `spec`, found {}", spec.value.kind())));
        return found;
    };
    unknown(Some(map), &["project", "environment", "services"], "`spec`", origins, sink);
    let mut string = |key: &str| {
        let node = map.get(key).filter(|node| !node.is_null())?;
        if node.as_str().is_none() {
            let message = format!("expected a string under `spec.{key}`, found {}", node.value.kind());
            sink.push(of(node, Code::WrongType, message));
        }
        node.as_str().map(str::to_owned)
    };
    found.project = string("project");
    found.environment = string("environment");
    if let Some(services) = map.get("services").filter(|node| !node.is_null()) {
        let names: Option<Vec<String>> =
            services.as_list().and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        if let Some(names) = names {
            found.services = names;
        } else {
            let message = format!("expected a list of names under `spec.services`, found {}", services.value.kind());
            sink.push(of(services, Code::WrongType, message));
        }
    }
    found
}

fn unknown(map: Option<&Map>, known: &[&str], of: &str, origins: &Origins, sink: &mut Sink) {
    for entry in map.into_iter().flatten().filter(|entry| !known.contains(&entry.key.text.as_str())) {
        let message = format!("`{}` is not a field of {of}", entry.key.text);
        let label = suggest(&entry.key.text, known.iter().copied());
        let origin: OriginId = entry.key.origin;
        sink.push(Diagnostic::new(Code::UnknownField, message).of(origins, origin, label));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_read_and_its_faults_are_all_said() {
        let head = "apiVersion: platgen.dev/v1alpha1\nkind: Render\nmetadata: {name: x}\n";
        let spec = format!("{head}spec: {{project: ../.., environment: dev, services: [web]}}\n");
        let render = render(&spec, "r").unwrap();
        assert_eq!(render.project.as_deref(), Some("../.."));
        assert_eq!((render.environment.as_deref(), render.services), (Some("dev"), vec!["web".to_owned()]));
        assert_eq!(super::render(head, "r").unwrap(), Render::default());
        let wrong = format!("{head}spec: {{env: dev, project: 3, services: web}}\nextra: 1\n");
        let error = super::render(&wrong, "r").unwrap_err();
        let messages: Vec<&str> = error.diagnostics.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`env` is not a field of `spec`",
                "expected a string under `spec.project`, found a whole number",
                "expected a list of names under `spec.services`, found a string",
                "`extra` is not a field of a configuration"
            ]
        );
        assert!(super::render("apiVersion: platgen.dev/v2\nkind: Rendr\n", "r").unwrap_err().diagnostics.len() == 2);
        assert!(is_render(head) && !is_render("kind: Render\n") && !is_render("a: ["));
    }
}
