import { setTimeout as sleep } from "node:timers/promises";
import { isArray, isObject, type JsonObject } from "../../tools/manifests/json";
import type { KubernetesObject } from "../../tools/manifests/object";
import { send, type Answer, type Connection } from "./engines/http";

/** Who owns the fields of server-side apply. */
const FIELD_MANAGER = "conformance";
const POLL_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 30_000;

interface ApiResource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** True for an answer that grants what was asked. */
export function isAccepted(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** The API server's reason for a refusal. */
export function reasonOf(answer: Answer): string {
  return `${answer.status} ${String(answer.body["message"] ?? answer.body["reason"] ?? "")}`;
}

/** As much of a Kubernetes client as these tests need, over plain HTTPS; what is ours is written with strict field validation. */
export class KubernetesClient {
  private readonly resources = new Map<string, Promise<ReadonlyMap<string, ApiResource>>>();

  public constructor(private readonly connection: Connection) {}

  /** Reads a path of the API. */
  public get(path: string): Promise<Answer> {
    return send({ method: "GET", url: this.connection.url + path, connection: this.connection });
  }

  /** Reads an object again. */
  public async read(object: KubernetesObject): Promise<Answer> {
    return this.get(await this.pathOf(object));
  }

  /** Creates an object as Terraform's provider does, by POST. */
  public async create(object: KubernetesObject, fieldValidation: "Strict" | "Ignore" = "Strict"): Promise<Answer> {
    const url = `${this.connection.url}${await this.collectionOf(object)}?fieldValidation=${fieldValidation}`;
    return send({ method: "POST", url, body: object, connection: this.connection });
  }

  /** Asks whether an object may be created, without creating it. */
  public async askToCreate(object: KubernetesObject): Promise<Answer> {
    const url = `${this.connection.url}${await this.collectionOf(object)}?dryRun=All&fieldValidation=Strict`;
    return send({ method: "POST", url, body: object, connection: this.connection });
  }

  /** Asks whether an object may become like this, by way of a subresource or of itself, without changing it. */
  public async askToReplace(object: KubernetesObject, subresource?: string): Promise<Answer> {
    const path = [await this.pathOf(object), ...(subresource === undefined ? [] : [subresource])].join("/");
    const url = `${this.connection.url}${path}?dryRun=All&fieldValidation=Strict`;
    return send({ method: "PUT", url, body: object, connection: this.connection });
  }

  /** Creates an object or, where one of its name exists already, makes that one like it. */
  public async apply(object: KubernetesObject): Promise<Answer> {
    if (!isAccepted(await this.read(object))) {
      return this.create(object);
    }
    const path = await this.pathOf(object);
    const query = `fieldManager=${FIELD_MANAGER}&force=true&fieldValidation=Strict`;
    return send({
      method: "PATCH",
      url: `${this.connection.url}${path}?${query}`,
      body: object,
      contentType: "application/apply-patch+yaml",
      connection: this.connection,
    });
  }

  /** Deletes an object at once. */
  public async delete(object: KubernetesObject): Promise<Answer> {
    const url = `${this.connection.url}${await this.pathOf(object)}?gracePeriodSeconds=0`;
    return send({ method: "DELETE", url, connection: this.connection });
  }

  /** Sets fields of an object's status, as a kubelet or a controller would. */
  public async patchStatus(object: KubernetesObject, status: JsonObject): Promise<Answer> {
    const url = `${this.connection.url}${await this.pathOf(object)}/status`;
    const contentType = "application/merge-patch+json";
    return send({ method: "PATCH", url, body: { status }, contentType, connection: this.connection });
  }

  /** Posts to a subresource of an object, such as `token` of a ServiceAccount. */
  public async post(object: KubernetesObject, subresource: string, body: JsonObject): Promise<Answer> {
    const url = `${this.connection.url}${await this.pathOf(object)}/${subresource}`;
    return send({ method: "POST", url, body, connection: this.connection });
  }

  /** Asks again and again until the answer is as wished; fails, naming what it waited for, after 30 s. */
  public async waitFor(what: string, ask: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    while (!(await ask())) {
      if (Date.now() > deadline) {
        throw new Error(`waited 30 s in vain for ${what}`);
      }
      await sleep(POLL_MILLISECONDS);
    }
  }

  /**
   * Creates CRDs and waits until the API server serves all of them. They are not ours to be strict about: Flagger's has text
   * where a field name belongs.
   */
  public async installCrds(crds: readonly KubernetesObject[]): Promise<void> {
    await Promise.all(crds.map((crd) => this.installCrd(crd)));
  }

  private async installCrd(crd: KubernetesObject): Promise<void> {
    const answer = await this.create(crd, "Ignore");
    if (!isAccepted(answer)) {
      throw new Error(`CRD ${crd.metadata.name ?? ""}: ${reasonOf(answer)}`);
    }
    await this.waitFor(`CRD ${crd.metadata.name ?? ""} to be established`, async () => {
      const status = (await this.read(crd)).body["status"];
      const conditions = isObject(status) && isArray(status["conditions"]) ? status["conditions"] : [];
      return conditions.some((item) => isObject(item) && item["type"] === "Established" && item["status"] === "True");
    });
  }

  private async pathOf(object: KubernetesObject): Promise<string> {
    return `${await this.collectionOf(object)}/${object.metadata.name ?? ""}`;
  }

  /** Path of the collection that an object belongs in, from the API server's own list of what it serves. */
  private async collectionOf(object: KubernetesObject): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let listing = this.resources.get(group);
    if (listing === undefined) {
      listing = this.discover(group);
      this.resources.set(group, listing);
    }
    const resource = (await listing).get(kind);
    if (resource === undefined) {
      throw new Error(
        `the API server serves no ${kind} of ${apiVersion}: test/conformance/engines/crds.ts lacks its CRD`,
      );
    }
    return resource.namespaced
      ? `${group}/namespaces/${metadata.namespace ?? "default"}/${resource.plural}`
      : `${group}/${resource.plural}`;
  }

  private async discover(group: string): Promise<ReadonlyMap<string, ApiResource>> {
    const { body } = await this.get(group);
    const listed = isArray(body["resources"]) ? body["resources"] : [];
    const found = new Map<string, ApiResource>();
    for (const entry of listed) {
      const { name, kind, namespaced } = isObject(entry) ? entry : ({} as JsonObject);
      if (typeof name !== "string" || typeof kind !== "string" || name.includes("/")) {
        continue;
      }
      found.set(kind, { plural: name, namespaced: namespaced === true });
    }
    return found;
  }
}
