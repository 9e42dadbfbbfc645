import { EcrRegistryScanningConfiguration } from "@cdktf/provider-aws/lib/ecr-registry-scanning-configuration";
import type { Construct } from "constructs";

import { REPOSITORY_PREFIX } from "./outputs";

/** Has the region's registry scan each image as it arrives. Its rule decides; ECR keeps a repository's own flag for show. */
export function scanOnPush(scope: Construct): void {
  new EcrRegistryScanningConfiguration(scope, "scanning", {
    scanType: "BASIC",
    rule: [
      {
        scanFrequency: "SCAN_ON_PUSH",
        repositoryFilter: [{ filter: `${REPOSITORY_PREFIX}*`, filterType: "WILDCARD" }],
      },
    ],
  });
}
