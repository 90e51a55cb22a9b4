//! What the user is told, and where it points.

use super::*;
use crate::source::{Key, Map, Node, OriginId, Span, Value};

/// A tree in which every key and value has the place of its own text in `text`.
fn tree(text: &str) -> Node {
    fn node(value: &serde_yaml::Value, text: &str) -> Node {
        let place = |word: &str| {
            let lo = text.find(word).unwrap() as u32;
            OriginId::at(Span::new(lo, lo + word.len() as u32))
        };
        match value {
            serde_yaml::Value::Mapping(entries) => {
                let mut map = Map::default();
                for (key, value) in entries {
                    let key = key.as_str().unwrap();
                    map.insert(Key::new(key, place(key)), node(value, text));
                }
                Node::map(map, OriginId::at(Span::new(0, 1)))
            }
            serde_yaml::Value::Sequence(items) => {
                Node::list(items.iter().map(|item| node(item, text)).collect(), OriginId::at(Span::new(0, 1)))
            }
            serde_yaml::Value::String(word) => Node::string(word.as_str(), place(word)),
            serde_yaml::Value::Number(number) => {
                Node::new(Value::Int(number.as_i64().unwrap()), place(&number.to_string()))
            }
            serde_yaml::Value::Bool(value) => Node::bool(*value, place(&value.to_string())),
            serde_yaml::Value::Null | serde_yaml::Value::Tagged(_) => Node::null(OriginId::NONE),
        }
    }
    node(&serde_yaml::from_str(text).unwrap(), text)
}

fn told(text: &str) -> Vec<(Code, String, String, String)> {
    let mut sink = Sink::default();
    let object = check(tree(text), Version::OLDEST, &Origins::default(), &mut sink);
    assert_eq!(object.is_none(), sink.has_errors());
    let show = |diagnostic: &Diagnostic| {
        let label = &diagnostic.labels[0];
        let place = &text[label.span.lo as usize..label.span.hi as usize];
        (diagnostic.code, diagnostic.message.clone(), place.to_owned(), label.text.clone())
    };
    sink.diagnostics().iter().map(show).collect()
}

fn one(text: &str) -> (Code, String, String, String) {
    let mut all = told(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn expect(text: &str, code: Code, message: &str, place: &str, label: &str) {
    assert_eq!(one(text), (code, message.to_owned(), place.to_owned(), label.to_owned()));
}

#[test]
fn an_object_that_is_right_passes() {
    let mut sink = Sink::default();
    let text = "{kind: Service, apiVersion: v1, spec: {clusterIP: None}, metadata: {namespace: shop, name: web}}";
    let object = check(tree(text), Version::NEWEST, &Origins::default(), &mut sink).unwrap();
    assert_eq!(object.id.to_string(), "Service shop/web");
    assert!(sink.is_empty());
}

#[test]
fn faults_are_told_with_object_path_and_place() {
    expect(
        "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {typ: NodePort, clusterIP: None}}",
        Code::UnknownObjectField,
        "Service shop/web: `spec.typ` is not a field of ServiceSpec",
        "typ",
        "did you mean `type`?",
    );
    expect(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {PORT: 3000}}",
        Code::WrongObjectType,
        "ConfigMap web: `data.PORT` is a whole number",
        "3000",
        "expected a string; write it in quotes",
    );
    expect(
        "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}}",
        Code::MissingObjectField,
        "StorageClass fast: `provisioner` is missing",
        "{",
        "StorageClass requires it",
    );
    expect(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, ports: [{port: 99999}]}}",
        Code::InvalidObjectValue,
        "Service web: `spec.ports[0].port` is `99999`",
        "99999",
        "expected a number from 1 to 65535",
    );
    expect(
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostnameOverride: b, containers: [{name: c, image: d}]}}",
        Code::UnavailableField,
        "Pod a: `spec.hostnameOverride` needs Kubernetes 1.34",
        "hostnameOverride",
        "the platform supports 1.33",
    );
}

#[test]
fn a_kind_that_is_none_is_told_with_what_was_meant() {
    expect(
        "{apiVersion: apps/v1beta1, kind: Deployment}",
        Code::UnknownKind,
        "`Deployment` of `apps/v1beta1` is no known kind of object",
        "apps/v1beta1",
        "did you mean `apps/v1`?",
    );
    expect(
        "{apiVersion: v1, kind: Sevice}",
        Code::UnknownKind,
        "`Sevice` of `v1` is no known kind of object",
        "Sevice",
        "did you mean `Service`?",
    );
    expect("{kind: Service}", Code::MissingObjectField, "an object has no `apiVersion`", "{", "");
    expect(
        "{apiVersion: v1, kind: 5}",
        Code::WrongObjectType,
        "`kind` of an object is a whole number",
        "5",
        "expected a string",
    );
    expect("[v1]", Code::WrongObjectType, "an object is a list, expected a mapping", "[", "");
}

#[test]
fn a_value_without_a_place_is_shown_at_its_object() {
    let mut sink = Sink::default();
    let mut object = tree("{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}");
    object.as_map_mut().unwrap().insert(Key::new("dat", OriginId::NONE), Node::null(OriginId::NONE));
    assert!(check(object, Version::NEWEST, &Origins::default(), &mut sink).is_none());
    assert_eq!(sink.diagnostics()[0].labels[0].span, Span::new(0, 1));
}
