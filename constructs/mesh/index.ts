export { ApiGateway, type ApiGatewayProps } from "./api-gateway";
export { canary, LOAD_TEST_PATH } from "./canary";
export { CertManager, type CertManagerProps } from "./cert-manager";
export { ClusterAutoscaler, type ClusterAutoscalerProps } from "./cluster-autoscaler";
export { EastWestGateway, type EastWestGatewayProps } from "./east-west-gateway";
export { Flagger, FLAGGER_LABEL, type FlaggerProps } from "./flagger";
export { IngressGateway, type IngressGatewayProps } from "./ingress-gateway";
export { IngressNetworkPolicies, type IngressNetworkPoliciesProps } from "./ingress-network-policies";
export { IstioControlPlane, type IstioControlPlaneProps } from "./istio-control-plane";
export { LoadBalancerController, type LoadBalancerControllerProps } from "./load-balancer-controller";
export {
  MeshAuthority,
  type MeshAuthorityProps,
  MeshAuthoritySecret,
  type MeshAuthoritySecretProps,
} from "./mesh-authority";
export { MeshDefaults, type MeshDefaultsProps } from "./mesh-defaults";
export { MetricsServer, type MetricsServerProps } from "./metrics-server";
export { LOADTESTER } from "./names";
export { MeshNamespaces, type MeshNamespacesProps } from "./namespaces";
export { PeerServices, type PeerServicesProps } from "./peer-services";
export { RateLimitFilters, type RateLimitFiltersProps } from "./rate-limit-filters";
export { RateLimitService, type RateLimitServiceProps } from "./rate-limit-service";
export { RateLimitStore, type RateLimitStoreProps } from "./rate-limit-store";
export { RegionHealth, type RegionHealthProps } from "./region-health";
export { meshRegions, type MeshRegion, type MeshRegions } from "./regions";
export { SharedServices, type SharedServicesProps } from "./shared-services";
