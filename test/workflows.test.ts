import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { ENVIRONMENTS, NAMESPACES, TERRAFORM_VERSION } from "../config";
import { DEPLOY_ROLE_NAME, PLAN_ROLE_NAME, REPORT_ROLE_NAME } from "../constructs/delivery/ci-names";
import { OBSERVABILITY_SERVICES } from "../constructs/observability/services";
import { scripts } from "../package.json";
import { WAVES } from "../tools/changed/waves";
import { program } from "../tools/cli/main";
import { withJq } from "./support/jq";
import { fakeTerminal } from "./tools/cli/support";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly "fail-fast"?: boolean };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(__dirname, "../.github/workflows");
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));
const texts = new Map(FILES.map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]));

function workflow(name: string): Workflow {
  return parse(texts.get(name) ?? "") as Workflow;
}

const jobs = FILES.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ file, name: `${file} ${name}`, job })),
);
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));
const runs = steps.map(({ step }) => step.run ?? "").join("\n");
const production = ENVIRONMENTS.production;

describe("workflows", () => {
  test("are those that the platform is run by, and the two that they share", () => {
    expect(FILES).toEqual([
      "deploy.yml",
      "drift.yml",
      "onboard.yml",
      "plan.yml",
      "terraform-apply.yml",
      "terraform-plan.yml",
    ]);
  });

  test("take every action by the hash of a commit, with its version beside it", () => {
    const uses = [...texts.values()].flatMap((text) => text.match(/^.*\buses: .*$/gm) ?? []);
    const foreign = uses.filter((line) => !line.includes("uses: ./"));
    expect(foreign.length).toBeGreaterThan(15);
    expect(foreign.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    const versions = new Map(foreign.map((line) => line.split("uses: ")[1]?.split("@") as [string, string]));
    expect(
      foreign.filter((line) => !line.endsWith(versions.get(line.split("uses: ")[1]?.split("@")[0] ?? "") ?? "")),
    ).toEqual([]);
  });

  test("store no key: they read no secret, and log in with the token of their job", () => {
    for (const text of texts.values()) {
      expect(text).not.toMatch(/secrets\s*[.[:]|aws-(access-key-id|secret-access-key)|pull_request_target/);
    }
  });

  test("grant nothing for all jobs, and to each job what its steps need", () => {
    for (const file of FILES) {
      expect([file, workflow(file).permissions]).toEqual([file, {}]);
    }
    const granted = Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions ?? {}]));
    const read = { contents: "read" };
    const apply = { contents: "read", "id-token": "write" };
    expect(granted).toEqual({
      "onboard.yml row": read,
      "onboard.yml merge": { actions: "write", contents: "write", "pull-requests": "write" },
      "onboard.yml deploy": { actions: "write", contents: "read" },
      "onboard.yml probe": read,
      "onboard.yml report": apply,
      "plan.yml review": read,
      "plan.yml comment": { "pull-requests": "write" },
      "plan.yml plan": { "id-token": "write" },
      "plan.yml verdict": {},
      "drift.yml synth": read,
      "drift.yml plan": { "id-token": "write" },
      "deploy.yml synth": { actions: "read", contents: "read" },
      ...Object.fromEntries(WAVES.map((wave) => [`deploy.yml ${wave}`, apply])),
      "terraform-plan.yml plan": { "id-token": "write" },
      "terraform-apply.yml apply": apply,
    });
  });

  test("leave no token in a checkout, and end by themselves", () => {
    for (const { name, step } of steps.filter(({ step: { uses } }) => uses?.startsWith("actions/checkout@"))) {
      expect([name, step.with?.["persist-credentials"]]).toEqual([name, false]);
    }
    for (const { name, job } of jobs.filter(({ job: { uses } }) => uses === undefined)) {
      expect([name, typeof job["timeout-minutes"]]).toEqual([name, "number"]);
    }
  });

  test("put nothing that a stranger writes into a shell", () => {
    expect(runs).not.toContain("${{");
    expect(steps.map(({ step }) => String(step.with?.["script"] ?? "")).join("\n")).not.toContain("${{");
  });

  test("assume the roles of the platform, in its region, and name its environment", () => {
    const roles = [...texts].flatMap(([file, text]) =>
      [...text.matchAll(/role-to-assume: (.*)/g)].map(([, role]) => [file, role] as const),
    );
    const arn = (role: string): string => `arn:aws:iam::\${{ vars.AWS_ACCOUNT_ID }}:role/${role}`;
    expect(roles).toEqual([
      ["onboard.yml", arn(REPORT_ROLE_NAME)],
      ["terraform-apply.yml", arn(DEPLOY_ROLE_NAME)],
      ["terraform-plan.yml", arn(PLAN_ROLE_NAME)],
    ]);
    const all = [...texts.values()].join("\n");
    expect(new Set([...all.matchAll(/aws-region: (.*)/g)].map(([, region]) => region))).toEqual(
      new Set([production.region]),
    );
    expect(new Set([...all.matchAll(/TASKFLOW_ENV: (.*)/g)].map(([, name]) => name))).toEqual(
      new Set([production.name]),
    );
    expect(workflow("terraform-apply.yml").jobs["apply"]?.environment).toBe(production.name);
    expect(workflow("deploy.yml").on["push"]).toEqual({ branches: [production.github.deployBranch] });
  });

  test("run scripts and commands that exist, with options that exist", () => {
    const called = [...runs.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = ""]) => name);
    expect(called.length).toBeGreaterThan(5);
    expect(called.filter((name) => name !== "ci" && !Object.hasOwn(scripts, name))).toEqual([]);

    const commands = program(fakeTerminal()).commands;
    const lines = [...runs.matchAll(/npx taskflow (\w+)([^\n|)]*)/g)];
    expect(lines.length).toBeGreaterThan(3);
    for (const [line, name, rest = ""] of lines) {
      const known = commands.find((command) => command.name() === name)?.options.map(({ long }) => long) ?? [];
      const options = rest.match(/--[a-z-]+/g) ?? [];
      expect([line, options.filter((option) => !known.includes(option))]).toEqual([line, []]);
    }
  });

  test("use one Terraform, which the stacks accept", () => {
    const versions = [...texts.values()].flatMap((text) => text.match(/(?<=terraform_version: ).*/g) ?? []);
    expect(versions).toHaveLength(2);
    expect(new Set(versions).size).toBe(1);
    const [wanted = "", least = ""] = [versions[0], TERRAFORM_VERSION.replace(">= ", "")];
    expect(wanted.localeCompare(least, "en", { numeric: true })).toBeGreaterThanOrEqual(0);
  });

  test("never cut off an apply, nor one stack because of another", () => {
    expect(workflow("deploy.yml").concurrency?.["cancel-in-progress"]).toBe(false);
    expect(workflow("terraform-apply.yml").jobs["apply"]?.strategy?.["fail-fast"]).toBe(false);
    expect(workflow("terraform-plan.yml").jobs["plan"]?.strategy?.["fail-fast"]).toBe(false);
  });

  test("start each wave behind all those before it, and none behind one that failed", () => {
    const deploy = workflow("deploy.yml").jobs;
    WAVES.forEach((wave, index) => {
      const needs = [deploy[wave]?.needs ?? []].flat();
      expect(needs).toEqual(["synth", ...WAVES.slice(0, index)]);
      if (index > 0) {
        expect(deploy[wave]?.if).toContain("!failure() && !cancelled()");
      }
    });
  });
});

describe("healthy.sh", () => {
  const script = readFileSync(join(FOLDER, "healthy.sh"), "utf8");

  test("asks the platform's own Prometheus", () => {
    const { name, port } = OBSERVABILITY_SERVICES.prometheus;
    expect(script).toContain(`kubectl -n ${NAMESPACES.observability} port-forward svc/${name} ${port} `);
  });

  /** Runs it with tools that answer as told. */
  function healthy(answer: string, aws = ":", variables: Readonly<Record<string, string>> = {}) {
    const shell = `
      exec 3>&1
      aws() { ${aws}; }; kubectl() { :; }; curl() { ${answer}; }
      export -f aws kubectl curl
      bash "$0" 0
    `;
    const env = { ...process.env, RUNNER_TEMP: "/nowhere", ...variables };
    try {
      return {
        code: 0,
        out: execFileSync("bash", ["-c", shell, join(FOLDER, "healthy.sh")], { env, encoding: "utf8" }),
      };
    } catch (error) {
      const { status, stdout } = error as { readonly status: number; readonly stdout: string };
      return { code: status, out: stdout };
    }
  }
  const result = (...alerts: readonly object[]): string =>
    `echo '${JSON.stringify({ data: { result: alerts.map((metric) => ({ metric })) } })}'`;

  const { secondary } = production;
  test.each([
    // A variable of the repository that nobody has set is empty.
    [production.region, production.cluster.name, { SERVING_CLUSTER: "", SERVING_REGION: "" }],
    [secondary.region, secondary.cluster.name, { SERVING_CLUSTER: "taskflow-eks-dr", SERVING_REGION: "us-east-1" }],
  ])("asks the cluster that serves, in %s", (region, cluster, variables) => {
    expect(healthy(result(), 'echo "$*" >&3', variables).out).toContain(
      `eks update-kubeconfig --region ${region} --name ${cluster} `,
    );
  });

  withJq("ends well if no page is firing", () => {
    expect(healthy(result())).toEqual({ code: 0, out: "no page is firing\n" });
  });

  withJq("names the page that is firing, and ends badly", () => {
    expect(healthy(result({ alertname: "TenantErrors", tier: "enterprise", tenant: "acme" }))).toEqual({
      code: 1,
      out: "::error title=Not healthy::TenantErrors enterprise acme;\n",
    });
  });

  withJq("ends badly if Prometheus does not answer", () => {
    expect(healthy("return 7").code).not.toBe(0);
  });
});

describe("deploy.yml", () => {
  withJq("applies a shard of two regions in one job, the primary's first, and keeps the order of the wave", () => {
    const [, program = ""] = /jq -r --arg wave "\$wave" '([^']+)'/.exec(texts.get("deploy.yml") ?? "") ?? [];
    const include = ["tenants-09", "dr-tenants-09", "tenants-02", "dr-tenants-01"].map((stack) => ({
      stack,
      wave: "starter",
    }));
    const jobsOf = (wave: string): string =>
      execFileSync("jq", ["-r", "--arg", "wave", wave, program], {
        input: JSON.stringify({ include }),
        encoding: "utf8",
      });
    const [, matrix = ""] = /^starter=(.+)\n$/.exec(jobsOf("starter")) ?? [];
    expect(JSON.parse(matrix)).toEqual({
      include: [
        { name: "tenants-09", stacks: "tenants-09 dr-tenants-09" },
        { name: "tenants-02", stacks: "tenants-02" },
        { name: "tenants-01", stacks: "dr-tenants-01" },
      ],
    });
    expect(jobsOf("standard")).toBe("");
  });
});
