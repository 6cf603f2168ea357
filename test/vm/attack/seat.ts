// What somebody with the rights of the screen can do: the seat's agent signs for it whatever it likes.
import { join } from "node:path";
import { agentSigner } from "../../../core/control/signers/agent-signer.ts";
import { parseCertificate } from "../../../core/control/ssh-certificate.ts";
import { fingerprint, parseKeyLine } from "../../../core/control/ssh-key.ts";
import { COMMAND_NAMESPACE } from "../../../core/control/ssh-tool.ts";
import { connect, envelope, send } from "./wire.ts";

const SEAT = "/run/multiverse/seat";

/** What the host says to an operation that is signed by the seat's key under this certificate. */
export async function asSeat(certificateLine: string, op: string, name: string | undefined): Promise<string> {
  const certificate = parseKeyLine(certificateLine);
  if (certificate === null) throw new Error("that is no certificate");
  const { keyBlob } = parseCertificate(certificate.blob);
  const signer = agentSigner({ socket: join(SEAT, "agent"), keyBlob, certificateBlob: certificate.blob });
  const client = await connect();
  try {
    const by = { name: "seat", file: "", fingerprint: fingerprint(keyBlob) };
    const bytes = envelope(by, await client.hello(), op, { args: name === undefined ? {} : { name } });
    return await send(client, bytes, [await signer.sign(bytes, COMMAND_NAMESPACE)]);
  } finally {
    client.close();
  }
}
