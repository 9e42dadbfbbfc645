#!/usr/bin/env bash
# Tells onboarding how a request has ended: ready if the last of the jobs in NEEDS did well, else failed, with the first that
# did not.
set -euo pipefail

entries=$(jq -n --argjson needs "$NEEDS" '
  ["row", "merge", "deploy", "probe"] as $jobs
  | ($jobs | map(select($needs[.].result | . == "failure" or . == "cancelled")) | first // "probe") as $failure
  | {tenant_id: $ENV.TENANT_ID, request_id: $ENV.REQUEST_ID, run: $ENV.GITHUB_RUN_ID}
  + (if $needs.probe.result == "success" then {status: "ready"} else {status: "failed", failure: $failure} end)
  | [{EventBusName: "taskflow-onboarding", Source: "taskflow.ci", DetailType: "TenantOnboardingReport", Detail: tojson}]
')
failed=$(aws events put-events --entries "$entries" --query FailedEntryCount --output text)
[ "$failed" = 0 ] || { echo "::error::onboarding has not taken the report"; exit 1; }
