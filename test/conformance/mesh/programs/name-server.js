/**
 * Answers DNS questions on the loopback: with the address for the names of its argument, a JSON object, and with none for all
 * others. TTL: 60 s.
 */
const { Buffer } = require("node:buffer");
const dgram = require("node:dgram");

const names = JSON.parse(process.argv[2]);
const HEADER_BYTES = 12;
const TYPE_A = 1;

/** The question's name and where it ends. */
function readName(message) {
  const labels = [];
  let at = HEADER_BYTES;
  while (message[at] !== 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + message[at]));
    at += 1 + message[at];
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

const socket = dgram.createSocket("udp4");
socket.on("message", (message, { address, port }) => {
  const { name, end } = readName(message);
  const known = message.readUInt16BE(end) === TYPE_A ? names[name] : undefined;
  const header = Buffer.from([message[0], message[1], 0x81, 0x80, 0, 1, 0, known ? 1 : 0, 0, 0, 0, 0]);
  const question = message.subarray(HEADER_BYTES, end + 4);
  const answer = known ? [0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4, ...known.split(".").map(Number)] : [];
  socket.send(Buffer.concat([header, question, Buffer.from(answer)]), port, address);
});
socket.bind(53, "127.0.0.1");
