/**
 * A steady light load on the gateway, as the load balancer would pass it on: hosts in turn, so many requests a second. When its
 * standard input ends, which it does with whoever started it, it waits for the last answers and prints what came of all as JSON.
 */
const https = require("node:https");
const { setInterval, clearInterval } = require("node:timers");

const [, , address, port, path, perSecond, ...hosts] = process.argv;
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
const outcomes = {};
let sent = 0;
let open = 0;
let slowestMilliseconds = 0;
let ending = false;

function count(host, outcome, started) {
  outcomes[host] ??= {};
  outcomes[host][outcome] = (outcomes[host][outcome] ?? 0) + 1;
  slowestMilliseconds = Math.max(slowestMilliseconds, Date.now() - started);
  open -= 1;
  finish();
}

function finish() {
  if (ending && open === 0) {
    process.stdout.write(JSON.stringify({ outcomes, slowestMilliseconds }));
    process.exit();
  }
}

function send() {
  const host = hosts[sent % hosts.length];
  const started = Date.now();
  sent += 1;
  open += 1;
  const request = https.get({ agent, host: address, port, path, servername: host, headers: { host }, timeout: 15_000 });
  request.once("timeout", () => request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
  request.once("error", (error) => count(host, error.code ?? error.message, started));
  request.once("response", (response) => {
    response.resume();
    response.once("end", () => count(host, `HTTP ${response.statusCode}`, started));
  });
}

const timer = setInterval(send, 1_000 / Number(perSecond));
process.stdin.resume();
process.stdin.once("end", () => {
  clearInterval(timer);
  ending = true;
  finish();
});
