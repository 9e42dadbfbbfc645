/** Listens in its network namespace and passes every connection to a socket file, which lies outside of all of them. */
const net = require("node:net");

const [, , address, port, socketPath] = process.argv;

net
  .createServer((client) => {
    const server = net.connect(socketPath);
    client.on("error", () => server.destroy());
    server.on("error", () => client.destroy());
    client.pipe(server).pipe(client);
  })
  .listen(Number(port), address);
