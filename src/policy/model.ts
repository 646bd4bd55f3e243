/** The policy as it stands in `policies/`, compiled. What each member means and where it comes from is in the schemas. */
import type { TimeOfDay } from '../kernel/time-of-day.js';
import type { KeyOrigin } from '../ports/store/certificates.js';
import type { HolderKeyType, KeyType } from '../x509/model.js';

export type HierarchyId = 'fort' | 'standard' | 'elementaire';
export const HIERARCHIES = ['fort', 'standard', 'elementaire'] as const satisfies readonly HierarchyId[];

export type Assurance = 'low' | 'substantial' | 'high';

/** Where a value comes from: seen in real certificates, asked by a standard, or chosen by us where nothing is known. */
export type Source = 'observed' | 'standard' | 'assumption' | 'decision';

export type Environment = {
  /** Carried by the home folder, the tokens and the database. */
  readonly mark: 'development' | 'production';
  readonly names: {
    /** `IGC-SANTE TEST`, in production `IGC-SANTE`. */
    readonly organizationalUnit: string;
    /** `TEST `, in production empty. */
    readonly commonNamePrefix: string;
  };
  readonly addresses: {
    /** `http://127.0.0.1:8080`, without a slash at the end. */
    readonly publication: string;
    readonly ocsp: string;
    readonly certificationPracticeStatement: string;
    /** Absent (null) where the environment serves none: then no extension points there. */
    readonly ldap: string | null;
    /** Whether delta CRLs are served, so that freshestCRL may be written. */
    readonly deltaCrl: boolean;
  };
  readonly policyOid: string;
  /** The octet of gipCardCategory. */
  readonly cardCategories: { readonly card: string; readonly module: string; readonly software: string };
  readonly keyExceptions: readonly KeyException[];
  readonly lintExceptions: readonly LintException[];
  /** Whether requests are held to say where the key was made, for profiles that ask it. */
  readonly keyOriginRequired: boolean;
  /** Whether the Luhn keys of RPPS, FINESS, SIREN and SIRET are checked: test data is sometimes anonymised. */
  readonly luhnChecked: boolean;
  /** Whether a card with live certificates is refused to another holder or as another product. */
  readonly cardsOfOneHolder: boolean;
  /** Whether certificates are renewed at any time of their life, whatever the window of their profile. */
  readonly renewalAnyTime: boolean;
  /** Whether server certificates may carry an iPAddress: the development server's own only. */
  readonly ipAddressNames: readonly string[];
  readonly developmentAccounts: boolean;
  readonly suspensionAlsoFor: readonly ProfileId[];
  /** Of one profile, by one signer, where the profile says nothing else. */
  readonly certificatesPerHourMax: number;
  readonly crl: CrlPolicy;
  readonly ocspAnswers: {
    readonly lifeMs: number;
    readonly maxAgeMs: number;
    readonly neverIssued: 'unknown' | 'revoked';
  };
};

/** Rhythm and kinds of the lists of issuing authorities. */
export type CrlPolicy = {
  readonly periodMs: number;
  readonly overlapMs: number;
  /** How much sooner than the period a list is made, at most: each issuer and list has its own part of it. */
  readonly jitterMs: number;
  /** Besides the period: a full list of each morning, say. The jitter comes after it then. */
  readonly daily: TimeOfDay | null;
  /** How long no further revocation has come before the list is made that has them. */
  readonly afterRevocationMs: number;
  /** How long a revocation waits for that at most. */
  readonly afterRevocationMsMax: number;
  /** What is made then: a full list, and a delta where they are served; or the delta alone. */
  readonly onRevocation: 'full' | 'delta';
  /** Where `addresses.deltaCrl` says that deltas are served. */
  readonly delta: { readonly periodMs: number; readonly overlapMs: number; readonly entriesMax: number };
  /** By authority: into how many partitions its certificates are dealt out, as they are issued. Without it none. */
  readonly partitions: Readonly<Record<string, number>>;
};

/** For a reason, by somebody's word, until a day. */
type Exception = {
  /** Profile ids, or `*`. */
  readonly profiles: readonly string[];
  readonly reason: string;
  readonly approver: string;
  /** Last instant, RFC 3339. */
  readonly expires: string;
};

/** A key type that is certified although a profile does not list it. */
export type KeyException = Exception & { readonly keyType: HolderKeyType };

/** A rule of the lint that does not block. */
export type LintException = Exception & { readonly rule: string };

/** What the certification authorities of one hierarchy share. */
export type Hierarchy = {
  readonly id: HierarchyId;
  readonly title: { readonly fr: string; readonly en: string };
  /** The RDNs of every authority's name before the environment's organizational unit and the common name. */
  readonly authorityNames: {
    readonly countryName: string;
    readonly organizationName: string;
    readonly organizationalUnitName: string;
  };
  /** After the common name of generation 2 and later; `{generation}` is its number. */
  readonly generationSuffix: string;
};

export type Authority = {
  /** `acr-fo`, `aci-fo-pp`. */
  readonly id: string;
  readonly hierarchy: HierarchyId;
  readonly kind: 'root' | 'issuing';
  /** Without the environment's prefix. */
  readonly commonName: string;
  /** Its own id for a root. */
  readonly issuer: string;
  /** Of the generation made next: one line to change. */
  readonly keyType: KeyType;
  readonly validity: { readonly years: number; readonly daysLess: number };
  /** The generation that issues now, from 1. */
  readonly currentGeneration: number;
  /** Of its delegated OCSP responders; null for roots. */
  readonly ocspSigner: {
    /** Of the one that answers whoever says nothing of algorithms. */
    readonly keyType: KeyType;
    /** Of those beside it, for clients that prefer their algorithms (RFC 6960 4.4.7). */
    readonly others?: readonly KeyType[];
    readonly validityDays: number;
  } | null;
};

/** `fort/cps-authentication`. */
export type ProfileId = string;

/**
 * A value of the subject: a fixed text, or a member of the request by its JSON pointer (`/holder/idNat`; `SUBJECT_FIELDS` in
 * `subject-fields.ts` lists them).
 */
export type SubjectAttribute = {
  readonly type:
    | 'countryName'
    | 'stateOrProvinceName'
    | 'organizationName'
    | 'organizationalUnitName'
    | 'title'
    | 'givenName'
    | 'surname'
    | 'commonName'
    | 'pseudonym';
  readonly form: 'utf8String' | 'printableString';
  readonly value: { readonly text: string } | { readonly from: string };
  readonly charactersMax: number;
};

export type KeyUsageBit = 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'keyCertSign' | 'cRLSign';
export type ExtendedKeyUsage = 'serverAuth' | 'clientAuth' | 'emailProtection' | 'smartcardLogon' | 'ocspSigning';

export type Profile = {
  readonly id: ProfileId;
  readonly hierarchy: HierarchyId;
  /** Issuing CA. */
  readonly authority: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly holder: 'professional' | 'staff' | 'organisation' | 'server' | 'responder';
  /** Products whose cards hold it; null where it lives on no card. */
  readonly cardProducts: readonly ('cps' | 'cpe' | 'cpa')[] | null;
  /** Identity evidence asked of the request; null for none. */
  readonly assurance: Assurance | null;
  readonly keyTypes: readonly HolderKeyType[];
  /** Where keys may have been made, and whether the request must say it (where the environment holds it to that). */
  readonly keyOrigin: { readonly origins: readonly KeyOrigin[]; readonly required: boolean };
  readonly validity: { readonly years: number } | { readonly days: number };
  /** Before notAfter; absent: it is not renewed. */
  readonly renewalWindow?: { readonly days: number };
  /** RDNs in DER order; several attributes in one are a multi-valued RDN. */
  readonly subject: readonly (readonly SubjectAttribute[])[];
  /** The subject of a holder with a pseudonym instead of names (non-nominative cards); null where none is certified. */
  readonly pseudonymSubject: readonly (readonly SubjectAttribute[])[] | null;
  /** Of an RSA key; any other never has keyEncipherment (`keyUsageFor` in `key-usage.ts`). */
  readonly keyUsage: readonly KeyUsageBit[];
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  /** `upn`: otherName from the holder's id; `dns`: the server's names, the common name first; `email`: its addresses; null: none. */
  readonly subjectAltName: 'upn' | 'dns' | 'email' | null;
  readonly privateKeyUsagePeriod: boolean;
  /** Private extensions of the sector that are present. */
  readonly gip: {
    readonly category: 'card' | 'module' | 'software' | null;
    readonly cardType: boolean;
    readonly cardId: boolean;
    readonly profession: boolean;
  };
  /** OCSP responder certificates: ocsp-nocheck present, and neither AIA nor CRLDP. */
  readonly ocspNoCheck: boolean;
  readonly suspensionAllowed: boolean;
  /** Instead of the environment's. */
  readonly certificatesPerHourMax?: number;
  /** JSON pointer in the policy file -> where that value comes from. */
  readonly sources: Readonly<Record<string, Source>>;
};

export type Policy = {
  /** SHA-256 hex of the canonical JSON of everything loaded; each certificate records it. */
  readonly digest: string;
  readonly environment: Environment;
  readonly hierarchies: ReadonlyMap<HierarchyId, Hierarchy>;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly profiles: ReadonlyMap<ProfileId, Profile>;
};

/** A fault of a policy file: which file, where in it, what was expected. */
export type PolicyFault = { readonly file: string; readonly pointer: string; readonly message: string };

/** A rule that a request breaks, with the place in the request. */
export type Violation = { readonly pointer: string; readonly rule: string; readonly message: string };

export type Structure = { readonly id: string; readonly name: string; readonly department: string };
export type Holder =
  | {
      readonly kind: 'professional';
      readonly idNat: string;
      readonly givenName: string;
      readonly surname: string;
      readonly profession: string;
      readonly title: string;
    }
  | {
      readonly kind: 'staff';
      readonly idNat: string;
      readonly givenName?: string | undefined;
      readonly surname?: string | undefined;
      readonly pseudonym?: string | undefined;
      readonly title: string;
      readonly structure: Structure;
    }
  | { readonly kind: 'organisation'; readonly application: string; readonly structure: Structure }
  | {
      readonly kind: 'server';
      readonly names: readonly string[];
      readonly emails?: readonly string[] | undefined;
      readonly structure: Structure;
    };

export type Card = { readonly tokenId: string; readonly product: 'cps' | 'cpe' | 'cpa' };
export type Identity = {
  readonly assurance: Assurance;
  readonly source: string;
  readonly reference: string;
  readonly verifiedAt: string;
};

/** One certificate asked for, its shape already validated; the key comes from the certification request. */
export type CertificateOrder = {
  readonly profile: ProfileId;
  readonly holder: Holder;
  readonly card: Card | null;
  readonly identity: Identity | null;
  /** Where the key was made, by the word of who asks; null: nothing is said. */
  readonly keyOrigin: KeyOrigin | null;
  readonly validity: { readonly notBefore: number | null; readonly notAfter: number | null };
};
