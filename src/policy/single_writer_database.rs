//! `single-writer-database`: pods of a StatefulSet know nothing of each other's data.

use super::finding::Found;
use super::{Check, Look, View, workloads};
use crate::diag::{Code, Diagnostic};
use crate::plan::PlannedService;

pub(super) const CHECK: Check = Check { code: Code::SingleWriterDatabase, look: Look::Each(check) };

fn check(view: &View<'_>, found: &mut Found) {
    for workload in workloads::all(view).into_iter().filter(|one| one.object.kind.kind == "StatefulSet") {
        let most = workload.most();
        let Some(name) = view.owner(workload.object).filter(|_| most.value > 1) else { continue };
        let Some(engine) = view.plan.service(&name).and_then(PlannedService::lone_engine) else { continue };
        let message = format!(
            "{} pods of `{name}` are {} databases: {engine} replicates nothing by itself",
            most.value, most.value
        );
        let diagnostic = Diagnostic::new(Code::SingleWriterDatabase, message)
            .of(view.origins, most.node.origin, format!("{} pods, each with a volume of its own", most.value))
            .help("fits with one pod; for more an operator or a managed database has to replicate");
        found.push(diagnostic, [name]);
    }
}
