/**
 * Connections with a client certificate and key from files, which may be replaced while the client
 * runs: a renewal needs no restart.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { Agent } from 'undici';

/** Paths of PEM files. */
export type CredentialFiles = {
  /** The certificate of the account, with or without its chain. */
  readonly certificate: string;
  /** Its private key, without a password. */
  readonly key: string;
  /** The trust anchors for the certificate of the service. */
  readonly trust: string;
};

export type Connections = {
  /** The agent for the next request. */
  readonly current: () => Agent;
  readonly close: () => Promise<void>;
};

const CONNECTIONS_MAX = 16;
const CHECK_MS = 1_000;
const ANSWER_MS = 120_000;

/** Throws if a file cannot be read, or the key is not that of the certificate. */
export function openConnections(files: CredentialFiles): Connections {
  let state = stateOf(files);
  let agent = agentOf(files);
  let checkedMs = performance.now();
  return {
    current() {
      if (performance.now() - checkedMs < CHECK_MS) return agent;
      checkedMs = performance.now();
      const now = stateOf(files);
      if (now === state) return agent;
      const next = tryAgent(files);
      // One of two files has been replaced: the old pair is used until both are.
      if (next === null) return agent;
      const before = agent;
      agent = next;
      state = now;
      // Requests under way are finished.
      void before.close().catch(() => undefined);
      return agent;
    },
    close: () => agent.close(),
  };
}

/** Changes whenever a file is replaced or written. */
function stateOf({ certificate, key, trust }: CredentialFiles): string {
  return [certificate, key, trust]
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`))
    .join(', ');
}

function tryAgent(files: CredentialFiles): Agent | null {
  try {
    return agentOf(files);
  } catch {
    return null;
  }
}

function agentOf(files: CredentialFiles): Agent {
  const [cert, key, ca] = [files.certificate, files.key, files.trust].map((file) => readFileSync(file, 'utf8'));
  if (cert === undefined || key === undefined || ca === undefined) throw new Error('three files');
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error(`${files.key} is not the key of ${files.certificate}`);
  const connect = { cert, key, ca, minVersion: 'TLSv1.2' } as const;
  return new Agent({ connections: CONNECTIONS_MAX, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS, connect });
}
