/** A tenant's service, as far as the mesh can tell: HTTP on a port, readiness, and an answer that says who gave it to whom. */
const { Buffer } = require("node:buffer");
const http = require("node:http");
const { setTimeout } = require("node:timers");

const [, , port, name, delayMilliseconds = "0"] = process.argv;
const delay = Number(delayMilliseconds);

http
  .createServer((request, response) => {
    request.resume();
    const peer = request.headers["x-forwarded-client-cert"] ?? "";
    const body = JSON.stringify({ name, path: request.url, host: request.headers.host ?? "", peer });
    const answer = () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    };
    if (delay > 0) {
      setTimeout(answer, delay);
    } else {
      answer();
    }
  })
  .listen(Number(port), "0.0.0.0");
