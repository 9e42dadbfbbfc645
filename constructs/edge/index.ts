export * from "./alarms";
export * from "./hosted-domain";
export * from "./outputs";
export * from "./primary-host";
export * from "./public-load-balancer";
export * from "./region-failover";
export * from "./region-hosts";
export * from "./web-firewall";
