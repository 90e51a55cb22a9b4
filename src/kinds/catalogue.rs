//! The table of kinds: the only place that names the types, so each is compiled once.

use super::formats::{
    CNPG_NAME, CRON_JOB_NAME, DNS_1035, DNS_LABEL, DNS_SUBDOMAIN, Format, JOB_NAME, PATH_SEGMENT, STATEFUL_SET_NAME,
};
use super::proof::Typed;
use super::{Kind, Place, Scope, crd};
use k8s_openapi::api::{
    admissionregistration, apps, autoscaling, batch, core, discovery, networking, policy, rbac, scheduling, storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions;

macro_rules! kinds {
    ($($api_version:literal $kind:literal $plural:literal $scope:ident $place:ident $name:ident $type:ty;)*) => {
        /// All kinds, in the order of the stream.
        pub const KINDS: &[Kind] = &[
            $(Kind {
                api_version: $api_version,
                kind: $kind,
                plural: $plural,
                scope: Scope::$scope,
                place: Place::$place,
                name: { static NAME: &Format = &$name; NAME },
                since: None,
                removed: None,
                prover: <$type as Typed>::prove,
            },)*
        ];
    };
}

kinds! {
    "v1" "Namespace" "namespaces" Cluster Namespace DNS_LABEL core::v1::Namespace;
    "v1" "ResourceQuota" "resourcequotas" Namespaced Quota DNS_SUBDOMAIN core::v1::ResourceQuota;
    "v1" "LimitRange" "limitranges" Namespaced Limits DNS_SUBDOMAIN core::v1::LimitRange;
    "scheduling.k8s.io/v1" "PriorityClass" "priorityclasses" Cluster Priority DNS_SUBDOMAIN scheduling::v1::PriorityClass;
    "storage.k8s.io/v1" "StorageClass" "storageclasses" Cluster StorageClass DNS_SUBDOMAIN storage::v1::StorageClass;
    "networking.k8s.io/v1" "IngressClass" "ingressclasses" Cluster TrafficClass DNS_SUBDOMAIN networking::v1::IngressClass;
    "apiextensions.k8s.io/v1" "CustomResourceDefinition" "customresourcedefinitions" Cluster Definition DNS_SUBDOMAIN apiextensions::v1::CustomResourceDefinition;
    "v1" "ServiceAccount" "serviceaccounts" Namespaced Identity DNS_SUBDOMAIN core::v1::ServiceAccount;
    "rbac.authorization.k8s.io/v1" "ClusterRole" "clusterroles" Cluster Role PATH_SEGMENT rbac::v1::ClusterRole;
    "rbac.authorization.k8s.io/v1" "Role" "roles" Namespaced Role PATH_SEGMENT rbac::v1::Role;
    "rbac.authorization.k8s.io/v1" "ClusterRoleBinding" "clusterrolebindings" Cluster Binding PATH_SEGMENT rbac::v1::ClusterRoleBinding;
    "rbac.authorization.k8s.io/v1" "RoleBinding" "rolebindings" Namespaced Binding PATH_SEGMENT rbac::v1::RoleBinding;
    "networking.k8s.io/v1" "NetworkPolicy" "networkpolicies" Namespaced NetworkPolicy DNS_SUBDOMAIN networking::v1::NetworkPolicy;
    "policy.linkerd.io/v1beta3" "Server" "servers" Namespaced NetworkPolicy DNS_SUBDOMAIN crd::linkerd::Server;
    "policy.linkerd.io/v1alpha1" "MeshTLSAuthentication" "meshtlsauthentications" Namespaced NetworkPolicy DNS_SUBDOMAIN crd::linkerd::MeshTLSAuthentication;
    "policy.linkerd.io/v1alpha1" "NetworkAuthentication" "networkauthentications" Namespaced NetworkPolicy DNS_SUBDOMAIN crd::linkerd::NetworkAuthentication;
    "policy.linkerd.io/v1alpha1" "AuthorizationPolicy" "authorizationpolicies" Namespaced NetworkPolicy DNS_SUBDOMAIN crd::linkerd::AuthorizationPolicy;
    "security.istio.io/v1" "PeerAuthentication" "peerauthentications" Namespaced NetworkPolicy DNS_SUBDOMAIN crd::istio::PeerAuthentication;
    "security.istio.io/v1" "AuthorizationPolicy" "authorizationpolicies" Namespaced NetworkPolicy DNS_SUBDOMAIN crd::istio::AuthorizationPolicy;
    "v1" "ConfigMap" "configmaps" Namespaced Config DNS_SUBDOMAIN core::v1::ConfigMap;
    "barmancloud.cnpg.io/v1" "ObjectStore" "objectstores" Namespaced Config DNS_SUBDOMAIN crd::cnpg::backup::ObjectStore;
    "v1" "Secret" "secrets" Namespaced Secret DNS_SUBDOMAIN core::v1::Secret;
    "external-secrets.io/v1" "ClusterSecretStore" "clustersecretstores" Cluster SecretStore DNS_SUBDOMAIN crd::external_secrets::ClusterSecretStore;
    "external-secrets.io/v1" "SecretStore" "secretstores" Namespaced SecretStore DNS_SUBDOMAIN crd::external_secrets::SecretStore;
    "external-secrets.io/v1" "ExternalSecret" "externalsecrets" Namespaced ExternalSecret DNS_SUBDOMAIN crd::external_secrets::ExternalSecret;
    "bitnami.com/v1alpha1" "SealedSecret" "sealedsecrets" Namespaced SealedSecret DNS_SUBDOMAIN crd::sealed_secrets::SealedSecret;
    "cert-manager.io/v1" "ClusterIssuer" "clusterissuers" Cluster Issuer DNS_SUBDOMAIN crd::cert_manager::ClusterIssuer;
    "cert-manager.io/v1" "Issuer" "issuers" Namespaced Issuer DNS_SUBDOMAIN crd::cert_manager::Issuer;
    "cert-manager.io/v1" "Certificate" "certificates" Namespaced Certificate DNS_SUBDOMAIN crd::cert_manager::Certificate;
    "cloud.google.com/v1" "BackendConfig" "backendconfigs" Namespaced Backend DNS_SUBDOMAIN crd::gke::BackendConfig;
    "v1" "Service" "services" Namespaced Service DNS_1035 core::v1::Service;
    "discovery.k8s.io/v1" "EndpointSlice" "endpointslices" Namespaced Service DNS_SUBDOMAIN discovery::v1::EndpointSlice;
    "v1" "PersistentVolume" "persistentvolumes" Cluster Volume DNS_SUBDOMAIN core::v1::PersistentVolume;
    "v1" "PersistentVolumeClaim" "persistentvolumeclaims" Namespaced Claim DNS_SUBDOMAIN core::v1::PersistentVolumeClaim;
    "argoproj.io/v1alpha1" "AnalysisTemplate" "analysistemplates" Namespaced Analysis DNS_SUBDOMAIN crd::argo_rollouts::AnalysisTemplate;
    "apps/v1" "StatefulSet" "statefulsets" Namespaced Workload STATEFUL_SET_NAME apps::v1::StatefulSet;
    "apps/v1" "DaemonSet" "daemonsets" Namespaced Workload DNS_SUBDOMAIN apps::v1::DaemonSet;
    "apps/v1" "Deployment" "deployments" Namespaced Workload DNS_SUBDOMAIN apps::v1::Deployment;
    "argoproj.io/v1alpha1" "Rollout" "rollouts" Namespaced Workload DNS_SUBDOMAIN crd::argo_rollouts::Rollout;
    "postgresql.cnpg.io/v1" "Cluster" "clusters" Namespaced Workload CNPG_NAME crd::cnpg::cluster::Cluster;
    "v1" "Pod" "pods" Namespaced Workload DNS_SUBDOMAIN core::v1::Pod;
    "batch/v1" "Job" "jobs" Namespaced Workload JOB_NAME batch::v1::Job;
    "batch/v1" "CronJob" "cronjobs" Namespaced Workload CRON_JOB_NAME batch::v1::CronJob;
    "autoscaling/v2" "HorizontalPodAutoscaler" "horizontalpodautoscalers" Namespaced Autoscaler DNS_SUBDOMAIN autoscaling::v2::HorizontalPodAutoscaler;
    "autoscaling.k8s.io/v1" "VerticalPodAutoscaler" "verticalpodautoscalers" Namespaced Autoscaler DNS_SUBDOMAIN crd::vpa::VerticalPodAutoscaler;
    "keda.sh/v1alpha1" "ScaledObject" "scaledobjects" Namespaced Autoscaler DNS_SUBDOMAIN crd::keda::ScaledObject;
    "postgresql.cnpg.io/v1" "ScheduledBackup" "scheduledbackups" Namespaced Backup DNS_SUBDOMAIN crd::cnpg::backup::ScheduledBackup;
    "policy/v1" "PodDisruptionBudget" "poddisruptionbudgets" Namespaced Budget DNS_SUBDOMAIN policy::v1::PodDisruptionBudget;
    "gateway.networking.k8s.io/v1" "Gateway" "gateways" Namespaced Entrance DNS_SUBDOMAIN crd::gateway_api::Gateway;
    "gateway.networking.k8s.io/v1" "ReferenceGrant" "referencegrants" Namespaced Entrance DNS_SUBDOMAIN crd::gateway_api::ReferenceGrant;
    "traefik.io/v1alpha1" "TLSOption" "tlsoptions" Namespaced Entrance DNS_SUBDOMAIN crd::traefik::TlsOption;
    "networking.gke.io/v1beta1" "FrontendConfig" "frontendconfigs" Namespaced Entrance DNS_SUBDOMAIN crd::gke::FrontendConfig;
    "networking.k8s.io/v1" "Ingress" "ingresses" Namespaced Route DNS_SUBDOMAIN networking::v1::Ingress;
    "gateway.networking.k8s.io/v1" "HTTPRoute" "httproutes" Namespaced Route DNS_SUBDOMAIN crd::gateway_api::HttpRoute;
    "gateway.networking.k8s.io/v1" "GRPCRoute" "grpcroutes" Namespaced Route DNS_SUBDOMAIN crd::gateway_api::GrpcRoute;
    "monitoring.coreos.com/v1" "ServiceMonitor" "servicemonitors" Namespaced Monitoring DNS_SUBDOMAIN crd::prometheus_operator::ServiceMonitor;
    "monitoring.coreos.com/v1" "PodMonitor" "podmonitors" Namespaced Monitoring DNS_SUBDOMAIN crd::prometheus_operator::PodMonitor;
    "monitoring.coreos.com/v1" "PrometheusRule" "prometheusrules" Namespaced Monitoring DNS_SUBDOMAIN crd::prometheus_operator::PrometheusRule;
    "monitoring.coreos.com/v1alpha1" "AlertmanagerConfig" "alertmanagerconfigs" Namespaced Monitoring DNS_SUBDOMAIN crd::alertmanager_config::AlertmanagerConfig;
    "admissionregistration.k8s.io/v1" "MutatingWebhookConfiguration" "mutatingwebhookconfigurations" Cluster Webhook DNS_SUBDOMAIN admissionregistration::v1::MutatingWebhookConfiguration;
    "admissionregistration.k8s.io/v1" "ValidatingWebhookConfiguration" "validatingwebhookconfigurations" Cluster Webhook DNS_SUBDOMAIN admissionregistration::v1::ValidatingWebhookConfiguration;
}
