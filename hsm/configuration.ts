/**
 * The configuration of the supervisor and its children, which contains no secret. The service and
 * the commands make it from the configuration file, the policy and the home folder.
 */
import { join } from 'node:path';
import type { PolicyDocument } from '../src/policy/transfer.js';
import type { IssuerId } from '../src/ports/signer.js';
import type { KeyType } from '../src/x509/model.js';
import type { CallerRole, TokenKind } from './wire/permissions.js';

/**
 * Source of a token's PIN. The configuration passes through the supervisor, so it never contains
 * the PIN itself.
 */
export type PinSource =
  | { readonly from: 'file'; readonly file: string }
  /**
   * The PIN is in the file `<token>.pin` of the folder that systemd made for the unit
   * (`CREDENTIALS_DIRECTORY`); null: systemd made none.
   */
  | { readonly from: 'credential'; readonly folder: string | null }
  /**
   * An officer types the PIN at each start. The officer's command sends it to this socket, which
   * the signer's process opens itself.
   */
  | { readonly from: 'officer'; readonly socket: string };

export type IssuerConfiguration = {
  readonly id: IssuerId;
  /**
   * Label of the key on the token; absent: the id. An OCSP token may have several keys of one
   * issuer.
   */
  readonly label?: string;
  readonly keyType: KeyType;
  /**
   * Certificate of that key, DER; the key on the token must match it. null: the key has no
   * certificate, such as the platform key.
   */
  readonly certificateFile: string | null;
  /**
   * For a responder or a CMP signer: the CA's own certificate, DER. The signer checks requests with
   * it.
   */
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
   * The original token of a replica, which has the same keys. The replica has its own PIN, journal
   * and process. A cloned token may have the label of its original.
   */
  readonly replicaOf?: string;
  /**
   * The label of the token, as `tokenLabel` makes it. It contains the environment, so that a token
   * of another environment is refused.
   */
  readonly tokenLabel: string;
  /** Folder that only this token uses: `softhsm2.conf`, `tokens/`, and the lock. */
  readonly softhsmDirectory: string;
  /** Path of the vendor's PKCS#11 module, which our loader opens. */
  readonly modulePath: string;
  /**
   * Environment variables for that module, such as the path of its configuration file. They contain
   * no secret.
   */
  readonly moduleEnvironment?: Readonly<Record<string, string>>;
  readonly pin: PinSource;
  /** Folder of the journal. The digests of refused PINs are in a file of this folder. */
  readonly journalFolder: string;
  /**
   * Days without a new entry after which a segment of the journal is deleted when the next one
   * begins; absent: segments are kept. Only OCSP tokens may delete segments. The number of their
   * segments is limited too (`SegmentRetention`).
   */
  readonly journalDaysMax?: number;
  readonly issuers: readonly IssuerConfiguration[];
  readonly sockets: readonly CallerSocket[];
};

export type CallerSocket = {
  readonly role: CallerRole;
  readonly path: string;
  /** The group that may enter the folder of the socket; absent: only the signer's own user may. */
  readonly groupId?: number;
};

export type SupervisorConfiguration = {
  readonly tokens: readonly TokenConfiguration[];
  /** The policy of the environment, read and checked: the children check requests against it. */
  readonly policy: PolicyDocument;
  /**
   * Folder that has a folder for each token, with the lock of the supervisor in it, so that two
   * supervisors never run the same token.
   */
  readonly runDirectory: string;
  readonly environmentMark: string;
  /** Time limit of a request, after which its child is killed; default 3 s. */
  readonly requestDeadlineMs?: number;
  /**
   * Time limit of a start, from spawn to ready, including the wait until the previous process has
   * released the token, but not the wait for an officer's PIN; default 15 s.
   */
  readonly startDeadlineMs?: number;
  /** How long a start waits until the previous process has released the token; default 10 s. */
  readonly lockWaitMsMax?: number;
  /**
   * Limit of queued requests per token; further requests are answered `unavailable`. Default 1000.
   */
  readonly queuedRequestsMax?: number;
  /**
   * Limit of queued requests for one-client responses (`wire/priorities.ts`), which are counted
   * separately; default 100.
   */
  readonly queuedOneClientMax?: number;
  /**
   * Limit of requests that the signer of a token handles at a time; default 64. At most a quarter
   * of them may be for one-client responses.
   */
  readonly inFlightMax?: number;
  /** Limit of the old space of a child's JavaScript heap; default 64 MB. */
  readonly childHeapMb?: number;
  /** A PKCS#11 session that was idle for this long is tested; default 30 s. */
  readonly keepAliveMs?: number;
  /** Number of signing threads of a child, each with several sessions; default 3. */
  readonly childThreads?: number;
};

export const DEFAULTS = {
  requestDeadlineMs: 3_000,
  startDeadlineMs: 15_000,
  lockWaitMsMax: 10_000,
  queuedRequestsMax: 1_000,
  queuedOneClientMax: 100,
  inFlightMax: 64,
  childHeapMb: 64,
  keepAliveMs: 30_000,
  childThreads: 3,
} as const;

/** The configuration that a child gets from its supervisor, in the first frame. */
export type ChildConfiguration = {
  readonly token: Omit<TokenConfiguration, 'sockets'>;
  readonly policy: PolicyDocument;
  readonly environmentMark: string;
  readonly lockWaitMsMax: number;
  readonly threads: number;
  readonly keepAliveMs: number;
};

/**
 * Returns the path of `softhsm2.conf` in the directory of a token. The files of the token are in
 * `tokens/` of that directory.
 */
export function softhsmConfigurationFile(softhsmDirectory: string): string {
  return join(softhsmDirectory, 'softhsm2.conf');
}
