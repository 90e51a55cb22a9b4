//! What shares out a Rollout's traffic, besides the number of pods.

use serde_json::Value;
use std::collections::BTreeMap;

structs! {
    RolloutTrafficRouting "argo.RolloutTrafficRouting" {
        alb: ALBTrafficRouting,
        ambassador: AmbassadorTrafficRouting,
        apisix: ApisixTrafficRouting,
        app_mesh: AppMeshTrafficRouting,
        istio: IstioTrafficRouting,
        managed_routes: Vec<ManagedRoutes>,
        max_traffic_weight: i32,
        nginx: NginxTrafficRouting,
        plugins: Value,
        smi: SMITrafficRouting,
        traefik: TraefikTrafficRouting,
    }
    ALBTrafficRouting "argo.ALBTrafficRouting" {
        annotation_prefix: String,
        ingress: String,
        ingresses: Vec<String>,
        root_service: String,
        service_port: i32,
        stickiness_config: StickinessConfig,
    }
    StickinessConfig "argo.StickinessConfig" {
        duration_seconds: i64,
        enabled: bool,
    }
    AmbassadorTrafficRouting "argo.AmbassadorTrafficRouting" {
        mappings: Vec<String>,
    }
    ApisixTrafficRouting "argo.ApisixTrafficRouting" {
        route: ApisixRoute,
    }
    ApisixRoute "argo.ApisixRoute" {
        name: String,
        rules: Vec<String>,
    }
    AppMeshTrafficRouting "argo.AppMeshTrafficRouting" {
        virtual_node_group: VirtualNodeGroup,
        virtual_service: AppMeshVirtualService,
    }
    VirtualNodeGroup "argo.VirtualNodeGroup" {
        canary_virtual_node_ref: AppMeshVirtualNodeReference,
        stable_virtual_node_ref: AppMeshVirtualNodeReference,
    }
    AppMeshVirtualNodeReference "argo.AppMeshVirtualNodeReference" {
        name: String,
    }
    AppMeshVirtualService "argo.AppMeshVirtualService" {
        name: String,
        routes: Vec<String>,
    }
    IstioTrafficRouting "argo.IstioTrafficRouting" {
        destination_rule: DestinationRule,
        virtual_service: IstioVirtualService,
        virtual_services: Vec<IstioVirtualService>,
    }
    DestinationRule "argo.DestinationRule" {
        additional_subset_names: Vec<String>,
        canary_subset_name: String,
        name: String,
        stable_subset_name: String,
    }
    IstioVirtualService "argo.IstioVirtualService" {
        name: String,
        routes: Vec<String>,
        tcp_routes: Vec<TcpRoutes>,
        tls_routes: Vec<TlsRoutes>,
    }
    TcpRoutes "argo.TcpRoutes" {
        port: i64,
    }
    TlsRoutes "argo.TlsRoutes" {
        port: i64,
        sni_hosts: Vec<String>,
    }
    ManagedRoutes "argo.ManagedRoutes" {
        name: String,
    }
    NginxTrafficRouting "argo.NginxTrafficRouting" {
        additional_ingress_annotations: BTreeMap<String, String>,
        annotation_prefix: String,
        canary_ingress_annotations: BTreeMap<String, String>,
        stable_ingress: String,
        stable_ingresses: Vec<String>,
    }
    SMITrafficRouting "argo.SMITrafficRouting" {
        root_service: String,
        traffic_split_name: String,
    }
    TraefikTrafficRouting "argo.TraefikTrafficRouting" {
        weighted_traefik_service_name: String,
    }
}
