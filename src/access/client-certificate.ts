/**
 * The certificate of a client: which CA has issued it, and what the database says of it now. TLS
 * and CMP use it; what the certificate may do is decided by `certificate-checks.ts`.
 */
import { present } from '../kernel/assert.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import type { PresentedState } from '../ports/store/accounts.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { GroupedWork, Reads } from '../ports/store.js';
import { readCertificate } from '../x509/certificate/certificate-reader.js';
import { assembleCertificate } from '../x509/certificate/certificate-writer.js';
import { signatureAlgorithmOf, verifySignature } from '../x509/keys/algorithms.js';
import type { CertificateView, Issuer, IssuerCertificate } from '../x509/model.js';
import type { AccessAuthority } from './break-glass.js';

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
