/** Types only: the checks that a signer makes before it signs. `check.ts` implements them with asn1, x509, policy and lint. */
import type { Bytes } from '../../src/kernel/bytes.js';
import type { Result } from '../../src/kernel/result.js';
import type { PolicyDocument } from '../../src/policy/transfer.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { CrlScope } from '../../src/ports/store/crls.js';
import type { KeyType } from '../../src/x509/model.js';
import type { TokenKind } from '../wire/permissions.js';

/** Why it will not be signed: the rule's name, and what was found. */
export type Refusal = {
  readonly rule: string;
  readonly detail: string;
  /** Of a CRL whose number does not rise: the last that this token signed, decimal. */
  readonly lastNumber?: string;
};

export type Checker = {
  /** `tbs` is a TBSCertificate that `profile` of this hierarchy allows `issuer` to sign; never one of a responder. */
  certificate(tbs: Bytes, profile: string, issuer: IssuerId): Result<CheckedCertificate, Refusal>;
  /** `tbs` is the TBSCertificate of a responder of `issuer`, for a public key that is on its sealed list. */
  responderCertificate(tbs: Bytes, profile: string, issuer: IssuerId): Result<CheckedCertificate, Refusal>;
  /** `tbs` is a ResponseData about certificates of `issuer` alone, by one of its delegated responders: which, it says itself. */
  ocsp(tbs: Bytes, issuer: IssuerId): Result<CheckedOcspResponse, Refusal>;
  /** Reads one TBSCertList of `issuer` as it streams by. */
  crl(issuer: IssuerId): CrlChecker;
};

export type CheckedCertificate = {
  /** Lower-case hex. */
  readonly serial: string;
  /** Of the profile. */
  readonly perHourMax: number;
};

export type CheckedOcspResponse = {
  readonly responses: number;
  /** Label of the key whose hash it names. */
  readonly key: string;
};

export type CrlChecker = {
  push(chunk: Bytes): Result<void, Refusal>;
  end(): Result<CheckedCrl, Refusal>;
};

export type CheckedCrl = {
  /** The CRL number (RFC 5280 5.2.3), decimal. */
  readonly number: string;
  readonly scope: CrlScope;
  /** Of a delta: number of the full list that it completes, lower than its own. */
  readonly base: number | null;
  /** RFC 3339. */
  readonly thisUpdate: string;
  /** Certificates that it lists. */
  readonly entries: number;
  /** Those of them that a delta takes off its base. */
  readonly removals: number;
};

export type CheckerConfiguration = {
  readonly tokenKind: TokenKind;
  readonly hierarchy: string | null;
  readonly environmentMark: string;
  /** What the supervisor has read and checked. */
  readonly policy: PolicyDocument;
  readonly issuers: readonly {
    readonly id: IssuerId;
    /** Of the key; absent: the id. */
    readonly label?: string | undefined;
    readonly keyType: KeyType;
    /** Certificate of the key on the token, DER: the CA's, or on an OCSP token the delegated responder's; null on the platform token. */
    readonly certificate: Bytes | null;
    /** On an OCSP token: the certificate of the CA, DER. */
    readonly authorityCertificate: Bytes | null;
    /** On a CA token: certificates of responders that ceremonies issued under this CA. Their keys are the sealed list. */
    readonly approvedResponders: readonly { readonly file: string; readonly certificate: Bytes }[];
  }[];
  /** Milliseconds since 1970, for checks against the present. */
  readonly clock: () => number;
};

/** Made once, when a child starts. A rejection stops the start with its message. */
export type CreateChecker = (configuration: CheckerConfiguration) => Promise<Checker>;
