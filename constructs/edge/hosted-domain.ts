import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

import { entryHost, regionHost } from "./region-hosts";

export interface HostedDomainProps {
  /** Domain whose hosted zone exists in the account; tenants answer on `<tenant>.<domain>`. */
  readonly domain: string;
  /**
   * Which of two regions this one is.
   * @default - the only one
   */
  readonly region?: { readonly name: string; readonly role: "primary" | "secondary" };
}

/** What an alias record points to. */
export interface AliasTarget {
  readonly dnsName: string;
  /** Hosted zone of the target itself. */
  readonly zoneId: string;
}

/** Seconds that resolvers keep the record which proves the domain to ACM. */
const VALIDATION_TTL_SECONDS = 300;

/**
 * The platform's part of a domain: a certificate for `*.<domain>` and `<domain>`, and the wildcard's address. The hosted
 * zone is looked up, never made: the domain's owner delegates it, and it outlives this platform.
 *
 * Of two regions each has a certificate of its own, while the wildcard is the primary's alone and leads to whichever of the
 * two serves.
 */
export class HostedDomain extends Construct {
  /** ARN of the certificate, once ACM has issued it. */
  public readonly certificateArn: string;

  private readonly domain: string;
  private readonly region: HostedDomainProps["region"];
  private readonly zoneId: string;

  constructor(scope: Construct, id: string, props: HostedDomainProps) {
    super(scope, id);
    this.domain = props.domain;
    this.region = props.region;
    this.zoneId = new DataAwsRoute53Zone(this, "zone", { name: props.domain, privateZone: false }).zoneId;
    this.certificateArn = this.issueCertificate();
  }

  /**
   * Leads hosts to the region's load balancer. One record for all tenants: a new tenant changes neither DNS nor the
   * certificate. Of two regions the secondary answers under its own host, and the wildcard stands before both.
   */
  public answerWith(target: AliasTarget): void {
    if (this.region?.role === "secondary") {
      this.addAlias("region-host", regionHost(this.domain, this.region.name), target);
      return;
    }
    const entry = { dnsName: entryHost(this.domain), zoneId: this.zoneId };
    this.addAlias("wildcard", `*.${this.domain}`, this.region === undefined ? target : entry);
  }

  private addAlias(id: string, name: string, target: AliasTarget): void {
    new Route53Record(this, id, {
      zoneId: this.zoneId,
      name,
      type: "A",
      alias: {
        name: target.dnsName,
        zoneId: target.zoneId,
        // The only address: a wrong health verdict must not take it away.
        evaluateTargetHealth: false,
      },
    });
  }

  private issueCertificate(): string {
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: `*.${this.domain}`,
      subjectAlternativeNames: [this.domain],
      validationMethod: "DNS",
      options: { certificateTransparencyLoggingPreference: "ENABLED" },
      lifecycle: { createBeforeDestroy: true },
    });
    // ACM asks an account for the same record in every region: the primary's is the proof here too.
    const proofFqdns =
      this.region?.role === "secondary" ? {} : { validationRecordFqdns: [this.proveDomain(certificate)] };
    return new AcmCertificateValidation(this, "certificate-validation", {
      certificateArn: certificate.arn,
      ...proofFqdns,
    }).certificateArn;
  }

  private proveDomain(certificate: AcmCertificate): string {
    // ACM proves a domain and its wildcard by one and the same record.
    const proof = certificate.domainValidationOptions.get(0);
    return new Route53Record(this, "certificate-proof", {
      zoneId: this.zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: VALIDATION_TTL_SECONDS,
      allowOverwrite: true,
    }).fqdn;
  }
}
