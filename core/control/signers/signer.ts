// What can sign: a key in a file, in a token or in an ssh-agent. The private key never comes into this process.

export interface Signer {
  /** "SHA256:…" of the plain key, as `ssh-keygen -l` prints it. */
  fingerprint: string;
  /** The plain key's line, "TYPE BASE64 [COMMENT]". */
  publicKey: string;
  /** The armoured signature (PROTOCOL.sshsig) of these exact bytes. */
  sign(bytes: Uint8Array, namespace: string): Promise<string>;
}
