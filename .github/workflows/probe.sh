#!/usr/bin/env bash
# Ends well once the tenant's host answers, from the internet, as its row says: each service through its sidecar, which leaves
# a header that the gateway's and the firewall's own answers lack; 503 while suspended; 404 once the routes are gone.
set -euo pipefail
seconds=${1:?seconds}

answers() {
  local headers status
  headers=$(curl --silent --show-error --max-time 10 --output /dev/null --dump-header - "https://$TENANT_ID.$DOMAIN$1" | tr -d '\r') || return 1
  status=$(awk 'NR == 1 { print $2 }' <<< "$headers")
  case $COMMAND in
    suspend) [ "$status" = 503 ] ;;
    offboard) [ "$status" = 404 ] ;;
    *) [ "$status" -lt 500 ] && grep -qi '^x-envoy-upstream-service-time:' <<< "$headers" ;;
  esac
}

end=$((SECONDS + seconds))
for path in /api/projects /api/tasks /api/users; do
  until answers "$path"; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "::error::$TENANT_ID.$DOMAIN$path does not answer as after $COMMAND"
      exit 1
    fi
    sleep 15
  done
done
echo "$TENANT_ID.$DOMAIN answers as after $COMMAND"
