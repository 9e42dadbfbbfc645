/** One microservice that every tenant gets a deployment of. */
export interface TenantService {
  /** Service, Deployment and ServiceAccount name; also the ECR repository `taskflow/<name>`. */
  readonly name: string;
  /** Path prefix that the tenant's VirtualService routes to it, on `<tenant>.<domain>`. */
  readonly pathPrefix: string;
  /** Image tag that tenants without a `release` of their own run. Tags are immutable. */
  readonly release: string;
}

/** The catalogue, in the order in which routes are matched. Source: brief, "A tenant's microservices". */
export const TENANT_SERVICES: readonly TenantService[] = [
  { name: "project-service", pathPrefix: "/api/projects", release: "1.0.0" },
  { name: "task-service", pathPrefix: "/api/tasks", release: "1.0.0" },
  { name: "user-service", pathPrefix: "/api/users", release: "1.0.0" },
];

/** The platform's own entry for clients that are not yet a tenant (sign-up, sign-in); lives in `shared-services`. */
export const API_GATEWAY = {
  name: "api-gateway",
  /** Host label below the environment's domain; reserved, so no tenant can take it. */
  hostLabel: "api",
  release: "1.0.0",
} as const;

/** ECR repositories, in the brief's order. */
export const REPOSITORIES: readonly string[] = [
  API_GATEWAY.name,
  ...TENANT_SERVICES.map((service) => service.name),
].map((name) => `taskflow/${name}`);
