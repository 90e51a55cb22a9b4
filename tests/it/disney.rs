//! What the document of `examples/disney-ai-plus` asks for, line by line, and what proves each: the
//! table that `COVERAGE.md` shows, so that neither can be ahead of the other.

/// Heading, and lines of the document: what it says, where the inventory says it, what proves it.
pub type Section = (&'static str, &'static [(&'static str, &'static str, &'static [&'static str])]);

pub const DISNEY: &[Section] = &[
    (
        "Directory structure",
        &[
            ("`namespace.yaml`", "`platform.name`", &["base Namespace/disney-ai-plus"]),
            (
                "`service-accounts.yaml`",
                "each service",
                &["base ServiceAccount/api", "base ServiceAccount/web", "base ServiceAccount/db"],
            ),
            (
                "`api-deployment.yaml`, `api-service.yaml`",
                "`services.api`",
                &["base Deployment/api", "base Service/api spec.ports[0].port = 3001"],
            ),
            (
                "`web-deployment.yaml`, `web-service.yaml`",
                "`services.web`",
                &["base Deployment/web", "base Service/web spec.ports[0].port = 3000"],
            ),
            ("`api-configmap.yaml`, `web-configmap.yaml`", "`config`", &["base ConfigMap/api", "base ConfigMap/web"]),
            (
                "`db-statefulset.yaml`, `db-service.yaml`",
                "`services.db`",
                &["base StatefulSet/db", "base Service/db spec.ports[0].port = 5432"],
            ),
            (
                "`api-`, `web-`, `db-network-policy.yaml`",
                "`dependsOn`, `expose`",
                &["base NetworkPolicy/api", "base NetworkPolicy/web", "base NetworkPolicy/db"],
            ),
            ("`ingress.yaml`", "`expose`", &["base Ingress/web", "base Ingress/api"]),
            ("`hpa.yaml`", "`autoscaling`", &["base HorizontalPodAutoscaler/api", "base HorizontalPodAutoscaler/web"]),
            (
                "`pdb.yaml`",
                "built in",
                &["base PodDisruptionBudget/api", "base PodDisruptionBudget/web", "base PodDisruptionBudget/db"],
            ),
            (
                "`service-monitors.yaml`",
                "`metrics`, `exporter`",
                &["base ServiceMonitor/api", "base ServiceMonitor/web", "base ServiceMonitor/db"],
            ),
            (
                "`overlays/production`, `overlays/staging`",
                "`overlays`",
                &["production Deployment/api", "staging Deployment/api"],
            ),
        ],
    ),
    (
        "Web and API pods",
        &[
            (
                "web: Next.js on port 3000",
                "`services.web.ports`",
                &["base Deployment/web spec.template.spec.containers[name=web].ports[0].containerPort = 3000"],
            ),
            (
                "api: Node.js on port 3001",
                "`services.api.ports`",
                &["base Deployment/api spec.template.spec.containers[name=api].ports[0].containerPort = 3001"],
            ),
            (
                "2 to 10 replicas",
                "`autoscaling`",
                &[
                    "base HorizontalPodAutoscaler/api spec.minReplicas = 2",
                    "base HorizontalPodAutoscaler/api spec.maxReplicas = 10",
                    "base HorizontalPodAutoscaler/web spec.minReplicas = 2",
                    "base HorizontalPodAutoscaler/web spec.maxReplicas = 10",
                ],
            ),
            (
                "liveness and readiness probes",
                "`probes`",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].livenessProbe.httpGet.path = /health",
                    "base Deployment/api spec.template.spec.containers[name=api].readinessProbe.httpGet.path = /ready",
                    "base Deployment/web spec.template.spec.containers[name=web].livenessProbe.httpGet.path = /api/health",
                    "base Deployment/web spec.template.spec.containers[name=web].readinessProbe.httpGet.path = /api/health",
                ],
            ),
            (
                "resource limits and requests",
                "`resources`",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].resources.requests.cpu = 200m",
                    "base Deployment/api spec.template.spec.containers[name=api].resources.limits.memory = 512Mi",
                    "base Deployment/web spec.template.spec.containers[name=web].resources.requests.memory = 256Mi",
                    "base Deployment/web spec.template.spec.containers[name=web].resources.limits.cpu = \"1\"",
                ],
            ),
            (
                "network policies: web calls api",
                "`dependsOn`",
                &[
                    "base NetworkPolicy/api spec.ingress[0].from[0].podSelector.matchLabels[\"app.kubernetes.io/name\"] = web",
                    "base NetworkPolicy/api spec.ingress[0].ports[0].port = 3001",
                ],
            ),
        ],
    ),
    (
        "Database",
        &[
            (
                "a StatefulSet with a claim of 10Gi",
                "`services.db.storage`",
                &[
                    "base StatefulSet/db spec.volumeClaimTemplates[0].spec.resources.requests.storage = 10Gi",
                    "production StatefulSet/db spec.volumeClaimTemplates[0].spec.resources.requests.storage = 10Gi",
                ],
            ),
            (
                "PostgreSQL Exporter",
                "`services.db.exporter`",
                &[
                    "base StatefulSet/db spec.template.spec.containers[name=exporter].ports[0].containerPort = 9187",
                    "base Service/db spec.ports[1].port = 9187",
                ],
            ),
            (
                "access from API pods only",
                "`services.api.dependsOn.db`",
                &[
                    "base NetworkPolicy/db spec.ingress[0].from[0].podSelector.matchLabels[\"app.kubernetes.io/name\"] = api",
                    "base NetworkPolicy/db spec.ingress[0].ports[0].port = 5432",
                    "base NetworkPolicy/db spec.ingress[1].ports[0].port = 9187",
                    "base NetworkPolicy/default-deny",
                ],
            ),
            (
                "health checks by `pg_isready`",
                "built in",
                &[
                    "base StatefulSet/db spec.template.spec.containers[name=db].livenessProbe.exec.command[0] = pg_isready",
                    "base StatefulSet/db spec.template.spec.containers[name=db].readinessProbe.exec.command[0] = pg_isready",
                ],
            ),
            (
                "the user `disney_app`",
                "`services.db.database`",
                &[
                    "base StatefulSet/db spec.template.spec.containers[name=db].env[name=POSTGRES_USER].value = disney_app",
                ],
            ),
        ],
    ),
    (
        "Security",
        &[
            (
                "TLS by the Ingress, cert-manager",
                "`platform.ingress`, `platform.issuers`",
                &[
                    "base Ingress/web spec.ingressClassName = nginx",
                    "base Ingress/web spec.tls[0].secretName = web-tls",
                    "base Ingress/web metadata.annotations[\"cert-manager.io/issuer\"] = letsencrypt",
                    "base Ingress/api metadata.annotations[\"cert-manager.io/issuer\"] = letsencrypt",
                    "base Issuer/letsencrypt",
                ],
            ),
            (
                "service accounts with minimal permissions",
                "built in",
                &[
                    "base ServiceAccount/api automountServiceAccountToken = false",
                    "base Deployment/api spec.template.spec.automountServiceAccountToken = false",
                ],
            ),
            (
                "sealed secrets",
                "`overlays/staging`",
                &["staging SealedSecret/api", "staging SealedSecret/web", "staging SealedSecret/db"],
            ),
            (
                "External Secrets Operator",
                "`overlays/production`",
                &[
                    "production ExternalSecret/api",
                    "production ExternalSecret/web",
                    "production ExternalSecret/db",
                    "production SecretStore/main spec.provider.aws.service = SecretsManager",
                ],
            ),
            (
                "containers that are not root",
                "built in",
                &[
                    "base Deployment/api spec.template.spec.securityContext.runAsNonRoot = true",
                    "base Deployment/web spec.template.spec.securityContext.runAsNonRoot = true",
                    "base StatefulSet/db spec.template.spec.securityContext.runAsNonRoot = true",
                    "base Namespace/disney-ai-plus metadata.labels[\"pod-security.kubernetes.io/enforce\"] = restricted",
                ],
            ),
            (
                "root file systems that are read only",
                "built in; `emptyDirs` for what is written",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].securityContext.readOnlyRootFilesystem = true",
                    "base Deployment/web spec.template.spec.containers[name=web].securityContext.readOnlyRootFilesystem = true",
                    "base StatefulSet/db spec.template.spec.containers[name=db].securityContext.readOnlyRootFilesystem = true",
                ],
            ),
        ],
    ),
    (
        "Resilience",
        &[
            (
                "disruption budgets",
                "built in",
                &[
                    "base PodDisruptionBudget/api spec.maxUnavailable = 1",
                    "base PodDisruptionBudget/web spec.maxUnavailable = 1",
                ],
            ),
            (
                "graceful scaling",
                "built in",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].lifecycle.preStop.sleep.seconds",
                    "base Deployment/api spec.strategy.rollingUpdate.maxUnavailable = 0",
                ],
            ),
        ],
    ),
    (
        "Environment variables",
        &[
            (
                "api `NODE_ENV`: production, staging",
                "`config`",
                &[
                    "production ConfigMap/api data.NODE_ENV = production",
                    "staging ConfigMap/api data.NODE_ENV = staging",
                ],
            ),
            (
                "api `PORT`",
                "`config`",
                &[
                    "base ConfigMap/api data.PORT = \"3001\"",
                    "base Deployment/api spec.template.spec.containers[name=api].envFrom[0].configMapRef.name = api",
                ],
            ),
            (
                "api `DATABASE_URL`",
                "`dependsOn.db.env`",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].env[name=DATABASE_URL].value = postgresql://disney_app:$(DATABASE_URL_PASSWORD)@db:5432/disney_ai_plus",
                ],
            ),
            (
                "api `JWT_SECRET`",
                "`secrets`",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].env[name=JWT_SECRET].valueFrom.secretKeyRef.key = JWT_SECRET",
                ],
            ),
            (
                "api `SUPABASE_URL`",
                "`secrets`",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].env[name=SUPABASE_URL].valueFrom.secretKeyRef.key = SUPABASE_URL",
                ],
            ),
            (
                "api `SUPABASE_ANON_KEY`",
                "`secrets`",
                &[
                    "base Deployment/api spec.template.spec.containers[name=api].env[name=SUPABASE_ANON_KEY].valueFrom.secretKeyRef.key = SUPABASE_ANON_KEY",
                ],
            ),
            (
                "web `NODE_ENV`: production, staging",
                "`config`",
                &[
                    "production ConfigMap/web data.NODE_ENV = production",
                    "staging ConfigMap/web data.NODE_ENV = staging",
                ],
            ),
            (
                "web `PORT`",
                "`config`",
                &[
                    "base ConfigMap/web data.PORT = \"3000\"",
                    "base Deployment/web spec.template.spec.containers[name=web].envFrom[0].configMapRef.name = web",
                ],
            ),
            (
                "web `API_URL`",
                "`dependsOn.api.env`",
                &[
                    "base Deployment/web spec.template.spec.containers[name=web].env[name=API_URL].value = http://api:3001",
                ],
            ),
            (
                "web `NEXT_PUBLIC_SUPABASE_URL`",
                "`secrets`",
                &[
                    "base Deployment/web spec.template.spec.containers[name=web].env[name=NEXT_PUBLIC_SUPABASE_URL].valueFrom.secretKeyRef.key = NEXT_PUBLIC_SUPABASE_URL",
                ],
            ),
            (
                "web `NEXT_PUBLIC_SUPABASE_ANON_KEY`",
                "`secrets`",
                &[
                    "base Deployment/web spec.template.spec.containers[name=web].env[name=NEXT_PUBLIC_SUPABASE_ANON_KEY].valueFrom.secretKeyRef.key = NEXT_PUBLIC_SUPABASE_ANON_KEY",
                ],
            ),
        ],
    ),
    (
        "Monitoring",
        &[
            (
                "api: port 3001, `/metrics`",
                "`metrics`",
                &[
                    "base ServiceMonitor/api spec.endpoints[0].port = http",
                    "base ServiceMonitor/api spec.endpoints[0].path = /metrics",
                ],
            ),
            (
                "web: port 3000, `/metrics`",
                "`metrics`",
                &[
                    "base ServiceMonitor/web spec.endpoints[0].port = http",
                    "base ServiceMonitor/web spec.endpoints[0].path = /metrics",
                ],
            ),
            (
                "database: port 9187, `/metrics`",
                "`exporter`",
                &[
                    "base ServiceMonitor/db spec.endpoints[0].port = metrics",
                    "base ServiceMonitor/db spec.endpoints[0].path = /metrics",
                ],
            ),
            (
                "alert: high error rates",
                "built in",
                &[
                    "base PrometheusRule/api spec.groups[name=api].rules[0].alert = HighErrorRate",
                    "base PrometheusRule/web spec.groups[name=web].rules[0].alert = HighErrorRate",
                ],
            ),
            (
                "alert: high latency; the API's target is below 200 ms",
                "`alerts.high-latency`, `slo.latency`",
                &[
                    "base PrometheusRule/api spec.groups[name=api].rules[1].alert = HighLatency",
                    "base PrometheusRule/api spec.groups[name=api].rules[1].expr = histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{namespace=\"disney-ai-plus\", job=\"api\"}[5m]))) > 0.2",
                    "base PrometheusRule/api spec.groups[name=api-slo].rules[7].alert = SloLatencyBurn",
                ],
            ),
            (
                "alert: pod restarts",
                "`alerts.high-restart-rate`",
                &[
                    "base PrometheusRule/api spec.groups[name=api].rules[4].alert = HighRestartRate",
                    "base PrometheusRule/web spec.groups[name=web].rules[4].alert = HighRestartRate",
                    "base PrometheusRule/db spec.groups[name=db].rules[2].alert = HighRestartRate",
                ],
            ),
            (
                "alert: resource utilization thresholds",
                "`alerts.high-cpu`",
                &[
                    "base PrometheusRule/api spec.groups[name=api].rules[7].alert = HighCpu",
                    "base PrometheusRule/api spec.groups[name=api].rules[8].alert = HighMemory",
                    "base PrometheusRule/db spec.groups[name=db].rules[5].alert = HighMemory",
                ],
            ),
            (
                "alert: database connection issues",
                "built in",
                &[
                    "base PrometheusRule/db spec.groups[name=db].rules[8].alert = PostgresDown",
                    "base PrometheusRule/db spec.groups[name=db].rules[9].alert = PostgresTooManyConnections",
                ],
            ),
        ],
    ),
    (
        "Scaling",
        &[
            (
                "CPU at 70 %",
                "`autoscaling.cpu`",
                &[
                    "base HorizontalPodAutoscaler/api spec.metrics[0].resource.target.averageUtilization = 70",
                    "base HorizontalPodAutoscaler/web spec.metrics[0].resource.target.averageUtilization = 70",
                ],
            ),
            (
                "memory at 80 %",
                "`autoscaling.memory`",
                &[
                    "base HorizontalPodAutoscaler/api spec.metrics[1].resource.target.averageUtilization = 80",
                    "base HorizontalPodAutoscaler/web spec.metrics[1].resource.target.averageUtilization = 80",
                ],
            ),
            (
                "production: 3 to 20 replicas",
                "`overlays/production`",
                &[
                    "production HorizontalPodAutoscaler/api spec.minReplicas = 3",
                    "production HorizontalPodAutoscaler/api spec.maxReplicas = 20",
                    "production HorizontalPodAutoscaler/web spec.minReplicas = 3",
                    "production HorizontalPodAutoscaler/web spec.maxReplicas = 20",
                ],
            ),
            (
                "staging: 1 to 3 replicas",
                "`overlays/staging`",
                &[
                    "staging HorizontalPodAutoscaler/api spec.minReplicas = 1",
                    "staging HorizontalPodAutoscaler/api spec.maxReplicas = 3",
                    "staging HorizontalPodAutoscaler/web spec.minReplicas = 1",
                    "staging HorizontalPodAutoscaler/web spec.maxReplicas = 3",
                ],
            ),
        ],
    ),
];

/// What the document asks for and no object says, and why.
pub const ELSEWHERE: &[(&str, &str)] = &[
    (
        "`api-secrets.yaml`, `web-secrets.yaml`, `db-secrets.yaml` in the base",
        "The base refers to Secrets by name. `build` writes files of these names with placeholders, in comments, so that nobody applies them: a placeholder would overwrite a value in use. Staging has them sealed, production from a store.",
    ),
    (
        "TLS 1.3 and nothing older",
        "ingress-nginx has no annotation for it. `ssl-protocols: TLSv1.3` belongs into its own ConfigMap, which is the controller's; `minTlsVersion.enforcedBy: controller` notes that it is there.",
    ),
    (
        "5,000 concurrent users",
        "A load, not an object: requests, limits and the autoscalers' bounds are what a load test is to confirm.",
    ),
    ("logs to stdout and stderr", "Nothing to render: the node's agent collects them."),
    (
        "Kubernetes 1.25 and newer",
        "1.33 is the oldest that is rendered for; `preStop.sleep` and others are younger than 1.25.",
    ),
    ("scaling by hand", "`kubectl scale` works and is undone by the autoscaler, which has `spec.replicas` for itself."),
];

/// Files of the document's base directory that the render has objects for.
pub const FILES: &[&str] = &[
    "kustomization.yaml",
    "namespace.yaml",
    "service-accounts.yaml",
    "api-deployment.yaml",
    "api-service.yaml",
    "api-configmap.yaml",
    "api-network-policy.yaml",
    "web-deployment.yaml",
    "web-service.yaml",
    "web-configmap.yaml",
    "web-network-policy.yaml",
    "db-statefulset.yaml",
    "db-service.yaml",
    "db-network-policy.yaml",
    "ingress.yaml",
    "hpa.yaml",
    "pdb.yaml",
    "service-monitors.yaml",
    "api-secrets.yaml",
    "web-secrets.yaml",
    "db-secrets.yaml",
];
