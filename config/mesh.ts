/**
 * When an Envoy takes a pod out of its pool (brief). More than half a service's pods are never ejected: Istio's default of
 * 10 % would eject none of two.
 */
export const OUTLIER_DETECTION = {
  consecutive5xxErrors: 3,
  interval: "10s",
  baseEjectionTime: "30s",
  maxEjectionPercent: 50,
} as const;
