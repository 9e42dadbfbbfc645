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

/** How Flagger tries a new release. Figures: brief, "Flagger". */
export const CANARY_ANALYSIS = {
  interval: "1m",
  /** Failed checks before the rollout is taken back. */
  threshold: 5,
  /** Per cent of traffic at the last step, and how much each step adds. */
  maxWeight: 50,
  stepWeight: 10,
  minSuccessPercent: 99,
  maxLatencyMs: 500,
} as const;
