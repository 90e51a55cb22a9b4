//! What a change does to what runs, rule by rule: pairs of manifests, the effect, and why.

use platgen::diff::{Change, Effect, Item, Renamed, compare};
use platgen::source::Node;
use platgen::yaml::{Budget, Nowhere, parse};

fn items(text: &str) -> Vec<Item> {
    let parsed = parse(text, &mut Nowhere, Budget::of_text(text.len()));
    assert!(parsed.faults.is_empty(), "{:?}\n{text}", parsed.faults);
    let documents: Vec<Node> = parsed.documents.into_iter().filter(|document| !document.is_null()).collect();
    documents.iter().map(|document| Item::of(document).expect("an object")).collect()
}

fn changes(before: &str, after: &str) -> Vec<Change> {
    compare(&items(before), &items(after), &Renamed::default())
}

/// A manifest: version and kind, then what follows the metadata.
fn manifest(kind: &str, rest: &str) -> String {
    let (version, kind) = kind.split_once(' ').expect("a version and a kind");
    format!("---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: n}}\n{rest}\n")
}

const DEPLOYMENT: &str = "apps/v1 Deployment";
const SET: &str = "apps/v1 StatefulSet";
const JOB: &str = "batch/v1 Job";
const SERVICE: &str = "v1 Service";
const CLAIM: &str = "v1 PersistentVolumeClaim";
const CONFIG: &str = "v1 ConfigMap";
const SECRET: &str = "v1 Secret";
const CLASS: &str = "storage.k8s.io/v1 StorageClass";
const BINDING: &str = "rbac.authorization.k8s.io/v1 RoleBinding";

/// Kind, before, after, the gravest effect, a part of why.
const TABLE: &[(&str, &str, &str, Effect, &str)] = &[
    (
        DEPLOYMENT,
        "spec: {template: {spec: {containers: [{name: a, image: a:1}]}}}",
        "spec: {template: {spec: {containers: [{name: a, image: a:2}]}}}",
        Effect::Restart,
        "template",
    ),
    (
        DEPLOYMENT,
        "spec: {strategy: {type: Recreate}, template: {metadata: {labels: {a: b}}}}",
        "spec: {strategy: {type: Recreate}, template: {metadata: {labels: {a: c}}}}",
        Effect::Recreate,
        "all pods stop",
    ),
    (
        DEPLOYMENT,
        "spec: {paused: true, template: {metadata: {labels: {a: b}}}}",
        "spec: {paused: true, template: {metadata: {labels: {a: c}}}}",
        Effect::InPlace,
        "paused",
    ),
    (DEPLOYMENT, "spec: {replicas: 2}", "spec: {replicas: 3}", Effect::InPlace, "scales from 2 to 3"),
    (
        DEPLOYMENT,
        "spec: {selector: {matchLabels: {a: b}}}",
        "spec: {selector: {matchLabels: {a: c}}}",
        Effect::Refused,
        "selector is immutable",
    ),
    (DEPLOYMENT, "spec: {minReadySeconds: 1}", "spec: {minReadySeconds: 2}", Effect::InPlace, "takes the new values"),
    (
        "apps/v1 DaemonSet",
        "spec: {selector: {matchLabels: {a: b}}}",
        "spec: {selector: {matchLabels: {a: c}}}",
        Effect::Refused,
        "selector is immutable",
    ),
    (
        "apps/v1 DaemonSet",
        "spec: {template: {metadata: {labels: {a: b}}}}",
        "spec: {template: {metadata: {labels: {a: c}}}}",
        Effect::Restart,
        "node by node",
    ),
    (
        "apps/v1 DaemonSet",
        "spec: {updateStrategy: {type: OnDelete}, template: {metadata: {labels: {a: b}}}}",
        "spec: {updateStrategy: {type: OnDelete}, template: {metadata: {labels: {a: c}}}}",
        Effect::InPlace,
        "OnDelete",
    ),
    (SET, "spec: {serviceName: a}", "spec: {serviceName: b}", Effect::Refused, "serviceName is immutable"),
    (SET, "spec: {podManagementPolicy: Parallel}", "spec: {}", Effect::Refused, "podManagementPolicy is immutable"),
    (
        SET,
        "spec: {volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: a}}]}",
        "spec: {volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: b}}]}",
        Effect::Refused,
        "volumeClaimTemplates is immutable",
    ),
    (
        SET,
        "spec: {template: {metadata: {labels: {a: b}}}}",
        "spec: {template: {metadata: {labels: {a: c}}}}",
        Effect::Restart,
        "one by one",
    ),
    (
        SET,
        "spec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}, template: {metadata: {labels: {a: b}}}}",
        "spec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}, template: {metadata: {labels: {a: c}}}}",
        Effect::Restart,
        "from number 2 on",
    ),
    (
        SET,
        "spec: {ordinals: {start: 1}, minReadySeconds: 1}",
        "spec: {ordinals: {start: 2}, minReadySeconds: 3}",
        Effect::InPlace,
        "",
    ),
    (SET, "spec: {persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}}", "spec: {}", Effect::InPlace, ""),
    (
        JOB,
        "spec: {template: {spec: {containers: [{name: a, image: a:1}]}}}",
        "spec: {template: {spec: {containers: [{name: a, image: a:2}]}}}",
        Effect::Refused,
        "template is immutable",
    ),
    (JOB, "spec: {completions: 1}", "spec: {completions: 2}", Effect::Refused, "completions is immutable"),
    (
        JOB,
        "spec: {completions: 1, parallelism: 1, completionMode: Indexed}",
        "spec: {completions: 2, parallelism: 2, completionMode: Indexed}",
        Effect::InPlace,
        "",
    ),
    (JOB, "spec: {suspend: true}", "spec: {suspend: false}", Effect::InPlace, ""),
    (
        "batch/v1 CronJob",
        "spec: {jobTemplate: {spec: {template: {metadata: {labels: {a: b}}}}}}",
        "spec: {jobTemplate: {spec: {template: {metadata: {labels: {a: c}}}}}}",
        Effect::InPlace,
        "the next run",
    ),
    (
        "argoproj.io/v1alpha1 Rollout",
        "spec: {strategy: {canary: {}}, template: {metadata: {labels: {a: b}}}}",
        "spec: {strategy: {canary: {}}, template: {metadata: {labels: {a: c}}}}",
        Effect::Restart,
        "canary",
    ),
    (
        "argoproj.io/v1alpha1 Rollout",
        "spec: {strategy: {blueGreen: {}}, template: {metadata: {labels: {a: b}}}}",
        "spec: {strategy: {blueGreen: {}}, template: {metadata: {labels: {a: c}}}}",
        Effect::Restart,
        "blue-green",
    ),
    (SERVICE, "spec: {}", "spec: {clusterIP: None}", Effect::Refused, "clusterIP is immutable"),
    (SERVICE, "spec: {clusterIP: None}", "spec: {}", Effect::Ignored, "clusterIP stays `None`"),
    (SERVICE, "spec: {clusterIP: 10.0.0.1}", "spec: {clusterIP: 10.0.0.2}", Effect::Refused, "clusterIP is immutable"),
    (
        SERVICE,
        "spec: {clusterIP: None}",
        "spec: {type: ExternalName, externalName: a.example.com}",
        Effect::InPlace,
        "",
    ),
    (SERVICE, "spec: {ipFamilies: [IPv4]}", "spec: {ipFamilies: [IPv6]}", Effect::Refused, "ipFamilies is immutable"),
    (SERVICE, "spec: {ipFamilies: [IPv4]}", "spec: {ipFamilies: [IPv4, IPv6]}", Effect::InPlace, ""),
    (
        SERVICE,
        "spec: {type: LoadBalancer, loadBalancerClass: a}",
        "spec: {type: LoadBalancer, loadBalancerClass: b}",
        Effect::Refused,
        "loadBalancerClass",
    ),
    (SERVICE, "spec: {ports: [{port: 80}]}", "spec: {ports: [{port: 81}]}", Effect::InPlace, ""),
    (
        CLAIM,
        "spec: {resources: {requests: {storage: 1Gi}}}",
        "spec: {resources: {requests: {storage: 2Gi}}}",
        Effect::InPlace,
        "",
    ),
    (
        CLAIM,
        "spec: {resources: {requests: {storage: 2Gi}}}",
        "spec: {resources: {requests: {storage: 1Gi}}}",
        Effect::Refused,
        "can't shrink",
    ),
    (
        CLAIM,
        "spec: {accessModes: [ReadWriteOnce]}",
        "spec: {accessModes: [ReadWriteMany]}",
        Effect::Refused,
        "accessModes is immutable",
    ),
    (
        CLAIM,
        "spec: {storageClassName: a}",
        "spec: {storageClassName: b}",
        Effect::Refused,
        "storageClassName is immutable",
    ),
    (
        "v1 PersistentVolume",
        "spec: {nfs: {server: a, path: /}}",
        "spec: {nfs: {server: b, path: /}}",
        Effect::Refused,
        "nfs is immutable",
    ),
    (CONFIG, "immutable: true\ndata: {a: b}", "immutable: true\ndata: {a: c}", Effect::Refused, "data is immutable"),
    (CONFIG, "data: {a: b}", "data: {a: c}", Effect::InPlace, ""),
    (CONFIG, "data: {a: b}", "immutable: true\ndata: {a: c}", Effect::InPlace, ""),
    (CONFIG, "immutable: true", "{}", Effect::Refused, "immutable is immutable"),
    (
        SECRET,
        "immutable: true\ndata: {a: Yg==}",
        "immutable: true\ndata: {a: Yw==}",
        Effect::Refused,
        "data is immutable",
    ),
    (SECRET, "type: Opaque", "type: kubernetes.io/tls", Effect::Refused, "type is immutable"),
    (
        BINDING,
        "roleRef: {kind: Role, name: a}",
        "roleRef: {kind: Role, name: b}",
        Effect::Refused,
        "roleRef is immutable",
    ),
    (BINDING, "subjects: []", "subjects: [{kind: User, name: a}]", Effect::InPlace, ""),
    (
        CLASS,
        "provisioner: a\nparameters: {a: b}",
        "provisioner: a\nparameters: {a: c}",
        Effect::Refused,
        "parameters is immutable",
    ),
    (CLASS, "provisioner: a", "provisioner: a\nallowVolumeExpansion: true", Effect::InPlace, ""),
    (
        CLASS,
        "provisioner: a",
        "provisioner: b\nvolumeBindingMode: WaitForFirstConsumer",
        Effect::Refused,
        "provisioner and volumeBindingMode are immutable",
    ),
    ("scheduling.k8s.io/v1 PriorityClass", "value: 1", "value: 2", Effect::Refused, "value is immutable"),
    (
        "networking.k8s.io/v1 IngressClass",
        "spec: {controller: a}",
        "spec: {controller: b}",
        Effect::Refused,
        "controller is immutable",
    ),
    (
        "v1 Pod",
        "spec: {containers: [{name: a, image: a:1}]}",
        "spec: {containers: [{name: a, image: a:2}]}",
        Effect::InPlace,
        "",
    ),
    ("v1 Pod", "spec: {dnsPolicy: Default}", "spec: {}", Effect::Refused, "dnsPolicy is immutable"),
];

#[test]
fn every_rule_has_its_effect() {
    for (kind, before, after, effect, why) in TABLE {
        let (before, after) = if *after == "{}" { (*before, "") } else { (*before, *after) };
        let found = changes(&manifest(kind, before), &manifest(kind, after));
        let [change] = found.as_slice() else { panic!("{kind}: {before} → {after}: {found:#?}") };
        let worst = change.worst().expect("every change does something");
        assert_eq!(
            (worst.effect, worst.why.contains(why)),
            (*effect, true),
            "{kind}: {before} → {after}\n{:#?}",
            change.impacts
        );
        assert!(worst.effect != Effect::Refused || worst.remedy.is_some(), "{kind}: no way out");
        // And nothing of it happens to what stays as it is.
        assert!(changes(&manifest(kind, before), &manifest(kind, before)).is_empty());
    }
}

/// The effects of the object of this kind and name.
#[track_caller]
fn effects<'a>(found: &'a [Change], name: &str) -> Vec<(Effect, &'a str)> {
    let change = found.iter().find(|change| change.id.to_string() == name);
    let change = change.unwrap_or_else(|| panic!("nothing happens to {name}: {found:#?}"));
    change.impacts.iter().map(|impact| (impact.effect, impact.why.as_str())).collect()
}

#[test]
fn data_goes_with_what_holds_it() {
    let template = "spec: {volumeClaimTemplates: [{metadata: {name: d}}]}";
    let kept = format!("{template}\n");
    for (kind, rest, effect, why) in [
        (CLAIM, "spec: {}", Effect::DataLoss, "reclaimPolicy"),
        ("v1 PersistentVolume", "spec: {}", Effect::DataLoss, "bound"),
        ("v1 Namespace", "", Effect::DataLoss, "everything in it"),
        ("apiextensions.k8s.io/v1 CustomResourceDefinition", "spec: {}", Effect::DataLoss, "all objects of its kind"),
        (SET, kept.as_str(), Effect::DataLoss, "its claims stay"),
        (
            SET,
            "spec: {volumeClaimTemplates: [{metadata: {name: d}}], persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}}",
            Effect::DataLoss,
            "whenDeleted: Delete",
        ),
        (SET, "spec: {}", Effect::LeftBehind, "unless you prune"),
        (CONFIG, "data: {}", Effect::LeftBehind, "unless you prune"),
    ] {
        let found = changes(&manifest(kind, rest), "");
        let (worst, said) = found[0].worst().map(|impact| (impact.effect, impact.why.clone())).expect("an impact");
        assert_eq!((worst, said.contains(why)), (effect, true), "{kind}: {said}");
    }
}

const HPA: &str = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h, namespace: n}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: x}, maxReplicas: 9}\n";

#[test]
fn replicas_belong_to_one() {
    let with = |rest: &str, hpa: bool| manifest(DEPLOYMENT, rest) + if hpa { HPA } else { "" };
    let reset = |before: (&str, bool), after: (&str, bool)| {
        let found = changes(&with(before.0, before.1), &with(after.0, after.1));
        let all: Vec<_> = found.iter().flat_map(|change| &change.impacts).cloned().collect();
        all.into_iter().find(|impact| impact.effect == Effect::ReplicasReset).map(|impact| impact.why)
    };
    let three = "spec: {replicas: 3}";
    let none = "spec: {paused: true}";
    assert!(reset((none, true), (three, true)).is_some_and(|why| why.contains("undoes what its autoscaler chose")));
    assert!(reset((three, false), (none, true)).is_some_and(|why| why.contains("no longer said")));
    assert!(reset((none, true), (three, false)).is_some_and(|why| why.contains("its autoscaler goes")));
    assert!(reset((none, true), (none, false)).is_some_and(|why| why.contains("nobody scales `x` any more")));
    assert_eq!(reset((three, false), ("spec: {replicas: 4}", false)), None);
    assert_eq!(reset((none, true), ("spec: {}", true)), None);
}

#[test]
fn no_number_is_told_that_an_autoscaler_chose() {
    let with = |rest: &str, hpa: bool| manifest(DEPLOYMENT, rest) + if hpa { HPA } else { "" };
    let told = |before: (&str, bool), after: (&str, bool)| {
        let found = changes(&with(before.0, before.1), &with(after.0, after.1));
        let change = found.into_iter().find(|change| change.id.gvk.kind == "Deployment").expect("a change");
        let count = |node: &Option<Node>| node.as_ref().and_then(Node::as_int);
        let replicas = change.fields.iter().find(|field| field.keys() == ["spec", "replicas"]);
        let replicas = replicas.map(|field| (count(&field.before), count(&field.after)));
        (replicas, change.impacts.into_iter().map(|impact| impact.why).collect::<Vec<_>>().join("; "))
    };
    let (none, two, four) = ("spec: {}", "spec: {replicas: 2}", "spec: {replicas: 4}");
    let (replicas, why) = told((none, true), (two, false));
    assert_eq!(replicas, Some((None, Some(2))));
    assert_eq!(why, "its autoscaler goes, and `replicas: 2` takes the place of what it chose");
    let (replicas, why) = told((four, true), (two, false));
    assert_eq!(replicas, Some((Some(4), Some(2))));
    assert_eq!(why, "its autoscaler goes, and `replicas: 2` takes the place of what it chose");
    let (replicas, why) = told((four, false), (none, true));
    assert_eq!(replicas, Some((Some(4), None)));
    assert!(why.starts_with("`replicas: 4` is no longer said") && !why.contains("scales from"), "{why}");
    // The default is what a manifest means that says nothing, if nobody else does.
    assert_eq!(told((none, false), (two, false)), (Some((Some(1), Some(2))), "it scales from 1 to 2".to_owned()));
    // What nobody says on either side is no difference.
    let quiet = "spec: {minReadySeconds: 1}";
    assert_eq!(told((none, true), (quiet, false)).0, None);
    assert_eq!(told((none, false), (quiet, true)).0, None);
}

#[test]
fn claims_of_a_set_have_their_own_way_out() {
    let set = |claim: &str| manifest(SET, &format!("spec: {{serviceName: a, volumeClaimTemplates: [{claim}]}}"));
    let size = |size: &str, more: &str| {
        set(&format!("{{metadata: {{name: d}}, spec: {{resources: {{requests: {{storage: {size}}}}}{more}}}}}"))
    };
    let told = |before: &str, after: &str| {
        let found = changes(before, after);
        let impact = found[0].worst().expect("an impact").clone();
        assert_eq!(impact.effect, Effect::Refused);
        (impact.why, impact.remedy.expect("a way out"))
    };
    let grow = "grow the claims in place (if the class allows expansion), delete the StatefulSet with --cascade=orphan, apply again";
    let immutable = "volumeClaimTemplates is immutable";
    assert_eq!(told(&size("5Gi", ""), &size("20Gi", "")), (immutable.to_owned(), grow.to_owned()));
    let (why, remedy) = told(&size("20Gi", ""), &size("5Gi", ""));
    assert_eq!(why, "volumeClaimTemplates is immutable, and a claim can't shrink");
    assert_eq!(remedy, "bring a StatefulSet with smaller claims under another name and copy the data");
    let other = "delete the StatefulSet with --cascade=orphan and apply again: only claims made from then on are like that; for others, copy the data";
    for (before, after) in [
        (size("5Gi", ", storageClassName: a"), size("5Gi", ", storageClassName: b")),
        (size("5Gi", ", accessModes: [ReadWriteOnce]"), size("5Gi", ", accessModes: [ReadWriteOncePod]")),
        (size("5Gi", ""), set("{metadata: {name: e}, spec: {resources: {requests: {storage: 5Gi}}}}")),
    ] {
        assert_eq!(told(&before, &after), (immutable.to_owned(), other.to_owned()));
    }
    let (_, remedy) = told(&size("5Gi", ", storageClassName: a"), &size("20Gi", ", storageClassName: b"));
    assert_eq!(remedy, format!("{grow}; in all else, claims that are there stay as they are"));
    // Whatever else changes, what becomes of the claims is said.
    let renamed = size("5Gi", "").replace("serviceName: a", "serviceName: b");
    let (why, remedy) = told(&size("20Gi", ""), &renamed);
    assert_eq!(why, "serviceName and volumeClaimTemplates are immutable, and a claim can't shrink");
    assert!(remedy.contains("copy the data"), "{remedy}");
}

/// A manifest, what a cluster makes of it, and a change of it: a definition's defaults, a webhook's additions, and what
/// controllers take hold of.
const SERVED: &[(&str, &str, &str, &str, &str)] = &[
    (
        "postgresql.cnpg.io/v1 Cluster",
        "spec: {instances: 3, storage: {size: 1Gi}}",
        "spec: {instances: 3, imageName: \"ghcr.io/cloudnative-pg/postgresql:17.5\", storage: {size: 1Gi, resizeInUseVolumes: true}, \
         postgresUID: 26, postgresGID: 26, enablePDB: true, logLevel: info, stopDelay: 1800, affinity: {podAntiAffinityType: preferred}, \
         bootstrap: {initdb: {database: app, owner: app, encoding: UTF8, localeCType: C, localeCollate: C}}, resources: {}, \
         monitoring: {enablePodMonitor: false, customQueriesConfigMap: [{name: cnpg-default-monitoring, key: queries}]}, \
         postgresql: {parameters: {archive_mode: \"on\", wal_level: logical, shared_preload_libraries: \"\"}}, \
         replicationSlots: {highAvailability: {enabled: true, slotPrefix: _cnpg_}, updateInterval: 30}}",
        "spec: {instances: 3, storage: {size: 1Gi}, postgresUID: 27}",
        "spec.postgresUID",
    ),
    (
        "policy.linkerd.io/v1beta3 Server",
        "spec: {port: http}",
        "spec: {port: http, accessPolicy: deny, proxyProtocol: unknown}",
        "spec: {port: http, accessPolicy: audit}",
        "spec.accessPolicy",
    ),
    (
        "external-secrets.io/v1 ExternalSecret",
        "spec: {data: [{secretKey: a, remoteRef: {key: k}}]}",
        "spec: {refreshInterval: 1h0m0s, target: {creationPolicy: Owner, deletionPolicy: Retain}, \
         data: [{secretKey: a, remoteRef: {key: k, conversionStrategy: Default, decodingStrategy: None, metadataPolicy: None}}]}",
        "spec: {refreshInterval: 5m, data: [{secretKey: a, remoteRef: {key: k}}]}",
        "spec.refreshInterval",
    ),
    (
        "monitoring.coreos.com/v1 ServiceMonitor",
        "spec: {endpoints: [{port: a, proxyConnectHeader: {x: [{key: k}]}, relabelings: [{targetLabel: l}]}]}",
        "spec: {endpoints: [{port: a, proxyConnectHeader: {x: [{key: k, name: \"\"}]}, relabelings: [{targetLabel: l, action: replace}]}]}",
        "spec: {endpoints: [{port: a, proxyConnectHeader: {x: [{key: k}]}, relabelings: [{targetLabel: l, action: drop}]}]}",
        "spec.endpoints[0].relabelings[0].action",
    ),
    (
        "autoscaling.k8s.io/v1 VerticalPodAutoscaler",
        "spec: {targetRef: {name: x}}",
        "spec: {targetRef: {name: x}, updatePolicy: {updateMode: Recreate}}",
        "spec: {targetRef: {name: x}, updatePolicy: {updateMode: \"Off\"}}",
        "spec.updatePolicy.updateMode",
    ),
    (
        SERVICE,
        "spec: {selector: {app: a}}",
        "spec: {selector: {app: a, rollouts-pod-template-hash: 5d8f}}",
        "spec: {selector: {app: b}}",
        "spec.selector.app",
    ),
];

#[test]
fn what_operators_fill_in_is_no_difference() {
    for (kind, plain, filled, changed, path) in SERVED {
        let live = manifest(kind, filled).replace(
            "namespace: n}",
            "namespace: n, uid: u, resourceVersion: \"1\", finalizers: [example.com/cleanup], \
             annotations: {prometheus-operator-validated: \"true\"}}",
        );
        let found = changes(&live, &manifest(kind, plain));
        assert!(found.is_empty(), "{kind}\n{found:#?}");
        for before in [live, manifest(kind, plain)] {
            let found = changes(&before, &manifest(kind, changed));
            let paths: Vec<String> =
                found.iter().flat_map(|change| &change.fields).map(|field| field.path.to_string()).collect();
            assert!(matches!(paths.as_slice(), [told] if path.starts_with(told)), "{kind}: {paths:?}, not {path}");
        }
    }
    // A finalizer that a manifest asks for is one.
    let asked = manifest(CONFIG, "data: {}").replace("namespace: n}", "namespace: n, finalizers: [example.com/a]}");
    let live =
        manifest(CONFIG, "data: {}").replace("namespace: n}", "namespace: n, uid: u, finalizers: [example.com/b]}");
    assert_eq!(changes(&live, &asked).len(), 1);
}

#[test]
fn selectors_that_lose_their_pods_are_named() {
    let pods =
        |label: &str| manifest(DEPLOYMENT, &format!("spec: {{template: {{metadata: {{labels: {{app: {label}}}}}}}}}"));
    let service = |label: &str| manifest(SERVICE, &format!("spec: {{selector: {{app: {label}}}}}"));
    let budget = manifest(
        "policy/v1 PodDisruptionBudget",
        "spec: {selector: {matchExpressions: [{key: app, operator: In, values: [a]}]}}",
    );
    let found = changes(&(pods("a") + &service("a")), &(pods("a") + &service("b")));
    assert_eq!(
        effects(&found, "Service n/x")[0],
        (Effect::Orphans, "the selector of Service x finds no pods any more")
    );
    let found = changes(&(pods("a") + &service("a") + &budget), &(pods("b") + &service("a") + &budget));
    let said = effects(&found, "Deployment n/x");
    for name in ["Service x", "PodDisruptionBudget x"] {
        assert!(said.iter().any(|(effect, why)| *effect == Effect::Orphans && why.starts_with(name)), "{said:?}");
    }
    let found = changes(&(pods("a") + &service("a")), &service("a"));
    assert!(effects(&found, "Deployment n/x").iter().any(|(effect, _)| *effect == Effect::Orphans));
    // Both move together.
    let found = changes(&(pods("a") + &service("a")), &(pods("b") + &service("b")));
    assert!(found.iter().flat_map(|change| &change.impacts).all(|impact| impact.effect != Effect::Orphans));
}

#[test]
fn readers_of_configuration_are_told() {
    let reader = |spec: &str, hash: &str| {
        manifest(
            DEPLOYMENT,
            &format!("spec: {{template: {{metadata: {{annotations: {{hash: {hash}}}}}, spec: {spec}}}}}"),
        )
    };
    let config = |value: &str| manifest(CONFIG, &format!("data: {{a: {value}}}"));
    let files = "{volumes: [{name: v, configMap: {name: x}}]}";
    let variables = "{containers: [{name: c, image: a:1, envFrom: [{configMapRef: {name: x}}]}]}";
    let why = |spec: &str, hash: &str| {
        let found = changes(&(config("b") + &reader(spec, "h1")), &(config("c") + &reader(spec, hash)));
        effects(&found, "ConfigMap n/x").into_iter().map(|(_, why)| why.to_owned()).collect::<String>()
    };
    assert!(why(files, "h1").contains("files in pods of `Deployment x` change"), "{}", why(files, "h1"));
    assert!(why(variables, "h1").contains("keep the old values"), "{}", why(variables, "h1"));
    assert!(why(variables, "h2").contains("`Deployment x` starts anew with it"), "{}", why(variables, "h2"));
}

#[test]
fn lists_are_compared_by_their_keys() {
    let pod =
        |containers: &str| manifest(DEPLOYMENT, &format!("spec: {{template: {{spec: {{containers: {containers}}}}}}}"));
    let paths = |before: &str, after: &str| -> Vec<String> {
        let found = changes(&pod(before), &pod(after));
        found.iter().flat_map(|change| &change.fields).map(|field| field.path.to_string()).collect()
    };
    let top = "spec.template.spec.containers";
    assert_eq!(paths("[{name: a}, {name: b}]", "[{name: s}, {name: a}, {name: b}]"), [format!("{top}[name=s]")]);
    assert_eq!(paths("[{name: a}, {name: b}]", "[{name: b}, {name: a}]"), [top]);
    assert_eq!(paths("[{name: a, args: [x, y]}]", "[{name: a, args: [y, x]}]"), [format!("{top}[name=a].args")]);
    assert_eq!(
        paths(
            "[{name: a, ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}]}]",
            "[{name: a, ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP, name: u}]}]"
        ),
        [format!("{top}[name=a].ports[1].name")]
    );
    assert_eq!(
        paths("[{name: a, resources: {limits: {cpu: 1000m}}}]", "[{name: a, resources: {limits: {cpu: 1}}}]"),
        [""; 0]
    );
    assert_eq!(
        paths("[{name: a, env: [{name: A, value: 1000m}]}]", "[{name: a, env: [{name: A, value: \"1\"}]}]").len(),
        1
    );
    let rules = |rules: &str| manifest("rbac.authorization.k8s.io/v1 Role", &format!("rules: {rules}"));
    let found = changes(
        &rules("[{verbs: [a]}, {verbs: [b]}, {verbs: [c]}]"),
        &rules("[{verbs: [a]}, {verbs: [x]}, {verbs: [b]}, {verbs: [c]}]"),
    );
    assert_eq!(found[0].fields.len(), 1);
    assert_eq!(found[0].fields[0].path.to_string(), "rules[1]");
}
