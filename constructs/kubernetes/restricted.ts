/** User and group of every container that we write the Deployment of; nobody on the node. */
const NON_ROOT_ID = "10001";

/** Security context of a pod under Pod Security `restricted`. */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: NON_ROOT_ID,
  runAsGroup: NON_ROOT_ID,
  fsGroup: NON_ROOT_ID,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Security context of a container under Pod Security `restricted`, its root file system read-only besides. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  privileged: false,
  capabilities: { drop: ["ALL"] },
};
