import type { KubernetesObject, ObjectMetadata } from "./object";

/**
 * Istio's kinds as this platform uses them (istio.io/api 1.31). A field that is not listed here is not set anywhere;
 * add it with its type rather than cast around it.
 */
export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** Host, subset and port of a route. */
export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly port: { readonly number: number };
}

export interface HttpRoute {
  /** Becomes Envoy's route name; for tenants it is the rate class, read by the global rate limit. */
  readonly name: string;
  readonly match?: readonly {
    readonly uri?: StringMatch;
    readonly headers?: Readonly<Record<string, StringMatch>>;
    /** None of them may match. */
    readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  }[];
  readonly route?: readonly { readonly destination: Destination; readonly weight?: number }[];
  /** Another VirtualService, without hosts, whose routes take this one's matches, name, timeout and retries. */
  readonly delegate?: { readonly name: string; readonly namespace: string };
  readonly directResponse?: { readonly status: number; readonly body?: { readonly string: string } };
  readonly timeout?: string;
  readonly retries?: { readonly attempts: number; readonly perTryTimeout?: string; readonly retryOn?: string };
}

export interface VirtualServiceSpec {
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  /** Namespaces that see it; "." is its own. */
  readonly exportTo: readonly string[];
  readonly http: readonly HttpRoute[];
}

export interface ConnectionPoolSettings {
  readonly tcp?: { readonly maxConnections?: number; readonly connectTimeout?: string };
  readonly http?: {
    readonly http1MaxPendingRequests?: number;
    readonly http2MaxRequests?: number;
    readonly maxRequestsPerConnection?: number;
    readonly maxRetries?: number;
    readonly idleTimeout?: string;
  };
}

export interface OutlierDetection {
  readonly consecutive5xxErrors: number;
  readonly interval: string;
  readonly baseEjectionTime: string;
  readonly maxEjectionPercent: number;
}

export interface TrafficPolicy {
  readonly connectionPool?: ConnectionPoolSettings;
  readonly outlierDetection?: OutlierDetection;
  readonly loadBalancer?: { readonly simple: "LEAST_REQUEST" | "ROUND_ROBIN" };
}

export interface DestinationRuleSpec {
  readonly host: string;
  readonly exportTo?: readonly string[];
  readonly trafficPolicy?: TrafficPolicy;
  readonly subsets?: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
}

export interface AuthorizationSource {
  readonly principals?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly notNamespaces?: readonly string[];
  /** Anyone but who sends packets from these addresses; a header changes nothing of it. */
  readonly notIpBlocks?: readonly string[];
}

/** What the caller asks for; all that is stated must match. */
export interface AuthorizationOperation {
  readonly ports?: readonly string[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

export interface AuthorizationPolicySpec {
  readonly action: "ALLOW" | "DENY";
  readonly selector?: WorkloadSelector;
  readonly rules: readonly {
    readonly from?: readonly { readonly source: AuthorizationSource }[];
    readonly to?: readonly { readonly operation: AuthorizationOperation }[];
  }[];
}

export interface WorkloadSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
}

export interface PeerAuthenticationSpec {
  readonly mtls: { readonly mode: "STRICT" };
}

export interface SidecarSpec {
  /** @default - every pod of the namespace */
  readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> };
  readonly egress: readonly { readonly hosts: readonly string[] }[];
  readonly outboundTrafficPolicy?: { readonly mode: "REGISTRY_ONLY" | "ALLOW_ANY" };
}

export interface TelemetrySpec {
  readonly accessLogging?: readonly {
    readonly providers: readonly { readonly name: string }[];
    readonly filter?: { readonly expression: string };
  }[];
  readonly tracing?: readonly {
    readonly providers: readonly { readonly name: string }[];
    readonly randomSamplingPercentage: number;
    /** Envoy's format string, as in access logs; a tag without a value is left out. */
    readonly customTags?: Readonly<Record<string, { readonly formatter: { readonly value: string } }>>;
  }[];
  readonly metrics?: readonly {
    readonly providers: readonly { readonly name: string }[];
    readonly overrides?: readonly {
      readonly match: { readonly metric: string; readonly mode?: "CLIENT" | "SERVER" | "CLIENT_AND_SERVER" };
      readonly disabled?: boolean;
      readonly tagOverrides?: Readonly<Record<string, { readonly operation: "REMOVE" }>>;
    }[];
  }[];
}

interface HttpsServer {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: "HTTPS" };
  readonly hosts: readonly string[];
  readonly tls: {
    readonly mode: "SIMPLE";
    readonly credentialName: string;
    readonly minProtocolVersion?: "TLSV1_2" | "TLSV1_3";
  };
}

/** Passes mutual TLS of the mesh on to the service that its SNI names, without decrypting it. */
interface PassthroughServer {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: "TLS" };
  /** Services that may be named. */
  readonly hosts: readonly string[];
  readonly tls: { readonly mode: "AUTO_PASSTHROUGH" };
}

export interface GatewaySpec {
  readonly selector: Readonly<Record<string, string>>;
  readonly servers: readonly (HttpsServer | PassthroughServer)[];
}

/** An endpoint beside the pods of the Service whose selector its labels match. */
export interface WorkloadEntrySpec {
  readonly labels: Readonly<Record<string, string>>;
  /** Without an address it is reached through the network's gateway. */
  readonly network: string;
  /** `<region>[/<zone>]` */
  readonly locality: string;
  /** Its peers expect the certificate to be this account's. */
  readonly serviceAccount: string;
}

export interface EnvoyFilterSpec {
  /** Filters of a lower number are applied first; those without one in the order in which they were made. */
  readonly priority: number;
  readonly workloadSelector: { readonly labels: Readonly<Record<string, string>> };
  readonly configPatches: readonly {
    readonly applyTo: "HTTP_FILTER";
    readonly match: {
      readonly context: "GATEWAY" | "SIDECAR_INBOUND";
      readonly listener: {
        readonly filterChain: {
          readonly filter: { readonly name: string; readonly subFilter: { readonly name: string } };
        };
      };
    };
    readonly patch: { readonly operation: "INSERT_BEFORE"; readonly value: object };
  }[];
}

const NETWORKING = "networking.istio.io/v1";
const SECURITY = "security.istio.io/v1";

function objectOf<Spec extends object>(apiVersion: string, kind: string) {
  return (metadata: ObjectMetadata, spec: Spec): KubernetesObject => ({ apiVersion, kind, metadata, spec });
}

export const virtualService = objectOf<VirtualServiceSpec>(NETWORKING, "VirtualService");
export const destinationRule = objectOf<DestinationRuleSpec>(NETWORKING, "DestinationRule");
export const gateway = objectOf<GatewaySpec>(NETWORKING, "Gateway");
export const workloadEntry = objectOf<WorkloadEntrySpec>(NETWORKING, "WorkloadEntry");
export const sidecar = objectOf<SidecarSpec>(NETWORKING, "Sidecar");
export const authorizationPolicy = objectOf<AuthorizationPolicySpec>(SECURITY, "AuthorizationPolicy");
export const peerAuthentication = objectOf<PeerAuthenticationSpec>(SECURITY, "PeerAuthentication");
export const telemetry = objectOf<TelemetrySpec>("telemetry.istio.io/v1", "Telemetry");
/** EnvoyFilter never left v1alpha3. */
export const envoyFilter = objectOf<EnvoyFilterSpec>("networking.istio.io/v1alpha3", "EnvoyFilter");
