import type { KubernetesObject } from "../../../tools/manifests/object";
import { AUTHORIZATION_POLICIES, IDENTITIES, NETWORK_POLICIES } from "./access-cases";
import type { AdmissionCases } from "./case";
import { NAMESPACE_LABELS, PODS, SERVICES } from "./core-cases";
import { KINDS } from "./kind-cases";
import { DESTINATION_RULES, VIRTUAL_SERVICES } from "./route-cases";

/** Every policy with its cases. The first sound object of each becomes the first refused one in the tests of changes. */
export const ADMISSION_CASES: readonly AdmissionCases[] = [
  NAMESPACE_LABELS,
  PODS,
  SERVICES,
  KINDS,
  VIRTUAL_SERVICES,
  DESTINATION_RULES,
  NETWORK_POLICIES,
  AUTHORIZATION_POLICIES,
  IDENTITIES,
];

/** All objects of the cases, for their CRDs. */
export const ADMISSION_OBJECTS: readonly KubernetesObject[] = ADMISSION_CASES.flatMap(({ sound, refused }) => [
  ...sound,
  ...refused.map((refusal) => refusal.object),
]);
