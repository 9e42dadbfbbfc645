import { createVerify, generateKeyPairSync } from "node:crypto";

import { Github } from "../../../functions/tenant-onboarding/src/github";

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const SECRET = JSON.stringify({ app_id: "12", installation_id: "34", private_key: privateKey });
const TENANTS = '{ "tenants": [] }';

interface Call {
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Record<string, string> };
}

/** GitHub that answers as told, by the end of the path. */
function github(answers: Record<string, () => Response> = {}, secret: string | Error = SECRET) {
  const calls: Call[] = [];
  const known: Record<string, () => Response> = {
    access_tokens: () => Response.json({ token: "ghs_secret" }),
    "tenants.json?ref=main": () => new Response(TENANTS),
    dispatches: () => new Response(null, { status: 204 }),
    ...answers,
  };
  const subject = new Github({
    repository: "taskflow/platform",
    branch: "main",
    readSecret: () => (secret instanceof Error ? Promise.reject(secret) : Promise.resolve(secret)),
    now: () => new Date("2027-06-01T12:00:00Z"),
    fetch: (url, init) => {
      calls.push({ url: String(url), init: init as Call["init"] });
      const answer = known[String(url).split("/").at(-1) ?? ""];
      return Promise.resolve(answer?.() ?? new Response(null, { status: 404 }));
    },
  });
  return { subject, calls };
}

describe("Github", () => {
  test("reads the deploy branch's tenants.json with a token for one repository and one permission", async () => {
    const { subject, calls } = github();
    expect(await subject.readTenants()).toBe(TENANTS);
    expect(calls.map(({ url }) => url)).toEqual([
      "https://api.github.com/app/installations/34/access_tokens",
      "https://api.github.com/repos/taskflow/platform/contents/tenants.json?ref=main",
    ]);
    expect(JSON.parse(String(calls[0]?.init.body))).toEqual({
      repositories: ["platform"],
      permissions: { contents: "write" },
    });
    expect(calls[1]?.init.headers).toMatchObject({
      accept: "application/vnd.github.raw+json",
      authorization: "Bearer ghs_secret",
    });
  });

  test("signs its own token with the App's key, for nine minutes", async () => {
    const { subject, calls } = github();
    await subject.readTenants();
    const [header = "", claims = "", signature = ""] = (calls[0]?.init.headers["authorization"] ?? "")
      .replace("Bearer ", "")
      .split(".");
    const now = Date.parse("2027-06-01T12:00:00Z") / 1_000;
    const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(decoded(header)).toEqual({ alg: "RS256", typ: "JWT" });
    expect(decoded(claims)).toEqual({ iss: "12", iat: now - 60, exp: now + 540 });
    expect(createVerify("RSA-SHA256").update(`${header}.${claims}`).verify(publicKey, signature, "base64url")).toBe(
      true,
    );
  });

  test("starts the workflow, and takes one token for both calls", async () => {
    const { subject, calls } = github();
    await subject.readTenants();
    await subject.dispatch({ tenant_id: "acme" });
    expect(calls).toHaveLength(3);
    expect(calls[2]?.url).toBe("https://api.github.com/repos/taskflow/platform/dispatches");
    expect(JSON.parse(String(calls[2]?.init.body))).toEqual({
      event_type: "tenant-onboarding",
      client_payload: { tenant_id: "acme" },
    });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      "a refusal",
      () => github({ dispatches: () => new Response("ghs_secret leaks", { status: 403 }) }).subject.dispatch({}),
      "GITHUB_FAILED: POST /repos/taskflow/platform/dispatches: status 403",
    ],
    [
      "no answer",
      () =>
        github({
          dispatches: () => {
            throw new TypeError("ghs_secret");
          },
        }).subject.dispatch({}),
      "GITHUB_FAILED: POST /repos/taskflow/platform/dispatches: no answer",
    ],
    [
      "a secret without a value",
      () => github({}, new Error("ResourceNotFound ghs_secret")).subject.readTenants(),
      "CREDENTIAL: the secret holds no app_id, installation_id and private_key",
    ],
    [
      "a secret that is no JSON",
      () => github({}, "ghs_secret").subject.readTenants(),
      "CREDENTIAL: the secret holds no app_id, installation_id and private_key",
    ],
    [
      "an installation that is a path",
      () => github({}, SECRET.replace('"34"', '"34/../../user"')).subject.readTenants(),
      "CREDENTIAL: the secret holds no app_id, installation_id and private_key",
    ],
    [
      "a key that is none",
      () => github({}, SECRET.replace(/KEY-----.*-----END/, "KEY-----ghs_secret-----END")).subject.readTenants(),
      "CREDENTIAL: the secret's private_key is none",
    ],
  ])("tells of %s without a word of the secret", async (_, call, message) => {
    await expect(call()).rejects.toThrow(new Error(message));
  });
});
