//! The exporter of a database that somebody else runs: a service of its own, since there is no pod to
//! put it in.

use super::{Companion, Connection, inherited, named};
use crate::diag::Sink;
use crate::resolve::laid::{Laid, given};
use crate::resolve::{exporter, modes};
use crate::source::{Key, Node, Origins};

/// The exporter of a managed service that wants one.
pub(super) fn companion(name: &Key, service: &Node, origins: &Origins, sink: &mut Sink) -> Option<Companion> {
    if !modes::is_managed(service) {
        return None;
    }
    let from = exporter::wanted(service)?;
    let (engine, runtime) = exporter::engine_of(&name.text, service, from, origins, sink)?;
    let mode = given(service, &["mode"])?;
    let laid = Laid { origins, rule: "exporter", from: origins.derived("exporter", &[from, mode.origin]) };
    let connection = Connection { name, service };
    let (host, port) = connection.address(laid);
    let (at, number) = (host.as_str().unwrap_or_default(), port.as_str().unwrap_or_default());
    // An address of version 6 stands in brackets before a port.
    let at = if at.contains(':') { format!("[{at}]") } else { at.to_owned() };
    let places = [host.origin, port.origin];
    let (env, secrets) = if runtime == "redis" {
        let env = laid.map([("REDIS_ADDR", laid.joined(format!("redis://{at}:{number}"), &places))]);
        (env, connection.secret("REDIS_PASSWORD", "REDIS_PASSWORD", laid))
    } else {
        let database = laid.copied(service, &["database", "name"]);
        // Outside of the cluster: never in the clear.
        let uri = format!("{at}:{number}/{}?sslmode=require", database.as_str().unwrap_or_default());
        let uri = laid.joined(uri, &[host.origin, port.origin, database.origin]);
        let user = laid.copied(service, &["database", "user"]);
        let env = laid.map([("DATA_SOURCE_URI", uri), ("DATA_SOURCE_USER", user)]);
        (env, connection.password("DATA_SOURCE_PASS", laid))
    };
    let mut metrics = laid.copied(service, &["metrics"]);
    if metrics.is_null() {
        metrics = laid.map::<&'static str>([]);
    }
    if let Some(fields) = metrics.as_map_mut() {
        fields.insert(laid.key("port"), laid.text(exporter::PORT));
    }
    let own = laid.copied(service, &["exporter", "port"]);
    let number = if own.is_null() { laid.int(engine.port) } else { own };
    // The type's own probes ask for a connection.
    let asked = || {
        let mut probe = laid.map([("httpGet", laid.map([("path", laid.text("/"))])), ("timeoutSeconds", laid.int(3))]);
        if let Some(fields) = probe.as_map_mut() {
            fields.push(laid.key("tcpSocket"), Node::null(laid.from));
        }
        probe
    };
    let mut fields = inherited(service, "exporter", laid);
    fields.retain(|(name, _)| *name != "securityContext");
    fields.extend([
        ("type", laid.text("backend")),
        ("image", exporter::image(&laid.copied(service, &["exporter", "image"]), engine.repository, engine.tag, laid)),
        ("args", exporter::arguments(service, &engine, laid)),
        ("ports", laid.map([(exporter::PORT, laid.map([("port", number)]))])),
        ("metrics", metrics),
        ("env", env),
        ("secrets", secrets),
        ("resources", laid.copied(service, &["exporter", "resources"])),
        ("probes", laid.map([("liveness", asked()), ("readiness", asked())])),
        // Two would say everything twice.
        ("replicas", laid.int(1)),
        ("dependsOn", laid.map([(name.text.clone(), laid.map::<&'static str>([]))])),
    ]);
    Some(Companion { name: named(name, "exporter", laid), node: laid.map(fields) })
}
