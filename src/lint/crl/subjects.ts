/**
 * What the rules of CRLs check: the fields before the entries, one entry, and the totals at the
 * end. The stream fills them in; rules must not change them.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { IssuerCertificate } from '../../x509/model.js';
import type { CrlExtensions } from './extensions.js';
import type { CrlShape } from './shapes.js';

/** What is known about the CRL before it is read. */
export type CrlLintContext = {
  /** null: unknown; then nothing is compared with it. */
  readonly issuer: Pick<IssuerCertificate, 'subjectDer' | 'signatureAlgorithm' | 'subjectKeyIdentifier'> | null;
  /**
   * Longest time from thisUpdate to nextUpdate of any CRL, in milliseconds. `shapes` may have
   * shorter ones.
   */
  readonly lifeMsMax: number;
  /**
   * `standards`: a CRL of another issuer. The default is a CRL of this platform, to which the
   * platform's own rules apply too.
   */
  readonly ruleSet?: 'platform' | 'standards';
  /**
   * The CRLs that it may be; `any`: no restriction. The default is a full CRL of all certificates,
   * without deltas.
   */
  readonly shapes?: readonly CrlShape[] | 'any';
  /** Serial numbers to look for, in lower-case hex. */
  readonly watched?: readonly string[];
  /** Called with each entry; the object is the same each time. */
  readonly onEntry?: (entry: Readonly<CrlEntry>) => void;
};

export type Time = { readonly form: 'utcTime' | 'generalizedTime'; readonly at: Instant };

/** The fields of TBSCertList before revokedCertificates (RFC 5280 5.1.2.1 to 5.1.2.5). */
export type CrlHeaderSubject = {
  readonly context: CrlLintContext;
  /** The encoded value, 1 for v2; null: absent, which means v1. */
  version: number | null;
  signatureAlgorithmDer: Bytes;
  issuerDer: Bytes;
  thisUpdate: Time;
  nextUpdate: Time | null;
};

/**
 * One of revokedCertificates. One object serves all entries of a CRL, so that a rule must not keep
 * it.
 */
export type CrlEntry = {
  /** The content octets of the serial number are in `bytes` at `serialAt`. */
  bytes: Bytes;
  serialAt: number;
  serialLength: number;
  /** The order of its serial number relative to the entry before. */
  order: 'first' | 'after' | 'same' | 'before';
  form: Time['form'];
  /** revocationDate, as a number that reads `YYYYMMDDhhmmss`. */
  revokedAt: number;
  /** null: absent. */
  reason: number | null;
  reasonIsCritical: boolean;
  hasInvalidityDate: boolean;
  /** As `revokedAt`; 0: absent. */
  invalidAt: number;
  invalidityDateIsCritical: boolean;
  hasCertificateIssuer: boolean;
  certificateIssuerIsCritical: boolean;
  /** Object identifier of the first other extension; a critical one takes precedence. */
  unknown: string | null;
  unknownIsCritical: boolean;
  /** Why the value of an extension cannot be read; null: all can. */
  fault: string | null;
};

export type CrlEntrySubject = {
  readonly header: CrlHeaderSubject;
  /** In the form of `revokedAt`. */
  thisUpdate: number;
  readonly entry: CrlEntry;
};

type CrlTotals = {
  /** Content length of revokedCertificates; null: absent. */
  listBytes: number | null;
  entries: number;
  /** The number of entries with removeFromCRL. */
  removals: number;
  /** The position, from 1, of the first entry with removeFromCRL; 0: none. */
  firstRemoved: number;
  firstOfAnotherIssuer: number;
};

/** The whole CRL, at its end. */
export type CrlEndSubject = {
  readonly header: CrlHeaderSubject;
  readonly totals: CrlTotals;
  /** null: the CRL has no extensions. */
  extensions: CrlExtensions | null;
};

/** A CRL that has extensions. */
export type ExtendedCrl = CrlEndSubject & { readonly extensions: CrlExtensions };

export type CrlSubjects = {
  readonly header: CrlHeaderSubject;
  readonly entry: CrlEntrySubject;
  readonly end: CrlEndSubject;
};

/** The state before anything has been read. */
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
