import type { JsonObject } from "./json";

/** A Kubernetes object as the API server would be sent it. */
export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** The part of an object's metadata that this tool reads. */
export interface ObjectMeta extends JsonObject {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
}

/** An object together with where it comes from. */
export interface ExportedManifest {
  readonly stack: string;
  /** Terraform address; all objects of one Helm release share it. */
  readonly address: string;
  readonly object: KubernetesObject;
  /** An autoscaler owns the number of replicas once the object is there; Terraform ignores it then. @default false */
  readonly autoscaled?: true;
}
