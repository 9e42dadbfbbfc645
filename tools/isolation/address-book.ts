import { API_SERVICE_CIDR, POD_IDENTITY_AGENT_CIDR } from "../../config/kubernetes";
import { ManifestsError } from "../manifests/output";
import { type AddressRange, contains, parseCidr, partition } from "./addresses";
import type { AddressBook } from "./party";
import type { Resource, Terraform } from "./terraform";

/** Blocks that are no Internet address's: RFC 1918, RFC 6598 (shared), RFC 3927 (link-local). */
const PRIVATE_BLOCKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];

/**
 * Where nodes, databases and load balancers are, by the subnets that the output puts them in.
 *
 * @throws ManifestsError if it puts one of them nowhere: every judgement about addresses would be void
 */
export function addressBook(terraform: Terraform): AddressBook {
  const rangesOf = (resources: readonly Resource[], argument: string): readonly AddressRange[] => {
    const found = resources.flatMap((resource) => terraform.targets(resource, argument));
    return [...new Set(found.map((subnet) => terraform.text(subnet, "cidr_block")))].flatMap(cidr);
  };
  const subnets = (type: string, argument: string, isMeant = (_: Resource) => true): readonly AddressRange[] => {
    const ranges = rangesOf(terraform.resources(type).filter(isMeant), argument);
    if (ranges.length === 0) {
      throw new ManifestsError(`no subnet is known of any ${type}: its ${argument} lead to no aws_subnet`);
    }
    return ranges;
  };
  return {
    "load balancer subnets": subnets("aws_lb", "subnets", isOfInternet),
    "node subnets": subnets("aws_eks_node_group", "subnet_ids"),
    "other region's node subnets": rangesOf(terraform.elsewhere("aws_eks_node_group"), "subnet_ids"),
    "database subnets": subnets("aws_db_subnet_group", "subnet_ids"),
    "Pod Identity agent": cidr(POD_IDENTITY_AGENT_CIDR),
    "Kubernetes API": cidr(API_SERVICE_CIDR),
    Internet: outside(PRIVATE_BLOCKS.flatMap(cidr)),
  };
}

/** An internal load balancer stands among the nodes. */
function isOfInternet({ raw }: Resource): boolean {
  return raw["internal"] !== true;
}

function outside(blocks: readonly AddressRange[]): readonly AddressRange[] {
  return partition(blocks).filter((range) => !blocks.some((block) => contains(block, range)));
}

function cidr(text: string): readonly AddressRange[] {
  const range = parseCidr(text);
  return typeof range === "object" ? [range] : [];
}
