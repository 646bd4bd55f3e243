/** The parts of certificates as plain values: the writer takes them, the reader returns them. */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';

/** Types of the keys that authorities and responders sign with. */
export type KeyType = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'p-256' | 'p-384';
export const KEY_TYPES = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384'] as const satisfies readonly KeyType[];

/**
 * Types of the keys that are certified for holders. Authorities and responders sign with a
 * `KeyType` only.
 */
export type HolderKeyType = KeyType | 'p-521' | 'ed25519' | 'brainpool-p256r1' | 'brainpool-p384r1';
export const HOLDER_KEY_TYPES = [
  ...KEY_TYPES,
  'p-521',
  'ed25519',
  'brainpool-p256r1',
  'brainpool-p384r1',
] as const satisfies readonly HolderKeyType[];

/** Curves of RFC 5480 2.1.1.1 and RFC 5639, by the names used in key types. */
export type CurveName = 'p-256' | 'p-384' | 'p-521' | 'brainpool-p256r1' | 'brainpool-p384r1';

export type SignatureAlgorithm = 'sha256WithRsaEncryption' | 'ecdsaWithSha256' | 'ecdsaWithSha384';

/** One AttributeTypeAndValue; `type` is a dotted object identifier. */
export type Attribute = {
  readonly type: string;
  /**
   * RFC 5280 4.1.2.4. ia5String occurs in requests only (emailAddress, domainComponent): this
   * platform does not write it.
   */
  readonly form: 'utf8String' | 'printableString' | 'ia5String';
  readonly value: string;
};
/**
 * RDNs in the order of the DER. Several attributes in one RDN make it multi-valued; they are a SET
 * OF and have no order.
 */
export type Name = readonly (readonly Attribute[])[];

export type Extension = { readonly oid: string; readonly critical: boolean; readonly value: Bytes };

export type Validity = { readonly notBefore: Instant; readonly notAfter: Instant };

/** The fields of a TBSCertificate (RFC 5280 4.1), in the order in which they are encoded. */
export type TbsCertificate = {
  /** 16 octets, big-endian magnitude. */
  readonly serial: Bytes;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The subject of the issuer's certificate, byte for byte. */
  readonly issuerDer: Bytes;
  readonly validity: Validity;
  readonly subject: Name;
  readonly spki: Bytes;
  readonly extensions: readonly Extension[];
};

/** A TBSCertificate as the strict reader decoded it. */
export type TbsView = {
  readonly der: Bytes;
  readonly version: 1 | 2 | 3;
  /** Content octets of the INTEGER as encoded. */
  readonly serialOctets: Bytes;
  /** The magnitude in lower-case hex of even length, without a leading zero octet. */
  readonly serial: string;
  /** The whole AlgorithmIdentifier. */
  readonly signatureAlgorithmDer: Bytes;
  readonly issuerDer: Bytes;
  readonly issuer: Name;
  readonly notBefore: { readonly form: 'utcTime' | 'generalizedTime'; readonly at: Instant };
  readonly notAfter: { readonly form: 'utcTime' | 'generalizedTime'; readonly at: Instant };
  readonly subjectDer: Bytes;
  readonly subject: Name;
  readonly spki: Bytes;
  readonly extensions: readonly Extension[];
};

export type CertificateView = {
  readonly der: Bytes;
  readonly tbs: TbsView;
  readonly signatureAlgorithmDer: Bytes;
  readonly signature: Bytes;
};

export type PublicKeyView =
  | { readonly kind: 'rsa'; readonly modulus: bigint; readonly exponent: bigint; readonly bits: number }
  | { readonly kind: 'ec'; readonly curve: CurveName; readonly point: Bytes }
  /** RFC 8410: 32 octets, not checked further. */
  | { readonly kind: 'ed25519'; readonly key: Bytes };

/** The part of a CA certificate that issuing and verifying need. */
export type IssuerCertificate = {
  readonly certificate: Bytes;
  readonly subjectDer: Bytes;
  readonly subject: Name;
  readonly spki: Bytes;
  readonly keyType: KeyType;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly subjectKeyIdentifier: Bytes;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
};

/**
 * A certificate with the name and the key of one generation of a root, signed by another generation
 * of the same root (RFC 9810 4.4).
 */
export type LinkCertificate = {
  readonly subject: IssuerId;
  readonly issuer: IssuerId;
  readonly certificate: Bytes;
};

/** One generation of a certification authority of this platform. */
export type Issuer = IssuerCertificate & {
  /** `aci-fo-pp`, `aci-fo-pp-2`. */
  readonly id: IssuerId;
  /** `aci-fo-pp`. */
  readonly authority: string;
  readonly generation: number;
  readonly hierarchy: 'fort' | 'standard' | 'elementaire';
  readonly kind: 'root' | 'issuing';
};
