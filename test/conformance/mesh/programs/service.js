/**
 * A tenant's service, as far as the mesh can tell: HTTP on a port, readiness, and an answer that says who gave it to whom. It
 * answers with 503 for as long as the file of its last argument exists.
 */
const { Buffer } = require("node:buffer");
const { existsSync } = require("node:fs");
const http = require("node:http");
const { setTimeout } = require("node:timers");

const [, , port, name, delayMilliseconds = "0", sickFile = ""] = process.argv;
const delay = Number(delayMilliseconds);

http
  .createServer((request, response) => {
    request.resume();
    const peer = request.headers["x-forwarded-client-cert"] ?? "";
    const body = JSON.stringify({ name, path: request.url, host: request.headers.host ?? "", peer });
    const answer = () => {
      const status = sickFile !== "" && existsSync(sickFile) ? 503 : 200;
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      response.writeHead(status, { ...headers, "x-served-by": name });
      response.end(body);
    };
    if (delay > 0) {
      setTimeout(answer, delay);
    } else {
      answer();
    }
  })
  .listen(Number(port), "0.0.0.0");
