#!/usr/bin/env bash
# Starts a workflow on a branch and ends as it does. A run that waits for its turn may be replaced by a newer one, which does
# its work as well: it ends well with the first run since the start that does, and badly once all have ended otherwise.
set -euo pipefail
workflow=${1:?workflow} branch=${2:?branch} seconds=${3:?seconds}

since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
gh workflow run "$workflow" --ref "$branch"
end=$((SECONDS + seconds))
while [ "$SECONDS" -lt "$end" ]; do
  sleep 30
  runs=$(gh run list --workflow "$workflow" --branch "$branch" --created ">=$since" --json status,conclusion,url)
  if jq -e 'any(.conclusion == "success")' <<< "$runs" > /dev/null; then
    echo "$workflow has succeeded"
    exit 0
  fi
  if jq -e 'length > 0 and all(.status == "completed")' <<< "$runs" > /dev/null; then
    echo "::error title=$workflow has not succeeded::$(jq -r '[.[].url] | join(" ")' <<< "$runs")"
    exit 1
  fi
done
echo "::error::$workflow has not ended within $seconds seconds"
exit 1
