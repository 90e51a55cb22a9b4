//! What runs at its time or once: CronJobs and Jobs, and among them what backs up, restores and snapshots.

use super::View;
use super::workloads::Workload;
use crate::object::pods;
use crate::source::Node;
use serde::Serialize;

/// Label that says what a companion of a database does.
const COMPONENT: &str = "app.kubernetes.io/component";

/// A CronJob or Job.
#[derive(Clone, Debug, Serialize)]
pub struct Task<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// As kubectl takes it.
    pub resource: String,
    /// The service it belongs to; of a companion, the service that brings it.
    pub service: &'a str,
    /// When it runs.
    pub schedule: Option<&'a str>,
    /// In which time zone.
    pub time_zone: Option<&'a str>,
    /// Whether it does not run by itself.
    pub suspended: bool,
    /// How long a run may take, in seconds.
    pub patience: i64,
    /// Beginning of the names of its Jobs: short enough for a time behind it.
    pub prefix: String,
    /// What keeps what it makes: a claim.
    pub claim: Option<&'a str>,
    /// Label value of the snapshots it makes.
    pub snapshots_of: Option<&'a str>,
}

/// All of them by what they are for.
#[derive(Debug, Default, Serialize)]
pub struct Jobs<'a> {
    /// What dumps.
    pub backups: Vec<Task<'a>>,
    /// What restores.
    pub restores: Vec<Task<'a>>,
    /// What makes snapshots.
    pub snapshots: Vec<Task<'a>>,
    /// Other CronJobs.
    pub scheduled: Vec<Task<'a>>,
    /// One-off jobs.
    pub once: Vec<Task<'a>>,
}

/// Room for a time in seconds behind a Job's name, of which pods' names are made.
const LONGEST_PREFIX: usize = 46;

/// All jobs.
pub(super) fn all<'a>(view: &View<'a>, workloads: &[Workload<'a>]) -> Jobs<'a> {
    let mut jobs = Jobs::default();
    for workload in workloads.iter().filter(|workload| !workload.lasts()) {
        let task = task(view, workload);
        let component = workload.labels().and_then(|labels| labels.get(COMPONENT)?.as_str());
        let place = match component.filter(|_| workload.of.is_some()) {
            Some("backup") => &mut jobs.backups,
            Some("restore") => &mut jobs.restores,
            Some("snapshot") => &mut jobs.snapshots,
            _ if workload.kind == "Job" => &mut jobs.once,
            _ => &mut jobs.scheduled,
        };
        place.push(task);
    }
    jobs
}

fn task<'a>(view: &View<'a>, workload: &Workload<'a>) -> Task<'a> {
    let spec = |path: &[&str]| workload.object.tree.get("spec").and_then(|spec| spec.at(path));
    let seconds = if workload.kind == "CronJob" {
        spec(&["jobTemplate", "spec", "activeDeadlineSeconds"])
    } else {
        spec(&["activeDeadlineSeconds"])
    };
    let prefix: String = workload.name.chars().take(LONGEST_PREFIX).collect();
    let claims = pods::list(workload.template, &["spec", "volumes"])
        .find_map(|volume| pods::text(volume, &["persistentVolumeClaim", "claimName"]));
    let variables = pods::containers(workload.template).flat_map(|container| pods::list(container, &["env"]));
    let mut named = variables.filter(|env| pods::text(env, &["name"]) == Some("SNAPSHOT_NAME"));
    Task {
        kind: workload.kind,
        name: workload.name,
        namespace: view.namespace(workload.object),
        resource: workload.resource.clone(),
        service: workload.of.unwrap_or(workload.service),
        schedule: spec(&["schedule"]).and_then(Node::as_str),
        time_zone: spec(&["timeZone"]).and_then(Node::as_str),
        suspended: spec(&["suspend"]).and_then(Node::as_bool) == Some(true),
        patience: seconds.and_then(Node::as_int).unwrap_or(3600),
        prefix: prefix.trim_end_matches(['-', '.']).to_owned(),
        claim: claims,
        snapshots_of: named.find_map(|env| pods::text(env, &["value"])),
    }
}
