/**
 * The policy of `policies/`, compiled. The schemas say what each member means and where it comes
 * from.
 */
import type { TimeOfDay } from '../kernel/time-of-day.js';
import type { KeyOrigin } from '../ports/store/certificates.js';
import type { Durability } from '../ports/store/durability.js';
import type { HolderKeyType, KeyType } from '../x509/model.js';
import type { CardGeneration, IssuancePurpose, SelfServiceAction, UpdateLimits, UpdatePolicy } from './card-policy.js';
import type { EnrolmentLimits, EnrolmentPolicy } from './enrolment-policy.js';
import type { Script } from './scripts.js';

export type HierarchyId = 'fort' | 'standard' | 'elementaire';
export const HIERARCHIES = ['fort', 'standard', 'elementaire'] as const satisfies readonly HierarchyId[];

export type Assurance = 'low' | 'substantial' | 'high';

/** Where a value is from: observed in real certificates, required by a standard, or our choice. */
export type Source = 'observed' | 'standard' | 'assumption' | 'decision';

export type Environment = {
  /** Stored in the home folder, on tokens and in the database, so that environments do not mix. */
  readonly mark: 'development' | 'production';
  readonly names: {
    /** `IGC-SANTE TEST`; in production `IGC-SANTE`. */
    readonly organizationalUnit: string;
    /** `TEST `; empty in production. */
    readonly commonNamePrefix: string;
  };
  readonly addresses: {
    /** `http://127.0.0.1:8080`, without a slash at the end. */
    readonly publication: string;
    readonly ocsp: string;
    readonly certificationPracticeStatement: string;
    /** null: the environment has no directory, and no extension names one. */
    readonly ldap: string | null;
    /** Whether delta CRLs are published, so that freshestCRL is written. */
    readonly deltaCrl: boolean;
  };
  readonly policyOid: string;
  /** The octet of gipCardCategory for each kind of carrier. */
  readonly cardCategories: { readonly card: string; readonly module: string; readonly software: string };
  readonly keyExceptions: readonly KeyException[];
  readonly lintExceptions: readonly LintException[];
  /** Whether requests must say where the key was made, for the profiles that require it. */
  readonly keyOriginRequired: boolean;
  /**
   * Whether the Luhn check digits of RPPS, FINESS, SIREN and SIRET numbers are checked: test data
   * is sometimes anonymised.
   */
  readonly luhnChecked: boolean;
  /**
   * Whether a request is rejected when its card has live certificates of another holder or product.
   */
  readonly cardsOfOneHolder: boolean;
  /**
   * Whether a request is rejected when it asks again for a live certificate: same card, holder,
   * profile and key.
   */
  readonly duplicatesRefused: boolean;
  /**
   * Whether nothing is issued for a card that is opposed or returned, or for a holder who is
   * barred. If not, a new certificate takes such a card back into use.
   */
  readonly refusesOpposed: boolean;
  /**
   * Whether certificates may be renewed at any time of their life, outside the window of their
   * profile too.
   */
  readonly renewalAnyTime: boolean;
  /**
   * Scripts in which the words of names in subjects may be written; Latin is one of them. A word is
   * in one script.
   */
  readonly nameScripts: readonly Script[];
  /** Special-use domains (RFC 6761) in which servers may have names all the same. */
  readonly specialUseNames: readonly string[];
  /** The iPAddress names that server certificates may have: the development server's own only. */
  readonly ipAddressNames: readonly string[];
  readonly developmentAccounts: boolean;
  readonly suspensionAlsoFor: readonly ProfileId[];
  /** The highest cap that this file and profiles may have. */
  readonly certificatesPerHourCeiling: number;
  /** The cap of one profile at one signer, where the profile has none of its own. */
  readonly certificatesPerHourMax: number;
  readonly durability: Durability;
  readonly crl: CrlPolicy;
  readonly ocspAnswers: {
    readonly lifeMs: number;
    /** How long HTTP caches may store a response. */
    readonly maxAgeMs: number;
    /** How old the data of the database may be for an answer other than `revoked`. */
    readonly staleMsMax: number;
    readonly neverIssued: 'unknown' | 'revoked';
  };
  readonly orders: OrderLimits;
  readonly updates: UpdateLimits;
  readonly enrolment: EnrolmentLimits;
};

/** Limits of orders, which are uploads of many cards. */
export type OrderLimits = {
  readonly uploadBytesMax: number;
  readonly linesMax: number;
  /** From the acceptance until the lines that have no outcome are given up. */
  readonly deadlineMs: number;
  /** Uploads of one account at once. */
  readonly uploadsAtOnceMax: number;
  /** Orders of one account that have not ended. */
  readonly liveOrdersMax: number;
  /** Lines without an outcome in all orders of one account. */
  readonly openLinesMax: number;
};

/** When the CRLs of issuing authorities are issued, and which ones. */
export type CrlPolicy = {
  readonly periodMs: number;
  readonly overlapMs: number;
  /**
   * How much earlier than its period a CRL is issued, at most. Each issuer and scope has its own
   * fraction of it.
   */
  readonly jitterMs: number;
  /**
   * A time of day at which a full CRL is issued in addition to the period, such as each morning;
   * the jitter is added to it.
   */
  readonly daily: TimeOfDay | null;
  /**
   * How long to wait after a revocation, without another one, before the CRL that includes it is
   * issued.
   */
  readonly afterRevocationMs: number;
  /** How long a revocation waits for that at most. */
  readonly afterRevocationMsMax: number;
  /**
   * Which CRLs are issued then: a full one, with a delta where deltas are published; or the delta
   * alone.
   */
  readonly onRevocation: 'full' | 'delta';
  /** Used where `addresses.deltaCrl` says that deltas are published. */
  readonly delta: { readonly periodMs: number; readonly overlapMs: number; readonly entriesMax: number };
  /**
   * By authority: the number of partitions among which its certificates are distributed when they
   * are issued; absent: none.
   */
  readonly partitions: Readonly<Record<string, number>>;
};

/** An exception has a reason, an approver and an end. */
type Exception = {
  /** Profile ids, or `*`. */
  readonly profiles: readonly string[];
  readonly reason: string;
  readonly approver: string;
  /** Last instant, RFC 3339. */
  readonly expires: string;
};

/** A key type that is certified although the profile does not list it. */
export type KeyException = Exception & { readonly keyType: HolderKeyType };

/** A rule of the lint whose findings do not block. */
export type LintException = Exception & { readonly rule: string };

/** What the certification authorities of one hierarchy have in common. */
export type Hierarchy = {
  readonly id: HierarchyId;
  readonly title: { readonly fr: string; readonly en: string };
  /**
   * The RDNs of each authority's name before the environment's organizational unit and the common
   * name.
   */
  readonly authorityNames: {
    readonly countryName: string;
    readonly organizationName: string;
    readonly organizationalUnitName: string;
  };
  /** Follows the common name of generation 2 and later; `{generation}` stands for the number. */
  readonly generationSuffix: string;
};

export type Authority = {
  /** `acr-fo`, `aci-fo-pp`. */
  readonly id: string;
  readonly hierarchy: HierarchyId;
  readonly kind: 'root' | 'issuing';
  /** Without the environment's prefix. */
  readonly commonName: string;
  /** A root has its own id here. */
  readonly issuer: string;
  /** The key type of the generation that is made next. */
  readonly keyType: KeyType;
  readonly validity: { readonly years: number; readonly daysLess: number };
  /** The generation that issues now, from 1. */
  readonly currentGeneration: number;
  /** The delegated OCSP responders; null for roots. */
  readonly ocspSigner: {
    /** The key type for clients that name no preferred algorithm. */
    readonly keyType: KeyType;
    /** Key types of more responders, for clients that prefer their algorithms (RFC 6960 4.4.7). */
    readonly others?: readonly KeyType[];
    readonly validityDays: number;
  } | null;
};

/** `fort/cps-authentication`. */
export type ProfileId = string;

/**
 * A value of the subject: a fixed text, or a member of the request by its JSON pointer
 * (`/holder/idNat`; `SUBJECT_FIELDS` in `subject-fields.ts` lists them).
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

export type KeyUsageBit =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign';
export type ExtendedKeyUsage =
  | 'serverAuth'
  | 'clientAuth'
  | 'emailProtection'
  | 'smartcardLogon'
  | 'ocspSigning'
  | 'cmcCa';

export type Profile = {
  readonly id: ProfileId;
  readonly hierarchy: HierarchyId;
  /** The issuing CA. */
  readonly authority: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly holder: 'professional' | 'staff' | 'organisation' | 'server' | 'responder' | 'cmp-signer';
  /** Products whose cards have such certificates; null: the key is on no card. */
  readonly cardProducts: readonly ('cps' | 'cpe' | 'cpa')[] | null;
  /** The assurance that the identity evidence must have; null: no evidence is required. */
  readonly assurance: Assurance | null;
  readonly keyTypes: readonly HolderKeyType[];
  /**
   * Where keys may be made, and whether the request must say it (if the environment requires that
   * too).
   */
  readonly keyOrigin: { readonly origins: readonly KeyOrigin[]; readonly required: boolean };
  /**
   * The container of a card that gets the certificate, if the request names none; absent: none is
   * named.
   */
  readonly container?: string;
  readonly validity: { readonly years: number } | { readonly days: number };
  /** The days before notAfter in which it may be renewed; absent: it is not renewed. */
  readonly renewalWindow?: { readonly days: number };
  /** RDNs in the order of the DER; several attributes in one make it multi-valued. */
  readonly subject: readonly (readonly SubjectAttribute[])[];
  /**
   * The subject of a holder with a pseudonym instead of names (non-nominative cards); null:
   * pseudonyms are not certified.
   */
  readonly pseudonymSubject: readonly (readonly SubjectAttribute[])[] | null;
  /**
   * The key usage. RSA keys have keyEncipherment without keyAgreement, EC keys keyAgreement without
   * keyEncipherment, Ed25519 keys neither (`keyUsageFor` in `key-usage.ts`).
   */
  readonly keyUsage: readonly KeyUsageBit[];
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  /**
   * `upn`: an otherName made from the holder's id; `dns`: the server's names, the common name
   * first; `email`: the mail addresses; null: none.
   */
  readonly subjectAltName: 'upn' | 'dns' | 'email' | null;
  readonly privateKeyUsagePeriod: boolean;
  /** The private extensions of the sector that are present. */
  readonly gip: {
    readonly category: 'card' | 'module' | 'software' | null;
    readonly cardType: boolean;
    readonly cardId: boolean;
    readonly profession: boolean;
  };
  /** For certificates of OCSP responders: ocsp-nocheck is present, and neither AIA nor CRLDP. */
  readonly ocspNoCheck: boolean;
  /** `always`: accounts and campaigns may suspend; `campaign`: campaigns only; `never`: nobody. */
  readonly suspensionAllowed: 'always' | 'campaign' | 'never';
  /** How old the evidence of identity may be, by purpose; a missing member is no limit. */
  readonly identityAgeMs: Readonly<Partial<Record<IssuancePurpose, number>>>;
  /** How certificates on cards are replaced remotely; null: they are not. */
  readonly update: UpdatePolicy | null;
  /** What a certificate may do for itself or for its card, without an account. */
  readonly selfService: readonly SelfServiceAction[];
  /** How certificates are requested by EST and CMP; null: they are not. */
  readonly enrolment: EnrolmentPolicy | null;
  /** Replaces the environment's cap. */
  readonly certificatesPerHourMax?: number;
  /** The source of each value, by the value's JSON pointer in the policy file. */
  readonly sources: Readonly<Record<string, Source>>;
};

/** The lists of `code-lists/`, by the names of their files. */
export const CODE_LISTS = ['departments', 'professions', 'special-use-domains'] as const;
export type CodeListName = (typeof CODE_LISTS)[number];

/** A list that somebody else publishes, against which requests are checked. */
export type CodeList = {
  /** `TRE_G15-ProfessionSante`. */
  readonly id: string;
  /** The day of this version, or on which it was read where versions have no day: `2025-03-28`. */
  readonly date: string;
  readonly codes: readonly Code[];
};

export type Code = {
  readonly code: string;
  readonly label: string;
  /** The day from which it is not used any more; absent: it is in use. */
  readonly ended?: string;
};

export type Policy = {
  /** SHA-256 in hex over the canonical JSON of all files. Each certificate record has it. */
  readonly digest: string;
  readonly environment: Environment;
  readonly hierarchies: ReadonlyMap<HierarchyId, Hierarchy>;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly profiles: ReadonlyMap<ProfileId, Profile>;
  readonly codeLists: ReadonlyMap<CodeListName, CodeList>;
  /** By the names that clients report: `cps4`. */
  readonly cardGenerations: ReadonlyMap<string, CardGeneration>;
};

/** A fault of a policy file: the file, a JSON pointer into it, and what was expected. */
export type PolicyFault = { readonly file: string; readonly pointer: string; readonly message: string };

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

/**
 * A request for one certificate whose shape has been validated. The key comes from the
 * certification request.
 */
export type CertificateOrder = {
  readonly profile: ProfileId;
  readonly holder: Holder;
  readonly card: Card | null;
  readonly identity: Identity | null;
  /** Where the key was made, according to the client; null: not stated. */
  readonly keyOrigin: KeyOrigin | null;
  /** The container of the card that gets the certificate; left out: the one of the profile. */
  readonly container?: string;
  readonly validity: { readonly notBefore: number | null; readonly notAfter: number | null };
};
