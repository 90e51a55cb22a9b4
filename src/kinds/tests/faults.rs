//! One change to a valid object, one fault with its class and path.

use super::*;
use crate::source::{Node, Value};
use FaultKind::{InvalidValue, MissingField, UnavailableField, UnknownField, WrongType};

/// Kind, where to change it, what to put there (`-` takes it away), the fault's class and its path.
type Case = (&'static str, &'static str, &'static str, FaultKind, &'static str);

const POD: &str = "spec.template.spec";

#[rustfmt::skip]
const CASES: &[Case] = &[
    // decoding
    ("Deployment", "spec.replica", "3", UnknownField, "spec.replica"),
    ("Deployment", "spec.replicas", "'3'", WrongType, "spec.replicas"),
    ("Deployment", "spec.replicas", "3.0", WrongType, "spec.replicas"),
    ("Deployment", "spec.replicas", "3000000000", InvalidValue, "spec.replicas"),
    ("Deployment", "spec.paused", "'no'", WrongType, "spec.paused"),
    ("Deployment", "spec.template", "[]", WrongType, "spec.template"),
    ("Deployment", "spec.selector", "-", MissingField, "spec.selector"),
    ("Deployment", "spec.selector", "null", MissingField, "spec.selector"),
    ("Deployment", "metadata.labels.x", "1", WrongType, "metadata.labels.x"),
    ("Deployment", "metadata.labels.x", "null", WrongType, "metadata.labels.x"),
    ("Deployment", "metadata.annotations.a/b", "true", WrongType, "metadata.annotations[a/b]"),
    ("Deployment", "metadata.creationTimestamp", "yesterday", InvalidValue, "metadata.creationTimestamp"),
    ("Deployment", "metadata.creationTimestamp", "'2026-02-30T00:00:00Z'", InvalidValue, "metadata.creationTimestamp"),
    ("Deployment", "spec.template.spec.containers.0", "web", WrongType, "spec.template.spec.containers[0]"),
    ("Deployment", "spec.template.spec.containers.0.image", "1.5", WrongType, "spec.template.spec.containers[name=web].image"),
    ("Deployment", "spec.template.spec.containers.0.ports.0.containerport", "1", UnknownField, "spec.template.spec.containers[name=web].ports[name=http].containerport"),
    ("Deployment", "spec.strategy.rollingUpdate.maxSurge", "true", WrongType, "spec.strategy.rollingUpdate.maxSurge"),
    ("Deployment", "spec.template.spec.containers.0.resources.limits.cpu", "[1]", WrongType, "spec.template.spec.containers[name=web].resources.limits.cpu"),
    ("Deployment", "spec.template.spec.containers.0.resources.limits.cpu", "500M B", InvalidValue, "spec.template.spec.containers[name=web].resources.limits.cpu"),
    ("Secret", "data.key", "not base64!", InvalidValue, "data.key"),
    ("ConfigMap", "data.PORT", "3000", WrongType, "data.PORT"),
    ("CustomResourceDefinition", "spec.versions.0.schema.openAPIV3Schema.property", "1", UnknownField, "spec.versions[name=v1].schema.openAPIV3Schema.property"),
    ("CustomResourceDefinition", "spec.versions.0.schema.openAPIV3Schema.additionalProperties", "5", WrongType, "spec.versions[name=v1].schema.openAPIV3Schema.additionalProperties"),
    ("CustomResourceDefinition", "spec.versions.0.schema.openAPIV3Schema.items", "{typ: string}", UnknownField, "spec.versions[name=v1].schema.openAPIV3Schema.items.typ"),
    ("CustomResourceDefinition", "spec.versions.0.schema.openAPIV3Schema.additionalProperties", "{type: text}", InvalidValue, "spec.versions[name=v1].schema.openAPIV3Schema.additionalProperties.type"),
    // metadata
    ("Deployment", "metadata.name", "-", MissingField, "metadata.name"),
    ("Deployment", "metadata.name", "Web", InvalidValue, "metadata.name"),
    ("Service", "metadata.name", "1web", InvalidValue, "metadata.name"),
    ("Namespace", "metadata.name", "a.b", InvalidValue, "metadata.name"),
    ("CronJob", "metadata.name", "a23456789012345678901234567890123456789012345678901234", InvalidValue, "metadata.name"),
    ("Namespace", "metadata.namespace", "x", InvalidValue, "metadata.namespace"),
    ("StatefulSet", "metadata.name", "a23456789012345678901234567890123456789012345678901234", InvalidValue, "metadata.name"),
    ("StatefulSet", "spec.template.spec.volumes", "[{name: data, emptyDir: {}}]", InvalidValue, "spec.template.spec.volumes[name=data].name"),
    ("Deployment", "spec.template.spec.containers.0.env", "[{name: A, value: a}, {name: A, value: b}]", InvalidValue, "spec.template.spec.containers[name=web].env[1].name"),
    ("Deployment", "spec.template.spec.containers.0.lifecycle", "{preStop: {sleep: {seconds: 3601}}}", InvalidValue, "spec.template.spec.containers[name=web].lifecycle.preStop.sleep.seconds"),
    ("Deployment", "metadata.namespace", "Shop", InvalidValue, "metadata.namespace"),
    ("Deployment", "metadata.labels.x", "a b", InvalidValue, "metadata.labels.x"),
    ("Deployment", "metadata.labels.-x", "a", InvalidValue, "metadata.labels.-x"),
    ("Deployment", "metadata.annotations.-x", "a", InvalidValue, "metadata.annotations.-x"),
    // workloads
    ("Deployment", "spec.replicas", "-1", InvalidValue, "spec.replicas"),
    ("Deployment", "spec.template.metadata.labels", "{}", InvalidValue, "spec.selector.matchLabels[app.kubernetes.io/name]"),
    ("Deployment", "spec.selector.matchLabels", "{}", InvalidValue, "spec.selector"),
    ("Deployment", "spec.selector.matchExpressions", "[{key: tier, operator: Exists}]", InvalidValue, "spec.selector.matchExpressions[0]"),
    ("Deployment", "spec.strategy.type", "Recreate", InvalidValue, "spec.strategy.rollingUpdate"),
    ("Deployment", "spec.strategy.type", "Rolling", InvalidValue, "spec.strategy.type"),
    ("Deployment", "spec.strategy.rollingUpdate.maxSurge", "0%", InvalidValue, "spec.strategy.rollingUpdate"),
    ("Deployment", "spec.strategy.rollingUpdate.maxUnavailable", "101%", InvalidValue, "spec.strategy.rollingUpdate.maxUnavailable"),
    ("Deployment", "spec.progressDeadlineSeconds", "0", InvalidValue, "spec.progressDeadlineSeconds"),
    ("Deployment", "spec.template.spec.restartPolicy", "OnFailure", InvalidValue, "spec.template.spec.restartPolicy"),
    ("StatefulSet", "spec.podManagementPolicy", "Ordered", InvalidValue, "spec.podManagementPolicy"),
    ("StatefulSet", "spec.updateStrategy.type", "OnDelete", InvalidValue, "spec.updateStrategy.rollingUpdate"),
    ("StatefulSet", "spec.volumeClaimTemplates.0.metadata.name", "disk", InvalidValue, "spec.template.spec.containers[name=db].volumeMounts[name=data].name"),
    ("DaemonSet", "spec.updateStrategy.rollingUpdate.maxSurge", "1", InvalidValue, "spec.updateStrategy.rollingUpdate"),
    ("DaemonSet", "spec.template.spec.containers.0.ports.0.hostPort", "9101", InvalidValue, "spec.template.spec.containers[name=agent].ports[0].hostPort"),
    ("Job", "spec.template.spec.restartPolicy", "-", MissingField, "spec.template.spec.restartPolicy"),
    ("Job", "spec.template.spec.restartPolicy", "Always", InvalidValue, "spec.template.spec.restartPolicy"),
    ("Job", "spec.completions", "-", MissingField, "spec.completions"),
    ("Job", "spec.selector", "{matchLabels: {a: b}}", InvalidValue, "spec.selector"),
    ("CronJob", "spec.schedule", "0 25 * * *", InvalidValue, "spec.schedule"),
    ("CronJob", "spec.timeZone", "Europe/Berlim", InvalidValue, "spec.timeZone"),
    ("CronJob", "spec.timeZone", "Local", InvalidValue, "spec.timeZone"),
    ("CronJob", "spec.concurrencyPolicy", "forbid", InvalidValue, "spec.concurrencyPolicy"),
    ("CronJob", "spec.jobTemplate.spec.template.spec.containers", "-", MissingField, "spec.jobTemplate.spec.template.spec.containers"),
    ("HorizontalPodAutoscaler", "spec.minReplicas", "20", InvalidValue, "spec.minReplicas"),
    ("HorizontalPodAutoscaler", "spec.minReplicas", "0", InvalidValue, "spec.minReplicas"),
    ("HorizontalPodAutoscaler", "spec.metrics.0.type", "External", MissingField, "spec.metrics[0].external"),
    ("HorizontalPodAutoscaler", "spec.metrics.0.resource.target.type", "AverageValue", MissingField, "spec.metrics[0].resource.target.averageValue"),
    ("HorizontalPodAutoscaler", "spec.behavior.scaleDown.policies.0.periodSeconds", "3600", InvalidValue, "spec.behavior.scaleDown.policies[0].periodSeconds"),
    ("ScaledObject", "spec.triggers.0.metadata.query", "5", WrongType, "spec.triggers[name=rps].metadata.query"),
    ("ScaledObject", "spec.maxReplicas", "5", UnknownField, "spec.maxReplicas"),
    ("ScaledObject", "spec.scaleTargetRef", "-", MissingField, "spec.scaleTargetRef"),
    ("ScaledObject", "spec.triggers", "[]", InvalidValue, "spec.triggers"),
    ("ScaledObject", "spec.minReplicaCount", "11", InvalidValue, "spec.minReplicaCount"),
    ("ScaledObject", "spec.idleReplicaCount", "2", InvalidValue, "spec.idleReplicaCount"),
    ("ScaledObject", "spec.maxReplicaCount", "0", InvalidValue, "spec.maxReplicaCount"),
    ("ScaledObject", "spec.pollingInterval", "0", InvalidValue, "spec.pollingInterval"),
    ("ScaledObject", "spec.fallback.behavior", "hope", InvalidValue, "spec.fallback.behavior"),
    ("ScaledObject", "spec.fallback.replicas", "-", MissingField, "spec.fallback.replicas"),
    ("ScaledObject", "spec.triggers.0", "{type: memory, metadata: {value: '70'}}", InvalidValue, "spec.fallback"),
    ("ScaledObject", "spec.triggers.0.metadata.threshold", "-", MissingField, "spec.triggers[name=rps].metadata.threshold"),
    ("ScaledObject", "spec.triggers.1.metadata", "{values: '70'}", MissingField, "spec.triggers[1].metadata.value"),
    ("ScaledObject", "spec.triggers.1.name", "rps", InvalidValue, "spec.triggers[1].name"),
    ("Cluster", "spec.instance", "3", UnknownField, "spec.instance"),
    ("Cluster", "spec.instances", "-", MissingField, "spec.instances"),
    ("Cluster", "spec.instances", "0", InvalidValue, "spec.instances"),
    ("Cluster", "spec.storage", "-", MissingField, "spec.storage"),
    ("Cluster", "spec.storage.size", "10 GB", InvalidValue, "spec.storage.size"),
    ("Cluster", "spec.storage.size", "-", MissingField, "spec.storage.size"),
    ("Cluster", "metadata.name", "a23456789012345678901234567890123456789012345678901", InvalidValue, "metadata.name"),
    ("Cluster", "spec.bootstrap.initdb.owner", "-", MissingField, "spec.bootstrap.initdb.owner"),
    ("Cluster", "spec.bootstrap.recovery", "{source: origin}", InvalidValue, "spec.bootstrap.recovery"),
    ("Cluster", "spec.bootstrap.pg_basebackup", "{database: x, owner: x}", MissingField, "spec.bootstrap.pg_basebackup.source"),
    ("Cluster", "spec.postgresql.parameters.port", "'5433'", InvalidValue, "spec.postgresql.parameters.port"),
    ("Cluster", "spec.postgresql.parameters.max_connections", "200", WrongType, "spec.postgresql.parameters.max_connections"),
    ("Cluster", "spec.env", "[{name: PGDATA, value: /x}]", InvalidValue, "spec.env[name=PGDATA].name"),
    ("Cluster", "spec.affinity.podAntiAffinityType", "hard", InvalidValue, "spec.affinity.podAntiAffinityType"),
    ("Cluster", "spec.backup.retentionPolicy", "36h", InvalidValue, "spec.backup.retentionPolicy"),
    ("Cluster", "spec.logLevel", "loud", InvalidValue, "spec.logLevel"),
    ("Cluster", "spec.primaryUpdateStrategy", "now", InvalidValue, "spec.primaryUpdateStrategy"),
    ("ScheduledBackup", "spec.schedule", "0 3 * * *", InvalidValue, "spec.schedule"),
    ("ScheduledBackup", "spec.schedule", "0 0 25 * * *", InvalidValue, "spec.schedule"),
    ("ScheduledBackup", "spec.cluster", "-", MissingField, "spec.cluster"),
    ("ScheduledBackup", "spec.pluginConfiguration", "-", MissingField, "spec.pluginConfiguration"),
    ("ScheduledBackup", "spec.online", "true", InvalidValue, "spec.online"),
    ("ScheduledBackup", "spec.backupOwnerReference", "me", InvalidValue, "spec.backupOwnerReference"),
    ("ObjectStore", "spec.configuration", "-", MissingField, "spec.configuration"),
    ("ObjectStore", "spec.configuration.destinationPath", "''", InvalidValue, "spec.configuration.destinationPath"),
    ("ObjectStore", "spec.configuration.serverName", "db", InvalidValue, "spec.configuration.serverName"),
    ("ObjectStore", "spec.configuration.wal.compression", "rar", InvalidValue, "spec.configuration.wal.compression"),
    ("ObjectStore", "spec.retentionPolicy", "0d", InvalidValue, "spec.retentionPolicy"),
    ("PodDisruptionBudget", "spec.maxUnavailable", "1", InvalidValue, "spec.maxUnavailable"),
    ("PodDisruptionBudget", "spec.minAvailable", "half", InvalidValue, "spec.minAvailable"),
    // pods
    ("Pod", "spec.containers", "[]", InvalidValue, "spec.containers"),
    ("Pod", "spec.dnsConfig", "-", MissingField, "spec.dnsConfig"),
    ("Pod", "spec.dnsConfig.nameservers", "[10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4]", InvalidValue, "spec.dnsConfig.nameservers"),
    ("Pod", "spec.dnsConfig", "{nameservers: [10.0.0.1], searches: [a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]}", InvalidValue, "spec.dnsConfig.searches"),
    ("Deployment", "spec.template.spec.containers.0.resources", "{limits: {nvidia.com/gpu: 0.5}}", InvalidValue, "spec.template.spec.containers[name=web].resources.limits[nvidia.com/gpu]"),
    ("Deployment", "spec.template.spec.containers.0.resources", "{limits: {gpu: 1}}", InvalidValue, "spec.template.spec.containers[name=web].resources.limits.gpu"),
    ("Deployment", "spec.template.spec.containers.0.resources", "{requests: {nvidia.com/gpu: 1}}", InvalidValue, "spec.template.spec.containers[name=web].resources.requests[nvidia.com/gpu]"),
    ("Pod", "spec.dnsPolicy", "ClusterFist", InvalidValue, "spec.dnsPolicy"),
    ("Deployment", "spec.template.spec.containers.0.name", "migrate", InvalidValue, "spec.template.spec.initContainers[name=migrate].name"),
    ("Deployment", "spec.template.spec.containers.0.image", "-", MissingField, "spec.template.spec.containers[name=web].image"),
    ("Deployment", "spec.template.spec.containers.0.imagePullPolicy", "Allways", InvalidValue, "spec.template.spec.containers[name=web].imagePullPolicy"),
    ("Deployment", "spec.template.spec.containers.0.ports.0.containerPort", "0", InvalidValue, "spec.template.spec.containers[name=web].ports[name=http].containerPort"),
    ("Deployment", "spec.template.spec.containers.0.ports.0.name", "a-name-of-16-char", InvalidValue, "spec.template.spec.containers[name=web].ports[name=a-name-of-16-char].name"),
    ("Deployment", "spec.template.spec.containers.0.env.1.value", "x", InvalidValue, "spec.template.spec.containers[name=web].env[name=PASSWORD].valueFrom"),
    ("Deployment", "spec.template.spec.containers.0.env.1.valueFrom", "{}", InvalidValue, "spec.template.spec.containers[name=web].env[name=PASSWORD].valueFrom"),
    ("Deployment", "spec.template.spec.containers.0.env.0.name", "A=B", InvalidValue, "spec.template.spec.containers[name=web].env[0].name"),
    ("Deployment", "spec.template.spec.containers.0.resources.requests.memory", "1Gi", InvalidValue, "spec.template.spec.containers[name=web].resources.requests.memory"),
    ("Deployment", "spec.template.spec.containers.0.resources.requests.cpu", "-1", InvalidValue, "spec.template.spec.containers[name=web].resources.requests.cpu"),
    ("Deployment", "spec.template.spec.containers.0.livenessProbe.httpGet", "-", InvalidValue, "spec.template.spec.containers[name=web].livenessProbe"),
    ("Deployment", "spec.template.spec.containers.0.livenessProbe.exec", "{command: [x]}", InvalidValue, "spec.template.spec.containers[name=web].livenessProbe.exec"),
    ("Deployment", "spec.template.spec.containers.0.livenessProbe.successThreshold", "2", InvalidValue, "spec.template.spec.containers[name=web].livenessProbe.successThreshold"),
    ("Deployment", "spec.template.spec.containers.0.readinessProbe.terminationGracePeriodSeconds", "2", InvalidValue, "spec.template.spec.containers[name=web].readinessProbe.terminationGracePeriodSeconds"),
    ("Deployment", "spec.template.spec.containers.0.volumeMounts.0.name", "temp", InvalidValue, "spec.template.spec.containers[name=web].volumeMounts[name=temp].name"),
    ("Deployment", "spec.template.spec.containers.0.volumeMounts.1.mountPath", "/tmp", InvalidValue, "spec.template.spec.containers[name=web].volumeMounts[name=config].mountPath"),
    ("Deployment", "spec.template.spec.containers.0.volumeMounts.1.subPath", "../x", InvalidValue, "spec.template.spec.containers[name=web].volumeMounts[name=config].subPath"),
    ("Deployment", "spec.template.spec.containers.0.securityContext.privileged", "true", InvalidValue, "spec.template.spec.containers[name=web].securityContext.privileged"),
    ("Deployment", "spec.template.spec.initContainers.0.livenessProbe", "{grpc: {port: 1}}", InvalidValue, "spec.template.spec.initContainers[name=migrate].livenessProbe"),
    ("Deployment", "spec.template.spec.volumes.0.secret", "{secretName: x}", InvalidValue, "spec.template.spec.volumes[name=tmp].secret"),
    ("Deployment", "spec.template.spec.volumes.1.configMap.defaultMode", "644", InvalidValue, "spec.template.spec.volumes[name=config].configMap.defaultMode"),
    ("Deployment", "spec.template.spec.securityContext.runAsUser", "-1", InvalidValue, "spec.template.spec.securityContext.runAsUser"),
    ("Deployment", "spec.template.spec.securityContext.seccompProfile.type", "Localhost", MissingField, "spec.template.spec.securityContext.seccompProfile.localhostProfile"),
    ("Deployment", "spec.template.spec.topologySpreadConstraints.0.whenUnsatisfiable", "Never", InvalidValue, "spec.template.spec.topologySpreadConstraints[0].whenUnsatisfiable"),
    ("Deployment", "spec.template.spec.topologySpreadConstraints.0.minDomains", "2", InvalidValue, "spec.template.spec.topologySpreadConstraints[0].minDomains"),
    ("Deployment", "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.weight", "0", InvalidValue, "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight"),
    ("DaemonSet", "spec.template.spec.tolerations.1.effect", "NoRun", InvalidValue, "spec.template.spec.tolerations[1].effect"),
    ("DaemonSet", "spec.template.spec.tolerations.0.value", "x", InvalidValue, "spec.template.spec.tolerations[0].value"),
    // gateways, routes and certificates
    ("Gateway", "spec.listeners.0.tls", "{certificateRefs: [{name: x}]}", InvalidValue, "spec.listeners[name=http].tls"),
    ("Gateway", "spec.listeners.1.tls.certificateRefs", "-", InvalidValue, "spec.listeners[name=https].tls"),
    ("Gateway", "spec.listeners.1.tls.mode", "Passthrough", InvalidValue, "spec.listeners[name=https]"),
    ("Gateway", "spec.listeners.1.name", "http", InvalidValue, "spec.listeners[1].name"),
    ("Gateway", "spec.listeners.1.hostname", "www.*.com", InvalidValue, "spec.listeners[name=https].hostname"),
    ("Gateway", "spec.listeners", "[{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}]", InvalidValue, "spec.listeners[name=b]"),
    ("Gateway", "spec.gatewayClassName", "-", MissingField, "spec.gatewayClassName"),
    ("HTTPRoute", "spec.rules.0.backendRefs.0.port", "-", MissingField, "spec.rules[0].backendRefs[name=web].port"),
    ("HTTPRoute", "spec.rules.0.backendRefs.0.weight", "1000001", InvalidValue, "spec.rules[0].backendRefs[name=web].weight"),
    ("HTTPRoute", "spec.rules.0.filters", "[{type: URLRewrite}]", MissingField, "spec.rules[0].filters[0].urlRewrite"),
    ("HTTPRoute", "spec.rules.0.filters", "[{type: RequestRedirect, requestRedirect: {scheme: https}}]", InvalidValue, "spec.rules[0].backendRefs"),
    ("HTTPRoute", "spec.rules.0", "{filters: [{type: RequestRedirect, requestRedirect: {statusCode: 300}}]}", InvalidValue, "spec.rules[0].filters[0].requestRedirect.statusCode"),
    ("HTTPRoute", "spec.rules.0.matches.0.path.value", "orders", InvalidValue, "spec.rules[0].matches[0].path.value"),
    ("HTTPRoute", "spec.rules.0.matches.0.path.value", "/a//b", InvalidValue, "spec.rules[0].matches[0].path.value"),
    ("HTTPRoute", "spec.rules.0.timeouts.request", "5s", InvalidValue, "spec.rules[0].timeouts.backendRequest"),
    ("HTTPRoute", "spec.rules.0.timeouts.request", "1d", InvalidValue, "spec.rules[0].timeouts.request"),
    ("HTTPRoute", "spec.parentRefs", "[{name: a}, {name: a}]", InvalidValue, "spec.parentRefs[1]"),
    ("HTTPRoute", "spec.hostnames.0", "WWW", InvalidValue, "spec.hostnames[0]"),
    ("HTTPRoute", "spec.rules", "[]", InvalidValue, "spec.rules"),
    ("GRPCRoute", "spec.rules.0.matches.0.method", "{type: Exact}", InvalidValue, "spec.rules[0].matches[0].method"),
    ("ReferenceGrant", "spec.to.0.kind", "-", MissingField, "spec.to[name=shared-tls].kind"),
    ("Issuer", "spec.selfSigned", "{}", InvalidValue, "spec.selfSigned"),
    ("ClusterIssuer", "spec.acme.solvers.0.http01", "-", InvalidValue, "spec.acme.solvers[0]"),
    ("ClusterIssuer", "spec.acme.solvers.0.http01.ingress.class", "x", InvalidValue, "spec.acme.solvers[0].http01.ingress.ingressClassName"),
    ("ClusterIssuer", "spec.acme.server", "-", MissingField, "spec.acme.server"),
    ("Certificate", "spec.dnsNames", "-", InvalidValue, "spec"),
    ("Certificate", "spec.privateKey.algorithm", "EC", InvalidValue, "spec.privateKey.algorithm"),
    ("Certificate", "spec.issuerRef.name", "-", MissingField, "spec.issuerRef.name"),
    ("TLSOption", "spec.minVersion", "TLS13", InvalidValue, "spec.minVersion"),
    ("FrontendConfig", "spec.sslpolicy", "x", UnknownField, "spec.sslpolicy"),
    ("BackendConfig", "spec.timeoutSec", "0", InvalidValue, "spec.timeoutSec"),
    // networking
    ("Service", "spec.type", "Clusterip", InvalidValue, "spec.type"),
    ("Service", "spec.ports", "-", MissingField, "spec.ports"),
    ("Service", "spec.ports.0.port", "99999", InvalidValue, "spec.ports[name=http].port"),
    ("Service", "spec.ports.0.name", "-", MissingField, "spec.ports[0].name"),
    ("Service", "spec.ports.0.name", "grpc", InvalidValue, "spec.ports[1].name"),
    ("Service", "spec.ports.0.port", "9000", InvalidValue, "spec.ports[name=grpc].port"),
    ("Service", "spec.ports.0.protocol", "HTTP", InvalidValue, "spec.ports[name=http].protocol"),
    ("Service", "spec.ports.0.targetPort", "HTTP", InvalidValue, "spec.ports[name=http].targetPort"),
    ("Service", "spec.clusterIP", "None", InvalidValue, "spec.clusterIP"),
    ("Service", "spec.sessionAffinity", "-", InvalidValue, "spec.sessionAffinityConfig"),
    ("Service", "spec.externalTrafficPolicy", "local", InvalidValue, "spec.externalTrafficPolicy"),
    ("Ingress", "spec.rules.0.host", "https://x", InvalidValue, "spec.rules[0].host"),
    ("Ingress", "spec.rules.0.http.paths.0.pathType", "prefix", InvalidValue, "spec.rules[0].http.paths[0].pathType"),
    ("Ingress", "spec.rules.0.http.paths.0.pathType", "-", MissingField, "spec.rules[0].http.paths[0].pathType"),
    ("Ingress", "spec.rules.0.http.paths.0.path", "web", InvalidValue, "spec.rules[0].http.paths[0].path"),
    ("Ingress", "spec.rules.0.http.paths.0.backend.service.port.number", "80", InvalidValue, "spec.rules[0].http.paths[0].backend.service.port.number"),
    ("Ingress", "spec.rules", "[]", InvalidValue, "spec"),
    ("NetworkPolicy", "spec.policyTypes", "[Ingres]", InvalidValue, "spec.policyTypes[0]"),
    ("NetworkPolicy", "spec.ingress.0.from.1.ipBlock.cidr", "10.0.0.0", InvalidValue, "spec.ingress[0].from[1].ipBlock.cidr"),
    ("NetworkPolicy", "spec.ingress.0.from.1.ipBlock.except.0", "11.0.0.0/8", InvalidValue, "spec.ingress[0].from[1].ipBlock.except[0]"),
    ("NetworkPolicy", "spec.ingress.0.from.1.podSelector", "{}", InvalidValue, "spec.ingress[0].from[1].podSelector"),
    ("NetworkPolicy", "spec.ingress.0.from.0", "{}", InvalidValue, "spec.ingress[0].from[0]"),
    ("NetworkPolicy", "spec.egress.0.ports.0.endPort", "31999", InvalidValue, "spec.egress[0].ports[0].endPort"),
    ("NetworkPolicy", "spec.ingress.0.from.0.podSelector.matchExpressions.0.operator", "Exists", InvalidValue, "spec.ingress[0].from[0].podSelector.matchExpressions[0].values"),
    ("EndpointSlice", "endpoints.0.addresses.0", "::1", InvalidValue, "endpoints[0].addresses[0]"),
    ("IngressClass", "spec.controller", "nginx", InvalidValue, "spec.controller"),
    // storage
    ("PersistentVolumeClaim", "spec.accessModes.0", "RWO", InvalidValue, "spec.accessModes[0]"),
    ("PersistentVolumeClaim", "spec.accessModes", "-", MissingField, "spec.accessModes"),
    ("PersistentVolumeClaim", "spec.resources.requests", "-", MissingField, "spec.resources.requests"),
    ("PersistentVolumeClaim", "spec.resources.requests.storage", "0", InvalidValue, "spec.resources.requests.storage"),
    ("PersistentVolume", "spec.csi", "-", InvalidValue, "spec"),
    ("PersistentVolume", "spec.persistentVolumeReclaimPolicy", "Keep", InvalidValue, "spec.persistentVolumeReclaimPolicy"),
    ("StorageClass", "volumeBindingMode", "Lazy", InvalidValue, "volumeBindingMode"),
    ("StorageClass", "provisioner", "-", MissingField, "provisioner"),
    // cluster
    ("Role", "rules.0.resources", "-", MissingField, "rules[0].resources"),
    ("Role", "rules.0.verbs", "[]", InvalidValue, "rules[0].verbs"),
    ("Role", "rules.0", "{nonResourceURLs: [/x], verbs: [get]}", InvalidValue, "rules[0].nonResourceURLs"),
    ("RoleBinding", "subjects.0.namespace", "-", MissingField, "subjects[name=web].namespace"),
    ("RoleBinding", "subjects.0.apiGroup", "rbac.authorization.k8s.io", InvalidValue, "subjects[name=web].apiGroup"),
    ("RoleBinding", "roleRef", "-", MissingField, "roleRef"),
    ("ClusterRoleBinding", "roleRef.kind", "Role", InvalidValue, "roleRef.kind"),
    ("ConfigMap", "data.a b", "x", InvalidValue, "data[a b]"),
    ("ConfigMap", "data.blob", "x", InvalidValue, "binaryData.blob"),
    ("LimitRange", "spec.limits.0.type", "Containers", InvalidValue, "spec.limits[0].type"),
    ("LimitRange", "spec.limits.0.default.memory", "2Gi", InvalidValue, "spec.limits[0].default.memory"),
    ("ResourceQuota", "spec.hard.pods", "-1", InvalidValue, "spec.hard.pods"),
    ("PriorityClass", "value", "2000000000", InvalidValue, "value"),
    ("PriorityClass", "metadata.name", "system-web", InvalidValue, ""),
    ("CustomResourceDefinition", "metadata.name", "widget.example.com", InvalidValue, "metadata.name"),
    ("CustomResourceDefinition", "spec.versions.0.storage", "false", InvalidValue, "spec.versions"),
    ("CustomResourceDefinition", "spec.scope", "Global", InvalidValue, "spec.scope"),
    ("ValidatingWebhookConfiguration", "webhooks.0.sideEffects", "Some", InvalidValue, "webhooks[name=check.example.com].sideEffects"),
    ("MutatingWebhookConfiguration", "webhooks.0.rules.0.operations.0", "create", InvalidValue, "webhooks[name=inject.example.com].rules[0].operations[0]"),
    // custom resources
    ("ServiceMonitor", "spec.endpoints.0.intervall", "15s", UnknownField, "spec.endpoints[0].intervall"),
    ("ServiceMonitor", "spec.endpoints.0.interval", "15", WrongType, "spec.endpoints[0].interval"),
    ("ServiceMonitor", "spec.endpoints.0.interval", "'15'", InvalidValue, "spec.endpoints[0].interval"),
    ("ServiceMonitor", "spec.endpoints.0.relabelings.0.action", "set", InvalidValue, "spec.endpoints[0].relabelings[0].action"),
    ("ServiceMonitor", "spec.selector", "-", MissingField, "spec.selector"),
    ("PodMonitor", "spec.podMetricsEndpoints.0.portt", "x", UnknownField, "spec.podMetricsEndpoints[0].portt"),
    ("PodMonitor", "spec.podMetricsEndpoints.0.portNumber", "0", InvalidValue, "spec.podMetricsEndpoints[0].portNumber"),
    ("PodMonitor", "spec.selector", "-", MissingField, "spec.selector"),
    ("PrometheusRule", "spec.groups.0.rules.1.expr", "sum(", InvalidValue, "spec.groups[name=web].rules[1].expr"),
    ("PrometheusRule", "spec.groups.0.rules.1.expr", "-", MissingField, "spec.groups[name=web].rules[1].expr"),
    ("PrometheusRule", "spec.groups.0.rules.1.keepFiringFor", "5m", UnknownField, "spec.groups[name=web].rules[1].keepFiringFor"),
    ("PrometheusRule", "spec.groups.0.rules.1.for", "soon", InvalidValue, "spec.groups[name=web].rules[1].for"),
    ("PrometheusRule", "spec.groups.0.rules.1.labels", "{a-b: c}", InvalidValue, "spec.groups[name=web].rules[1].labels.a-b"),
    ("AlertmanagerConfig", "spec.receivers.0.slackConfigs.0.chanel", "x", UnknownField, "spec.receivers[name=shop].slackConfigs[0].chanel"),
    ("AlertmanagerConfig", "spec.receivers.0.name", "-", MissingField, "spec.receivers[0].name"),
    ("AlertmanagerConfig", "spec.route.routes.0.severity", "x", UnknownField, "spec.route.routes[0].severity"),
    ("AlertmanagerConfig", "spec.route.groupWait", "soon", InvalidValue, "spec.route.groupWait"),
    ("ServiceMonitor", "spec.sampleLimit", "-1", InvalidValue, "spec.sampleLimit"),
];

/// Changes that break two rules.
const DOUBLE: &[(&str, &str)] = &[
    ("HorizontalPodAutoscaler", "spec.metrics.0.type"),
    ("ScaledObject", "spec.maxReplicaCount"),
    ("Cluster", "spec.bootstrap.pg_basebackup"),
];

/// Changes the value at a path of keys and positions.
fn change(tree: &mut Node, path: &str, to: &str) {
    let keys: Vec<&str> = path.split('.').collect();
    let (last, way) = keys.split_last().unwrap();
    let mut at = tree;
    for key in way {
        at = match key.parse::<usize>() {
            Ok(index) => &mut at.as_list_mut().unwrap()[index],
            Err(_) => at.as_map_mut().unwrap().get_mut(key).unwrap_or_else(|| panic!("no `{key}` of `{path}`")),
        };
    }
    match (to, &at.value) {
        ("-", _) => assert!(at.as_map_mut().unwrap().remove(last).is_some(), "{path}"),
        (_, Value::List(_)) => at.as_list_mut().unwrap()[last.parse::<usize>().unwrap()] = yaml(to),
        _ => at.as_map_mut().unwrap().insert(Key::new(*last, origin()), yaml(to)),
    }
}

#[test]
fn planted_faults_are_found_where_they_are() {
    let mut wrong = Vec::new();
    for (kind, path, to, class, expected) in CASES {
        let mut tree = valid_of(kind);
        change(&mut tree, path, to);
        let found = faults(&tree);
        let hit = |fault: &Fault| fault.kind == *class && fault.path == *expected;
        if found.is_empty() || !found.iter().any(hit) {
            let found: Vec<_> = found.iter().map(|fault| (fault.kind, &fault.path, &fault.message)).collect();
            wrong.push(format!("{kind} {path} = {to}: expected {class:?} at `{expected}`, found {found:#?}"));
        } else if found.len() > 1 && !DOUBLE.contains(&(*kind, *path)) {
            wrong.push(format!("{kind} {path} = {to}: one change, and {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_faults_are_found_in_one_run() {
    let mut tree = valid_of("Deployment");
    let changes = [
        ("metadata.labels.x", "1"),
        ("metadata.nam", "x"),
        ("spec.replicas", "many"),
        ("spec.selector.matchLabels.y", "[]"),
        ("spec.strategy.type", "Sometimes"),
        ("spec.template.spec.containers.0.ports.0.containerPort", "70000"),
        ("spec.template.spec.containers.0.image", "-"),
        ("spec.template.spec.containers.0.env.0", "{name: A, value: 1, valu: b}"),
        ("spec.template.spec.containers.0.resources.limits.cpu", "half"),
        ("spec.template.spec.initContainers.0", "none"),
        ("spec.template.spec.volumes", "{}"),
    ];
    for (path, to) in changes {
        change(&mut tree, path, to);
    }
    let found = faults(&tree);
    let container = format!("{POD}.containers[name=web]");
    for (kind, path) in [
        (WrongType, "metadata.labels.x"),
        (UnknownField, "metadata.nam"),
        (WrongType, "spec.replicas"),
        (WrongType, "spec.selector.matchLabels.y"),
        (InvalidValue, "spec.strategy.type"),
        (InvalidValue, &format!("{container}.ports[name=http].containerPort")),
        (MissingField, &format!("{container}.image")),
        (WrongType, &format!("{container}.env[name=A].value")),
        (UnknownField, &format!("{container}.env[name=A].valu")),
        (InvalidValue, &format!("{container}.resources.limits.cpu")),
        (WrongType, &format!("{POD}.initContainers[0]")),
        (WrongType, &format!("{POD}.volumes")),
    ] {
        assert!(found.iter().any(|fault| fault.kind == kind && fault.path == path), "{path}: {found:#?}");
    }
}

#[test]
fn faults_point_at_what_is_wrong() {
    let mut tree = valid_of("Deployment");
    change(&mut tree, "spec.replica", "3");
    change(&mut tree, "spec.paused", "5");
    change(&mut tree, "spec.template.spec.containers.0.image", "-");
    let spec = tree.get("spec").unwrap().as_map().unwrap();
    let container = &tree.at(&["spec", "template", "spec", "containers"]).unwrap().as_list().unwrap()[0];
    let wanted = [
        (UnknownField, spec.entry("replica").unwrap().key.origin),
        (WrongType, spec.get("paused").unwrap().origin),
        (MissingField, container.origin),
    ];
    let found = faults(&tree);
    for (kind, origin) in wanted {
        assert!(found.iter().any(|fault| (fault.kind, fault.origin) == (kind, origin)), "{kind:?}: {found:#?}");
    }
    let unknown = found.iter().find(|fault| fault.kind == UnknownField).unwrap();
    assert_eq!(unknown.message, "`spec.replica` is not a field of DeploymentSpec");
    assert_eq!(unknown.label, "did you mean `replicas`?");
}

#[test]
fn fields_younger_than_the_platform_are_refused() {
    let mut tree = valid_of("Deployment");
    change(&mut tree, "spec.template.spec.hostnameOverride", "web");
    let kind = kind_of(&tree);
    assert_eq!(kind.prove(&tree, Version::minor(34)), Ok(()));
    let found = kind.prove(&tree, Version::minor(33)).unwrap_err();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].kind, found[0].path.as_str()), (UnavailableField, "spec.template.spec.hostnameOverride"));
    assert_eq!(found[0].message, "`spec.template.spec.hostnameOverride` needs Kubernetes 1.34");
}

#[test]
fn secrets_are_not_quoted() {
    let mut tree = valid_of("Secret");
    change(&mut tree, "data.password", "hunter2!");
    change(&mut tree, "stringData.pin", "12345");
    for fault in faults(&tree) {
        assert!(!fault.message.contains("hunter") && !fault.label.contains("hunter"), "{fault:?}");
        assert!(!fault.message.contains("12345") && !fault.label.contains("12345"), "{fault:?}");
    }
}

#[test]
fn hostile_trees_end_in_faults() {
    // as deep as a reader may let pass, where types allow any depth
    let mut deep = yaml("{type: object}");
    for _ in 0..2_000 {
        let mut map = Map::default();
        map.insert(Key::new("items", origin()), deep);
        deep = Node::map(map, origin());
    }
    let mut tree = valid_of("CustomResourceDefinition");
    let mut versions = tree.at(&["spec", "versions"]).unwrap().clone();
    let schema = versions.as_list_mut().unwrap()[0].as_map_mut().unwrap().get_mut("schema").unwrap();
    schema.as_map_mut().unwrap().insert(Key::new("openAPIV3Schema", origin()), deep);
    tree.as_map_mut()
        .unwrap()
        .get_mut("spec")
        .unwrap()
        .as_map_mut()
        .unwrap()
        .insert(Key::new("versions", origin()), versions);
    let found = std::thread::scope(|scope| scope.spawn(|| faults(&tree)).join().unwrap());
    assert!(found.iter().any(|fault| fault.message.contains("nested too deeply")), "{found:#?}");
    // more faults than anybody reads
    let mut tree = valid_of("ConfigMap");
    let data = Node::map(
        {
            let mut map = Map::default();
            (0..5_000)
                .for_each(|number| map.insert(Key::new(format!("k{number}"), origin()), Node::int(number, origin())));
            map
        },
        origin(),
    );
    tree.as_map_mut().unwrap().insert(Key::new("data", origin()), data);
    let found = faults(&tree);
    assert!(found.len() < 1_000);
    // Every mount is wrong and there are many: still no work that grows with the square.
    let many = |prefix: &str| {
        let items = (0..20_000).map(|number| yaml(&format!("{{name: {prefix}{number}, mountPath: /{number}}}")));
        Node::list(items.collect(), origin())
    };
    let mut pod = valid_of("Pod");
    let spec = pod.as_map_mut().unwrap().get_mut("spec").unwrap().as_map_mut().unwrap();
    spec.insert(Key::new("volumes", origin()), many("volume"));
    let container = &mut spec.get_mut("containers").unwrap().as_list_mut().unwrap()[0];
    container.as_map_mut().unwrap().insert(Key::new("volumeMounts", origin()), many("mount"));
    assert!(faults(&pod).len() < 1_000);
    assert_eq!(found.last().unwrap().message, "the object has 4500 more faults");
}
