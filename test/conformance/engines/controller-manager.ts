import { join } from "node:path";
import type { ApiServer } from "./api-server";
import { Engine, freePorts } from "./engine";
import { send } from "./http";
import { writeKubeconfig } from "./kubeconfig";

/** The controllers that admission leans on: a quota without a computed status refuses everything, and so does a missing account. */
const ADMISSION_CONTROLLERS = ["namespace-controller", "serviceaccount-controller", "resourcequota-controller"];

/** A real kube-controller-manager that runs a few controllers alone, so that no pod is made but by the test. */
export class ControllerManager extends Engine {
  public constructor(
    folder: string,
    private readonly apiServer: ApiServer,
    private readonly controllers: readonly string[],
  ) {
    super("kube-controller-manager", folder);
  }

  protected async arguments(): Promise<readonly string[]> {
    const [port = 0] = await freePorts(1);
    const { url, token } = this.apiServer.connection;
    const kubeconfig = join(this.folder, "controller-manager.yaml");
    writeKubeconfig({ path: kubeconfig, server: url, certificateAuthority: this.apiServer.certificatePath, token });
    return [
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${this.apiServer.serviceAccountKeyPath}`,
      `--controllers=${[...ADMISSION_CONTROLLERS, ...this.controllers].join(",")}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      "--leader-elect=false",
      // The default of 20 a second is what a test would wait for.
      "--kube-api-qps=500",
      "--kube-api-burst=500",
    ];
  }

  /** Ready once it has done some of its work: the account that every namespace gets. */
  protected async isReady(): Promise<boolean> {
    const { connection } = this.apiServer;
    const url = `${connection.url}/api/v1/namespaces/default/serviceaccounts/default`;
    return (await send({ method: "GET", url, connection })).status === 200;
  }
}
