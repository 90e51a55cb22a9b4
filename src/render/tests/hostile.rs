//! Values and templates that mean harm: values stay values, templates end.

use super::*;
use crate::source::Key;
use proptest::prelude::*;

fn nasty() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\n",
        ": ",
        " #",
        "\"",
        "'",
        "\u{E000}0\u{E001}",
        "\u{E002}0\u{E003}",
        "{{ x }}",
        "{% if %}",
        "---\n",
        "- ",
        "&a",
        "*a",
        "|",
        ">",
        "\t",
        "\r\n",
        "\u{0}",
        "\u{85}",
        "\u{2028}",
        "null",
        "yes",
        "1",
        "{",
        "}",
        "[",
        "]",
        ",",
        "%",
        "@",
        "`",
        "!",
        "é",
        "\u{1F600}",
        "\\",
        "a",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_value_is_ever_read_as_yaml(a in nasty(), b in nasty(), key in nasty(), item in nasty()) {
        let template = "a: {{ a }}\nflow: {x: [{{ b }}]}\n{{ 'k' ~ key }}: {{ a ~ b }}\nlist:\n{% for item in items %}\n- v: {{ item }}\n  w: {{ m.x }}\n{% endfor %}\nm: {{ m }}\n\
            {% macro m1(x) %}\ninner: {{ x }}\n{% endmacro %}\n{{ m1(a) }}\n";
        let none = OriginId::NONE;
        let string = |text: &str| Node::string(text, none);
        let m = || {
            let mut map = Map::default();
            map.push(Key::new("x", none), string(&a));
            map.insert(Key::new(key.as_str(), none), string(&b));
            Node::map(map, none)
        };
        let mut case = Case::new("{}", template);
        let mut names = Map::default();
        for (name, value) in [("a", string(&a)), ("b", string(&b)), ("key", string(&key)), ("items", Node::list(vec![string(&item), string(&b)], none)), ("m", m())] {
            names.push(Key::new(name, none), value);
        }
        case.context = Context::new(names);
        for (tracing, cache) in [(false, true), (true, false)] {
            (case.tracing, case.cache) = (tracing, cache);
            let (nodes, sink) = case.nodes();
            prop_assert!(sink.is_empty(), "{:?}", sink);
            let node = &nodes[0];
            let text = |node: Option<&Node>| node.and_then(Node::as_str).map(str::to_owned);
            prop_assert_eq!(text(node.get("a")), Some(a.clone()));
            prop_assert_eq!(text(node.at(&["flow", "x"]).unwrap().as_list().unwrap().first()), Some(b.clone()));
            prop_assert_eq!(text(node.get(&format!("k{key}"))), Some(format!("{a}{b}")));
            let items = node.get("list").unwrap().as_list().unwrap();
            prop_assert_eq!(text(items[0].get("v")), Some(item.clone()));
            let x = if key == "x" { &b } else { &a };
            prop_assert_eq!(text(items[1].get("w")), Some(x.clone()));
            prop_assert_eq!(node.get("m").unwrap(), &m());
            prop_assert_eq!(text(node.get("inner")), Some(a.clone()));
            prop_assert_eq!(node.as_map().unwrap().len(), 6);
        }
    }

    /// Whatever is thrown at the loader, it ends with a result or with diagnostics.
    #[test]
    fn no_template_is_a_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "{{ ", " }}", "{% if ", " %}", "{% endif %}", "{% for x in ", "{% endfor %}", "{% else %}", "{% elif ", "a", ".", "s", "x", "[", "]", "(", ")",
        "'", "\"", "~", "|", "==", " in ", " not ", " is none", "{", "}", "{#", "#}", "{%- ", " -%}", "{{- ", "-}}", "\n", "a: ", "- ", "  ", ":", "{% raw %}",
        "{% endraw %}", "{% macro m(x) %}", "{% endmacro %}", "{{ m(s) }}", "{% include 't' %}", "é", "\r\n", "1", "&", "*", "!", "---\n", "{{ s.a }}", "{{ s }}", "|\n",
    ]), 0..24)) {
        let case = Case::new("s: {a: 1, b: [x]}\nx: y", &pieces.concat());
        let plain = case.outcome();
        let traced = Case { tracing: true, ..case }.outcome();
        prop_assert_eq!(plain, traced);
    }
}

#[test]
fn data_is_never_safe() {
    let node = Node::string("<b>&", OriginId::NONE);
    assert!(!Value::from(&node).is_safe());
}

#[test]
fn loops_within_loops_end() {
    let items = (0..3000).map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
    let context = format!("s: [{items}]");
    let nested = "{% for a in s %}{% for b in s %}{% for c in s %}{% endfor %}{% endfor %}{% endfor %}";
    let told = Case::new(&context, nested).fault();
    assert!(told.contains("the loops of this template lay out more than 64 MiB @ templates/t:1:"), "{told}");
}

#[test]
fn templates_that_multiply_are_refused() {
    let mut case = Case::new("s: 1", "{% include 'm0' %}");
    for level in 0..30 {
        let next = format!("{{% include 'm{}' %}}\n", level + 1);
        case = case.template(&format!("m{level}"), &next.repeat(4));
    }
    let told = case.template("m30", &"x: 1\n".repeat(10)).faults();
    assert!(told.iter().all(|told| told.contains("lays out more than 16 MiB")) && !told.is_empty(), "{told:?}");
    let mut macros = "{% macro m0() %}\nx: 1\n{% endmacro %}\n".to_owned();
    for level in 1..40 {
        let call = format!("{{{{ m{}() }}}}\n", level - 1).repeat(3);
        macros = format!("{macros}{{% macro m{level}() %}}\n{call}{{% endmacro %}}\n");
    }
    let told = Case::new("s: 1", &format!("{macros}{{{{ m39() }}}}\n")).fault();
    assert!(told.contains("lays out more than 16 MiB"), "{told}");
}

#[test]
fn long_chains_are_refused_before_anything_recurs() {
    let sums = format!("a: {{{{ s{} }}}}", " ~ s".repeat(100_000));
    assert!(Case::new("s: 1", &sums).fault().contains("an expression is too long"));
    let elifs = format!("{{% if s %}}{}{{% endif %}}", "{% elif s %}".repeat(50_000));
    assert!(Case::new("s: 1", &elifs).fault().contains("a chain of `elif` is too long"));
    let deep = "{% if s %}".repeat(20_000);
    assert!(Case::new("s: 1", &deep).fault().contains("nests too deeply"));
    let parens = format!("a: {{{{ {}s }}}}", "(".repeat(100_000));
    assert!(!Case::new("s: 1", &parens).faults().is_empty());
    let huge = "x".repeat((1 << 20) + 1);
    assert!(Case::new("s: 1", &huge).fault().starts_with("too-large: "));
}

#[test]
fn a_chain_of_includes_may_be_as_deep_as_the_engine_bears() {
    let chain = |length: usize| {
        let mut case = Case::new("s: 1", "{% include 'c0' %}");
        for link in 0..length {
            case = case.template(&format!("c{link}"), &format!("{{% include 'c{}' %}}", link + 1));
        }
        case.template(&format!("c{length}"), "x: {{ s }}")
    };
    assert_eq!(chain(5).one(), r#"{"x":1}"#);
    let told =
        std::thread::Builder::new().stack_size(2 << 20).spawn(move || chain(2000).faults()).unwrap().join().unwrap();
    assert!(told[0].starts_with("template-fault: "), "{told:?}");
}
