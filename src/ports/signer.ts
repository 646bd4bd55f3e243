import type { Brand } from '../kernel/brand.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';

/** One generation of a certification authority: `aci-fo-pp`, then `aci-fo-pp-2`. Also the label of its key on the token. */
export type IssuerId = Brand<string, 'IssuerId'>;

/**
 * What a passed lint makes, once, for one issuer; the only thing a signer client accepts. Opaque: the bytes are held by
 * `src/lint/token.ts`, which alone can make one and alone can redeem one.
 */
declare const lintToken: unique symbol;
export type LintToken<Kind extends 'certificate' | 'crl' | 'ocsp'> = {
  readonly [lintToken]: Kind;
  readonly kind: Kind;
  readonly issuer: IssuerId;
};

/** No answer in time, token gone, queue full: the same bytes may be signed later. */
export type SignerAway = {
  readonly kind: 'signer-unavailable';
  readonly retryAfterMs: number;
  readonly detail: string;
  /** Of this profile alone, which has had its certificates of the hour: others are signed. */
  readonly profile?: string;
  /** Of a CRL: another token with the same key is well; whoever makes the same list again is signed for at once. */
  readonly elsewhere?: true;
};

export type SignerFailure =
  | SignerAway
  /** The signer read what it was asked to sign and will not sign it: a bug or an attack, never input. */
  | {
      readonly kind: 'signer-refused';
      readonly rule: string;
      readonly detail: string;
      /** Of a CRL whose number does not rise: the last that the signer's journal has. */
      readonly lastNumber?: number;
    };

/** What a rule of the lint says, and of what. */
export type LintFinding = { readonly rule: string; readonly detail: string };

export type LintFailed = { readonly kind: 'lint-failed'; readonly findings: readonly LintFinding[] };

/** A to-be-signed CRL that is linted as it is read. After the last chunk `finish` says whether it passed. */
export type CrlLintStream = {
  readonly issuer: IssuerId;
  readonly chunks: AsyncIterable<Bytes>;
  readonly finish: () => Result<LintToken<'crl'>, LintFailed>;
};

/** Signatures come back as they stand in the BIT STRING: RSA PKCS#1 as is, ECDSA as the DER of ECDSA-Sig-Value. */
export type Signer = {
  /** `profile` names what the signer shall check the certificate against; it decides itself whether it may. */
  certificate(token: LintToken<'certificate'>, profile: string): Promise<Result<Bytes, SignerFailure>>;
  /**
   * What the last request for a certificate of this issuer and profile met with, while it is worth no other: a serial number need
   * not be spent to hear it again. null: ask. Never older than a few seconds, so that one request in a while finds the signer back;
   * or a minute, where it is the profile's own.
   */
  absence(issuer: IssuerId, profile: string): SignerAway | null;
  crl(crl: CrlLintStream): Promise<Result<Bytes, SignerFailure | LintFailed>>;
  /** `issuer` of the token is the CA whose delegated responder key signs. `one`: for one client only, and served last. */
  ocsp(token: LintToken<'ocsp'>, audience?: 'one'): Promise<Result<Bytes, SignerFailure>>;
  /** Of a responder of the issuer, for a key that a ceremony has certified before (ops/decisions/0007). */
  responderCertificate(token: LintToken<'certificate'>, profile: string): Promise<Result<Bytes, SignerFailure>>;
  /**
   * A signature of this kind and issuer did not verify: what made it is replaced before it is asked again. `signature`: the very array
   * that was handed out, for several tokens may have the key.
   */
  doubt(kind: 'certificate' | 'crl' | 'ocsp', issuer: IssuerId, signature: Bytes): Promise<void>;
};
