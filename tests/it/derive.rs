//! Derived patches give what they were derived from: with this program's own merge, and with kustomize.

use crate::judges;
use crate::kustomize::{Random, documents, plain, theirs};
use platgen::merge::{Derived, apply_json, derive, keys, operations, strategic};
use platgen::source::{Node, Origins};
use platgen::yaml::write_yaml;
use serde_json::{Value, json};

fn deployment(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec})
}

fn node(value: &Value) -> Node {
    documents(&value.to_string()).remove(0)
}

fn derived(from: &Value, to: &Value) -> Derived {
    let word = |key: &str| from[key].as_str().expect("a well-formed case").to_owned();
    let version = word("apiVersion");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    derive(&node(from), &node(to), keys::of(group, &word("kind")))
}

/// What this program makes of an object and what was derived for it.
fn applied(from: &Value, change: &Derived) -> Value {
    let mut tree = node(from);
    let mut faults = Vec::new();
    let fields = keys::of("apps", "Deployment");
    if let Some(merge) = &change.merge {
        tree = strategic(&tree, merge, fields, &Origins::default(), &mut faults).expect("nothing is deleted");
    }
    let list: Vec<Node> = change.operations.iter().map(platgen::merge::FieldOperation::node).collect();
    let list = operations(&Node::list(list, platgen::source::OriginId::NONE), &mut faults);
    apply_json(&mut tree, &list, &Origins::default()).expect("operations that fit");
    assert!(faults.is_empty(), "{faults:?}");
    plain(&tree)
}

fn yaml(node: &Node) -> String {
    let mut text = String::new();
    write_yaml(node, &mut text);
    text
}

fn spec(text: &str) -> Value {
    let text = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {text}\n");
    plain(&documents(&text)[0])
}

/// The patch that makes one spec of another, in one line; operations behind it.
#[track_caller]
fn expect(from: &str, to: &str, merge: &str, operations: &str) {
    let (from, to) = (spec(from), spec(to));
    let change = derived(&from, &to);
    let said = change.merge.as_ref().map_or(Value::Null, plain);
    let list: Vec<Value> = change.operations.iter().map(|operation| plain(&operation.node())).collect();
    let wanted = if merge.is_empty() { Value::Null } else { json!({"spec": plain(&documents(merge)[0])}) };
    assert_eq!(said, wanted, "{said}");
    let wanted = if operations.is_empty() { json!([]) } else { plain(&documents(operations)[0]) };
    assert_eq!(json!(list), wanted, "{}", json!(list));
    assert_eq!(applied(&from, &change), to);
}

#[test]
fn patches_are_those_one_would_write() {
    let containers = |list: &str| format!("{{template: {{spec: {{containers: [{list}]}}}}}}");
    let same = |from: &str, to: &str, patch: &str| expect(&containers(from), &containers(to), &containers(patch), "");
    expect("{a: 1, b: 2}", "{a: 1, b: 2}", "", "");
    expect("{a: 1, b: 2}", "{a: 1, b: 3}", "{b: 3}", "");
    expect("{a: 1, b: 2}", "{a: 1}", "{b: null}", "");
    expect("{m: {a: 1, b: 2}}", "{m: {a: 1, c: 2}}", "{m: {c: 2, b: null}}", "");
    // Nothing stays: to replace repeats nothing.
    expect("{m: {a: 1, b: 2}}", "{m: {c: 2}}", "{m: {$patch: replace, c: 2}}", "");
    expect("{m: {a: 1}}", "{m: {c: 2}}", "{m: {c: 2, a: null}}", "");
    // The second container's change names the first, so that it stays the first.
    same(
        "{name: a, x: 1}, {name: b, x: 1}, {name: c}",
        "{name: a, x: 1}, {name: b, x: 2}, {name: c}",
        "{name: a}, {name: b, x: 2}",
    );
    same("{name: a, x: 1}, {name: b}", "{name: a, x: 2}, {name: b}", "{name: a, x: 2}");
    same("{name: a, x: 1}", "{name: a, x: 1}, {name: b, x: 1}", "{name: a}, {name: b, x: 1}");
    same("{name: a, x: 1}", "{name: b, x: 1}, {name: a, x: 1}", "{name: b, x: 1}");
    same("{name: a, x: 1}, {name: b}", "{name: b}", "{name: a, $patch: delete}");
    same("{name: a}, {name: b}", "{name: b}, {name: a}", "{name: b}");
    same(
        "{name: a, ports: [{containerPort: 1, protocol: TCP, name: x}, {containerPort: 2, protocol: TCP}]}",
        "{name: a, ports: [{containerPort: 1, protocol: TCP, name: y}, {containerPort: 2, protocol: TCP}]}",
        "{name: a, ports: [{containerPort: 1, protocol: TCP, name: y}]}",
    );
    // Ports of which one names its protocol and another doesn't are not told apart by all readers.
    same(
        "{name: a, ports: [{containerPort: 1, protocol: TCP, name: x}]}",
        "{name: a, ports: [{containerPort: 1, name: y}]}",
        "{name: a, ports: [{$patch: replace}, {containerPort: 1, name: y}]}",
    );
    // A list without keys is replaced.
    expect("{a: [{b: 1}]}", "{a: [{b: 2}]}", "{a: [{b: 2}]}", "");
}

#[test]
fn operations_say_what_a_merge_can_t() {
    let containers = |list: &str| format!("{{template: {{spec: {{containers: [{list}]}}}}}}");
    let path = "/spec/template/spec/containers";
    expect("{a: {b: 1}, c: 1}", "{a: [1], c: 2}", "{c: 2}", "[{op: replace, path: /spec/a, value: [1]}]");
    expect("{a: 1}", "{a: {b: 1}}", "", "[{op: replace, path: /spec/a, value: {b: 1}}]");
    expect("{a~b: {c/d: 1}}", "{a~b: {c/d: [1]}}", "", "[{op: replace, path: /spec/a~0b/c~1d, value: [1]}]");
    expect("{a: 1}", "{a: 1, $patch: 2}", "", "[{op: add, path: /spec/$patch, value: 2}]");
    // One name twice: no merge could say it, nor would any leave it alone.
    expect(
        &containers("{name: a}"),
        &containers("{name: a, env: [{name: A, value: x}, {name: A, value: y}]}"),
        "",
        &format!(
            "[{{op: replace, path: {path}, value: [{{name: a, env: [{{name: A, value: x}}, {{name: A, value: y}}]}}]}}]"
        ),
    );
    expect(
        "{b: {c: 1, d: 2}, template: {spec: {containers: [{name: a}, {name: a}]}}}",
        "{b: {c: 2}, template: {spec: {containers: [{name: a}, {name: a}]}}}",
        "",
        "[{op: replace, path: /spec/b/c, value: 2}, {op: remove, path: /spec/b/d}]",
    );
}

#[test]
fn what_is_added_at_the_end_of_a_long_list_repeats_nothing() {
    let items = |count: usize| (0..count).map(|at| format!("{{a: {at}, b: {at}}}")).collect::<Vec<_>>().join(", ");
    let list = |count: usize| format!("{{l: {{m: [{}]}}}}", items(count));
    expect(&list(6), &list(7), "", "[{op: add, path: /spec/l/m/-, value: {a: 6, b: 6}}]");
    expect(
        &list(8),
        &list(10),
        "",
        "[{op: add, path: /spec/l/m/-, value: {a: 8, b: 8}}, {op: add, path: /spec/l/m/-, value: {a: 9, b: 9}}]",
    );
    // A short one is said again: that is fewer lines than to name the object it is in.
    expect(&list(2), &list(3), &list(3), "");
    // What changed, went or came elsewhere is no addition.
    expect(&list(7), &list(6), &list(6), "");
    let before = format!("{{l: {{m: [{{z: 1}}, {}]}}}}", items(6));
    expect(&list(6), &before, &before, "");
}

#[test]
fn whatever_the_objects_a_derived_patch_gives_the_second() {
    let mut random = Random(0x1234_5678_9abc_def1);
    for at in 0..4000 {
        let (from, to) = (random.shape(false, 12), random.shape(false, 12));
        let (from, to) = (deployment("a", &from), deployment("a", &to));
        let change = derived(&from, &to);
        assert_eq!(applied(&from, &change), to, "case {at}\nfrom {from}\npatch {change:?}");
        assert!(derived(&to, &to).is_empty());
        repeats_nothing(&from, change.merge.as_ref());
    }
}

/// No scalar of a patch is what the object has, but for the keys of list items.
fn repeats_nothing(from: &Value, merge: Option<&Node>) {
    fn walk(from: Option<&Value>, patch: &Value, path: &str) {
        let (Some(from), Some(patch)) = (from.and_then(Value::as_object), patch.as_object()) else { return };
        if patch.get("$patch").is_some_and(|directive| directive == "replace") {
            return;
        }
        for (key, value) in patch {
            let below = from.get(key);
            assert!(value.is_array() || value.is_object() || below != Some(value), "{path}.{key} is repeated");
            if value.is_object() {
                walk(below, value, &format!("{path}.{key}"));
            }
        }
    }
    walk(Some(from), &merge.map_or(Value::Null, plain), "");
}

#[test]
fn kustomize_makes_of_derived_patches_what_they_were_derived_from() {
    let Some(kubectl) = judges::kubectl() else { return };
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut pairs = Vec::new();
    let mut wanted = Vec::new();
    for at in 0..300 {
        let name = format!("case-{at}");
        let (from, to) = (random.shape(false, 12), random.shape(false, 12));
        let (from, to) = (deployment(&name, &from), deployment(&name, &to));
        let change = derived(&from, &to);
        // Operations are RFC 6902's, which is tested elsewhere.
        let Some(merge) = change.merge.filter(|_| change.operations.is_empty()) else { continue };
        let patch = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\n{}", yaml(&merge));
        pairs.push((from.to_string(), patch));
        wanted.push(to);
    }
    assert!(pairs.len() > 200, "{} patches", pairs.len());
    let made = theirs(&kubectl, &pairs);
    for ((from, patch), to) in pairs.iter().zip(&wanted) {
        let found = made.iter().find(|object| object["metadata"]["name"] == to["metadata"]["name"]);
        assert_eq!(found, Some(to), "from {from}\npatch {patch}");
    }
}
