/**
 * The configuration of the supervisor and its children. The command that starts them reads and
 * checks it. It contains no secret.
 */
import { join } from 'node:path';
import type { PolicyDocument } from '../src/policy/transfer.js';
import type { IssuerId } from '../src/ports/signer.js';
import type { KeyType } from '../src/x509/model.js';

import type { CallerRole, TokenKind } from './wire/permissions.js';

/**
 * Where the PIN of a token comes from. It passes through the supervisor, so that it is never the
 * PIN itself.
 */
export type PinSource =
  | { readonly from: 'file'; readonly file: string }
  /**
   * `<token>.pin` in the folder that systemd made for the unit (`CREDENTIALS_DIRECTORY`); null: it
   * made none.
   */
  | { readonly from: 'credential'; readonly folder: string | null }
  /** An officer types it at each start, into a socket that the signer's process opens itself. */
  | { readonly from: 'officer'; readonly socket: string };

export type IssuerConfiguration = {
  readonly id: IssuerId;
  /**
   * Label of the key on the token; absent: the id. An OCSP token may have several keys of one
   * issuer.
   */
  readonly label?: string;
  readonly keyType: KeyType;
  /** Certificate of that key, DER; the key on the token must match it. null: the platform token. */
  readonly certificateFile: string | null;
  /** On an OCSP token: the CA's own certificate, DER, for the checker. */
  readonly authorityCertificateFile?: string;
  /**
   * On a CA token: certificates of responders that ceremonies issued under this CA, DER. The signer
   * certifies responders for these keys only; without any it certifies none. A certificate that
   * this CA has not signed for OCSP signing makes the start fail.
   */
  readonly approvedResponderFiles?: readonly string[];
};

export type TokenConfiguration = {
  readonly name: string;
  readonly kind: TokenKind;
  readonly hierarchy?: string;
  /**
   * The token whose keys this replica has. The replica has its own PIN, journal and process. A
   * cloned token may have the label of its original.
   */
  readonly replicaOf?: string;
  /** `pfcng-<environment mark>-<name>`: a token of another environment is refused. */
  readonly tokenLabel: string;
  /** Folder of this token alone: `softhsm2.conf`, `tokens/`, and the lock. */
  readonly softhsmDirectory: string;
  /** The real PKCS#11 module. */
  readonly modulePath: string;
  /** Environment variables for that module, as the path of its configuration file. No secret. */
  readonly moduleEnvironment?: Readonly<Record<string, string>>;
  readonly pin: PinSource;
  /** The digests of refused PINs are in a file of the same folder. */
  readonly journalFile: string;
  readonly issuers: readonly IssuerConfiguration[];
  readonly sockets: readonly SocketPlace[];
};

export type SocketPlace = {
  readonly role: CallerRole;
  readonly path: string;
  /** The group that may enter the folder of the socket; absent: only the signer's own user. */
  readonly groupId?: number;
};

export type SupervisorConfiguration = {
  readonly tokens: readonly TokenConfiguration[];
  /** The policy of the environment, read and checked: the children check requests against it. */
  readonly policy: PolicyDocument;
  /**
   * It has a folder for each token with the supervisor's lock: no two supervisors run one token.
   */
  readonly runDirectory: string;
  readonly environmentMark: string;
  /** A child that has not answered a request after this is killed; default 3 s. */
  readonly requestDeadlineMs?: number;
  /** From spawn to ready, including the wait for a predecessor's token; default 15 s. */
  readonly startDeadlineMs?: number;
  /** How long a start waits for a predecessor; default 10 s. */
  readonly lockWaitMsMax?: number;
  /** Waiting requests of a token; more are answered `unavailable`. Default 1000. */
  readonly queuedRequestsMax?: number;
  /** Waiting requests for OCSP responses to a nonce, which are counted apart; default 100. */
  readonly queuedAnonymousMax?: number;
  /**
   * Requests that the child of a token has at a time; default 64. A quarter for responses to a
   * nonce.
   */
  readonly inFlightMax?: number;
  /** Old space of a child's JavaScript heap; default 64 MB. */
  readonly childHeapMb?: number;
  /** A session that was idle for this long is tested; default 30 s. */
  readonly keepAliveMs?: number;
  /** Signing threads of a child, each with several sessions; default 3. */
  readonly childThreads?: number;
};

export const DEFAULTS = {
  requestDeadlineMs: 3_000,
  startDeadlineMs: 15_000,
  lockWaitMsMax: 10_000,
  queuedRequestsMax: 1_000,
  queuedAnonymousMax: 100,
  inFlightMax: 64,
  childHeapMb: 64,
  keepAliveMs: 30_000,
  childThreads: 3,
} as const;

/** The configuration of a child, in its first frame. */
export type ChildConfiguration = {
  readonly token: Omit<TokenConfiguration, 'sockets'>;
  readonly policy: PolicyDocument;
  readonly environmentMark: string;
  readonly lockWaitMsMax: number;
  readonly threads: number;
  readonly keepAliveMs: number;
};

/**
 * `softhsm2.conf` in the token's directory; the files of the token are in `tokens/` of that
 * directory.
 */
export function softhsmConfigurationFile(softhsmDirectory: string): string {
  return join(softhsmDirectory, 'softhsm2.conf');
}
