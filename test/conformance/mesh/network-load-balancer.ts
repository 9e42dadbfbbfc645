import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Host, inside, run } from "./hosts";

/**
 * A network load balancer without client IP preservation: connections to a port of a host go on to the targets in turn, and
 * come from the host's own address.
 *
 * @param clients - block of addresses that its security group admits
 */
export async function balance(host: Host, port: number, targets: readonly Host[], clients: string): Promise<void> {
  await run(host, ["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  const lines = [
    "*nat",
    ...targets.map(({ address }, index) => {
      const turn = `-m statistic --mode nth --every ${targets.length - index} --packet 0`;
      return `-A PREROUTING -d ${host.address}/32 -p tcp --dport ${port} ${turn} -j DNAT --to-destination ${address}:${port}`;
    }),
    "-A POSTROUTING -j MASQUERADE",
    "COMMIT",
    "*filter",
    `-A FORWARD -m state --state NEW ! -s ${clients} -j REJECT --reject-with tcp-reset -p tcp`,
    "COMMIT",
    "",
  ];
  const restore = promisify(execFile)("ip", inside(host, ["iptables-restore"]));
  restore.child.stdin?.end(lines.join("\n"));
  await restore;
}
