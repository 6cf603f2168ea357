// Run inside a network namespace: answers every DNS question with REFUSED, until its input is closed.
import { createSocket } from "node:dgram";

const [, , address = "127.0.0.1"] = process.argv;
const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
socket.on("message", (question, { port, address: from }) => {
  const answer = Buffer.from(question);
  answer[2] = 0x81;
  answer[3] = 0x05;
  socket.send(answer, port, from);
});
socket.bind(53, address, () => process.stdout.write("listening\n"));
process.stdin.on("end", () => process.exit(0)).resume();
