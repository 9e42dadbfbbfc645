/**
 * Sends one HTTP request past its pod's sidecar and prints what came of it as JSON: `{status, body}` or `{error}`. The
 * argument is JSON too: address, port, host, path, and for TLS key, cert (PEM files), servername and alpn.
 */
const { readFileSync } = require("node:fs");
const http = require("node:http");
const https = require("node:https");

const call = JSON.parse(process.argv[2]);
const options = { host: call.address, port: call.port, path: call.path, headers: { host: call.host }, timeout: 1_500 };
const tls = call.tls && {
  ...(call.tls.key ? { key: readFileSync(call.tls.key), cert: readFileSync(call.tls.cert) } : {}),
  servername: call.tls.servername,
  ALPNProtocols: [call.tls.alpn],
  // Whom it reaches is for the answer to say.
  rejectUnauthorized: false,
};
const print = (result) => process.stdout.write(JSON.stringify(result));

const request = tls ? https.request({ ...options, ...tls }) : http.request(options);
let peer = "";
request.on("socket", (socket) =>
  socket.once("secureConnect", () => (peer = socket.getPeerCertificate().subjectaltname ?? "")),
);
request.once("timeout", () => request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
request.once("error", (error) => print({ error: error.code ?? error.message, peer }));
request.once("response", (response) => {
  const chunks = [];
  response.on("data", (chunk) => chunks.push(chunk));
  response.once("end", () => print({ status: response.statusCode, body: chunks.join(""), peer }));
});
request.end();
