import type { Brand } from '../kernel/brand.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';

/**
 * One generation of a certification authority: `aci-fo-pp`, then `aci-fo-pp-2`. It is also the
 * label of its key on the token.
 */
export type IssuerId = Brand<string, 'IssuerId'>;

/**
 * A permission to sign, which a passed lint makes for one issuer and which can be used once. It is
 * the only thing that a signer client accepts. It is opaque: the bytes are in `src/lint/token.ts`,
 * and only that file can make and redeem tokens.
 */
declare const lintToken: unique symbol;
export type LintToken<Kind extends 'certificate' | 'crl' | 'ocsp'> = {
  readonly [lintToken]: Kind;
  readonly kind: Kind;
  readonly issuer: IssuerId;
};

/**
 * The signer did not answer in time, its token is missing, or its queue is full. The same bytes may
 * be signed later.
 */
export type SignerUnavailable = {
  readonly kind: 'signer-unavailable';
  readonly retryAfterMs: number;
  readonly detail: string;
  /**
   * Set when only this profile is refused, because it has reached its hourly limit. Other profiles
   * are signed.
   */
  readonly profile?: string;
  /**
   * Set for a CRL when another token with the same key works: a retry of the same CRL is signed at
   * once.
   */
  readonly elsewhere?: true;
};

export type SignerFailure =
  | SignerUnavailable
  /**
   * The signer has read the bytes and refuses to sign them: this is a bug or an attack, never a
   * matter of input.
   */
  | {
      readonly kind: 'signer-refused';
      readonly rule: string;
      readonly detail: string;
      /** Set for a CRL whose number does not rise: the last number in the signer's journal. */
      readonly lastNumber?: number;
    };

/** A rule of the lint and what it found. */
export type LintFinding = { readonly rule: string; readonly detail: string };

type LintFailed = { readonly kind: 'lint-failed'; readonly findings: readonly LintFinding[] };

/**
 * A to-be-signed CRL while it is linted. After the last chunk, `finish` returns a token if the CRL
 * has passed.
 */
export type CrlLintStream = {
  readonly issuer: IssuerId;
  readonly chunks: AsyncIterable<Bytes>;
  readonly finish: () => Result<LintToken<'crl'>, LintFailed>;
};

/**
 * What the platform key signs: the receipts of orders, and the signature bases of webhooks. The
 * signer reads the octets, and refuses all that are not of the purpose.
 */
export type PlatformPurpose = 'receipt' | 'webhook';

/**
 * A key on the token of the platform that signs the CMP answers of a hierarchy: `cmp-fort`. The
 * signer signs only CMP answers whose sender is the subject of a certificate for this key.
 */
type CmpKey = { readonly cmpKey: string };

/**
 * Signatures have the form of the BIT STRING: RSA PKCS#1 as it is, ECDSA as the DER of
 * ECDSA-Sig-Value.
 */
export type Signer = {
  /**
   * `profile` names the profile that the signer checks the certificate against. The signer decides
   * whether it is allowed.
   */
  certificate(token: LintToken<'certificate'>, profile: string): Promise<Result<Bytes, SignerFailure>>;
  /**
   * The failure of the last request for a certificate of this issuer and profile, while a new
   * request would probably fail too. A caller that asks here first does not use up a serial number.
   * null: try. An entry expires after a few seconds, so that an occasional request finds out that
   * the signer is back; the entry of a profile limit expires after a minute.
   */
  absence(issuer: IssuerId, profile: string): SignerUnavailable | null;
  crl(crl: CrlLintStream): Promise<Result<Bytes, SignerFailure | LintFailed>>;
  /**
   * `issuer` of the token is the CA whose delegated responder key signs. `one`: the response is for
   * one client only, and is signed last.
   */
  ocsp(token: LintToken<'ocsp'>, audience?: 'one'): Promise<Result<Bytes, SignerFailure>>;
  /**
   * Signs the certificate of an OCSP responder of the issuer that the lint token names, for a key
   * that a ceremony has certified before (ops/decisions/0007). Only the worker may request this.
   */
  responderCertificate(token: LintToken<'certificate'>, profile: string): Promise<Result<Bytes, SignerFailure>>;
  /**
   * Signs the octets themselves, as ECDSA with SHA-256, with the platform key, or a DER
   * ProtectedPart (RFC 9810 5.1.3) with a CMP key.
   */
  platform(use: PlatformPurpose | CmpKey, octets: Bytes): Promise<Result<Bytes, SignerFailure>>;
  /**
   * Reports that a signature of this kind and issuer did not verify. The process that made it is
   * replaced before it is asked again. `signature` has to be the same array that was returned,
   * because several tokens may have the key.
   */
  reportBadSignature(kind: 'certificate' | 'crl' | 'ocsp', issuer: IssuerId, signature: Bytes): Promise<void>;
};
