/**
 * The certificate of a client: which CA has issued it, and what the database says of it now. TLS
 * and CMP use it; what the certificate may do is decided below.
 */

import { OID } from '../asn1/oids.js';
import { present } from '../kernel/assert.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import type { PresentedState } from '../ports/store/accounts.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { StatusRecord, StoredState } from '../ports/store/statuses.js';
import type { GroupedWork, Reads } from '../ports/store.js';
import { type Fault, fault, text } from '../texts/text.js';
import { extensionOf, readCertificate } from '../x509/certificate/certificate-reader.js';
import { assembleCertificate } from '../x509/certificate/certificate-writer.js';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { readKeyUsage } from '../x509/extensions/key-usage.js';
import { signatureAlgorithmOf, verifySignature } from '../x509/keys/algorithms.js';
import type { CertificateView, Issuer, IssuerCertificate, TbsView } from '../x509/model.js';
import { type AccessAuthority, breakGlassFault } from './break-glass.js';

/**
 * The checks of a certificate that authenticates an account or itself. They are a table, in their
 * order, for TLS, CMP and signed statements alike.
 */

export type CertificateEvidence = {
  readonly tbs: TbsView;
  readonly kind: 'platform' | 'break-glass';
  /**
   * null: the database does not have the certificate, and never has that of a break-glass officer.
   */
  readonly status: StatusRecord | null;
  /** The states in which it may do what is asked. */
  readonly states: readonly StoredState['status'][];
  /** false: it signs for its own revocation, which a key of any usage may do. */
  readonly mustAuthenticateClients: boolean;
  readonly issuer: Pick<IssuerCertificate, 'notBefore' | 'notAfter'>;
  readonly issuerIsRevoked: boolean;
  /** The database has exactly these bytes; always true for a break-glass officer. */
  readonly isAsRecorded: boolean;
  /**
   * A certificate of any issuer on the same key was revoked for compromise, or the key was blocked
   * by an officer or is in a file of blocked keys.
   */
  readonly keyIsCompromised: boolean;
  readonly now: Instant;
};

export type CheckRule =
  | 'certificate-in-time'
  | 'certificate-for-client-authentication'
  | 'certificate-of-an-officer'
  | 'issuer-in-time'
  | 'issuer-not-revoked'
  | 'certificate-not-revoked'
  | 'certificate-as-recorded'
  | 'key-not-compromised/client';

const CHECKS: readonly { readonly rule: CheckRule; readonly passes: (presented: CertificateEvidence) => boolean }[] = [
  {
    rule: 'certificate-in-time',
    passes: ({ tbs, now }) => tbs.notBefore.at <= now && now <= tbs.notAfter.at,
  },
  {
    rule: 'certificate-for-client-authentication',
    passes: ({ tbs, mustAuthenticateClients }) => !mustAuthenticateClients || isForClientAuthentication(tbs),
  },
  {
    rule: 'certificate-of-an-officer',
    passes: ({ kind, tbs }) => kind !== 'break-glass' || breakGlassFault(tbs) === null,
  },
  // RFC 5280 6.1.3 requires this of each certificate of the path. Ceremonies issue no certificate
  // that outlives its CA, but an attacker with the key of an expired CA could.
  { rule: 'issuer-in-time', passes: ({ issuer, now }) => issuer.notBefore <= now && now <= issuer.notAfter },
  { rule: 'issuer-not-revoked', passes: ({ issuerIsRevoked }) => !issuerIsRevoked },
  {
    rule: 'certificate-not-revoked',
    passes: ({ kind, status, states }) => kind === 'break-glass' || isInState(status, states),
  },
  // A valid signature is not enough: an ECDSA signature can be changed into a second valid one, and
  // a leaked CA key can sign any certificate.
  { rule: 'certificate-as-recorded', passes: ({ isAsRecorded }) => isAsRecorded },
  // An attacker with a stolen key may have ordered a second certificate on it before the first was
  // revoked.
  { rule: 'key-not-compromised/client', passes: ({ keyIsCompromised }) => !keyIsCompromised },
];

function isInState(status: StatusRecord | null, states: readonly StoredState['status'][]): boolean {
  return status?.signed === true && states.includes(status.state.status);
}

const ALL_RULES: readonly CheckRule[] = CHECKS.map(({ rule }) => rule);

/**
 * Returns the first check that the certificate does not pass, and what its owner can do about it;
 * null: it passes all. `rules`: only these are checked.
 */
export function certificateFault(evidence: CertificateEvidence, rules = ALL_RULES): Fault | null {
  const broken = CHECKS.find(({ rule, passes }) => rules.includes(rule) && !passes(evidence));
  return broken === undefined ? null : faultOf(broken.rule, evidence.status);
}

function faultOf(rule: CheckRule, status: StatusRecord | null): Fault {
  const remedy = text('ask-an-officer');
  if (rule === 'key-not-compromised/client') return fault(rule, { remedy });
  const state = rule === 'certificate-not-revoked' ? status?.state : undefined;
  if (state?.status === 'revoked')
    return fault('certificate-not-revoked/revoked', { at: formatInstant(state.at), remedy });
  if (state?.status === 'suspended') return fault('certificate-not-revoked/suspended', { at: formatInstant(state.at) });
  return fault(rule);
}

export function isForClientAuthentication(tbs: TbsView): boolean {
  const purposes = extensionOf(tbs, OID.extKeyUsage);
  const names = purposes === null ? null : readExtendedKeyUsage(purposes.value);
  return isForDigitalSignature(tbs) && names?.ok === true && names.value.includes('clientAuth');
}

/** Whether its key may sign messages. */
export function isForDigitalSignature(tbs: TbsView): boolean {
  const usage = extensionOf(tbs, OID.keyUsage);
  const bits = usage === null ? null : readKeyUsage(usage.value);
  return bits?.ok === true && bits.value.includes('digitalSignature');
}

/** The CAs whose certificates authenticate accounts. */
export type AccountAuthorities = {
  /** Ids of issuing CAs. */
  readonly authorities: readonly string[];
  /** CAs of break-glass officers. */
  readonly access: readonly AccessAuthority[];
};

/** `spkiSha256`: the key to which accounts are bound. */
export type KnownClient = {
  readonly der: Bytes;
  readonly view: CertificateView;
  readonly issuer: ClientIssuer;
  readonly spkiSha256: string;
  readonly kind: 'platform' | 'break-glass';
  /** The id of the issuing CA in all its generations, or of the access CA. */
  readonly authority: string;
};

type ClientIssuer = IssuerCertificate & Pick<Issuer, 'id'>;

export type ClientState = PresentedState & {
  /** null: the database does not have exactly these bytes. */
  readonly recorded: RecordedClient | null;
};

type RecordedClient = Pick<CertificateRecord, 'id' | 'issuer' | 'serial' | 'profile' | 'cardTokenId'>;

/** What the database has of a certificate does not change, so each client is compared once. */
const recordedClients = new WeakMap<KnownClient, RecordedClient>();

async function recordedClient(reads: Reads, known: KnownClient): Promise<RecordedClient | null> {
  const { kind, issuer, view, der } = known;
  const earlier = recordedClients.get(known);
  if (kind === 'break-glass' || earlier !== undefined) return earlier ?? null;
  const record = await reads.certificateBySerial(issuer.id, view.tbs.serial);
  if (record === null || record.signature === null) return null;
  if (!equalBytes(assembleCertificate(record.tbs, issuer.signatureAlgorithm, record.signature), der)) return null;
  const { id, serial, profile, cardTokenId } = record;
  const recorded = { id, issuer: record.issuer, serial, profile, cardTokenId };
  recordedClients.set(known, recorded);
  return recorded;
}

/**
 * Reads the current state of certificates, issuers, keys and accounts, with one read for
 * simultaneous requests.
 */
export const CLIENT_STATES: GroupedWork<Reads, KnownClient, ClientState> = {
  run: async (reads, presented) => {
    const states = new Map<KnownClient, ClientState>();
    for (const known of new Set(presented)) {
      const { view, issuer, spkiSha256 } = known;
      const state = await reads.presentedState({ issuer: issuer.id, serial: view.tbs.serial, spkiSha256 });
      states.set(known, { ...state, recorded: await recordedClient(reads, known) });
    }
    return presented.map((known) => present(states.get(known), 'state of a client certificate'));
  },
};

/**
 * Finds the issuer by its name and verifies the signature; null: no accepted CA has issued the
 * certificate.
 */
export function identifyClient(
  issuers: { readonly all: () => readonly Issuer[] },
  { authorities, access }: AccountAuthorities,
  der: Bytes,
): KnownClient | null {
  const read = readCertificate(der);
  if (!read.ok) return null;
  const view = read.value;
  const algorithm = signatureAlgorithmOf(view.signatureAlgorithmDer);
  const hasIssued = ({ subjectDer, signatureAlgorithm, spki }: ClientIssuer): boolean =>
    equalBytes(subjectDer, view.tbs.issuerDer) &&
    algorithm === signatureAlgorithm &&
    verifySignature({ spki, algorithm, data: view.tbs.der, signature: view.signature });
  const spkiSha256 = sha256Hex(view.tbs.spki);
  const own = issuers.all().find((issuer) => authorities.includes(issuer.authority) && hasIssued(issuer));
  if (own !== undefined) return { der, view, issuer: own, spkiSha256, kind: 'platform', authority: own.authority };
  const foreign = access.find(hasIssued);
  if (foreign === undefined) return null;
  return { der, view, issuer: foreign, spkiSha256, kind: 'break-glass', authority: foreign.id };
}

const VERIFIED_MAX = 1_000;

/**
 * Verifies the signature once per certificate instead of once per request. Rejected certificates
 * are not cached.
 */
export function createVerifiedCache() {
  const known = new Map<string, KnownClient>();
  return (der: Bytes, identifyNow: () => KnownClient | null): KnownClient | null => {
    const key = sha256Hex(der);
    const hit = known.get(key);
    if (hit !== undefined) return hit;
    const fresh = identifyNow();
    if (fresh === null) return null;
    if (known.size >= VERIFIED_MAX) known.clear();
    known.set(key, fresh);
    return fresh;
  };
}
