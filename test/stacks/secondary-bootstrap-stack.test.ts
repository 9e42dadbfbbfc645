import { GLOBAL_NAME_SUFFIX } from "../../config";
import { FailoverStack } from "../../stacks/failover-stack";
import { SecondaryBootstrapStack } from "../../stacks/secondary-bootstrap-stack";
import { ALERT_TOPICS } from "../support/cluster";
import { standby } from "../support/regions";
import { resourcesOf, synthStack, testApp } from "../support/synth";

const environment = standby();

describe("SecondaryBootstrapStack", () => {
  const json = synthStack(new SecondaryBootstrapStack(testApp(), "dr-bootstrap", { environment }));
  const buckets = Object.values(resourcesOf(json, "aws_s3_bucket")).map(({ bucket }) => bucket as string);

  test("is what was reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  test("makes the bucket that the region's backends name, and no other of the primary's names", () => {
    const dns = synthStack(new FailoverStack(testApp(), "dr-dns", { environment, alertTopics: ALERT_TOPICS }));

    expect(dns.terraform?.["backend"]).toMatchObject({ s3: { bucket: environment.stateBucket } });
    expect(buckets.sort()).toEqual([
      environment.stateBucket,
      `${environment.primary.stateBucket}-logs${GLOBAL_NAME_SUFFIX}`,
    ]);
  });

  test("lets S3 deliver the access log of that very bucket", () => {
    const [delivery, ...others] = Object.values(json.data?.["aws_iam_policy_document"] ?? {})
      .flatMap(({ statement }) => statement as { sid: string; condition: object[] }[])
      .filter(({ sid }) => sid === "AccessLogs");

    expect(others).toEqual([]);
    expect(delivery?.condition).toContainEqual(
      expect.objectContaining({
        variable: "aws:SourceArn",
        values: [expect.stringMatching(new RegExp(`:s3:::${environment.stateBucket}$`))],
      }),
    );
  });

  test("keeps its own state locally, and stands in the secondary region", () => {
    expect(Object.keys(json.terraform?.["backend"] as object)).toEqual(["local"]);
    expect(json.provider?.["aws"]).toEqual([expect.objectContaining({ region: environment.region })]);
  });
});
