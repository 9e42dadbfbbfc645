#!/usr/bin/env bash
# Ends well if Prometheus answers and no alert that pages is firing, now and for as many seconds as the argument says: what a
# change breaks shows in rates over minutes. It is reached as people reach it, through the Kubernetes API. While a second
# region serves, SERVING_CLUSTER and SERVING_REGION name its cluster.
set -euo pipefail
soak=${1:?seconds}

aws eks update-kubeconfig --region "${SERVING_REGION:-ap-northeast-1}" --name "${SERVING_CLUSTER:-taskflow-eks}" \
  --kubeconfig "$RUNNER_TEMP/kubeconfig" > /dev/null
export KUBECONFIG="$RUNNER_TEMP/kubeconfig"
kubectl -n observability port-forward svc/kube-prometheus-stack-prometheus 9090 > /dev/null &
forward=$!
trap 'kill "$forward" 2> /dev/null || true' EXIT

firing() {
  curl --silent --show-error --fail --retry 5 --retry-connrefused --retry-delay 2 --get http://localhost:9090/api/v1/query \
    --data-urlencode 'query=ALERTS{alertstate="firing",severity="page"}' |
    jq -r '.data.result[].metric | [.alertname, .tier // "", .tenant // ""] | join(" ")'
}

end=$((SECONDS + soak))
while :; do
  alerts=$(firing)
  if [ -n "$alerts" ]; then
    echo "::error title=Not healthy::$(tr '\n' ';' <<< "$alerts")"
    exit 1
  fi
  [ "$SECONDS" -lt "$end" ] || break
  sleep 15
done
echo "no page is firing"
