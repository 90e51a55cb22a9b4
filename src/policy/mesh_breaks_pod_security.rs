//! `mesh-breaks-pod-security`: an init container that redirects traffic needs `NET_ADMIN`, which only
//! the level `privileged` grants.
//!
//! Sources: <https://linkerd.io/2/features/cni/>, <https://istio.io/latest/docs/setup/additional-setup/cni/>,
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/>.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::PodSecurity;
use crate::plan::Plan;
use crate::source::Origins;

/// Says once that no pod of the mesh will start.
pub(super) fn check(plan: &Plan, origins: &Origins, sink: &mut Sink) {
    let Some(mesh) = plan.mesh().filter(|mesh| mesh.has_init_container()) else { return };
    let level = plan.platform.security.pod_security;
    let meshed = plan.services.iter().filter(|service| plan.is_meshed(service)).count();
    if level.value == PodSecurity::Privileged || meshed == 0 {
        return;
    }
    let services = crate::text::count(meshed, "service");
    let message = format!("no pod of {services} can start: the mesh's init container needs `NET_ADMIN`");
    let diagnostic = Diagnostic::new(Code::MeshBreaksPodSecurity, message);
    let diagnostic = diagnostic.of(origins, mesh.kind.origin, "the mesh redirects traffic by an init container");
    let diagnostic = diagnostic.of(origins, level.origin, format!("`{}` refuses it", level.text()));
    sink.push(
        diagnostic.help("install the mesh's CNI plugin and write `cni: true`, or use Istio with `ambient: true`"),
    );
}
