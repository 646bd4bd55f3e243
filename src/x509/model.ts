/** What certificates are made of, as plain values: the writer takes them, the reader returns them. */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';

/** What authorities and responders sign with. */
export type KeyType = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'p-256' | 'p-384';
export const KEY_TYPES = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384'] as const satisfies readonly KeyType[];

/** Types of keys that are certified for holders. Authorities and responders sign with a `KeyType`, and with no other. */
export type HolderKeyType = KeyType | 'p-521' | 'ed25519' | 'brainpool-p256r1' | 'brainpool-p384r1';
export const HOLDER_KEY_TYPES = [
  ...KEY_TYPES,
  'p-521',
  'ed25519',
  'brainpool-p256r1',
  'brainpool-p384r1',
] as const satisfies readonly HolderKeyType[];

/** Curves of RFC 5480 2.1.1.1 and RFC 5639, as types of keys name them. */
export type CurveName = 'p-256' | 'p-384' | 'p-521' | 'brainpool-p256r1' | 'brainpool-p384r1';

export type SignatureAlgorithm = 'sha256WithRsaEncryption' | 'ecdsaWithSha256' | 'ecdsaWithSha384';

/** One AttributeTypeAndValue; `type` is a dotted object identifier. */
export type Attribute = {
  readonly type: string;
  /** RFC 5280 4.1.2.4; ia5String is for what others ask with (emailAddress, domainComponent): this platform writes none. */
  readonly form: 'utf8String' | 'printableString' | 'ia5String';
  readonly value: string;
};
/** RDNs in the order of the DER; several attributes in one RDN are a multi-valued RDN, in no order of their own (SET OF). */
export type Name = readonly (readonly Attribute[])[];

export type Extension = { readonly oid: string; readonly critical: boolean; readonly value: Bytes };

export type Validity = { readonly notBefore: Instant; readonly notAfter: Instant };

/** Everything of a TBSCertificate (RFC 5280 4.1) in the order it is written. */
export type TbsCertificate = {
  /** 16 octets, big-endian magnitude. */
  readonly serial: Bytes;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The issuer certificate's subject, byte for byte. */
  readonly issuerDer: Bytes;
  readonly validity: Validity;
  readonly subject: Name;
  readonly spki: Bytes;
  readonly extensions: readonly Extension[];
};

/** A TBSCertificate as the strict reader found it. */
export type TbsView = {
  readonly der: Bytes;
  readonly version: 1 | 2 | 3;
  /** INTEGER content octets as encoded. */
  readonly serialOctets: Bytes;
  /** Lower-case hex, even length, of the magnitude without a leading zero octet. */
  readonly serial: string;
  /** Whole AlgorithmIdentifier. */
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
  /** RFC 8410: 32 octets, whatever they are. */
  | { readonly kind: 'ed25519'; readonly key: Bytes };

/** What issuing and verifying need of an authority's certificate. */
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
