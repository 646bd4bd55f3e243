/** What the database knows of the signers' journals, and what it compares with them. */
import type { Brand } from '../../kernel/brand.js';
import type { Instant } from '../../kernel/clock.js';
import type { NodeId } from '../node.js';
import type { IssuerId } from '../signer.js';
import type { CrlScope } from './crls.js';

/** The random id of a journal, 64 hexadecimal digits. Two nodes may use one name for a token. */
export type JournalId = Brand<string, 'JournalId'>;

/** The place of an entry in a journal. */
export type JournalPosition = {
  /** Number of the segment. */
  readonly segment: number;
  /** Where its line begins in the segment, in octets. */
  readonly octet: number;
  readonly seq: number;
  /** SHA-256 of the line, hex: the `prev` of the next entry. */
  readonly sha256: string;
};

/**
 * `reconcile`: compared with the database; `notes`: refusals and alarms are copied into the audit
 * log; `ocsp-audit`: OCSP responses are counted.
 */
export type JournalPurpose = 'reconcile' | 'notes' | 'ocsp-audit';

/** The last entry of a journal that was read for a purpose. */
type JournalProgress = {
  readonly journal: JournalId;
  readonly purpose: JournalPurpose;
  /** The token and the node that have the journal, for people. */
  readonly token: string;
  readonly node: NodeId;
  readonly position: JournalPosition;
};

/** Certificates of ceremonies are in no journal of a signer: they count as entries of this one. */
export const CEREMONY_JOURNAL = 'ceremony' as JournalId;

/** The number of certificates of an issuer by the day on which their intents were made. */
export type CertificatesOfDay = {
  readonly issuer: IssuerId;
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly count: number;
};

/** A signature in a journal. `sha256`: of the to-be-signed bytes, hex. */
type JournalledCertificate = { readonly issuer: IssuerId; readonly serial: string; readonly sha256: string };
type JournalledCrl = {
  readonly issuer: IssuerId;
  readonly scope: CrlScope;
  readonly number: number;
  readonly sha256: string;
};

export const LOOK_UP_MAX = 500;

export type JournalReads = {
  /** null: nothing was read for this purpose. */
  readonly journalPosition: (journal: JournalId, purpose: JournalPurpose) => Promise<JournalPosition | null>;
  /**
   * For each, in their order: when the intent with these bytes was made, be it issued, open or
   * abandoned; null: the database has none. One statement, for up to `LOOK_UP_MAX`.
   */
  readonly intentTimes: (signed: readonly JournalledCertificate[]) => Promise<readonly (Instant | null)[]>;
  readonly areCrlsKnown: (signed: readonly JournalledCrl[]) => Promise<readonly boolean[]>;
  /**
   * Issuers that have more signed certificates from intents of this day than entries for them in
   * all journals together.
   */
  readonly incompleteJournals: (day: number) => Promise<readonly IncompleteJournals[]>;
};

type IncompleteJournals = {
  readonly issuer: IssuerId;
  readonly certificates: number;
  readonly entries: number;
};

export type JournalWrites = {
  /** Adds to the numbers of entries that were read from this journal. */
  readonly addJournalled: (journal: JournalId, counts: readonly CertificatesOfDay[]) => Promise<void>;
  readonly setJournalPosition: (progress: JournalProgress) => Promise<void>;
};
