//! `mesh-breaks-pod-security`: an init container that redirects traffic needs `NET_ADMIN`, which only
//! the level `privileged` grants.
//!
//! Sources: <https://linkerd.io/2/features/cni/>, <https://istio.io/latest/docs/setup/additional-setup/cni/>,
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/>.

use super::finding::Found;
use super::{Check, Look, View};
use crate::diag::{Code, Diagnostic};
use crate::inventory::PodSecurity;

pub(super) const CHECK: Check = Check { code: Code::MeshBreaksPodSecurity, look: Look::Each(check) };

/// Says of each namespace once that no pod of the mesh will start there.
fn check(view: &View<'_>, found: &mut Found) {
    let (plan, origins) = (view.plan, view.origins);
    let Some(mesh) = plan.mesh().filter(|mesh| mesh.has_init_container()) else { return };
    for (at, namespace) in plan.namespaces.iter().enumerate() {
        let level = namespace.pod_security;
        let meshed = plan.services.iter().filter(|service| service.namespace == at && plan.is_meshed(service)).count();
        if level.value == PodSecurity::Privileged || meshed == 0 {
            continue;
        }
        let services = crate::text::count(meshed, "service");
        let message = format!("no pod of {services} can start: the mesh's init container needs `NET_ADMIN`");
        let diagnostic = Diagnostic::new(Code::MeshBreaksPodSecurity, message);
        let diagnostic = diagnostic.of(origins, mesh.kind.origin, "the mesh redirects traffic by an init container");
        let diagnostic = diagnostic.of(origins, level.origin, format!("`{}` refuses it", level.text()));
        let help = "install the mesh's CNI plugin and write `cni: true`, or use Istio with `ambient: true`";
        found.push(diagnostic.help(help), None);
    }
}
