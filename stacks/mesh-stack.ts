import type { Construct } from "constructs";

import { type ClusterOutputs, TenantAdmission } from "../constructs/cluster";
import type { RegistryOutputs } from "../constructs/delivery";
import { type EdgeOutputs, regionHost } from "../constructs/edge";
import {
  ApiGateway,
  CertManager,
  ClusterAutoscaler,
  EastWestGateway,
  Flagger,
  IngressGateway,
  IngressNetworkPolicies,
  IstioControlPlane,
  LoadBalancerController,
  MeshAuthority,
  MeshDefaults,
  MeshNamespaces,
  meshRegions,
  MetricsServer,
  PeerServices,
  RateLimitFilters,
  RateLimitService,
  RateLimitStore,
  RegionHealth,
  SharedServices,
} from "../constructs/mesh";
import type { NetworkOutputs } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { addHelmProvider, addKubernetesProvider } from "./cluster-providers";

export interface MeshStackProps extends BaseStackProps {
  readonly network: NetworkOutputs;
  readonly cluster: ClusterOutputs;
  readonly edge: EdgeOutputs;
  readonly registry: RegistryOutputs;
}

/** What every pod of the platform stands on inside the cluster: controllers, the mesh, the way in, limits, rollouts. */
export class MeshStack extends BaseStack {
  constructor(scope: Construct, id: string, props: MeshStackProps) {
    super(scope, id, props);
    const { environment, network, cluster, edge } = props;
    addKubernetesProvider(this, cluster, environment.region);
    addHelmProvider(this, cluster, environment.region);
    const clusterName = cluster.name;
    const region = environment.region;
    const regions = meshRegions(environment);
    const podSubnetCidrs = environment.network.privateSubnets.map((subnet) => subnet.cidr);
    const publicSubnetCidrs = environment.network.publicSubnets.map((subnet) => subnet.cidr);
    const databaseSubnetCidrs = environment.network.databaseSubnets.map((subnet) => subnet.cidr);

    new TenantAdmission(this, "tenant-admission", { domain: environment.domain, databaseSubnetCidrs });
    const namespaces = new MeshNamespaces(this, "namespaces", { network: regions?.own.region });
    const certManager = new CertManager(this, "cert-manager", { dependsOn: [namespaces.certManager] });
    const loadBalancerController = new LoadBalancerController(this, "load-balancer-controller", {
      clusterName,
      region,
      vpcId: network.vpcId,
      dependsOn: [certManager.release],
    });
    new ClusterAutoscaler(this, "cluster-autoscaler", {
      clusterName,
      region,
      spotFirst: environment.savings.spotFirst,
      dependsOn: [],
    });
    new MetricsServer(this, "metrics-server", { dependsOn: [certManager.release] });

    const authority = regions && new MeshAuthority(this, "authority", { region, dependsOn: [namespaces.istioSystem] });
    const { istiod } = new IstioControlPlane(this, "istio", {
      clusterName,
      regions,
      dependsOn: [namespaces.istioSystem, ...(authority ? [authority.secret] : [])],
    });
    new MeshDefaults(this, "mesh-defaults", { dependsOn: [istiod] });

    const ingressPolicies = new IngressNetworkPolicies(this, "ingress-network-policies", {
      publicSubnetCidrs,
      podSubnetCidrs,
      peerSubnetCidrs: regions?.peer.podSubnetCidrs,
      dependsOn: [namespaces.istioIngress],
    });
    const ingressGateway = new IngressGateway(this, "ingress-gateway", {
      domain: environment.domain,
      targetGroupArn: edge.targetGroupArn,
      loadBalancerSecurityGroupId: edge.loadBalancerSecurityGroupId,
      loadBalancerCidrs: publicSubnetCidrs,
      clusterSecurityGroupId: cluster.securityGroupId,
      dependsOn: [
        istiod,
        certManager.release,
        loadBalancerController.release,
        namespaces.istioIngress,
        ...ingressPolicies.resources,
      ],
    });

    const sharedServices = new SharedServices(this, "shared-services", {
      podSubnetCidrs,
      storeSubnetCidrs: databaseSubnetCidrs,
      dependsOn: [istiod, namespaces.sharedServices],
    });
    const store = new RateLimitStore(this, "rate-limit-store", {
      vpcId: network.vpcId,
      subnetIds: network.databaseSubnetIds,
      clientCidrs: podSubnetCidrs,
    });
    new RateLimitService(this, "rate-limit-service", {
      storeAddress: store.address,
      dependsOn: [...sharedServices.guards],
    });
    new RateLimitFilters(this, "rate-limit-filters", { dependsOn: [istiod, namespaces.istioIngress] });

    const flagger = new Flagger(this, "flagger", {
      dependsOn: [namespaces.flagger, ...sharedServices.guards],
    });
    new ApiGateway(this, "api-gateway", {
      repositoryUrls: props.registry.repositoryUrls,
      domain: environment.domain,
      failsOver: regions !== undefined,
      dependsOn: [...sharedServices.guards, flagger.release, flagger.loadtester, ingressGateway.release],
    });

    if (regions !== undefined) {
      new EastWestGateway(this, "east-west-gateway", {
        regions,
        network,
        domain: environment.domain,
        clusterSecurityGroupId: cluster.securityGroupId,
        dependsOn: [istiod, loadBalancerController.release, namespaces.istioIngress, ...ingressPolicies.resources],
      });
      new PeerServices(this, "peer-services", { peer: regions.peer, dependsOn: [...sharedServices.guards] });
      new RegionHealth(this, "region-health", {
        host: regionHost(environment.domain, region),
        dependsOn: [...sharedServices.guards],
      });
    }
  }
}
