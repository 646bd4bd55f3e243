/** What the supervisor and its children are told. The command that starts them reads and checks it; no secret is in it. */

import type { PolicyDocument } from '../src/policy/transfer.js';
import type { IssuerId } from '../src/ports/signer.js';
import type { KeyType } from '../src/x509/model.js';
import type { PinSource } from './pkcs11/pin/pin-source.js';
import type { CallerRole, TokenKind } from './wire/permissions.js';

export type IssuerConfiguration = {
  readonly id: IssuerId;
  /** Of the key on the token; absent: the id. An OCSP token may have several keys of one issuer. */
  readonly label?: string;
  readonly keyType: KeyType;
  /** Certificate of that key, DER: the key on the token must be its. Null on the platform token. */
  readonly certificateFile: string | null;
  /** On an OCSP token: the CA's own certificate, DER, for the checker. */
  readonly authorityCertificateFile?: string;
  /**
   * On a CA token: certificates of responders that ceremonies issued under this CA, DER. Their keys are those for which the signer
   * certifies a responder again; without any it never does. One that the CA has not signed as OCSP-signing refuses the start.
   */
  readonly approvedResponderFiles?: readonly string[];
};

export type TokenConfiguration = {
  readonly name: string;
  readonly kind: TokenKind;
  readonly hierarchy?: string;
  /** The token whose keys this one has too, with its own PIN, journal and process. A clone may have that one's label. */
  readonly replicaOf?: string;
  /** `pfcng-<environment mark>-<name>`: a token of another environment is refused. */
  readonly tokenLabel: string;
  /** Folder of this token alone: `softhsm2.conf`, `tokens/`, and the hold on it. */
  readonly softhsmDirectory: string;
  /** The real PKCS#11 module. */
  readonly modulePath: string;
  /** What that module wants to find in the environment, as the place of its own configuration file. No secret. */
  readonly moduleEnvironment?: Readonly<Record<string, string>>;
  readonly pin: PinSource;
  /** A refused PIN is remembered beside it. */
  readonly journalFile: string;
  readonly issuers: readonly IssuerConfiguration[];
  readonly sockets: readonly SocketPlace[];
};

export type SocketPlace = {
  readonly role: CallerRole;
  readonly path: string;
  /** The group that may enter the socket's folder; absent: nobody but the signer's own user. */
  readonly groupId?: number;
};

export type SupervisorConfiguration = {
  readonly tokens: readonly TokenConfiguration[];
  /** The policy of the environment, read and checked: what the children check requests against. */
  readonly policy: PolicyDocument;
  /** A folder a token in it, with the supervisor's hold on that token: no two supervisors run one. */
  readonly runDirectory: string;
  readonly environmentMark: string;
  /** A child that has not answered a request after this is killed; default 3 s. */
  readonly requestDeadlineMs?: number;
  /** From spawn to ready, waiting for a predecessor's token included; default 15 s. */
  readonly startDeadlineMs?: number;
  /** How long a start waits for a predecessor; default 10 s. */
  readonly lockWaitMsMax?: number;
  /** Requests of a token that wait; more are answered `unavailable`. Default 1000. */
  readonly queuedRequestsMax?: number;
  /** Of answers to nonces, beside those; default 100. */
  readonly queuedAnonymousMax?: number;
  /** Requests of a token that its child has; default 64. Of answers to nonces a quarter. */
  readonly inFlightMax?: number;
  /** Old space of a child's heap; default 64 MB. */
  readonly childHeapMb?: number;
  /** A session that did nothing for so long is asked whether it lives; default 30 s. */
  readonly keepAliveMs?: number;
  /** Threads of a child that sign; several sessions for each. Default 3. */
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

/** What a child is told, in its first frame. */
export type ChildConfiguration = {
  readonly token: Omit<TokenConfiguration, 'sockets'>;
  readonly policy: PolicyDocument;
  readonly environmentMark: string;
  readonly lockWaitMsMax: number;
  readonly threads: number;
  readonly keepAliveMs: number;
};
