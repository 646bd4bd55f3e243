/**
 * What rules of revocation lists look at: the fields before the entries, one entry, and what is
 * known at the end. The stream fills them in as it goes on; a rule changes nothing.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { IssuerCertificate } from '../../x509/model.js';
import type { CrlExtensions } from './extensions.js';
import type { CrlShape } from './shapes.js';

/** What the lint knows of the list before it has seen it. */
export type CrlLintContext = {
  /** null: not known; then nothing is compared with it. */
  readonly issuer: Pick<IssuerCertificate, 'subjectDer' | 'signatureAlgorithm' | 'subjectKeyIdentifier'> | null;
  /**
   * Longest time from thisUpdate to nextUpdate, in milliseconds: of any list; `shapes` may have a
   * shorter one for some.
   */
  readonly lifeMsMax: number;
  /**
   * `standards`: somebody else's list. Absent: ours, which the platform's own rules hold for as
   * well.
   */
  readonly heldTo?: 'ours' | 'standards';
  /**
   * What the list may be; `any`: whatever it says. Without them a full list of all certificates,
   * and no deltas.
   */
  readonly shapes?: readonly CrlShape[] | 'any';
  /** Serial numbers to look for, lower-case hex. */
  readonly watched?: readonly string[];
  /** Told of each entry as it passes; the object is the same each time. */
  readonly onEntry?: (entry: Readonly<CrlEntry>) => void;
};

export type Time = { readonly form: 'utcTime' | 'generalizedTime'; readonly at: Instant };

/** The fields of TBSCertList before revokedCertificates (RFC 5280 5.1.2.1 to 5.1.2.5). */
export type CrlHeaderSubject = {
  readonly context: CrlLintContext;
  /** As it is written: v2 is 1; null when it is absent, which is v1. */
  version: number | null;
  signatureAlgorithmDer: Bytes;
  issuerDer: Bytes;
  thisUpdate: Time;
  nextUpdate: Time | null;
};

/**
 * One of revokedCertificates. There is one object for all entries of a list: a rule keeps nothing
 * of it.
 */
export type CrlEntry = {
  /** Content octets of the serial number are those of `bytes` from `serialAt` on. */
  bytes: Bytes;
  serialAt: number;
  serialLength: number;
  /** Beside the entry before it. */
  order: 'first' | 'after' | 'same' | 'before';
  form: Time['form'];
  /** Of revocationDate, as a number that reads `YYYYMMDDhhmmss`. */
  revokedAt: number;
  /** null: absent. */
  reason: number | null;
  reasonIsCritical: boolean;
  hasInvalidityDate: boolean;
  /** As `revokedAt`; 0 where there is none. */
  invalidAt: number;
  invalidityDateIsCritical: boolean;
  hasCertificateIssuer: boolean;
  certificateIssuerIsCritical: boolean;
  /**
   * Object identifier of the first extension that is none of these, of a critical one before any
   * other.
   */
  unknown: string | null;
  unknownIsCritical: boolean;
  /** Why the value of an extension cannot be read. */
  fault: string | null;
};

export type CrlEntrySubject = {
  readonly header: CrlHeaderSubject;
  /** As `revokedAt` of entries. */
  thisUpdate: number;
  readonly entry: CrlEntry;
};

export type CrlTotals = {
  /** Octets of revokedCertificates; null when it is absent. */
  listBytes: number | null;
  entries: number;
  /** Entries that say removeFromCRL. */
  removals: number;
  /** Number of the first entry, from 1, that says so; 0: none. */
  firstRemoved: number;
  firstOfAnotherIssuer: number;
};

/** The whole list, after its last octet. */
export type CrlEndSubject = {
  readonly header: CrlHeaderSubject;
  readonly totals: CrlTotals;
  /** null: the list has none. */
  extensions: CrlExtensions | null;
};

/** A list that has extensions. */
export type ExtendedCrl = CrlEndSubject & { readonly extensions: CrlExtensions };

export type CrlSubjects = {
  readonly header: CrlHeaderSubject;
  readonly entry: CrlEntrySubject;
  readonly end: CrlEndSubject;
};

/** Before anything is read. */
export function emptySubjects(context: CrlLintContext): CrlSubjects {
  const nothing = new Uint8Array(0);
  const header: CrlHeaderSubject = {
    context,
    version: null,
    signatureAlgorithmDer: nothing,
    issuerDer: nothing,
    thisUpdate: { form: 'utcTime', at: 0 },
    nextUpdate: null,
  };
  return {
    header,
    entry: { header, thisUpdate: 0, entry: emptyEntry() },
    end: {
      header,
      totals: { listBytes: null, entries: 0, removals: 0, firstRemoved: 0, firstOfAnotherIssuer: 0 },
      extensions: null,
    },
  };
}

function emptyEntry(): CrlEntry {
  return {
    bytes: new Uint8Array(0),
    serialAt: 0,
    serialLength: 0,
    order: 'first',
    form: 'utcTime',
    revokedAt: 0,
    reason: null,
    reasonIsCritical: false,
    hasInvalidityDate: false,
    invalidAt: 0,
    invalidityDateIsCritical: false,
    hasCertificateIssuer: false,
    certificateIssuerIsCritical: false,
    unknown: null,
    unknownIsCritical: false,
    fault: null,
  };
}
