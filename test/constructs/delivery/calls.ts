import { ACCOUNT_ID, type Call } from "./iam";

/** What a request carries: tags of the resource, of the request, a role's boundary, the region. */
export const OURS = { "aws:ResourceTag/project": "taskflow" };
export const CREATED = { "aws:RequestTag/project": "taskflow" };
export const BOUNDARY = { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT_ID}:policy/taskflow-boundary` };

export const REGION = "ap-northeast-1";
export const HERE = { "aws:RequestedRegion": REGION };

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}

export function calls(service: string, actions: string, resource: string, context: Call["context"] = {}): Call[] {
  return actions.split(" ").map((action) => ({ action: `${service}:${action}`, resource, context }));
}

/** An EC2 resource that is made within others, then tagged, changed and deleted. */
export function ec2(kind: string, create: string, change: string, parents: readonly string[] = []): Call[] {
  const action = { "ec2:CreateAction": create };
  return [
    ...calls("ec2", create, arn("ec2", `${kind}/new`), CREATED),
    ...calls("ec2", "CreateTags", arn("ec2", `${kind}/new`), { ...CREATED, ...action }),
    ...parents.flatMap((parent) => calls("ec2", create, arn("ec2", `${parent}/parent`), OURS)),
    ...calls("ec2", `CreateTags ${change}`, arn("ec2", `${kind}/1`), OURS),
  ];
}

export function passRole(service: string): Call[] {
  return calls("iam", "PassRole", `arn:aws:iam::${ACCOUNT_ID}:role/taskflow-eks-node`, {
    "iam:PassedToService": service,
  });
}

export function linkedRole(service: string): Call[] {
  return calls("iam", "CreateServiceLinkedRole", `arn:aws:iam::${ACCOUNT_ID}:role/aws-service-role/${service}/Role`, {
    "iam:AWSServiceName": service,
  });
}
