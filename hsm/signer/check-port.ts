/**
 * Types of the checks that a signer makes before it signs. `check.ts` implements them with asn1,
 * x509, policy and lint.
 */
import type { Bytes } from '../../src/kernel/bytes.js';
import type { Result } from '../../src/kernel/result.js';
import type { PolicyDocument } from '../../src/policy/transfer.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { CrlScope } from '../../src/ports/store/crls.js';
import type { KeyType } from '../../src/x509/model.js';
import type { Refusal } from '../wire/answers.js';
import type { TokenKind } from '../wire/permissions.js';

export type Checker = {
  /**
   * Checks that `tbs` is a TBSCertificate that `profile` of this hierarchy allows `issuer` to sign,
   * and that it is the certificate of neither a responder nor a CMP signer.
   */
  certificate(tbs: Bytes, profile: string, issuer: IssuerId): Result<CheckedCertificate, Refusal>;
  /**
   * Checks that `tbs` is the TBSCertificate of a responder of `issuer`, with an approved public
   * key.
   */
  responderCertificate(tbs: Bytes, profile: string, issuer: IssuerId): Result<CheckedCertificate, Refusal>;
  /**
   * Checks that `tbs` is a ResponseData about certificates of `issuer` only, and that the responder
   * that it names is a delegated responder of this issuer.
   */
  ocsp(tbs: Bytes, issuer: IssuerId): Result<CheckedOcspResponse, Refusal>;
  /**
   * Checks that `part` is the ProtectedPart of a CMP answer, in the name of a certificate of the
   * key with this label.
   */
  cmpAnswer(part: Bytes, label: string): Result<void, Refusal>;
  /** Checks one TBSCertList of `issuer` while it streams. */
  crl(issuer: IssuerId): CrlChecker;
};

export type CheckedCertificate = {
  /** Serial number, lower-case hex. */
  readonly serial: string;
  /** The rate cap of its profile: the number of certificates in an hour. */
  readonly perHourMax: number;
};

export type CheckedOcspResponse = {
  readonly responses: number;
  /** Label of the key whose hash is in the responder ID. */
  readonly key: string;
};

export type CrlChecker = {
  push(chunk: Bytes): Result<void, Refusal>;
  end(): Result<CheckedCrl, Refusal>;
};

export type CheckedCrl = {
  /** The number of the CRL (RFC 5280 5.2.3), decimal. */
  readonly number: string;
  readonly scope: CrlScope;
  /** Number of the base CRL of a delta (RFC 5280 5.2.4), lower than its own; null: a full list. */
  readonly base: number | null;
  /** Time in the form of RFC 3339. */
  readonly thisUpdate: string;
  /** Number of certificates in the list. */
  readonly entries: number;
  /** Number of entries that a delta removes from its base list. */
  readonly removals: number;
};

export type CheckerConfiguration = {
  readonly tokenKind: TokenKind;
  readonly hierarchy: string | null;
  readonly environmentMark: string;
  /** The policy, which the supervisor has read and checked. */
  readonly policy: PolicyDocument;
  readonly issuers: readonly {
    readonly id: IssuerId;
    /** Label of the key; absent: the id. */
    readonly label?: string | undefined;
    readonly keyType: KeyType;
    /**
     * Certificate of the key on the token, DER: the CA's, on an OCSP token the delegated
     * responder's, on the platform token the CMP signer's. null: the platform key.
     */
    readonly certificate: Bytes | null;
    /** For a responder or a CMP signer: the certificate of the CA, DER. */
    readonly authorityCertificate: Bytes | null;
    /**
     * On a CA token: certificates of responders that ceremonies issued under this CA, which approve
     * their keys.
     */
    readonly approvedResponders: readonly { readonly file: string; readonly certificate: Bytes }[];
  }[];
  /** Returns the present time, in milliseconds since 1970. */
  readonly clock: () => number;
};

/**
 * Creates the checker. Called once, when a child starts. A rejection makes the start fail with its
 * message.
 */
export type CreateChecker = (configuration: CheckerConfiguration) => Promise<Checker>;
