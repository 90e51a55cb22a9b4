//! Whole renders, as other stages see them.

mod hostile;
mod tracing;

use super::*;
use crate::source::{Map, Origin, OriginId, SourceKind, SourceMap, Value as Data};
use crate::yaml;

/// Templates and inventory of one test.
struct Case {
    sources: SourceMap,
    templates: Vec<TemplateSource>,
    context: Context,
    origins: Origins,
    tracing: bool,
    cache: bool,
}

/// The data of trees as JSON, and the diagnostics as text.
type Outcome = (Vec<String>, Vec<String>);

impl Case {
    /// A context from YAML; the first template is the one rendered, as `t`.
    fn new(context: &str, template: &str) -> Self {
        let mut sources = SourceMap::default();
        let file = sources.add("context.yaml", context, SourceKind::Inventory).unwrap();
        let mut sink = Sink::default();
        let origins = Origins::new(true);
        let nodes = yaml::read(&sources, file, &origins, &mut sink);
        assert!(sink.is_empty(), "{sink:?}");
        let names = nodes.first().and_then(Node::as_map).cloned().unwrap_or_default();
        let context = Context::new(names);
        Self { sources, templates: Vec::new(), context, origins, tracing: false, cache: true }.template("t", template)
    }

    fn template(mut self, name: &str, text: &str) -> Self {
        let file = self.sources.add(format!("templates/{name}"), text, SourceKind::Template).unwrap();
        self.templates.push(TemplateSource::new(name, self.sources.file(file)));
        self
    }

    fn load(&self) -> (Templates, Sink) {
        let mut sink = Sink::default();
        let templates = Templates::load(&self.templates, None, self.tracing, self.cache, &mut sink);
        (templates, sink)
    }

    fn nodes(&self) -> (Vec<Node>, Sink) {
        let (templates, mut sink) = self.load();
        let nodes = templates.render("t", &self.context, &self.origins, &mut sink).unwrap_or_default();
        (nodes, sink)
    }

    fn told(&self, sink: Sink) -> Vec<String> {
        sink.into_sorted()
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.labels.first().map_or(String::new(), |label| {
                    format!("{}: {} [{}]", self.sources.place(label.span), label.text, self.sources.slice(label.span))
                });
                let help = diagnostic.help.join("; ");
                format!("{}: {} @ {place} {help}", diagnostic.code, diagnostic.message)
            })
            .collect()
    }

    fn outcome(&self) -> Outcome {
        let (nodes, sink) = self.nodes();
        (nodes.iter().map(json).collect(), self.told(sink))
    }

    /// The trees; all four ways of rendering give them.
    #[track_caller]
    fn ok(mut self) -> Vec<String> {
        let mut all = Vec::new();
        for (tracing, cache) in [(false, true), (false, false), (true, true), (true, false)] {
            (self.tracing, self.cache) = (tracing, cache);
            let (trees, told) = self.outcome();
            assert_eq!(told, Vec::<String>::new());
            all.push(trees);
        }
        assert!(all.iter().all(|trees| *trees == all[0]), "{all:#?}");
        all.swap_remove(0)
    }

    #[track_caller]
    fn one(self) -> String {
        let mut all = self.ok();
        assert_eq!(all.len(), 1, "{all:?}");
        all.swap_remove(0)
    }

    /// The only diagnostic.
    #[track_caller]
    fn fault(self) -> String {
        let mut faults = self.faults();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        faults.swap_remove(0)
    }

    #[track_caller]
    fn faults(mut self) -> Vec<String> {
        let (_, plain) = self.outcome();
        self.tracing = true;
        let (trees, traced) = self.outcome();
        assert_eq!(plain, traced);
        assert!(!plain.is_empty(), "{trees:?}");
        plain
    }
}

fn json(node: &Node) -> String {
    let mut out = String::new();
    yaml::write_json(node, &mut out, false);
    out
}

const SERVICE: &str = "
service: {name: web, port: 8080, ratio: 1.5, public: true, tls: null, labels: {a: x, b: y}, none: {}, args: [run, 2],
  ports: [{name: http, port: 80}, {name: grpc, port: 90}]}
platform: {domain: example.org}
";

#[test]
fn values_keep_their_type_and_unset_ones_drop_their_key() {
    let template = "name: {{ service.name }}\nport: {{ service.port }}\nratio: {{ service.ratio }}\npublic: {{ service.public }}\n\
        tls: {{ service.tls }}\nlabels: {{ service.labels }}\nempty: {{ service.none }}\nargs: {{ service.args }}\n\
        spec: {only: {{ service.tls }}}\nkept: {}\nkeptNull: null\nkeptEmpty:\n";
    assert_eq!(
        Case::new(SERVICE, template).one(),
        r#"{"name":"web","port":8080,"ratio":1.5,"public":true,"labels":{"a":"x","b":"y"},"args":["run",2],"kept":{},"keptNull":null,"keptEmpty":null}"#
    );
}

#[test]
fn blocks_on_their_own_lines_leave_no_trace() {
    let template = "\
{# a comment #}
kind: Service
{% if service.public and not service.tls %}
ports:
  {% for port in service.ports %}
  - name: {{ port.name }}
    port: {{ port.port }}
  {% endfor %}
{% elif service.name == 'x' %}
x: 1
{% else %}
y: 1
{% endif %}
env:
  {% for item in service.tls %}
  - {{ item }}
  {% endfor %}
host: {{ service.name ~ '.' ~ service.port ~ \".\" ~ platform.domain }}
";
    assert_eq!(
        Case::new(SERVICE, template).one(),
        r#"{"kind":"Service","ports":[{"name":"http","port":80},{"name":"grpc","port":90}],"host":"web.8080.example.org"}"#
    );
}

#[test]
fn includes_and_macros_lay_out_in_place() {
    let template = "\
{% macro probe(path, port) %}
  httpGet: {path: {{ path }}, port: {{ port }}}
  {% if service.public %}
  public: {{ platform.domain }}
  {% endif %}
{% endmacro %}
labels:
  {% include 'shared/labels' %}
liveness:
{{ probe('/live', service.port) }}
{% for port in service.ports %}
{{ port.name }}:
{{ probe(port.name, port.port) }}
{% endfor %}
";
    let case = Case::new(SERVICE, template).template("shared/labels", "  app: {{ service.name }}\n  part: x");
    assert_eq!(
        case.one(),
        r#"{"labels":{"app":"web","part":"x"},"liveness":{"httpGet":{"path":"/live","port":8080},"public":"example.org"},"http":{"httpGet":{"path":"http","port":80},"public":"example.org"},"grpc":{"httpGet":{"path":"grpc","port":90},"public":"example.org"}}"#
    );
}

#[test]
fn one_template_may_hold_several_documents_or_none() {
    let template = "# first\na: 1\n---\n{% if service.tls %}\nb: 2\n{% endif %}\n---\nc: {{ service.name }}\n---\n{{ service.ports }}\n";
    assert_eq!(
        Case::new(SERVICE, template).ok(),
        [r#"{"a":1}"#, r#"{"c":"web"}"#, r#"[{"name":"http","port":80},{"name":"grpc","port":90}]"#]
    );
    assert!(Case::new(SERVICE, "{# nothing #}\n\n# at all\n{% if service.tls %}\nx: 1\n{% endif %}").ok().is_empty());
    assert!(Case::new(SERVICE, "only: {{ service.tls }}\n").ok().is_empty());
}

#[test]
fn holes_may_be_keys_items_and_parts_of_flow_collections() {
    let template = "{{ service.name }}: [{{ service.port }}, b, {{ service.tls }}]\nflow: { {{ service.port }}: {{ service.name }} }\n\
        list:\n- {{ service.name }}\n- {{ service.labels }}\n- - {{ service.tls }}\n-\n  {{ service.ratio }}\n";
    assert_eq!(
        Case::new(SERVICE, template).one(),
        r#"{"web":[8080,"b"],"flow":{"8080":"web"},"list":["web",{"a":"x","b":"y"},1.5]}"#
    );
}

#[test]
fn unset_values_within_a_container_are_dropped_as_well() {
    let context = "c: {a: null, b: {}, c: [], d: {e: null, f: [null, {}]}, g: [1, null, 2], h: ''}";
    assert_eq!(Case::new(context, "c: {{ c }}\n").one(), r#"{"c":{"g":[1,2],"h":""}}"#);
    assert!(Case::new(context, "c: {{ c.d }}\nlist:\n- {{ c.b }}\n").ok().is_empty());
}

#[test]
fn conditions_ask_for_presence_equality_and_membership() {
    let context = "s: {kind: web, list: [a, b], map: {k: 1}, no: null, zero: 0, empty: []}";
    let ask = |condition: &str| {
        let template = format!("{{% if {condition} %}}\nx: yes\n{{% else %}}\nx: no\n{{% endif %}}\n");
        Case::new(context, &template).one() == r#"{"x":"yes"}"#
    };
    for yes in [
        "s.kind == 'web'",
        "s.kind != \"db\"",
        "s.kind in ['web', 'db']",
        "'a' in s.list",
        "'k' in s.map",
        "s.no is none",
        "s.kind is not none",
        "not s.zero",
        "not s.empty",
        "s.list and s.map",
        "s.no or s.kind",
        "'x' not in s.list",
        "s['kind'] == 'web'",
        "s.list[1] == 'b'",
        "s.zero == 0",
        "s.no == none",
        "not ('a' in s.no)",
        "s.map is not none",
        "(s.kind == 'web' or s.no.deep) and not s.no",
    ] {
        assert!(ask(yes), "{yes}");
    }
    for no in ["s.kind in ['db']", "'a' in s.empty", "s.map is none", "s.no", "s.list == 'a'"] {
        assert!(!ask(no), "{no}");
    }
}

#[test]
fn what_is_not_there_is_told_with_its_place() {
    let told = Case::new(SERVICE, "a: 1\nname: {{ service.nmae }}\n").fault();
    assert_eq!(told, "undefined-variable: `nmae` is not there @ templates/t:2:18: did you mean `name`? [nmae] ");
    let told = Case::new(SERVICE, "a: b\n{% if servce %}\n{% endif %}\n").fault();
    assert_eq!(told, "undefined-variable: `servce` is not there @ templates/t:2:7: did you mean `service`? [servce] ");
    let told = Case::new(SERVICE, "a: {{ service.tls.secret }}\n").fault();
    assert!(told.contains("t:1:7: a value nobody set has no keys"), "{told}");
    let told =
        Case::new(SERVICE, "{% include 'deep/x' %}\n").template("deep/x", "\n\na: {{ 'x' ~ service.zz }}").fault();
    assert!(told.contains("`zz` is not there @ templates/deep/x:3:21:"), "{told}");
    for template in [
        "{% for x in service.nope %}\n{% endfor %}",
        "{% if not nope %}\n{% endif %}",
        "{% if 1 == nope %}\n{% endif %}",
        "{% if nope is none %}\n{% endif %}",
        "{% if 'a' in nope %}\n{% endif %}",
        "a: {{ 'x' ~ nope }}",
        "{% macro m() %}\na: {{ nope }}\n{% endmacro %}\n{{ m() }}",
        "{% macro m(a) %}\na: {{ a }}\n{% endmacro %}\n{{ m(nope) }}",
    ] {
        let told = Case::new(SERVICE, template).fault();
        assert!(told.starts_with("undefined-variable: `nope` is not there"), "{template}: {told}");
        assert!(told.contains("nope] "), "{template}: {told}");
    }
}

#[test]
fn a_secret_never_reaches_a_message() {
    for template in [
        "a: {{ s.x.y }}",
        "a: {{ s.z }}",
        "{% for a in s.x %}{% endfor %}",
        "a: {{ 'a' ~ s }}",
        "{% if 'a' in s.x %}{% endif %}",
        "a: 'x{{ s.x }}'",
        "a: [{{ s.x }}",
        "a: {{ s.x }}\n b: {{ s.x }}",
    ] {
        let told = Case::new("s: {x: hunter2}", template).faults();
        assert!(told.iter().all(|told| !told.contains("hunter2")), "{told:?}");
    }
}

#[test]
fn a_hole_is_a_whole_value() {
    let place = |template: &str| {
        let told = Case::new(SERVICE, template).faults();
        assert!(
            told[0].starts_with("template-layout: a value ") && told[0].contains("[{{ service.name }}]"),
            "{told:?}"
        );
        told[0].split(" @ ").next().unwrap().replace("template-layout: a value ", "")
    };
    assert_eq!(place("a: pre-{{ service.name }}\n"), "with text beside it");
    assert_eq!(place("a: {{ service.name }}-post\n"), "with text beside it");
    assert_eq!(place("a: {{ service.name }}{{ service.port }}\n"), "with text beside it");
    assert_eq!(place("a: one\n  {{ service.name }}\n"), "with text beside it");
    assert_eq!(place("{{ service.name }}-x: one\n"), "with text beside it");
    assert_eq!(place("a: \"{{ service.name }}\"\n"), "in quotes");
    assert_eq!(place("a: '{{ service.name }}'\n"), "in quotes");
    assert_eq!(place("'{{ service.name }}': 1\n"), "in quotes");
    assert_eq!(place("a: |\n  {{ service.name }}\n"), "in a block of text");
    assert_eq!(place("a: |-\n  {{ service.name }}\n"), "in a block of text");
    assert_eq!(place("a: >2- # note\n  {{ service.name }}"), "in a block of text");
    assert_eq!(place("a: 1 # {{ service.name }}\n"), "in a comment, a tag or an anchor");
    assert_eq!(place("a: &{{ service.name }} 1\n"), "in a comment, a tag or an anchor");
    let told = Case::new(SERVICE, "a: 1\nb:\n  - pre-{{ service.name }}\n").fault();
    assert!(told.contains("templates/t:3:9:") && told.contains("`{{ \"…\" ~ service.name }}`"), "{told}");
}

#[test]
fn block_scalars_of_a_template_hold_what_is_written() {
    let template =
        "a: |\n  line 1\n  {% if service.public %}\n  line 2\n  {% endif %}\n  line 3\nb: {{ service.name }}\n";
    assert_eq!(Case::new(SERVICE, template).one(), r#"{"a":"line 1\nline 2\nline 3\n","b":"web"}"#);
}

#[test]
fn keys_are_strings_and_differ() {
    let told = Case::new(SERVICE, "web: 1\nx:\n  a: 1\n{{ service.name }}: 2\n").fault();
    assert_eq!(told, "template-layout: the key `web` is laid out twice @ templates/t:4:1:  [{{ service.name }}] ");
    let told = Case::new(SERVICE, "{{ service.labels }}: 2\n").fault();
    assert!(told.contains("a mapping can't be a key @ templates/t:1:1:"), "{told}");
    let told = Case::new(SERVICE, "a: 1\na: {{ service.name }}\n").fault();
    assert!(told.starts_with("duplicate-key:") && told.contains("templates/t:2:1:"), "{told}");
    assert!(Case::new(SERVICE, "{{ service.tls }}: 2\n").ok().is_empty());
}

#[test]
fn broken_layout_is_told_at_the_template() {
    let told = Case::new(SERVICE, "{% if service.public %}\na: 1\n{% endif %}\n b: 2\n").faults();
    assert!(told[0].starts_with("template-layout:") && told[0].contains("templates/t:4:"), "{told:?}");
    let told = Case::new(SERVICE, "x: 1\n{% include 'i' %}\n").template("i", "a: 1\na: 2\n").fault();
    assert!(told.contains("templates/i:2:1"), "{told}");
}

#[test]
fn what_computes_is_refused_all_at_once() {
    let refused = [
        ("a: {{ service.port + 1 }}", "arithmetic"),
        ("a: {{ -service.port }}", "arithmetic"),
        ("a: {{ service.name|upper }}", "the filter `upper`"),
        ("a: {{ service.name|default('x') }}", "the filter `default`"),
        ("a: {{ service.name|safe }}", "the filter `safe`"),
        ("a: {{ 'a' if service.tls else 'b' }}", "an `if` within an expression"),
        ("a: {{ service.ports[0:1] }}", "a slice"),
        ("a: {{ [1, 2] }}", "a list"),
        ("a: {{ {'a': 1} }}", "a mapping"),
        ("a: {{ 8080 }}", "a constant"),
        ("a: {{ service[service.name] }}", "a key that is not a constant"),
        ("a: {{ service.port == 1 }}", "logic"),
        ("a: {{ range(3) }}", "`range` is not a macro"),
        ("a: {{ service.items() }}", "a call of something"),
        ("a: {{ __log }}", "the name `__log`"),
        ("a: {{ service.__x }}", "the name `__x`"),
        ("{% set x = 1 %}", "`set`"),
        ("{% with x = 1 %}{% endwith %}", "`with`"),
        ("{% block x %}{% endblock %}", "`block`"),
        ("{% extends 'x' %}", "`extends`"),
        ("{% import 'x' as y %}", "`import`"),
        ("{% from 'x' import y %}", "`from … import`"),
        ("{% autoescape false %}{% endautoescape %}", "`autoescape`"),
        ("{% filter upper %}{% endfilter %}", "`filter`"),
        ("{% if service is defined %}{% endif %}", "`is defined`"),
        ("{% if service is mapping %}{% endif %}", "`is mapping`"),
        ("{% if service.port > 3 %}{% endif %}", "a comparison of sizes"),
        ("{% if service.port|length %}{% endif %}", "the filter `length`"),
        ("{% for x in service.ports if x %}{% endfor %}", "a loop that filters"),
        ("{% for x in service.ports recursive %}{% endfor %}", "a loop that filters or recurs"),
        ("{% for a, b in service.ports %}{% endfor %}", "a loop with several variables"),
        ("{% for x in service.ports %}{% else %}a{% endfor %}", "a loop with `else`"),
        ("{% for x in [1, 2] %}{% endfor %}", "a loop over something"),
        ("{% for x in range(9) %}{% endfor %}", "a loop over something"),
        ("{% macro loop() %}{% endmacro %}", "the name `loop`"),
        ("{% for x in service.ports %}\na: {{ loop.index }}{% endfor %}", "`loop`"),
        ("{% include service.name %}", "an `include` of a name"),
        ("{% include 'x' ignore missing %}", "an `include` of a name"),
        ("{% include 'nope' %}", "there is no template `nope`"),
        ("{% include 'no\\npe' %}", "there is no template `no\u{fffd}pe`"),
        ("{% macro m(a='x') %}{% endmacro %}", "default arguments"),
        ("{% if service.tls %}{% macro m() %}{% endmacro %}{% endif %}", "inside a block"),
        ("{% macro m() %}{{ m() }}{% endmacro %}", "`m` is not a macro declared above"),
        ("{% macro m() %}{% endmacro %}{% macro m() %}{% endmacro %}", "a macro `m` above"),
        ("{% macro m(a) %}{% endmacro %}{{ m() }}", "`m` takes 1 argument"),
        ("{% macro m(a) %}{% endmacro %}{{ m(a=1) }}", "passed by name"),
        ("{% macro m() %}{% endmacro %}a: {{ m }}", "without a call"),
        ("{% macro m() %}{% endmacro %}a: {{ 'x' ~ m() }}", "a call within"),
        ("{% macro m() %}{% endmacro %}{% call m() %}{% endcall %}", "`call`"),
        ("{% raw %}{{ x }}{% endraw %}", "`{{` in a `raw` block"),
        ("a: \u{E000}1\u{E001}", "U+E000"),
    ];
    for (template, expected) in refused {
        let told = Case::new(SERVICE, template).faults();
        let lint = |told: &String| told.starts_with("template-lint: ") && told.contains(expected);
        assert!(told.iter().any(lint), "{template}: {told:?}");
        assert!(told.iter().all(|told| told.contains("templates/t:")), "{told:?}");
    }
    let together = refused[..6].iter().map(|(template, _)| *template).collect::<Vec<_>>().join("\n");
    let told = Case::new(SERVICE, &together).faults();
    assert_eq!(told.len(), 6, "{told:#?}");
    assert!(told[2].contains("templates/t:3:7: ") && told[2].contains("[service.name|upper]"), "{told:#?}");
}

#[test]
fn syntax_errors_are_told_in_our_words() {
    for (template, expected) in [
        ("a: {{ x", "ends in the middle"),
        ("{% if x %}\na: 1", "ends in the middle"),
        ("a: {{ x y }}", "`y` can't stand here"),
        ("{% fro x in y %}", "`fro` is not a statement"),
        ("{% endif %}", "`endif`"),
        ("a: {{ 'x }}", "ends in the middle"),
        ("{# open", "ends in the middle"),
        ("{% if %}{% endif %}", "can't stand here"),
        ("a: {{ }}", "can't stand here"),
    ] {
        let told = Case::new(SERVICE, template).fault();
        assert!(told.starts_with("template-syntax: ") && told.contains(expected), "{template}: {told}");
        assert!(told.contains("templates/t:"), "{told}");
    }
}

#[test]
fn includes_never_end_in_themselves() {
    let case = Case::new(SERVICE, "{% include 'a' %}")
        .template("a", "{% include 'b' %}")
        .template("b", "x: 1\n{% include 'a' %}");
    let told = case.fault();
    assert!(told.contains("`a` includes itself @ templates/b:2:12:"), "{told}");
    let told = Case::new(SERVICE, "{% include 't' %}").fault();
    assert!(told.contains("`t` includes itself"), "{told}");
}

#[test]
fn threads_share_templates_and_skeletons() {
    let case = Case::new(
        SERVICE,
        "name: {{ service.name }}\n{% for p in service.ports %}\n{{ p.name }}: {{ p.port }}\n{% endfor %}\n",
    );
    let (templates, _) = case.load();
    let expected = case.outcome().0;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let nodes = templates.render("t", &case.context, &case.origins, &mut Sink::default()).unwrap();
                    assert_eq!(nodes.iter().map(json).collect::<Vec<_>>(), expected);
                }
            });
        }
    });
    let stats = templates.stats();
    assert_eq!(stats["t"].renders, 200);
    assert!(stats["t"].misses <= 4, "{stats:?}");
}

#[test]
fn an_unknown_template_is_told_and_a_refused_one_is_not_told_twice() {
    let case = Case::new(SERVICE, "a: {{ 1 }}");
    let (templates, mut sink) = case.load();
    assert!(templates.render("t", &case.context, &case.origins, &mut sink).unwrap().is_empty());
    assert!(templates.render("tt", &case.context, &case.origins, &mut sink).unwrap().is_empty());
    let told: Vec<&str> = sink.diagnostics().iter().map(|told| told.message.as_str()).collect();
    assert_eq!(told, ["a constant between braces has no place in a template", "there is no template `tt`"]);
}

#[test]
fn a_context_can_be_had_with_one_more_name() {
    let mut case = Case::new(SERVICE, "a: {{ service.name }}\nroute: {{ route }}\n");
    case.context =
        case.context.with(crate::source::Key::new("route", OriginId::NONE), Node::string("/x", OriginId::NONE));
    assert_eq!(case.one(), r#"{"a":"web","route":"/x"}"#);
}

#[test]
fn an_alias_copies_the_holes_of_its_anchor() {
    let template = "a: &a {{ service.name }}\nb: *a\nc: &c\n  d: {{ service.port }}\n  e: x\nf: *c\ng:\n  <<: *c\n  e: {{ service.tls }}\n";
    assert_eq!(
        Case::new(SERVICE, template).one(),
        r#"{"a":"web","b":"web","c":{"d":8080,"e":"x"},"f":{"d":8080,"e":"x"},"g":{"d":8080}}"#
    );
}
