/**
 * What rules of OCSP answers look at: ResponseData (RFC 6960 4.2.1) as it was read, and each of its
 * responses.
 */
import type { DerFailure } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../../x509/model.js';
import type { NameAndKey } from './cert-id.js';

export type OcspSingle = {
  /** CertID, DER. */
  readonly certId: Bytes;
  /** As `nameHash` and `keyHash` take it; null where nobody answers by this algorithm. */
  readonly hash: string | null;
  readonly hashOid: string;
  /** Others than NULL. */
  readonly hashHasParameters: boolean;
  readonly nameHash: Bytes;
  readonly keyHash: Bytes;
  /** Content octets of the INTEGER. */
  readonly serial: Bytes;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** What is wrong with the form of the status; it counts as unknown. */
  readonly statusFault: string | null;
  readonly revokedAt: Instant | null;
  /** null: absent. */
  readonly reason: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant | null;
  readonly extensions: readonly Extension[];
  readonly archiveCutoff: Result<Instant, DerFailure> | null;
};

export type OcspAnswerView = {
  /** null: not written. */
  readonly version: number | null;
  /** Of the ResponderID one is there. */
  readonly responderName: Bytes | null;
  readonly responderKeyHash: Bytes | null;
  readonly producedAt: Instant;
  readonly singles: readonly OcspSingle[];
  readonly extensions: readonly Extension[];
  /** How many octets it has. */
  readonly nonce: Result<number, DerFailure> | null;
  readonly isExtendedRevoke: boolean;
  readonly extendedRevokeFault: string | null;
};

export type OcspSubject = {
  readonly answer: OcspAnswerView;
  /** The only authority whose certificates the answer may be about; null: not known. */
  readonly issuer: NameAndKey | null;
  /** Whose key is to sign; null: not known. */
  readonly responder: NameAndKey | null;
  readonly lifeMsMax: number;
};

export type OcspSingleSubject = OcspSubject & { readonly single: OcspSingle };

/** RFC 6960 2.2: revoked since 1970-01-01, when no certificate of the platform was. */
export function isOfNeverIssued({ revokedAt }: Pick<OcspSingle, 'revokedAt'>): boolean {
  return revokedAt === 0;
}
