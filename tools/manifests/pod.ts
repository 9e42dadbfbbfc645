import { as, block, integer, integerOrText, list, octal, textMap, verbatim, type Shape } from "./shapes";

/** Name, labels and annotations, alike in every kind. */
export const metadata = block({ labels: textMap, annotations: textMap });

/** A selector of the API's LabelSelector type. */
export const labelSelector = block({ match_labels: textMap, match_expressions: list(block({})) });

/** `resources` of a container or of a volume claim. */
const resources = block({ requests: textMap, limits: textMap });

const keyReference = block({});
const valueFrom = block({
  config_map_key_ref: keyReference,
  field_ref: block({}),
  resource_field_ref: block({}),
  secret_key_ref: keyReference,
});

const httpGet = block({ port: integerOrText, http_header: as("httpHeaders", list(block({}))) });
const action = { exec: block({}), http_get: httpGet, tcp_socket: block({ port: integerOrText }) };
const probe = block({ ...action, grpc: block({ port: integer }) });

const seLinuxAndSeccomp = {
  se_linux_options: block({}),
  seccomp_profile: block({}),
  run_as_user: integer,
  run_as_group: integer,
};

const container = block({
  env: list(block({ value_from: valueFrom })),
  env_from: list(block({ config_map_ref: block({}), secret_ref: block({}) })),
  lifecycle: block({ post_start: block(action), pre_stop: block(action) }),
  liveness_probe: probe,
  port: as("ports", list(block({ host_ip: as("hostIP", verbatim), container_port: integer, host_port: integer }))),
  readiness_probe: probe,
  resources,
  security_context: block({ ...seLinuxAndSeccomp, capabilities: block({}) }),
  startup_probe: probe,
  volume_device: as("volumeDevices", list(block({}))),
  volume_mount: as("volumeMounts", list(block({}))),
});

const podAffinityTerm = block({ label_selector: labelSelector, namespace_selector: labelSelector });
const podAffinity = block({
  preferred_during_scheduling_ignored_during_execution: list(block({ pod_affinity_term: podAffinityTerm })),
  required_during_scheduling_ignored_during_execution: list(podAffinityTerm),
});
const nodeSelectorTerm = block({ match_expressions: list(block({})), match_fields: list(block({})) });
const nodeAffinity = block({
  preferred_during_scheduling_ignored_during_execution: list(block({ preference: nodeSelectorTerm })),
  required_during_scheduling_ignored_during_execution: block({
    node_selector_term: as("nodeSelectorTerms", list(nodeSelectorTerm)),
  }),
});

const keyToPath = list(block({ mode: octal }));
const downwardItems = list(block({ mode: octal, field_ref: block({}), resource_field_ref: block({}) }));

/** A claim, alone or as a template of a workload. */
export const volumeClaimSpec = block({ resources, selector: labelSelector });

const projectedSource = block({
  config_map: block({ items: keyToPath }),
  downward_api: as("downwardAPI", block({ items: downwardItems })),
  secret: block({ items: keyToPath }),
  service_account_token: block({ expiration_seconds: integer }),
});

const volume = block({
  config_map: block({ default_mode: octal, items: keyToPath }),
  csi: block({ volume_attributes: textMap, node_publish_secret_ref: block({}) }),
  downward_api: as("downwardAPI", block({ default_mode: octal, items: downwardItems })),
  empty_dir: block({}),
  ephemeral: block({ volume_claim_template: block({ metadata, spec: volumeClaimSpec }) }),
  host_path: block({}),
  nfs: block({}),
  persistent_volume_claim: block({}),
  projected: block({ default_mode: octal, sources: list(projectedSource) }),
  secret: block({ default_mode: octal, items: keyToPath }),
});

/**
 * `spec` of a pod. The provider mounts the API token unless told otherwise, even where the service account says no; the
 * export says so too, because the pod's word beats the account's.
 */
const podSpec = block(
  {
    affinity: block({ node_affinity: nodeAffinity, pod_affinity: podAffinity, pod_anti_affinity: podAffinity }),
    container: as("containers", list(container)),
    dns_config: block({ option: as("options", list(block({}))) }),
    host_aliases: list(block({})),
    host_ipc: as("hostIPC", verbatim),
    host_pid: as("hostPID", verbatim),
    image_pull_secrets: list(block({})),
    init_container: as("initContainers", list(container)),
    node_selector: textMap,
    os: block({}),
    readiness_gate: as("readinessGates", list(block({}))),
    security_context: block({
      ...seLinuxAndSeccomp,
      fs_group: integer,
      supplemental_groups: list(integer),
      sysctl: as("sysctls", list(block({}))),
    }),
    toleration: as("tolerations", list(block({ toleration_seconds: integer }))),
    topology_spread_constraint: as("topologySpreadConstraints", list(block({ label_selector: labelSelector }))),
    volume: as("volumes", list(volume)),
  },
  { automountServiceAccountToken: true },
);

/** `template` of a workload. */
export const podTemplate: Shape = block({ metadata, spec: podSpec });
