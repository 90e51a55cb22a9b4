//! Rights that would grant nothing are refused, and those that hold are laid out.

use crate::types::{object, project, rendered};
use serde_json::json;

/// A worker with these rights, on a cluster whose API is at a known address.
fn worker(rights: &str) -> String {
    format!("  w:\n    type: worker\n    image: w:1\n    rbac: {rights}\n")
}

#[track_caller]
fn refused(rights: &str, code: &str, parts: &[&str]) {
    let case = project(&worker(rights)).file("base/network.yaml", NETWORK);
    let output = case.args(["render", "base"]).run().code(2).stdout_is_empty();
    let output = output.stderr_contains(&format!("error[{code}]")).stderr_contains("\n1 error; nothing was rendered\n");
    parts.iter().fold(output, |output, part| output.stderr_contains(part));
}

const NETWORK: &str = "platform: {network: {apiServerCidrs: [10.0.0.1/32]}}\n";

#[test]
fn words_that_are_no_resource_are_refused() {
    for (word, advice) in [
        ("configmap", "did you mean `configmaps`?"),
        ("deployment", "did you mean `deployments`?"),
        ("deployment.apps", "did you mean `deployments.apps`?"),
        ("widgets", "a resource of another group is written with it: `widgets.example.com`"),
        ("authorizationpolicies", "say which group: `authorizationpolicies.policy.linkerd.io` or"),
    ] {
        let message = format!("`{word}` is no resource that `w` can have rights on");
        refused(&format!("{{{word}: [get]}}"), "unknown-reference", &[&message, advice, "base/services.yaml:5:"]);
    }
}

#[test]
fn a_role_holds_in_its_namespace() {
    refused("{nodes: [list]}", "conflict", &["`w` has rights on `nodes`, which are in no namespace", "ClusterRole"]);
    refused("{clusterissuers.cert-manager.io: [get]}", "conflict", &["which are in no namespace"]);
    refused("{namespaces: [list]}", "conflict", &["a Role can't let `w` `list` namespaces"]);
}

#[test]
fn a_verb_that_bears_no_name_is_not_for_single_objects() {
    for verb in ["create", "deletecollection"] {
        let message = format!("no request to `{verb}` `pods` bears a name");
        refused(&format!("{{pods: {{verbs: [get, {verb}], resourceNames: [x]}}}}"), "conflict", &[&message]);
    }
}

#[test]
fn rights_that_hold_are_laid_out() {
    let rights = "
      pods/exec: {verbs: [create], resourceNames: [x]}
      configmaps: {verbs: [get, list, watch], resourceNames: [settings]}
      pods: [create, deletecollection]
      namespaces: [get]
      widgets.example.com: [get]
      deployments/scale: [update]";
    let all = crate::types::documents(
        project(&worker(rights)).file("base/network.yaml", NETWORK).args(["render", "base"]).run().code(0).out(),
    );
    let rules = object(&all, "Role/w")["rules"].as_array().expect("rules");
    let of = |resource: &str| rules.iter().find(|rule| rule["resources"] == json!([resource])).expect("a rule");
    assert_eq!(of("pods/exec")["resourceNames"], json!(["x"]));
    assert_eq!(of("configmaps")["verbs"], json!(["get", "list", "watch"]));
    assert_eq!(of("widgets")["apiGroups"], json!(["example.com"]));
    assert_eq!(of("deployments/scale")["apiGroups"], json!(["apps"]));
    assert_eq!(of("namespaces")["apiGroups"], json!([""]));
    assert_eq!(rendered("  w: {type: worker, image: 'w:1'}").iter().filter(|one| one["kind"] == "Role").count(), 0);
}
