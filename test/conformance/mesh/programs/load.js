/**
 * Sends streams of requests at fixed rates, whether or not answers come, over TLS connections that stay open, and prints as
 * JSON what came of each: `[{samples: [[sentAt, status, milliseconds, servedBy]], limited}]`, in the order of the streams. Without an
 * answer, the status is the code of the network's error; `limited` are the headers of the first 429. The argument is JSON
 * too: addresses, port, startAt (milliseconds since 1970), and streams of host, path, headers, perSecond and pulses (pairs of
 * seconds from the start).
 */
const { Agent, request } = require("node:https");
const { performance } = require("node:perf_hooks");
const process = require("node:process");
const { setTimeout } = require("node:timers");

// It ends when the test that started it does, however that ends.
process.stdin.on("end", () => process.exit(1)).resume();

const load = JSON.parse(process.argv[2]);
/** Longer than any route's own timeout: what the gateway has to say arrives. */
const TIMEOUT_MILLISECONDS = 30_000;
const ALPN = ["http/1.1"];

/** Instants of a stream's requests, in milliseconds from the start. */
function instants({ perSecond, pulses }) {
  return pulses.flatMap(([from, until]) =>
    Array.from({ length: Math.round((until - from) * perSecond) }, (_, index) => (from + index / perSecond) * 1_000),
  );
}

function send({ host, path, headers = {} }, agent, address, result) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const sentAt = Date.now() - load.startAt;
    const end = (status, servedBy) => {
      result.samples.push([sentAt, status, performance.now() - begun, servedBy]);
      resolve();
    };
    const options = {
      host: address,
      port: load.port,
      path,
      headers: { ...headers, host },
      agent,
      timeout: TIMEOUT_MILLISECONDS,
    };
    const outgoing = request({ ...options, servername: host, ALPNProtocols: ALPN, rejectUnauthorized: false });
    outgoing.once("timeout", () => outgoing.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    outgoing.once("error", (error) => end(error.code ?? error.message));
    outgoing.once("response", (response) => {
      if (response.statusCode === 429) {
        result.limited ??= response.headers;
      }
      response.resume();
      response.once("end", () => end(response.statusCode, response.headers["x-served-by"]));
    });
    outgoing.end();
  });
}

async function run(stream) {
  const agent = new Agent({ keepAlive: true });
  const result = { samples: [] };
  const answers = [];
  for (const [index, instant] of instants(stream).entries()) {
    const wait = load.startAt + instant - Date.now();
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    answers.push(send(stream, agent, load.addresses[index % load.addresses.length], result));
  }
  await Promise.all(answers);
  agent.destroy();
  return result;
}

Promise.all(load.streams.map(run)).then((results) =>
  process.stdout.write(JSON.stringify(results), () => process.exit()),
);
