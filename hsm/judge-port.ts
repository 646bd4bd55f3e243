/** What the signer asks of its second reader before it signs (types only; `judge.ts` implements it with asn1, x509, policy and lint). */
import type { Bytes } from '../src/kernel/bytes.js';
import type { Result } from '../src/kernel/result.js';
import type { PolicyDocument } from '../src/policy/transfer.js';
import type { IssuerId } from '../src/ports/signer.js';
import type { KeyType } from '../src/x509/model.js';
import type { TokenKind } from './permissions.js';

/** Why it will not be signed: the rule's name, and what was found. */
export type Refusal = {
  readonly rule: string;
  readonly detail: string;
  /** Of a CRL whose number does not rise: the last that this token signed, decimal. */
  readonly lastNumber?: string;
};

export type Judge = {
  /** `tbs` is a TBSCertificate that `profile` of this hierarchy allows `issuer` to sign. Serial in lower-case hex. */
  certificate(tbs: Bytes, profile: string, issuer: IssuerId): Result<{ readonly serial: string }, Refusal>;
  /** `tbs` is a ResponseData about certificates of `issuer` alone, by its delegated responder. */
  ocsp(tbs: Bytes, issuer: IssuerId): Result<{ readonly responses: number }, Refusal>;
  /** Reads one TBSCertList of `issuer` as it streams by. */
  crl(issuer: IssuerId): CrlJudge;
};

export type CrlJudge = {
  push(chunk: Bytes): Result<void, Refusal>;
  /** `number` is the CRL number (RFC 5280 5.2.3) in decimal; `thisUpdate` in RFC 3339. */
  end(): Result<{ readonly number: string; readonly thisUpdate: string }, Refusal>;
};

export type JudgeConfiguration = {
  readonly tokenKind: TokenKind;
  readonly hierarchy: string | null;
  readonly environmentMark: string;
  /** What the supervisor has read and checked. */
  readonly policy: PolicyDocument;
  readonly issuers: readonly {
    readonly id: IssuerId;
    readonly keyType: KeyType;
    /** Certificate of the key on the token, DER: the CA's, or on an OCSP token the delegated responder's; null on the platform token. */
    readonly certificate: Bytes | null;
    /** On an OCSP token: the certificate of the CA, DER. */
    readonly authorityCertificate: Bytes | null;
  }[];
  /** Milliseconds since 1970, for checks against the present. */
  readonly clock: () => number;
};

/** Made once, when a child starts. A rejection stops the start with its message. */
export type CreateJudge = (configuration: JudgeConfiguration) => Promise<Judge>;
