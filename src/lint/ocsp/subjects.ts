/**
 * What the rules of OCSP responses check: the decoded ResponseData (RFC 6960 4.2.1), and each
 * SingleResponse.
 */
import type { DerFailure } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../../x509/model.js';
import type { NameAndKey } from './cert-id.js';

export type OcspSingle = {
  /** The whole CertID. */
  readonly certId: Bytes;
  /** For `nameHash` and `keyHash`; null: an unknown hash algorithm. */
  readonly hash: string | null;
  readonly hashOid: string;
  /** Whether the parameters are neither absent nor NULL. */
  readonly hashHasParameters: boolean;
  readonly nameHash: Bytes;
  readonly keyHash: Bytes;
  /** Content octets of the INTEGER. */
  readonly serial: Bytes;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** What is wrong with the form of the status, which then counts as unknown. */
  readonly statusFault: string | null;
  readonly revokedAt: Instant | null;
  /** null: absent. */
  readonly reason: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant | null;
  readonly extensions: readonly Extension[];
  readonly archiveCutoff: Result<Instant, DerFailure> | null;
};

export type OcspResponseView = {
  /** null: absent. */
  readonly version: number | null;
  /** A ResponderID has either a name or a key hash. */
  readonly responderName: Bytes | null;
  readonly responderKeyHash: Bytes | null;
  readonly producedAt: Instant;
  readonly singles: readonly OcspSingle[];
  readonly extensions: readonly Extension[];
  /** The length of the nonce, in its OCTET STRING or without one; null: there is no nonce. */
  readonly nonceOctets: number | null;
  readonly isExtendedRevoke: boolean;
  readonly extendedRevokeFault: string | null;
};

export type OcspSubject = {
  readonly response: OcspResponseView;
  /** The only authority whose certificates the response may be about; null: unknown. */
  readonly issuer: NameAndKey | null;
  /** The responder whose key signs; null: unknown. */
  readonly responder: NameAndKey | null;
  readonly lifeMsMax: number;
};

export type OcspSingleSubject = OcspSubject & { readonly single: OcspSingle };

/** RFC 6960 2.2: revoked at 1970-01-01, before any certificate of the platform existed. */
export function isOfNeverIssued({ revokedAt }: Pick<OcspSingle, 'revokedAt'>): boolean {
  return revokedAt === 0;
}
