import { nodeUserData } from "../../../constructs/cluster/node-user-data";

describe("nodeUserData", () => {
  const text = Buffer.from(nodeUserData(), "base64").toString("utf8");

  test("is a MIME message of one NodeConfig part", () => {
    expect(text).toMatch(/^MIME-Version: 1\.0\r\nContent-Type: multipart\/mixed; boundary="([^"]+)"\r\n\r\n--\1\r\n/);
    expect(text).toMatch(/\r\n--==TASKFLOW==--\r\n$/);
    expect(text.match(/Content-Type: application\/node\.eks\.aws/g)).toHaveLength(1);
  });

  test("lets a node take 110 pods and reserves the kubelet memory for as many", () => {
    const part = /application\/node\.eks\.aws\r\n\r\n(.*)\r\n/.exec(text)?.[1] ?? "";
    expect(JSON.parse(part)).toEqual({
      apiVersion: "node.eks.aws/v1alpha1",
      kind: "NodeConfig",
      spec: {
        kubelet: {
          config: { maxPods: 110, kubeReserved: { cpu: "80m", memory: "1465Mi", "ephemeral-storage": "1Gi" } },
        },
      },
    });
  });
});
