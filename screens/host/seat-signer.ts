// Who signs the commands of this seat. Until the seat's signer is there, it says so for every command.
import type { Commander } from "./backend.ts";

export function seatSigner(): Commander {
  return {
    send: async () => ({ state: "failed", text: "This version cannot sign with the seat's key yet." }),
  };
}
