//! The read log against its oracle: whatever changes the output when it is changed must be named.

use super::*;
use std::collections::BTreeMap;

/// The scalars a tree's leaves say they come from, or are there because of.
type Leaves = BTreeMap<String, (String, Vec<OriginId>)>;

fn leaves(node: &Node, origins: &Origins, path: &str, all: &mut Leaves) {
    match &node.value {
        Data::Map(map) if !map.is_empty() => {
            for entry in map.iter() {
                leaves(&entry.value, origins, &format!("{path}.{}", entry.key.text), all);
                // A key from a value is a leaf of its own.
                if let Origin::Laid { from, because, .. } = origins.get(entry.key.origin) {
                    let named = from.iter().chain(&because).copied().collect();
                    all.insert(format!("{path}.{}#key", entry.key.text), (entry.key.text.to_string(), named));
                }
            }
        }
        Data::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, origins, &format!("{path}[{index}]"), all);
            }
        }
        _ => match origins.get(node.origin) {
            Origin::Laid { from, because, .. } => {
                let named = from.iter().chain(&because).copied().collect();
                all.insert(path.to_owned(), (json(node), named));
            }
            other => panic!("{path} has no history: {other:?}"),
        },
    }
}

/// Each scalar of a tree changed in turn, with the origin of what was changed.
fn perturbed(node: &Node) -> Vec<(OriginId, Node)> {
    let with = |value: Data| vec![(node.origin, Node::new(value, node.origin))];
    match &node.value {
        Data::Null => Vec::new(),
        Data::Bool(value) => with(Data::Bool(!value)),
        Data::Int(number) => with(Data::Int(number + 1)),
        Data::Float(number) => with(Data::Float(number + 1.0)),
        Data::String(text) => with(Data::String(format!("{text}x").into())),
        Data::List(items) => {
            let mut all = Vec::new();
            for (index, item) in items.iter().enumerate() {
                for (origin, changed) in perturbed(item) {
                    let mut copy = node.clone();
                    copy.as_list_mut().unwrap()[index] = changed;
                    all.push((origin, copy));
                }
            }
            all
        }
        Data::Map(map) => {
            let mut all = Vec::new();
            for entry in map.iter() {
                for (origin, changed) in perturbed(&entry.value) {
                    let mut copy = node.clone();
                    *copy.as_map_mut().unwrap().get_mut(&entry.key.text).unwrap() = changed;
                    all.push((origin, copy));
                }
            }
            all
        }
    }
}

fn traced(templates: &Templates, context: &Context, origins: &Origins) -> Leaves {
    let mut sink = Sink::default();
    let mut all = Leaves::new();
    for (index, node) in templates.render("t", context, origins, &mut sink).unwrap().iter().enumerate() {
        leaves(node, origins, &format!("{index}"), &mut all);
    }
    assert!(sink.is_empty(), "{sink:?}");
    all
}

fn oracle(case: Case) {
    let case = Case { tracing: true, ..case };
    let (templates, sink) = case.load();
    assert!(sink.is_empty(), "{:?}", case.told(sink));
    let before = traced(&templates, &case.context, &case.origins);
    let root = Node::map(case.context.root.as_ref().clone(), OriginId::NONE);
    let mut changes = 0;
    for (origin, changed) in perturbed(&root) {
        let context = Context::new(changed.as_map().unwrap().clone());
        let after = traced(&templates, &context, &case.origins);
        let named = |leaves: &Leaves, path: &String| leaves.get(path).is_some_and(|(_, named)| named.contains(&origin));
        for path in before.keys().chain(after.keys()) {
            let (old, new) = (before.get(path).map(|leaf| &leaf.0), after.get(path).map(|leaf| &leaf.0));
            if old != new {
                changes += 1;
                let at = case.sources.place(case.origins.span(origin).unwrap());
                assert!(named(&before, path) || named(&after, path), "{path}: {old:?} → {new:?} does not name {at}");
            }
        }
    }
    assert!(changes > 0);
}

const CONTEXT: &str = "
service: {name: web, port: 8080, public: true, kind: web, tls: null, labels: {a: x, b: [1, {c: d}]}, key: k,
  args: [run, fast], ports: [{name: http, port: 80, open: true}, {name: grpc, port: 90, open: false}],
  mounts: [{name: data, paths: [/a, /b]}, {name: tmp, paths: []}]}
platform: {domain: example.org, kinds: [web, api], flags: {beta: true}}
region: eu
";

#[test]
fn every_change_is_named() {
    for template in [
        "name: {{ service.name }}\nport: {{ service.port }}\nhost: {{ service.name ~ '.' ~ platform.domain }}\nregion: {{ region }}\nfixed: 1\n",
        "labels: {{ service.labels }}\nargs: {{ service.args }}\n{{ service.key }}: {{ service.port }}\nmore: {x: [{{ service.labels }}]}\n",
        "{% if service.public %}\na: 1\nb: {{ service.name }}\n{% else %}\nc: 1\nd: {{ service.port }}\n{% endif %}\nz: {{ service.kind }}\n",
        "{% if service.kind == 'db' %}\na: 1\n{% elif service.port == 8081 %}\nb: 1\n{% elif service.name != 'web' and service.public %}\nc: 1\n{% else %}\nd: {}\n{% endif %}\n",
        "{% if service.kind in platform.kinds %}\na: 1\n{% endif %}\n{% if service.name in ['web'] %}\nb: []\n{% endif %}\n{% if not service.public or service.tls %}\nc: 1\n{% endif %}\n",
        "ports:\n{% for port in service.ports %}\n- name: {{ port.name }}\n  fixed: 1\n{% if port.open %}\n  port: {{ port.port }}\n  static: x\n{% endif %}\n{% endfor %}\n",
        "{% for arg in service.args %}\n{% if arg == 'run' %}\nis: {{ arg ~ 'ning' }}\n{% endif %}\n{{ arg }}: {{ arg }}\n{% endfor %}\n",
        "mounts:\n{% for mount in service.mounts %}\n{% for path in mount.paths %}\n- name: {{ mount.name ~ path }}\n  path: {{ path }}\n  in: {{ service.name }}\n{% endfor %}\n{% endfor %}\n",
        "{% macro m(name, port) %}\n{{ name }}:\n  port: {{ port }}\n  fixed: x\n  region: {{ region }}\n{% if platform.flags.beta %}\n  beta: {{ platform.domain }}\n{% endif %}\n{% endmacro %}\n\
         {{ m(service.name, service.port) }}\n{% for port in service.ports %}\n{% if port.open %}\n{{ m('p-' ~ port.name, port.port) }}\n{% endif %}\n{% endfor %}\n",
        "{% for port in service.ports %}\n{{ port.name }}:\n{% include 'inner' %}\n{% endfor %}\n{% if service.public %}\n{% include 'flag' %}\n{% endif %}\n",
        "{% macro each(items) %}\n{% for item in items %}\n{{ item.name }}: {{ item.port }}\n{% endfor %}\n{% endmacro %}\n{{ each(service.ports) }}\n{% macro flag(on) %}\n{% if on %}\non: x\n{% endif %}\n{% endmacro %}\n{{ flag(service.public) }}",
    ] {
        let case = Case::new(CONTEXT, template)
            .template("inner", "  port: {{ port.port }}\n{% if port.open %}\n  open: {{ region }}\n{% endif %}\n")
            .template("flag", "flag: {{ platform.flags.beta }}\nfixed: {}\n");
        oracle(case);
    }
}

/// `from` and `because` of the leaf at `path`, as source text.
fn history(case: &Case, path: &[&str]) -> (String, Vec<String>, Vec<String>) {
    let (templates, mut sink) = case.load();
    let nodes = templates.render("t", &case.context, &case.origins, &mut sink).unwrap();
    let leaf = nodes[0].at(path).unwrap();
    let Origin::Laid { at, from, because } = case.origins.get(leaf.origin) else { panic!("{:?}", leaf.origin) };
    let text = |id: &OriginId| case.sources.slice(case.origins.span(*id).unwrap()).to_owned();
    (case.sources.slice(at).to_owned(), from.iter().map(text).collect(), because.iter().map(text).collect())
}

#[test]
fn a_leaf_tells_what_was_read_for_it_and_why_it_is_there() {
    let template = "{% if service.public %}\na: {{ service.name ~ service.port }}\nb: fixed\n{% endif %}\nc: {{ service.labels }}\n\
        {% for arg in service.args %}\n{{ arg }}: {{ arg }}\n{% endfor %}\n";
    let case = Case { tracing: true, ..Case::new(CONTEXT, template) };
    let s = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(history(&case, &["a"]), ("{{ service.name ~ service.port }}".into(), s(&["web", "8080"]), s(&["true"])));
    assert_eq!(history(&case, &["b"]), ("fixed".into(), s(&[]), s(&["true"])));
    assert_eq!(history(&case, &["c", "a"]), ("{{ service.labels }}".into(), s(&["x"]), s(&[])));
    assert_eq!(history(&case, &["run"]), ("{{ arg }}".into(), s(&["run"]), s(&["[run, fast]", "run"])));
}

#[test]
fn without_tracing_a_leaf_points_at_its_exact_template_text() {
    let case = Case::new(
        CONTEXT,
        "a:\n  b: [one, {{ service.name }}, two]\n{% if region %}\nc: |\n  text\n{% endif %}\nd: 'q'\n",
    );
    let (nodes, _) = case.nodes();
    let text = |node: &Node| {
        let span = case.origins.span(node.origin).unwrap();
        (case.sources.place(span).to_string(), case.sources.slice(span).to_owned())
    };
    let list = nodes[0].at(&["a", "b"]).unwrap().as_list().unwrap();
    assert_eq!(text(&list[0]), ("templates/t:2:7".into(), "one".into()));
    assert_eq!(text(&list[1]), ("templates/t:2:12".into(), "{{ service.name }}".into()));
    assert_eq!(text(&list[2]), ("templates/t:2:32".into(), "two".into()));
    assert_eq!(text(nodes[0].get("d").unwrap()), ("templates/t:7:4".into(), "'q'".into()));
    assert_eq!(text(nodes[0].get("c").unwrap()).0.split(':').nth(1), Some("5"));
}
