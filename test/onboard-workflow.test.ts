import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import { ENVIRONMENTS, ONBOARDING, TENANT_SERVICES } from "../config";
import { REPORT_ROLE_NAME } from "../constructs/delivery/ci-names";
import { FAILURES } from "../functions/tenant-onboarding/src/failure";
import { withJq } from "./support/jq";

const FOLDER = resolve(".github/workflows");
const text = readFileSync(join(FOLDER, "onboard.yml"), "utf8");
const workflow = parse(text) as {
  readonly on: { readonly repository_dispatch: { readonly types: readonly string[] } };
  readonly jobs: Readonly<Record<string, { readonly needs?: string | readonly string[]; readonly if?: string }>>;
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taskflow-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a script of the workflow with tools of ours before the machine's, in `folder`. */
function run(script: string, environment: Readonly<Record<string, string>>, tools: Readonly<Record<string, string>>) {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, body] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { ...environment, PATH: `${bin}:${process.env["PATH"]}`, GITHUB_OUTPUT: join(folder, "output") };
  const [name = "", ...args] = script.split(" ");
  try {
    return { code: 0, out: execFileSync(join(FOLDER, name), args, { cwd: folder, env, encoding: "utf8" }) };
  } catch (error) {
    const { status, stdout } = error as { readonly status: number; readonly stdout: string };
    return { code: status, out: stdout };
  }
}

describe("onboard.yml", () => {
  test("is started by what the function sends from production, and reports as the role that may", () => {
    expect(workflow.on.repository_dispatch.types).toEqual([ONBOARDING.dispatchType]);
    expect(text).toContain(`role/${REPORT_ROLE_NAME}\n`);
    const isOurs = `github.event.client_payload.environment == '${ENVIRONMENTS.production.name}'`;
    expect(workflow.jobs["row"]?.if).toBe(isOurs);
    expect(workflow.jobs["report"]?.if).toBe(`always() && ${isOurs}`);
    expect(workflow.jobs["deploy"]?.if).toContain("needs.row.result == 'success'");
    expect(workflow.jobs["probe"]?.if).toContain("needs.deploy.result == 'success'");
    expect(text).toContain(`DOMAIN: ${ENVIRONMENTS.production.domain}\n`);
  });

  test("has a job for each failure that it can report, and reports them all", () => {
    const jobs = Object.keys(FAILURES).filter((code) => code !== "timeout");
    expect(Object.keys(workflow.jobs)).toEqual([...jobs, "report"]);
    expect(workflow.jobs["report"]?.needs).toEqual(jobs);
  });
});

describe("edit-row.sh", () => {
  const REQUEST = { REQUEST_ID: "7f1c2d3e-0001", TENANT_ID: "lotus-care" };
  /** Notes each argument that a command gets on a line of its own. */
  const NOTE = `printf '%s\\n' "\${@//$'\\n'/\\\\n}" >> "$(dirname "$0")/../calls"`;
  const edit = (environment: Readonly<Record<string, string>>, changed = true) => {
    const result = run("edit-row.sh", { ...REQUEST, ...environment }, { npx: NOTE, git: `exit ${changed ? 1 : 0}` });
    const read = (name: string): string =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
    return { ...result, calls: read("calls"), output: read("output") };
  };

  test.each([
    ["add", { TENANT_NAME: "Lotus Care", TIER: "starter" }, "add --name=Lotus Care --tier=starter -- lotus-care"],
    [
      "add",
      { TENANT_NAME: "Lotus", TIER: "starter", RELEASE: "1.1.0" },
      "add --name=Lotus --tier=starter --release=1.1.0 -- lotus-care",
    ],
    ["suspend", {}, "suspend -- lotus-care"],
    ["offboard", { RETAIN_UNTIL: "2028-03-31" }, "offboard --retain-until=2028-03-31 -- lotus-care"],
    ["verify", {}, "show --json -- lotus-care"],
  ])("runs taskflow tenant %s with %j, and judges the edit", (COMMAND, environment, command) => {
    const { code, calls, output } = edit({ COMMAND, ...environment });
    expect(code).toBe(0);
    expect(calls.replaceAll("\n", " ")).toBe(`taskflow tenant ${command} taskflow check --base HEAD `);
    expect(output).toBe("changed=true\n");
  });

  test("says so where the row is as asked for already", () => {
    expect(edit({ COMMAND: "suspend" }, false).output).toBe("changed=false\n");
  });

  test.each([
    ["a command in the name", { TENANT_NAME: '$(touch pwned)`touch pwned`"; touch pwned; "', TIER: "starter" }],
    ["an option as the name", { TENANT_NAME: "--tenants=/etc/passwd", TIER: "starter" }],
    ["a line break in the tier", { TENANT_NAME: "x", TIER: "starter\ntouch pwned" }],
  ])("passes %s on as one argument", (_, environment) => {
    const { code, calls } = edit({ COMMAND: "add", ...environment });
    expect(code).toBe(0);
    expect(existsSync(join(folder, "pwned"))).toBe(false);
    expect(calls.split("\n").slice(3, 5)).toEqual([
      `--name=${environment.TENANT_NAME}`,
      `--tier=${environment.TIER.replaceAll("\n", "\\n")}`,
    ]);
  });

  test.each([
    ["an option as the tenant", { COMMAND: "suspend", TENANT_ID: "--tenants" }],
    ["a line break in the tenant", { COMMAND: "suspend", TENANT_ID: "acme\n::set-env" }],
    ["no tenant", { COMMAND: "suspend", TENANT_ID: "" }],
    ["a path as the request", { COMMAND: "suspend", REQUEST_ID: "../../main" }],
    ["a command that is no step of a request", { COMMAND: "purge" }],
    ["no command", {}],
  ])("refuses %s before anything runs", (_, environment) => {
    const { code, calls, output } = edit(environment);
    expect([code, calls, output]).toEqual([1, "", ""]);
  });

  test("ends badly if the edit is refused, and tells of no change", () => {
    const environment = { ...REQUEST, COMMAND: "suspend" };
    expect(run("edit-row.sh", environment, { npx: '[ "$2" = tenant ]', git: "exit 1" }).code).not.toBe(0);
    expect(existsSync(join(folder, "output"))).toBe(false);
  });

  test("edits a row with the real commands, and refuses a hostile one with them", () => {
    cpSync("tenants.json", join(folder, "tenants.json"));
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], { cwd: folder });
    git("init", "-q");
    git("add", "tenants.json");
    git("commit", "-qm", "before");
    const taskflow = `exec "${process.execPath}" "${resolve("tools/bin/taskflow.js")}" "\${@:2}"`;
    const tenants = { TASKFLOW_TENANTS: join(folder, "tenants.json"), COMMAND: "add", TIER: "starter" };
    const real = { ...REQUEST, ...tenants };
    expect(run("edit-row.sh", { ...real, TENANT_NAME: "x".repeat(101) }, { npx: taskflow }).code).not.toBe(0);
    expect(readFileSync(join(folder, "tenants.json"), "utf8")).not.toContain("lotus-care");
    const name = 'Lotus "Care"; $(id) --';
    expect(run("edit-row.sh", { ...real, TENANT_NAME: name }, { npx: taskflow }).code).toBe(0);
    const { tenants: rows } = JSON.parse(readFileSync(join(folder, "tenants.json"), "utf8")) as { tenants: unknown[] };
    expect(rows).toContainEqual({ id: "lotus-care", name, tier: "starter" });
  });
});

describe("run-and-wait.sh", () => {
  /** The workflow's runs, as they are at one question after the other. */
  const wait = (seconds: number, ...answers: readonly (readonly object[])[]) => {
    const asked = answers.map((runs, index) => `${index}) echo '${JSON.stringify(runs)}' ;;`).join(" ");
    return run(
      `run-and-wait.sh deploy.yml main ${seconds}`,
      {},
      {
        sleep: "exit 0",
        gh: `echo "$*" >> calls; [ "$1" = workflow ] || case $(($(wc -l < calls) - 2)) in ${asked} *) echo '${JSON.stringify(answers.at(-1))}' ;; esac`,
      },
    );
  };
  const queued = { status: "queued", conclusion: "", url: "u0" };
  const ended = (conclusion: string) => ({ status: "completed", conclusion, url: "u1" });

  withJq("starts the workflow, and ends well with it", () => {
    expect(wait(60, [], [queued], [ended("success")])).toEqual({ code: 0, out: "deploy.yml has succeeded\n" });
    const [start, list] = readFileSync(join(folder, "calls"), "utf8").split("\n");
    expect(start).toBe("workflow run deploy.yml --ref main");
    expect(list).toMatch(
      /^run list --workflow deploy.yml --branch main --created >=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ --json/,
    );
  });

  withJq.each([
    ["its own was replaced by one that succeeds", 60, [ended("success"), ended("cancelled")], 0],
    ["it failed", 60, [ended("failure")], 1],
    ["it was cancelled for good", 60, [ended("cancelled")], 1],
    ["it failed, and a newer one does not end in time", 1, [queued, ended("failure")], 1],
    ["none appears in time", 1, [], 1],
  ])("where %s, within %i s: %j ends in %i", (_, seconds, runs, code) => {
    expect(wait(seconds, runs).code).toBe(code);
  });
});

describe("probe.sh", () => {
  const probe = (COMMAND: string, answer: string, header = "") =>
    run(
      "probe.sh 0",
      { COMMAND, TENANT_ID: "acme", DOMAIN: "taskflow.example.com" },
      {
        sleep: "exit 0",
        curl: `echo "\${@: -1}" >> calls; printf 'HTTP/2 ${answer}\\r\\n${header}\\r\\n'`,
      },
    ).code;
  const SIDECAR = "x-envoy-upstream-service-time: 3\\r\\n";

  test("asks for every service's path", () => {
    expect(probe("add", "401", SIDECAR)).toBe(0);
    expect(readFileSync(join(folder, "calls"), "utf8").trim().split("\n")).toEqual(
      TENANT_SERVICES.map(({ pathPrefix }) => `https://acme.taskflow.example.com${pathPrefix}`),
    );
  });

  test.each([
    ["add", "200", SIDECAR, 0],
    ["verify", "404", SIDECAR, 0],
    ["add", "404", "", 1],
    ["add", "403", "", 1],
    ["add", "503", SIDECAR, 1],
    ["suspend", "503", "", 0],
    ["suspend", "200", SIDECAR, 1],
    ["offboard", "404", "", 0],
    ["offboard", "503", "", 1],
  ])("after %s an answer of %s with %j ends in %i", (command, answer, header, code) => {
    expect(probe(command, answer, header)).toBe(code);
  });
});

describe("report.sh", () => {
  const JOBS = ["row", "merge", "deploy", "probe"];
  function report(results: readonly string[], failed = "0") {
    const NEEDS = JSON.stringify(Object.fromEntries(JOBS.map((job, index) => [job, { result: results[index] }])));
    const environment = { NEEDS, TENANT_ID: "acme", REQUEST_ID: "7f1c2d3e-0001", GITHUB_RUN_ID: "4711" };
    const { code } = run("report.sh", environment, { aws: `printf '%s' "$4" > entries; echo ${failed}` });
    const [entry] = JSON.parse(readFileSync(join(folder, "entries"), "utf8")) as Record<string, string>[];
    return { code, entry, detail: JSON.parse(entry?.["Detail"] ?? "{}") as Record<string, string> };
  }

  withJq("puts the event that the role may put", () => {
    const { source, detailType } = ONBOARDING.events.report;
    const { code, entry, detail } = report(["success", "success", "success", "success"]);
    expect(code).toBe(0);
    expect(entry).toMatchObject({ EventBusName: ONBOARDING.busName, Source: source, DetailType: detailType });
    expect(detail).toEqual({ tenant_id: "acme", request_id: "7f1c2d3e-0001", run: "4711", status: "ready" });
  });

  withJq.each([
    [["success", "skipped", "success", "success"], undefined],
    [["failure", "skipped", "skipped", "skipped"], "row"],
    [["success", "failure", "skipped", "skipped"], "merge"],
    [["success", "success", "cancelled", "skipped"], "deploy"],
    [["success", "success", "success", "failure"], "probe"],
    [["success", "failure", "cancelled", "cancelled"], "merge"],
  ])("after %j reports the failure %s", (results, failure) => {
    expect(report(results).detail).toMatchObject(
      failure === undefined ? { status: "ready" } : { status: "failed", failure },
    );
  });

  withJq("ends badly where the bus has not taken it", () => {
    expect(report(["success", "success", "success", "success"], "1").code).toBe(1);
  });
});
