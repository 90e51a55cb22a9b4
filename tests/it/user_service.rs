//! What the document of `examples/user-service` asks for, line by line, and what proves each: the table
//! that `COVERAGE.md` shows.

use crate::disney::Section;

pub const USER_SERVICE: &[Section] = &[
    (
        "Architecture",
        &[
            (
                "Deployment: 3 replicas, as the autoscaler's minimum; rolling update",
                "`autoscaling.minReplicas`; built in",
                &[
                    "production Deployment/user-service-deployment spec.strategy.type = RollingUpdate",
                    "production Deployment/user-service-deployment spec.strategy.rollingUpdate.maxUnavailable = 0",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.minReplicas = 3",
                ],
            ),
            (
                "Service: inside of the cluster, on port 3002",
                "`ports`",
                &[
                    "production Service/user-service spec.ports[0].port = 3002",
                    "production Service/user-service spec.selector.app = user-service",
                ],
            ),
            (
                "HPA, VPA, PDB",
                "`autoscaling`, `vpa`; built in",
                &[
                    "production HorizontalPodAutoscaler/user-service-hpa spec.scaleTargetRef.name = user-service-deployment",
                    "production VerticalPodAutoscaler/user-service-vpa spec.targetRef.name = user-service-deployment",
                    "production PodDisruptionBudget/user-service-pdb spec.maxUnavailable = 1",
                    "production PodDisruptionBudget/user-service-pdb spec.selector.matchLabels.app = user-service",
                ],
            ),
            (
                "NetworkPolicy, ServiceMonitor, PrometheusRule",
                "`dependsOn`, `metrics`, `alerts`",
                &[
                    "production NetworkPolicy/user-service-network-policy",
                    "production ServiceMonitor/user-service-monitor",
                    "production PrometheusRule/user-service-alerts",
                ],
            ),
        ],
    ),
    (
        "Security",
        &[
            (
                "runs as user 1001, not as root",
                "`securityContext`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.securityContext.runAsUser = 1001",
                    "production Deployment/user-service-deployment spec.template.spec.securityContext.runAsNonRoot = true",
                ],
            ),
            (
                "root file system that is read only",
                "built in; `emptyDirs` for what is written",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].securityContext.readOnlyRootFilesystem = true",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].volumeMounts[name=tmp].mountPath = /tmp",
                ],
            ),
            (
                "all capabilities dropped, no privilege escalation",
                "built in",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].securityContext.capabilities.drop[0] = ALL",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].securityContext.allowPrivilegeEscalation = false",
                ],
            ),
            (
                "limits of resources, of the namespace as well",
                "`resources`; built in",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].resources.limits.memory = 1Gi",
                    "production ResourceQuota/quota",
                    "production LimitRange/limits",
                ],
            ),
            (
                "the namespace enforces it",
                "built in",
                &[
                    "production Namespace/microservices metadata.labels[\"pod-security.kubernetes.io/enforce\"] = restricted",
                ],
            ),
            (
                "network policies: authorized services alone come in",
                "`dependsOn` of who calls",
                &[
                    "production NetworkPolicy/user-service-network-policy spec.podSelector.matchLabels.app = user-service",
                    "production NetworkPolicy/user-service-network-policy spec.ingress[0].from[0].podSelector.matchLabels.app = api-gateway",
                    "production NetworkPolicy/user-service-network-policy spec.ingress[0].ports[0].port = 3002",
                    "production NetworkPolicy/default-deny",
                ],
            ),
            (
                "network policies: only what is needed goes out, and DNS",
                "`dependsOn`; built in",
                &[
                    "production NetworkPolicy/user-service-network-policy spec.egress[0].ports[0].port = 53",
                    "production NetworkPolicy/user-service-network-policy spec.egress[1].to[0].podSelector.matchLabels.app = postgres-user",
                    "production NetworkPolicy/user-service-network-policy spec.egress[1].ports[0].port = 5432",
                    "production NetworkPolicy/user-service-network-policy spec.egress[2].to[0].podSelector.matchLabels.app = redis",
                    "production NetworkPolicy/user-service-network-policy spec.egress[2].ports[0].port = 6379",
                ],
            ),
            (
                "annotations for Linkerd",
                "`platform.mesh`",
                &[
                    "production Deployment/user-service-deployment spec.template.metadata.annotations[\"linkerd.io/inject\"] = enabled",
                    "production MeshTLSAuthentication/user-service.http spec.identityRefs[0].name = api-gateway",
                ],
            ),
            (
                "internal endpoints ask for an API key, which callers have, too",
                "`secrets.INTERNAL_API_KEY`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=INTERNAL_API_KEY].valueFrom.secretKeyRef.name = microservices-secrets",
                    "production Deployment/api-gateway spec.template.spec.containers[name=api-gateway].env[name=INTERNAL_API_KEY].valueFrom.secretKeyRef.name = microservices-secrets",
                ],
            ),
            (
                "a service account of its own",
                "built in",
                &[
                    "production ServiceAccount/user-service automountServiceAccountToken = false",
                    "production Deployment/user-service-deployment spec.template.spec.serviceAccountName = user-service",
                ],
            ),
            (
                "Role: ConfigMaps, Secrets and Pods, to read them",
                "`rbac`",
                &[
                    "production Role/user-service-role rules[0].resources[0] = configmaps",
                    "production Role/user-service-role rules[0].verbs[0] = get",
                    "production Role/user-service-role rules[0].verbs[1] = list",
                    "production Role/user-service-role rules[0].verbs[2] = watch",
                    "production Role/user-service-role rules[1].resources[0] = secrets",
                    "production Role/user-service-role rules[1].verbs[0] = get",
                    "production Role/user-service-role rules[1].verbs[1] = list",
                    "production Role/user-service-role rules[2].resources[0] = pods",
                    "production Role/user-service-role rules[2].verbs[0] = get",
                    "production Role/user-service-role rules[2].verbs[1] = list",
                ],
            ),
            (
                "RoleBinding: the account and the role",
                "`rbac`",
                &[
                    "production RoleBinding/user-service-rolebinding roleRef.name = user-service-role",
                    "production RoleBinding/user-service-rolebinding subjects[0].name = user-service",
                ],
            ),
        ],
    ),
    (
        "Resources",
        &[
            (
                "requests: 256Mi, 200m, 1Gi of ephemeral storage",
                "`resources.requests`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].resources.requests.memory = 256Mi",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].resources.requests.cpu = 200m",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].resources.requests.ephemeral-storage = 1Gi",
                ],
            ),
            (
                "limits: 1Gi, 1000m, 2Gi of ephemeral storage",
                "`resources.limits`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].resources.limits.memory = 1Gi",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].resources.limits.cpu = 1000m",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].resources.limits.ephemeral-storage = 2Gi",
                ],
            ),
            (
                "HPA: 3 to 15 replicas",
                "`autoscaling`",
                &[
                    "production HorizontalPodAutoscaler/user-service-hpa spec.minReplicas = 3",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.maxReplicas = 15",
                ],
            ),
            (
                "HPA: CPU at 70 %, memory at 80 %",
                "`autoscaling`",
                &[
                    "production HorizontalPodAutoscaler/user-service-hpa spec.metrics[0].resource.name = cpu",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.metrics[0].resource.target.averageUtilization = 70",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.metrics[1].resource.name = memory",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.metrics[1].resource.target.averageUtilization = 80",
                ],
            ),
            (
                "VPA: adjusts requests and limits",
                "`vpa`",
                &["production VerticalPodAutoscaler/user-service-vpa spec.updatePolicy.updateMode = Recreate"],
            ),
            (
                "conservative down",
                "`autoscaling.behavior`",
                &[
                    "production HorizontalPodAutoscaler/user-service-hpa spec.behavior.scaleDown.stabilizationWindowSeconds = 300",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.behavior.scaleDown.policies[0].value = 10",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.behavior.scaleDown.policies[0].periodSeconds = 60",
                ],
            ),
            (
                "aggressive up",
                "`autoscaling.behavior`",
                &[
                    "production HorizontalPodAutoscaler/user-service-hpa spec.behavior.scaleUp.stabilizationWindowSeconds = 0",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.behavior.scaleUp.policies[0].value = 100",
                    "production HorizontalPodAutoscaler/user-service-hpa spec.behavior.scaleUp.policies[0].periodSeconds = 15",
                ],
            ),
        ],
    ),
    (
        "Health",
        &[
            (
                "liveness: `/api/health/live`",
                "`probes.liveness`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].livenessProbe.httpGet.path = /api/health/live",
                ],
            ),
            (
                "readiness: `/api/health/ready`",
                "`probes.readiness`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].readinessProbe.httpGet.path = /api/health/ready",
                ],
            ),
            (
                "startup: `/api/health/live`",
                "`probes.startup`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].startupProbe.httpGet.path = /api/health/live",
                ],
            ),
            (
                "30 seconds of grace",
                "`shutdown`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.terminationGracePeriodSeconds = 30",
                ],
            ),
            (
                "15 seconds before the end",
                "`shutdown`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].lifecycle.preStop.sleep.seconds = 15",
                ],
            ),
        ],
    ),
    (
        "Monitoring",
        &[
            (
                "scraped every 15 seconds",
                "`metrics.interval`",
                &[
                    "production ServiceMonitor/user-service-monitor spec.endpoints[0].interval = 15s",
                    "production ServiceMonitor/user-service-monitor spec.endpoints[0].path = /metrics",
                    "production ServiceMonitor/user-service-monitor spec.selector.matchLabels.app = user-service",
                ],
            ),
            (
                "`http_requests_total`, `http_request_duration_seconds`",
                "`metrics.convention`",
                &["production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[0].expr"],
            ),
            (
                "`user_cache_hits_total`, `user_batch_operations_total`, `user_database_connections_active`",
                "`metrics.prefix`",
                &["production ConfigMap/user-service-dashboard data[\"user-service.json\"]"],
            ),
            (
                "1. CPU above 80 % for 5 minutes",
                "`alerts.high-cpu`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[8].alert = HighCpu",
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[8].for = 5m",
                ],
            ),
            (
                "2. memory above 85 % for 5 minutes",
                "`alerts.high-memory`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[9].alert = HighMemory",
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[9].for = 5m",
                ],
            ),
            (
                "3. more than 0.1 restarts a minute",
                "`alerts.high-restart-rate`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[7].alert = HighRestartRate",
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[7].expr = rate(kube_pod_container_status_restarts_total{namespace=\"microservices\", pod=~\"user-service-deployment-[a-z0-9]+-[a-z0-9]{5}\", container=\"user-service\"}[15m]) * 60 > 0.1",
                ],
            ),
            (
                "4. the service is down for 1 minute",
                "`alerts.service-down`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[2].expr = absent(up{namespace=\"microservices\", job=\"user-service\"} == 1)",
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[2].for = 1m",
                ],
            ),
            (
                "5. the 95th percentile of response times above 1 second",
                "`alerts.high-latency`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[1].expr = histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{namespace=\"microservices\", job=\"user-service\"}[5m]))) > 1",
                ],
            ),
            (
                "6. more than 5 % errors for 5 minutes",
                "`alerts.high-error-rate`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[0].expr = sum(rate(http_requests_total{namespace=\"microservices\", job=\"user-service\", code=~\"5..\"}[5m])) / sum(rate(http_requests_total{namespace=\"microservices\", job=\"user-service\"}[5m])) > 0.05",
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[0].for = 5m",
                ],
            ),
            (
                "7. connections to the database fail",
                "`alerts.database-connection-failures`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[3].expr = sum(increase(user_database_connection_errors_total{namespace=\"microservices\", job=\"user-service\"}[5m])) > 0",
                ],
            ),
            (
                "8. connections to Redis fail",
                "`alerts.redis-connection-failures`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[4].expr = sum(increase(user_redis_connection_errors_total{namespace=\"microservices\", job=\"user-service\"}[5m])) > 0",
                ],
            ),
            (
                "9. less than 70 % found in the cache for 10 minutes",
                "`alerts.low-cache-hit-rate`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[5].expr = sum(rate(user_cache_hits_total{namespace=\"microservices\", job=\"user-service\"}[5m])) / (sum(rate(user_cache_hits_total{namespace=\"microservices\", job=\"user-service\"}[5m])) + sum(rate(user_cache_misses_total{namespace=\"microservices\", job=\"user-service\"}[5m]))) < 0.7",
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[5].for = 10m",
                ],
            ),
            (
                "10. more than 0.1 batch operations a minute fail",
                "`alerts.batch-operation-failures`",
                &[
                    "production PrometheusRule/user-service-alerts spec.groups[name=user-service].rules[6].expr = sum(rate(user_batch_operations_total{namespace=\"microservices\", job=\"user-service\", status=~\"error|failed|failure\"}[5m])) * 60 > 0.1",
                ],
            ),
            (
                "dashboard: request rate and response time, error rate and cache, CPU and memory, metrics of its own",
                "`platform.monitoring.dashboards`",
                &[
                    "production ConfigMap/user-service-dashboard metadata.labels.grafana_dashboard = \"1\"",
                    "production ConfigMap/user-service-dashboard data[\"user-service.json\"]",
                ],
            ),
            (
                "logs: JSON, their level by a variable",
                "`config.data`",
                &[
                    "production ConfigMap/user-service-config data.LOG_FORMAT = json",
                    "production ConfigMap/user-service-config data.LOG_LEVEL = info",
                ],
            ),
        ],
    ),
    (
        "Configuration",
        &[
            (
                "`NODE_ENV`: production",
                "`config.data`",
                &[
                    "production ConfigMap/user-service-config data.NODE_ENV = production",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].envFrom[0].configMapRef.name = user-service-config",
                ],
            ),
            ("`LOG_LEVEL`: info", "`config.data`", &["production ConfigMap/user-service-config data.LOG_LEVEL = info"]),
            (
                "`LOG_FORMAT`: json",
                "`config.data`",
                &["production ConfigMap/user-service-config data.LOG_FORMAT = json"],
            ),
            (
                "`POSTGRES_MAX_CONNECTIONS`: 20",
                "`config.data`, `dependsOn.postgres-user.pool`",
                &["production ConfigMap/user-service-config data.POSTGRES_MAX_CONNECTIONS = \"20\""],
            ),
            (
                "`REDIS_KEY_PREFIX`: user-service:",
                "`config.data`",
                &["production ConfigMap/user-service-config data.REDIS_KEY_PREFIX = \"user-service:\""],
            ),
            (
                "`CACHE_TTL`: 300",
                "`config.data`",
                &["production ConfigMap/user-service-config data.CACHE_TTL = \"300\""],
            ),
            (
                "`RATE_LIMIT_MAX`: 100",
                "`config.data`",
                &["production ConfigMap/user-service-config data.RATE_LIMIT_MAX = \"100\""],
            ),
            (
                "`microservices-secrets`: `POSTGRES_USER_PASSWORD`",
                "`dependsOn.postgres-user.env`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=POSTGRES_USER_PASSWORD].valueFrom.secretKeyRef.name = microservices-secrets",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=POSTGRES_USER_PASSWORD].valueFrom.secretKeyRef.key = POSTGRES_USER_PASSWORD",
                ],
            ),
            (
                "`microservices-secrets`: `REDIS_PASSWORD`",
                "`dependsOn.redis.env`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=REDIS_PASSWORD].valueFrom.secretKeyRef.name = microservices-secrets",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=REDIS_PASSWORD].valueFrom.secretKeyRef.key = REDIS_PASSWORD",
                ],
            ),
            (
                "`microservices-secrets`: `ENCRYPTION_KEY`",
                "`secrets`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=ENCRYPTION_KEY].valueFrom.secretKeyRef.name = microservices-secrets",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=ENCRYPTION_KEY].valueFrom.secretKeyRef.key = ENCRYPTION_KEY",
                ],
            ),
            (
                "`microservices-secrets`: `INTERNAL_API_KEY`",
                "`secrets`",
                &[
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=INTERNAL_API_KEY].valueFrom.secretKeyRef.name = microservices-secrets",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=INTERNAL_API_KEY].valueFrom.secretKeyRef.key = INTERNAL_API_KEY",
                ],
            ),
        ],
    ),
    (
        "Operations",
        &[
            (
                "`kubectl get pods -n microservices -l app=user-service`",
                "`selector`",
                &[
                    "production Deployment/user-service-deployment metadata.namespace = microservices",
                    "production Deployment/user-service-deployment spec.template.metadata.labels.app = user-service",
                    "production Deployment/user-service-deployment spec.selector.matchLabels.app = user-service",
                ],
            ),
            (
                "`kubectl port-forward service/user-service -n microservices 8080:3002`",
                "`ports`",
                &["production Service/user-service spec.ports[name=http].port = 3002"],
            ),
            (
                "`kubectl rollout status`, `exec`, `scale deployment/user-service-deployment`",
                "`names.Deployment`",
                &["production Deployment/user-service-deployment"],
            ),
            (
                "`kubectl get pods -n microservices -l app=postgres-user`; `nc -zv postgres-user 5432`",
                "`services.postgres-user`",
                &[
                    "production StatefulSet/postgres-user spec.template.metadata.labels.app = postgres-user",
                    "production Service/postgres-user spec.ports[0].port = 5432",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=POSTGRES_HOST].value = postgres-user",
                ],
            ),
            (
                "`kubectl get pods -n microservices -l app=redis`; `nc -zv redis 6379`",
                "`services.redis`",
                &[
                    "production StatefulSet/redis spec.template.metadata.labels.app = redis",
                    "production Service/redis spec.ports[0].port = 6379",
                    "production Deployment/user-service-deployment spec.template.spec.containers[name=user-service].env[name=REDIS_HOST].value = redis",
                ],
            ),
            (
                "`kubectl get hpa -n microservices`",
                "`autoscaling`",
                &["production HorizontalPodAutoscaler/user-service-hpa metadata.namespace = microservices"],
            ),
            (
                "backups of the database, and how to restore one",
                "`services.postgres-user.backup`",
                &[
                    "production CronJob/postgres-user-backup spec.schedule = 0 3 * * *",
                    "production CronJob/postgres-user-restore spec.suspend = true",
                ],
            ),
            (
                "deployment to staging and production",
                "`overlays`",
                &[
                    "staging Deployment/user-service-deployment metadata.namespace = microservices-staging",
                    "production Deployment/user-service-deployment metadata.namespace = microservices",
                ],
            ),
        ],
    ),
];

/// What the document asks for and no object says, and why.
pub const ELSEWHERE: &[(&str, &str)] = &[
    (
        "`k8s/secret.yaml`",
        "Values are nobody's to write down. `build` writes `user-service-secrets.yaml` with placeholders beside the manifests, in comments, so that nobody applies them: a placeholder would overwrite a value in use.",
    ),
    (
        "manifests in order, one after the other",
        "`kubectl apply -k k8s/`, or the stream of `render`, does it at once: objects come in the order that they need. The files of the flat layout have a service before their kind (`user-service-deployment.yaml`) where there are several.",
    ),
    (
        "`scripts/deploy-k8s.sh`, `scripts/deploy-k8s.ps1`",
        "Three commands, which are in the README; what a script would add is where it runs.",
    ),
    (
        "graceful shutdown in `main.ts`, correlation IDs, the probes' endpoints",
        "Code of the application. The pod gives it the time: 15 seconds until requests stop coming, 15 more to end.",
    ),
    (
        "a metric of failed connections, of cache misses and of batches by their status",
        "The document names the alerts and not these series: `user_database_connection_errors_total`, `user_redis_connection_errors_total`, `user_cache_misses_total` and the label `status` are the convention that the application has to follow.",
    ),
    (
        "who the authorized services are",
        "The document does not say. `api-gateway` stands for them: whoever has `user-service` among its `dependsOn` is let in by NetworkPolicy and mesh, at both ends.",
    ),
    (
        "point-in-time recovery by the database's operator, ConfigMaps and Secrets in backups, rotation",
        "Of the operator, of whatever backs up the cluster, and of whoever keeps the secrets. The dumps here are daily.",
    ),
    (
        "Kubernetes 1.20 and newer",
        "1.33 is the oldest that is rendered for; `preStop.sleep` and others are younger than 1.20.",
    ),
    (
        "scaling by hand",
        "`kubectl scale` works and is undone by the autoscaler, which has `spec.replicas` for itself: raise `minReplicas` for a planned event.",
    ),
    (
        "`.github/workflows/ci-cd.yml`",
        "`platgen check`, `diff` and `set` are what a pipeline calls; docs/ci.md has it.",
    ),
];

/// Files of the document that the tree has under the same name.
pub const FILES: &[&str] = &["kustomization.yaml", "namespace.yaml", "hpa.yaml"];

/// Titles of the dashboard's panels for what the document names.
pub const PANELS: &[(&str, &[&str])] = &[
    ("request rate and response time", &["Requests", "Duration"]),
    ("error rate and cache performance", &["Errors", "Found in the cache"]),
    ("resource utilization (CPU, memory)", &["CPU", "Memory"]),
    ("custom business metrics", &["Batch operations", "Database connections"]),
];
