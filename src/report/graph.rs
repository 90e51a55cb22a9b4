//! A graph of services as text that others draw: Mermaid, which forges show in Markdown, and Graphviz's DOT.

use crate::explore::{Graph, Shape, Vertex};
use std::fmt::Write as _;

/// How a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Mermaid flowchart.
    Mermaid,
    /// Graphviz.
    Dot,
}

/// The graph as text. `title` is what it is a graph of.
#[must_use]
pub fn render(graph: &Graph, format: Format, title: &str) -> String {
    match format {
        Format::Mermaid => mermaid(graph),
        Format::Dot => dot(graph, title),
    }
}

fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for vertex in &graph.outside {
        let _ = writeln!(out, "  {}", node(vertex));
    }
    for (at, group) in graph.groups.iter().enumerate() {
        let _ = writeln!(out, "  subgraph g{at}[\"{}\"]", label(&group.title));
        for vertex in &group.vertices {
            let _ = writeln!(out, "    {}", node(vertex));
        }
        out.push_str("  end\n");
    }
    for edge in &graph.edges {
        let label = if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", label(&edge.label)) };
        let _ = writeln!(out, "  {} -->{label} {}", edge.from, edge.to);
    }
    out
}

fn node(vertex: &Vertex) -> String {
    let (open, close) = match vertex.shape {
        Shape::Service => ("[", "]"),
        Shape::Store => ("[(", ")]"),
        Shape::Job => ("([", "])"),
        Shape::External => ("{{", "}}"),
        Shape::Entrance => ("[/", "/]"),
    };
    format!("{}{open}\"{}<br/>{}\"{close}", vertex.id, label(&vertex.title), label(&vertex.detail))
}

/// A text inside of a quoted label: everything that Mermaid or HTML reads in another way, as Mermaid's entities.
fn label(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | '|' | '\\' | '{' | '}' | '[' | ']' | '*' | '_' | '~' => {
                let _ = write!(out, "#{};", c as u32);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn dot(graph: &Graph, title: &str) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(&[title]));
    for vertex in &graph.outside {
        let _ = writeln!(out, "  {}", drawn(vertex));
    }
    for (at, group) in graph.groups.iter().enumerate() {
        let _ = writeln!(out, "  subgraph cluster_{at} {{\n    label={};", quoted(&[&group.title]));
        for vertex in &group.vertices {
            let _ = writeln!(out, "    {}", drawn(vertex));
        }
        out.push_str("  }\n");
    }
    for edge in &graph.edges {
        let label = if edge.label.is_empty() { String::new() } else { format!(" [label={}]", quoted(&[&edge.label])) };
        let _ = writeln!(out, "  {} -> {}{label};", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}

fn drawn(vertex: &Vertex) -> String {
    let shape = match vertex.shape {
        Shape::Service => "box",
        Shape::Store => "cylinder",
        Shape::Job => "oval",
        Shape::External => "hexagon",
        Shape::Entrance => "cds",
    };
    format!("{} [label={}, shape={shape}];", vertex.id, quoted(&[&vertex.title, &vertex.detail]))
}

/// Lines of a label as a string of DOT, in which a backslash begins an escape.
fn quoted(lines: &[&str]) -> String {
    let escaped = lines.iter().map(|line| {
        let line = line.replace('\\', "\\\\").replace('"', "\\\"");
        line.replace(|c: char| c.is_control(), " ")
    });
    format!("\"{}\"", escaped.collect::<Vec<_>>().join("\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Edge, Group};

    #[test]
    fn no_name_breaks_out_of_its_label() {
        let vertex = |id: &str, title: &str, shape| Vertex {
            id: id.to_owned(),
            title: title.to_owned(),
            detail: "a\nb".to_owned(),
            shape,
        };
        let graph = Graph {
            groups: vec![Group { title: "x\"]".to_owned(), vertices: vec![vertex("n0", "a\"b|c<d>", Shape::Store)] }],
            outside: vec![vertex("e0", "https://a/#*`\\", Shape::Entrance)],
            edges: vec![Edge { from: "e0".to_owned(), to: "n0".to_owned(), label: "a|\"b".to_owned() }],
        };
        assert_eq!(
            render(&graph, Format::Mermaid, ""),
            "flowchart LR\n  e0[/\"https://a/#35;#42;#96;#92;<br/>a b\"/]\n  subgraph g0[\"x#34;#93;\"]\n    \
             n0[(\"a#34;b#124;c#60;d#62;<br/>a b\")]\n  end\n  e0 -->|\"a#124;#34;b\"| n0\n"
        );
        assert_eq!(
            render(&graph, Format::Dot, "t\""),
            "digraph \"t\\\"\" {\n  rankdir=LR;\n  node [shape=box];\n  e0 [label=\"https://a/#*`\\\\\\na b\", shape=cds];\n  \
             subgraph cluster_0 {\n    label=\"x\\\"]\";\n    n0 [label=\"a\\\"b|c<d>\\na b\", shape=cylinder];\n  }\n  \
             e0 -> n0 [label=\"a|\\\"b\"];\n}\n"
        );
    }
}
