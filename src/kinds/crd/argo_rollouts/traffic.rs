//! What shares out a Rollout's traffic, besides the number of pods.

use crate::kinds::proof::{List, Mapping};
use serde_json::Value;

structs! {
    RolloutTrafficRouting "argo.RolloutTrafficRouting" {
        alb: ALBTrafficRouting,
        ambassador: AmbassadorTrafficRouting,
        apisix: ApisixTrafficRouting,
        appMesh: AppMeshTrafficRouting,
        istio: IstioTrafficRouting,
        managedRoutes: List<ManagedRoutes>,
        maxTrafficWeight: i32,
        nginx: NginxTrafficRouting,
        plugins: Value,
        smi: SMITrafficRouting,
        traefik: TraefikTrafficRouting,
    }
    ALBTrafficRouting "argo.ALBTrafficRouting" {
        annotationPrefix: String,
        ingress: String,
        ingresses: List<String>,
        rootService: String,
        servicePort: i32,
        stickinessConfig: StickinessConfig,
    }
    StickinessConfig "argo.StickinessConfig" {
        durationSeconds: i64,
        enabled: bool,
    }
    AmbassadorTrafficRouting "argo.AmbassadorTrafficRouting" {
        mappings: List<String>,
    }
    ApisixTrafficRouting "argo.ApisixTrafficRouting" {
        route: ApisixRoute,
    }
    ApisixRoute "argo.ApisixRoute" {
        name: String,
        rules: List<String>,
    }
    AppMeshTrafficRouting "argo.AppMeshTrafficRouting" {
        virtualNodeGroup: VirtualNodeGroup,
        virtualService: AppMeshVirtualService,
    }
    VirtualNodeGroup "argo.VirtualNodeGroup" {
        canaryVirtualNodeRef: AppMeshVirtualNodeReference,
        stableVirtualNodeRef: AppMeshVirtualNodeReference,
    }
    AppMeshVirtualNodeReference "argo.AppMeshVirtualNodeReference" {
        name: String,
    }
    AppMeshVirtualService "argo.AppMeshVirtualService" {
        name: String,
        routes: List<String>,
    }
    IstioTrafficRouting "argo.IstioTrafficRouting" {
        destinationRule: DestinationRule,
        virtualService: IstioVirtualService,
        virtualServices: List<IstioVirtualService>,
    }
    DestinationRule "argo.DestinationRule" {
        additionalSubsetNames: List<String>,
        canarySubsetName: String,
        name: String,
        stableSubsetName: String,
    }
    IstioVirtualService "argo.IstioVirtualService" {
        name: String,
        routes: List<String>,
        tcpRoutes: List<TcpRoutes>,
        tlsRoutes: List<TlsRoutes>,
    }
    TcpRoutes "argo.TcpRoutes" {
        port: i64,
    }
    TlsRoutes "argo.TlsRoutes" {
        port: i64,
        sniHosts: List<String>,
    }
    ManagedRoutes "argo.ManagedRoutes" {
        name: String,
    }
    NginxTrafficRouting "argo.NginxTrafficRouting" {
        additionalIngressAnnotations: Mapping<String>,
        annotationPrefix: String,
        canaryIngressAnnotations: Mapping<String>,
        stableIngress: String,
        stableIngresses: List<String>,
    }
    SMITrafficRouting "argo.SMITrafficRouting" {
        rootService: String,
        trafficSplitName: String,
    }
    TraefikTrafficRouting "argo.TraefikTrafficRouting" {
        weightedTraefikServiceName: String,
    }
}
