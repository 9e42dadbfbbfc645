/** Metadata of a Kubernetes object, as far as this platform sets it. */
export interface ObjectMetadata {
  readonly name: string;
  /** @default - a cluster-scoped object */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Any Kubernetes object whose kind the Terraform provider has no resource for. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly spec: object;
}
