//! Runbooks: every command in them is read, and everything it names is looked up in the render.

use crate::commands::reference;
use crate::harness::{Case, Output, feed, repository};
use crate::shell::{Simple, Word, commands};
use crate::world::{World, list, number, text};
use clap::Parser as _;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

/// Flags of kubectl's verbs that runbooks use, and whether they take a value. Flags of all verbs are first.
const COMMON: &[(&str, bool)] = &[("-n", true), ("--timeout", true)];
pub const VERBS: &[(&str, &[(&str, bool)])] = &[
    ("get", &[("-l", true), ("-o", true), ("--sort-by", true), ("--field-selector", true)]),
    ("describe", &[("-l", true)]),
    ("diff", &[("-f", true)]),
    ("apply", &[("-f", true), ("-k", true)]),
    ("delete", &[("--ignore-not-found", false)]),
    ("wait", &[("-l", true), ("--for", true)]),
    (
        "logs",
        &[
            ("-l", true),
            ("-c", true),
            ("--all-containers", false),
            ("--prefix", false),
            ("--tail", true),
            ("--previous", false),
        ],
    ),
    ("exec", &[("-c", true)]),
    ("debug", &[("--image", true), ("--profile", true), ("-i", false)]),
    ("port-forward", &[]),
    ("scale", &[("--replicas", true)]),
    ("top pods", &[("-l", true)]),
    ("rollout status", &[]),
    ("rollout history", &[]),
    ("rollout undo", &[]),
    ("rollout restart", &[]),
    ("create job", &[("--from", true), ("--dry-run", true), ("-o", true)]),
    ("create secret generic", &[("--from-env-file", true), ("--dry-run", true), ("-o", true)]),
    ("create secret tls", &[("--cert", true), ("--key", true), ("--dry-run", true), ("-o", true)]),
    ("create secret docker-registry", &[("--from-file", true), ("--dry-run", true), ("-o", true)]),
    ("annotate", &[("--overwrite", false)]),
    ("set env", &[("--local", false), ("-f", true), ("-o", true)]),
    ("config current-context", &[]),
    ("argo rollouts status", &[]),
    ("argo rollouts get rollout", &[]),
    ("argo rollouts promote", &[("--full", false)]),
    ("argo rollouts abort", &[]),
    ("argo rollouts undo", &[]),
    ("argo rollouts restart", &[]),
    ("cnpg status", &[]),
    ("cnpg restart", &[]),
    ("cnpg backup", &[("--method", true), ("--plugin-name", true)]),
];

/// A call of kubectl, taken apart.
struct Call<'c> {
    verb: &'static str,
    flags: BTreeMap<&'c str, Vec<&'c Word>>,
    rest: Vec<&'c Word>,
    /// What follows `--`.
    behind: Vec<&'c str>,
}

impl<'c> Call<'c> {
    fn new(command: &'c Simple) -> Self {
        let words: Vec<&str> = command.words.iter().skip(1).map(|word| word.text.as_str()).collect();
        let fits = |verb: &str| verb.split(' ').eq(words.iter().take(verb.split(' ').count()).copied());
        let (verb, own) = VERBS.iter().find(|(verb, _)| fits(verb)).unwrap_or_else(|| panic!("no verb: {words:?}"));
        let mut call = Self { verb, flags: BTreeMap::new(), rest: Vec::new(), behind: Vec::new() };
        let mut words = command.words.iter().skip(1 + verb.split(' ').count());
        while let Some(word) = words.next() {
            if word.text == "--" {
                call.behind = words.map(|word| word.text.as_str()).collect();
                break;
            }
            if !word.text.starts_with('-') || word.text == "-" {
                call.rest.push(word);
                continue;
            }
            let (name, value) =
                word.text.split_once('=').map_or((word.text.as_str(), None), |(name, _)| (name, Some(word)));
            let known = COMMON.iter().chain(*own).find(|(flag, _)| *flag == name);
            let (_, takes) = known.unwrap_or_else(|| panic!("`kubectl {verb}` takes no `{name}`: {command:?}"));
            let value = if *takes { value.or_else(|| words.next()) } else { None };
            assert!(!takes || value.is_some(), "`{name}` wants a value: {command:?}");
            call.flags.entry(name).or_default().extend(value);
            call.flags.entry(name).or_default();
        }
        call
    }

    /// The value of a flag.
    fn flag(&self, name: &str) -> Option<&'c str> {
        let word = self.flags.get(name)?.first()?;
        Some(word.text.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).unwrap_or(&word.text))
    }
}

/// What commands before left behind.
#[derive(Default)]
struct Memory {
    variables: BTreeMap<String, Word>,
    /// Ports here, and the pod templates and ports that they lead to.
    forwards: BTreeMap<i64, (Vec<Value>, i64)>,
    /// Jobs that were made: namespace and name as written.
    jobs: BTreeSet<(String, String)>,
    /// Commands read.
    read: usize,
}

/// The commands of a page, block by block.
pub fn blocks(page: &str) -> Vec<Vec<&str>> {
    let mut all = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line == "```sh" {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            assert!(!block.is_empty(), "an empty block in {page}");
            all.push(block);
        } else {
            assert!(line == "```" || line == "```mermaid" || !line.starts_with("```"), "{line}");
        }
    }
    all
}

/// Reads a page and looks up what it names.
fn checked(page: &str, world: &World, environment: &str) -> usize {
    let mut memory = Memory::default();
    for block in blocks(page) {
        memory.variables.clear();
        for line in block {
            for command in commands(line) {
                check(&command, world, environment, &mut memory, line);
            }
        }
    }
    memory.read
}

fn check(command: &Simple, world: &World, environment: &str, memory: &mut Memory, line: &str) {
    for inner in
        command.words.iter().chain(command.assignments.iter().map(|(_, word)| word)).flat_map(|word| &word.inner)
    {
        check(inner, world, environment, memory, line);
    }
    for (name, word) in &command.assignments {
        memory.variables.insert(name.clone(), word.clone());
    }
    let Some(program) = command.words.first() else { return };
    for name in command.words.iter().flat_map(|word| &word.variables) {
        assert!(memory.variables.contains_key(name), "`{name}` is not set: {line}");
    }
    memory.read += 1;
    let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
    match program.text.as_str() {
        "kubectl" => kubectl(&Call::new(command), world, memory, line),
        "platgen" => platgen(&words, world, environment, line),
        "curl" => curl(&words, world, memory, line),
        "grpcurl" => {
            let (_, port) = words[4].split_once(':').expect("a port");
            let wanted: Value = serde_json::from_str(words[3]).expect("JSON");
            assert_eq!((words[1], words[2], words[5]), ("-plaintext", "-d", "grpc.health.v1.Health/Check"));
            probed(memory, port.parse().expect("a number"), line, &|probe, target, template| {
                probe.get("grpc").is_some_and(|grpc| {
                    number(template, &grpc["port"]) == Some(target)
                        && text(grpc, "/service") == wanted["service"].as_str().expect("text")
                })
            });
        }
        "nc" => {
            assert_eq!(words[..3], ["nc", "-zv", "localhost"], "{line}");
            probed(memory, words[3].parse().expect("a number"), line, &|probe, target, template| {
                probe.get("tcpSocket").is_some_and(|tcp| number(template, &tcp["port"]) == Some(target))
            });
        }
        "sleep" | "kill" => assert_eq!(words.len(), 2, "{line}"),
        "date" => assert_eq!(words, ["date", "+%s"], "{line}"),
        "head" => assert_eq!(words, ["head", "-n", "1"], "{line}"),
        other => panic!("`{other}` is no program of a runbook: {line}"),
    }
}

/// Whether a probe of the pods behind a forwarded port asks this.
fn probed(memory: &Memory, port: i64, line: &str, asks: &dyn Fn(&Value, i64, &Value) -> bool) {
    let (templates, target) = memory.forwards.get(&port).unwrap_or_else(|| panic!("{port} is not forwarded: {line}"));
    let found = templates.iter().any(|template| {
        let containers = [list(template, "/spec/containers"), list(template, "/spec/initContainers")].concat();
        containers.into_iter().any(|container| {
            let probes = ["livenessProbe", "readinessProbe", "startupProbe"].map(|probe| container.get(probe));
            probes.into_iter().flatten().any(|probe| asks(probe, *target, template))
        })
    });
    assert!(found, "no probe asks that: {line}");
}

fn curl(words: &[&str], world: &World, memory: &Memory, line: &str) {
    let url = words.last().expect("an address");
    let (scheme, rest) = url.split_once("://").expect("a scheme");
    let Some(rest) = rest.strip_prefix("localhost:") else {
        let host = rest.split('/').next().expect("a host");
        let routes = world
            .objects
            .iter()
            .filter(|object| matches!(text(object, "/kind"), "Ingress" | "HTTPRoute" | "GRPCRoute"));
        let known = routes.flat_map(|object| {
            let rules = list(object, "/spec/rules").into_iter().map(|rule| text(rule, "/host").to_owned());
            rules
                .chain(list(object, "/spec/hostnames").into_iter().filter_map(|host| host.as_str().map(str::to_owned)))
                .collect::<Vec<_>>()
        });
        assert!(known.collect::<Vec<_>>().iter().any(|known| known == host), "no way in has the host `{host}`: {line}");
        return;
    };
    let (port, path) = rest.split_at(rest.find('/').expect("a path"));
    let headers: Vec<&str> = words.windows(2).filter(|pair| pair[0] == "-H").map(|pair| pair[1]).collect();
    probed(memory, port.parse().expect("a number"), line, &|probe, target, template| {
        probe.get("httpGet").is_some_and(|get| {
            let own: Vec<String> = list(get, "/httpHeaders")
                .into_iter()
                .map(|header| format!("{}: {}", text(header, "/name"), text(header, "/value")))
                .collect();
            let plain = Some(text(get, "/path")).filter(|path| !path.is_empty()).unwrap_or("/");
            let encoded = plain
                .replace(' ', "%20")
                .replace('"', "%22")
                .replace('<', "%3C")
                .replace('`', "%60")
                .replace('|', "%7C");
            number(template, &get["port"]) == Some(target)
                && encoded == path
                && own == headers
                && Some(text(get, "/scheme")).filter(|scheme| !scheme.is_empty()).unwrap_or("HTTP").to_lowercase()
                    == scheme
        })
    });
}

/// The command line is the one that platgen has; what it names is in the project.
fn platgen(words: &[&str], world: &World, environment: &str, line: &str) {
    let cli = platgen::cli::Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
    let named = match &cli.command {
        platgen::cli::Command::Render(args) => {
            for kind in &args.kinds {
                assert!(world.of_kind(kind).next().is_some(), "no {kind} is rendered: {line}");
            }
            for service in &args.services {
                assert!(world.inventory.contains(&format!("{service}:")), "no service {service}: {line}");
            }
            &args.environment
        }
        platgen::cli::Command::Set(args) => &args.environment,
        platgen::cli::Command::Seal(args) => &args.environment,
        platgen::cli::Command::Diff(args) => &args.environment,
        platgen::cli::Command::Check(args) => &args.environments[0],
        platgen::cli::Command::Graph(args) => &args.environment,
        platgen::cli::Command::Build(_) => return,
        other => panic!("{other:?} is no command of a runbook: {line}"),
    };
    assert_eq!(named, environment, "{line}");
}

/// Kinds of which each object is named by another one, and is not rendered itself.
fn is_named_elsewhere(kind: &str, name: &str, world: &World) -> bool {
    let all = |pointer: &str| world.objects.iter().any(|object| text(object, pointer) == name);
    match kind {
        "customresourcedefinition" => {
            let rendered = world.objects.iter().any(|object| {
                let (version, kind) = (text(object, "/apiVersion"), text(object, "/kind"));
                let known = platgen::kinds::lookup(version, kind).expect("a kind of the catalogue");
                format!("{}.{}", known.plural, known.group()) == name
            });
            rendered || name == "volumesnapshots.snapshot.storage.k8s.io" && world.find_snapshots().is_some()
        }
        "apiservice" => name == "v1beta1.metrics.k8s.io" && world.of_kind("HorizontalPodAutoscaler").next().is_some(),
        "gatewayclass" => all("/spec/gatewayClassName"),
        "ingressclass" => all("/spec/ingressClassName"),
        "storageclass" => {
            let claims = world.of_kind("StatefulSet").flat_map(|object| list(object, "/spec/volumeClaimTemplates"));
            all("/spec/storageClassName")
                || claims.into_iter().any(|claim| text(claim, "/spec/storageClassName") == name)
        }
        "priorityclass" => world
            .objects
            .iter()
            .filter_map(World::template)
            .any(|template| text(template, "/spec/priorityClassName") == name),
        "namespace" => all("/metadata/namespace"),
        _ => false,
    }
}

impl World {
    /// The name under which a CronJob makes snapshots.
    fn find_snapshots(&self) -> Option<String> {
        let containers =
            self.of_kind("CronJob").flat_map(|job| list(job, "/spec/jobTemplate/spec/template/spec/containers"));
        let variables = containers.flat_map(|container| list(container, "/env"));
        variables
            .into_iter()
            .find(|env| text(env, "/name") == "SNAPSHOT_NAME")
            .map(|env| text(env, "/value").to_owned())
    }
}

/// The pod templates that a target of `exec`, `port-forward` and their like stands for.
fn pods<'w>(target: &Word, namespace: &'w str, world: &'w World, memory: &Memory, line: &str) -> Vec<&'w Value> {
    let made_by = if target.text == "$POD" { memory.variables.get("POD") } else { Some(target) };
    let made_by = made_by.unwrap_or_else(|| panic!("no pod: {line}"));
    if made_by.text == "$()" {
        let call = Call::new(&made_by.inner[0]);
        assert_eq!((call.verb, call.flag("-o"), call.flag("-n")), ("get", Some("name"), Some(namespace)), "{line}");
        return world.selected(namespace, call.flag("-l").expect("a selector"));
    }
    let (kind, name) = target.text.split_once('/').unwrap_or_else(|| panic!("{target:?}: {line}"));
    let kind = World::kind(kind).unwrap_or_else(|| panic!("no kind {kind}: {line}"));
    let object = world.find(kind, namespace, name).unwrap_or_else(|| panic!("no {kind} {namespace}/{name}: {line}"));
    if kind == "Service" { world.behind(object) } else { World::template(object).into_iter().collect() }
}

fn kubectl(call: &Call<'_>, world: &World, memory: &mut Memory, line: &str) {
    let namespace = call.flag("-n").unwrap_or_default();
    let known = || world.objects.iter().any(|object| text(object, "/metadata/namespace") == namespace);
    assert!(!call.flags.contains_key("-n") || known(), "no namespace `{namespace}`: {line}");
    if let Some(selector) = call.flag("-l") {
        let snapshots = call.rest.iter().any(|word| word.text == "volumesnapshots");
        let own = snapshots
            && world.find_snapshots().is_some_and(|name| selector == format!("platgen.dev/snapshot-of={name}"));
        let instances = selector.strip_prefix("cnpg.io/cluster=");
        let own = own || instances.is_some_and(|name| world.find("Cluster", namespace, name).is_some());
        assert!(own || !world.selected(namespace, selector).is_empty(), "`{selector}` finds no pod: {line}");
    }
    if let Some(name) = call.flag("-k") {
        assert!(name.starts_with("k8s/"), "{line}");
    }
    match call.verb {
        "diff" | "apply" => assert!(call.flag("-f") == Some("-") || call.flag("-k").is_some(), "{line}"),
        "config current-context" => {}
        "set env" => assert_eq!(call.flag("-f"), Some("-"), "{line}"),
        "exec" | "debug" => executed(call, namespace, world, memory, line),
        "port-forward" => forwarded(call, namespace, world, memory, line),
        "create job" => {
            let (kind, name) = call.flag("--from").and_then(|from| from.split_once('/')).expect("a CronJob");
            assert_eq!(kind, "cronjob", "{line}");
            assert!(world.find("CronJob", namespace, name).is_some(), "no CronJob {namespace}/{name}: {line}");
            let job = &call.rest[0].text;
            let made = &memory.variables[&job[1..]];
            assert!(made.text.starts_with(&name[..name.len().min(20)]) && made.text.len() + 10 <= 63, "{made:?}");
            memory.jobs.insert((namespace.to_owned(), job.clone()));
        }
        "create secret generic" | "create secret tls" | "create secret docker-registry" => {
            assert!(world.secrets(namespace).contains(&call.rest[0].text), "nothing reads the Secret: {line}");
        }
        verb if verb.starts_with("argo rollouts") => {
            assert!(world.find("Rollout", namespace, &call.rest[0].text).is_some(), "no Rollout: {line}");
        }
        "cnpg status" | "cnpg restart" => {
            assert!(world.find("Cluster", namespace, &call.rest[0].text).is_some(), "no Cluster: {line}");
        }
        "cnpg backup" => {
            let mut backups = world.of_kind("ScheduledBackup").filter(|backup| {
                text(backup, "/metadata/namespace") == namespace
                    && text(backup, "/spec/cluster/name") == call.rest[0].text
            });
            let plugin = call.flag("--plugin-name").unwrap_or_default();
            let same = |backup: &Value| {
                Some(text(backup, "/spec/method")) == call.flag("--method")
                    && text(backup, "/spec/pluginConfiguration/name") == plugin
            };
            assert!(backups.any(same), "no such backup is made: {line}");
        }
        "top pods" => assert!(call.rest.is_empty() && call.flag("-l").is_some(), "{line}"),
        "logs" if call.rest.is_empty() => {
            if let Some(container) = call.flag("-c") {
                has_container(&world.selected(namespace, call.flag("-l").expect("a selector")), container, line);
            }
        }
        _ => looked_up(call, namespace, world, memory, line),
    }
    if call.verb == "scale" {
        let (kind, name) = call.rest[0].text.split_once('/').expect("kind and name");
        let object = world.find(World::kind(kind).expect("a kind"), namespace, name).expect("an object");
        let now = object.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1);
        assert_ne!(call.flag("--replicas"), Some(now.to_string().as_str()), "{line}");
        let scaled = world.objects.iter().any(|scaler| {
            text(scaler, "/metadata/namespace") == namespace && text(scaler, "/spec/scaleTargetRef/name") == name
        });
        assert!(!scaled, "an autoscaler takes it back: {line}");
    }
    if call.verb == "rollout undo" {
        let object =
            call.rest[0].text.split_once('/').and_then(|(kind, name)| world.find(World::kind(kind)?, namespace, name));
        assert_ne!(object.and_then(|object| object.pointer("/spec/revisionHistoryLimit")?.as_i64()), Some(0), "{line}");
    }
}

fn has_container(templates: &[&Value], container: &str, line: &str) {
    let found = templates.iter().any(|template| {
        [list(template, "/spec/containers"), list(template, "/spec/initContainers")]
            .concat()
            .iter()
            .any(|one| text(one, "/name") == container)
    });
    assert!(found, "no container `{container}`: {line}");
}

/// A command in a pod is the one of a probe, or a try whether a dependency answers.
fn executed(call: &Call<'_>, namespace: &str, world: &World, memory: &Memory, line: &str) {
    let templates = pods(call.rest[0], namespace, world, memory, line);
    assert!(!templates.is_empty(), "no pod: {line}");
    if let Some(container) = call.flag("-c") {
        has_container(&templates, container, line);
    }
    if call.behind.first() != Some(&"nc") || call.behind[1..4] != ["-zv", "-w", "3"] {
        let asked = templates.iter().flat_map(|template| list(template, "/spec/containers")).any(|container| {
            ["livenessProbe", "readinessProbe", "startupProbe"].iter().any(|probe| {
                let command = list(container, &format!("/{probe}/exec/command"));
                command.iter().filter_map(|word| word.as_str()).eq(call.behind.iter().copied())
            })
        });
        assert!(asked, "no probe runs that: {line}");
        return;
    }
    let (host, port) = (call.behind[4], call.behind[5].parse::<i64>().expect("a number"));
    let (name, there) = match host.strip_suffix(".svc").and_then(|host| host.split_once('.')) {
        Some((name, there)) => (name, there),
        None => (host, namespace),
    };
    match world.find("Service", there, name) {
        Some(service) if text(service, "/spec/type") == "ExternalName" => {
            assert!(world.inventory.contains(text(service, "/spec/externalName")), "{line}");
        }
        Some(service) => {
            let ports = list(service, "/spec/ports");
            assert!(ports.iter().any(|own| own["port"].as_i64() == Some(port)), "no port {port}: {line}");
            assert!(!world.behind(service).is_empty(), "nothing behind it: {line}");
        }
        None => assert!(host.contains('.') && world.inventory.contains(host), "no host `{host}`: {line}"),
    }
}

fn forwarded(call: &Call<'_>, namespace: &str, world: &World, memory: &mut Memory, line: &str) {
    let templates: Vec<Value> = pods(call.rest[0], namespace, world, memory, line).into_iter().cloned().collect();
    let (local, port) = call.rest[1].text.split_once(':').expect("two ports");
    let (local, port): (i64, i64) = (local.parse().expect("a number"), port.parse().expect("a number"));
    assert!(local >= 1024, "{line}");
    let target = match call.rest[0].text.strip_prefix("service/") {
        Some(name) => {
            let service = world.find("Service", namespace, name).expect("a Service");
            let own = list(service, "/spec/ports").into_iter().find(|own| own["port"].as_i64() == Some(port));
            let own = own.unwrap_or_else(|| panic!("no port {port}: {line}"));
            let wanted = own.get("targetPort").unwrap_or(&own["port"]);
            templates.iter().find_map(|template| number(template, wanted)).unwrap_or_else(|| panic!("nowhere: {line}"))
        }
        None => port,
    };
    memory.forwards.insert(local, (templates, target));
}

/// Objects by kind and name, or whole kinds of a namespace.
fn looked_up(call: &Call<'_>, namespace: &str, world: &World, memory: &Memory, line: &str) {
    for word in call.rest.iter().filter(|word| !word.text.contains('=')) {
        let Some((kind, name)) = word.text.split_once('/') else {
            for kind in word.text.split(',') {
                let general = [
                    "pods",
                    "pod",
                    "events",
                    "networkpolicies",
                    "resourcequotas",
                    "jobs",
                    "volumesnapshots",
                    "prometheusrules",
                    "backups.postgresql.cnpg.io",
                ];
                let here = || {
                    World::kind(kind).is_some_and(|kind| {
                        world.of_kind(kind).any(|object| text(object, "/metadata/namespace") == namespace)
                    })
                };
                assert!(general.contains(&kind) || here(), "no {kind} in `{namespace}`: {line}");
            }
            continue;
        };
        let made = memory.jobs.contains(&(namespace.to_owned(), name.to_owned()));
        let rendered = || World::kind(kind).is_some_and(|kind| world.find(kind, namespace, name).is_some());
        let secret = || kind == "secret" && world.secrets(namespace).contains(name);
        let certificate = || {
            kind == "certificate"
                && world.objects.iter().any(|object| {
                    let secrets = list(object, "/spec/tls").into_iter().map(|tls| text(tls, "/secretName"));
                    let listeners =
                        list(object, "/spec/listeners").into_iter().flat_map(|one| list(one, "/tls/certificateRefs"));
                    let issued = object.pointer("/metadata/annotations").and_then(Value::as_object);
                    issued.is_some_and(|all| all.keys().any(|key| key.starts_with("cert-manager.io/")))
                        && secrets.chain(listeners.map(|one| text(one, "/name"))).any(|secret| secret == name)
                })
        };
        assert!(
            kind == "job" && made || rendered() || secret() || certificate() || is_named_elsewhere(kind, name, world),
            "no {kind} {namespace}/{name}: {line}"
        );
    }
    assert!(!call.rest.is_empty(), "{line}");
}

/// A table has as many cells in each row as in its head.
fn tables(page: &str, path: &str) {
    let cells = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let mut head = None;
    for line in page.lines() {
        head = if line.starts_with('|') { head.or(Some(cells(line))) } else { None };
        assert!(head.is_none_or(|head| cells(line) == head), "{path}: {line}");
        assert!(!line.starts_with('|') || line.ends_with('|'), "{path}: {line}");
    }
}

/// A flowchart, line by line: what is declared is declared once, and edges lead between what is.
fn flowchart(text: &str) {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("flowchart LR"));
    let node = regex::Regex::new(
        r#"^ +([enx][0-9]+)(?:\[/"([^"]+)"/\]|\[\("([^"]+)"\)\]|\(\["([^"]+)"\]\)|\{\{"([^"]+)"\}\}|\["([^"]+)"\])$"#,
    );
    let node = node.expect("a pattern");
    let edge = regex::Regex::new(r#"^  ([enx][0-9]+) -->(?:\|"([^"]+)"\|)? ([enx][0-9]+)$"#).expect("a pattern");
    let group = regex::Regex::new(r#"^  subgraph g[0-9]+\["([^"]+)"\]$"#).expect("a pattern");
    let entity = regex::Regex::new("#[0-9]+;").expect("a pattern");
    let (mut ids, mut depth) = (BTreeSet::new(), 0);
    for line in lines {
        let label = if let Some(found) = edge.captures(line) {
            assert!(ids.contains(&found[1]) && ids.contains(&found[3]), "{line}");
            found.get(2)
        } else if let Some(found) = node.captures(line) {
            assert!(ids.insert(found[1].to_owned()), "{line}");
            found.iter().skip(2).flatten().next()
        } else if let Some(found) = group.captures(line) {
            depth += 1;
            found.get(1)
        } else {
            assert!(line == "  end" && depth == 1, "{line}");
            depth -= 1;
            None
        };
        let label = label.map_or("", |label| label.as_str()).replace("<br/>", "");
        let plain = entity.replace_all(&label, "").into_owned();
        assert!(!plain.contains(['#', '<', '>', '`', '|', '&', '\\', '[', ']', '{', '}']), "{line}");
    }
    assert_eq!(depth, 0);
}

/// Whether a line would be found out in production.
pub fn refused(line: &str, world: &World) -> bool {
    let page = format!("```sh\n{line}\n```\n");
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| checked(&page, world, "production"))).is_err()
}

/// Whether a path has this extension.
pub fn is_a(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|own| own == extension)
}

/// All pages below a folder.
pub fn pages(folder: &Path) -> BTreeMap<String, String> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("a folder that was written"));
    let text = |path: &Path| std::fs::read_to_string(path).expect("a page");
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("below it");
            (path.to_string_lossy().replace('\\', "/"), text(entry.path()))
        })
        .collect()
}

/// Writes the runbooks of a project and checks every page of each environment.
#[track_caller]
pub fn all_checked(case: &dyn Fn() -> Case, least: usize) -> Output {
    let written = case().args(["docs", "--out", "runbook", "--scripts"]).run().code(0).stdout_is_empty();
    let mut read = 0;
    let all = pages(&written.path("runbook"));
    let inventory: String = ["base", "overlays"]
        .iter()
        .flat_map(|folder| {
            if written.path(folder).is_dir() {
                pages(&written.path(folder)).into_values().collect::<Vec<_>>()
            } else {
                Vec::new()
            }
        })
        .collect();
    let environments: BTreeSet<&str> =
        all.keys().filter_map(|path| path.split_once('/').map(|(name, _)| name)).collect();
    assert!(all.contains_key("README.md") && environments.contains("base"));
    for environment in environments {
        let stream = case().args(["render", environment]).run().code(0);
        let world = World::new(stream.out(), inventory.clone());
        for (path, page) in
            all.iter().filter(|(path, _)| path.starts_with(&format!("{environment}/")) && is_a(path, "md"))
        {
            let count = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| checked(page, &world, environment)));
            read += count.unwrap_or_else(|_| panic!("in {path}"));
            tables(page, path);
            assert!(page.starts_with("<!-- generated by platgen, edit ") && !page.contains("\n\n\n"), "{path}");
            for link in
                page.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| is_a(link, "md"))
            {
                assert!(all.contains_key(&format!("{environment}/{link}")), "{path}: {link}");
            }
        }
        let overview = &all[&format!("{environment}/README.md")];
        let diagram =
            overview.split("```mermaid\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a diagram");
        flowchart(diagram);
        let graph = case().args(["graph", environment]).run().code(0).stderr_is_empty();
        assert_eq!(graph.out(), diagram, "{environment}");
        script(&all[&format!("{environment}/deploy.sh")]);
    }
    assert!(read >= least, "{read} commands");
    written
}

/// A script that bash can read.
pub fn script(text: &str) {
    let mut bash = Command::new("bash");
    bash.args(["-n"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let read = feed(bash, text.as_bytes().to_vec());
    assert!(read.status.success(), "{}\n{text}", String::from_utf8_lossy(&read.stderr));
}

pub fn example(name: &str) -> Case {
    let root = format!("examples/{name}");
    let from = repository().join(&root);
    let files = pages(&from)
        .into_iter()
        .filter(|(path, _)| path.starts_with("base/") || path.starts_with("overlays/") || is_a(path, "pem"));
    files.fold(Case::new(name), |case, (path, text)| case.file(&path, text))
}

#[test]
fn every_command_names_what_the_reference_platform_has() {
    all_checked(&|| reference(&[]), 1000);
}

#[test]
fn a_database_of_an_operator_is_seen_backed_up_and_restored_by_its_runbook() {
    let written = all_checked(&|| Case::new("operators").fixture("operators"), 100);
    let page =
        |name: &str| std::fs::read_to_string(written.path(&format!("runbook/production/{name}"))).expect("a page");
    let operate = page("operate.md");
    for part in [
        "kubectl cnpg status db -n archive\n",
        "platgen set production db.replicas=3\n",
        "kubectl cnpg restart db -n archive\n",
        "Its backups are in `s3://shop-backups/shop/production`, in the folder `db`, and are kept for `30d`",
        "kubectl cnpg backup db -n archive --method=plugin --plugin-name=barman-cloud.cloudnative-pg.io\n",
        "kubectl cnpg backup db -n archive --method=volumeSnapshot\n",
        "kubectl get backups.postgresql.cnpg.io -n archive --sort-by=.metadata.creationTimestamp\n",
        "kubectl get scheduledbackup.postgresql.cnpg.io/db-backup -n archive\n",
        "* `recovery: {from: db}`\n",
        "It began with the backups of `ledger`; that is read once.",
        "The operator keeps no backups of it; dumps are above",
        "The operator keeps no backups of it.\n",
        "\n* `db-snapshot` makes one at `0 0 * * * *`, seconds first and in UTC, as a snapshot of its volume.\n\nNow,",
    ] {
        assert!(operate.contains(part), "{part}\n{operate}");
    }
    let waits = "kubectl wait --for=condition=Ready cluster.postgresql.cnpg.io/db -n archive --timeout=600s\n";
    assert!(page("deploy.md").contains(waits) && page("deploy.sh").contains(waits));
    assert!(page("deploy.ps1").contains("condition=Ready"), "{}", page("deploy.ps1"));
    let troubleshoot = page("troubleshoot.md");
    for part in
        ["kubectl cnpg status db -n archive\n", "-l cnpg.io/cluster=db", "* `db-rw` leads to the one that writes\n"]
    {
        assert!(troubleshoot.contains(part), "{part}\n{troubleshoot}");
    }
    // It is drawn where it runs, and what depends on it leads there.
    let graph = Case::new("operators").fixture("operators").args(["graph", "production"]).run().code(0);
    let out = graph.out();
    let (_, archive) = out.split_once("[\"archive\"]\n").expect("a group");
    let vertex = archive.lines().next().expect("a vertex").trim();
    assert!(vertex.ends_with("[(\"db<br/>Cluster, 2\")]"), "{out}");
    let id = vertex.split('[').next().expect("an id");
    assert!(out.contains(&format!("-->|\"postgres 5432\"| {id}\n")), "{out}");
    assert!(!out.contains("cloudnative-pg"), "{out}");
}

#[test]
fn every_command_names_what_an_example_has() {
    all_checked(&|| example("disney-ai-plus"), 200);
}
