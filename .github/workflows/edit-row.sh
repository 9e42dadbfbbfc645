#!/usr/bin/env bash
# Edits the row of a request, judges the edit, and says whether there is any. All that it is told comes from outside.
set -euo pipefail

[[ ${REQUEST_ID:-} =~ ^[A-Za-z0-9][A-Za-z0-9-]{7,63}$ ]] || { echo "::error::the request id is none"; exit 1; }
[[ ${TENANT_ID:-} =~ ^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$ ]] || { echo "::error::the tenant id is none"; exit 1; }

# A value that begins with a hyphen is no option: it stands behind = or --.
case ${COMMAND:-} in
  add)
    release=()
    [ -z "${RELEASE:-}" ] || release=("--release=$RELEASE")
    npx taskflow tenant add "--name=$TENANT_NAME" "--tier=$TIER" "${release[@]}" -- "$TENANT_ID"
    ;;
  suspend) npx taskflow tenant suspend -- "$TENANT_ID" ;;
  offboard) npx taskflow tenant offboard "--retain-until=$RETAIN_UNTIL" -- "$TENANT_ID" ;;
  verify) npx taskflow tenant show --json -- "$TENANT_ID" > /dev/null ;;
  *)
    echo "::error::the command is none"
    exit 1
    ;;
esac
npx taskflow check --base HEAD

changed=true
git diff --quiet -- tenants.json && changed=false
echo "changed=$changed" >> "$GITHUB_OUTPUT"
