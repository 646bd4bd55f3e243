/** The protection certificate of a message with a signature (RFC 9483 3.3). */

import { timingSafeEqual } from 'node:crypto';
import {
  type CertificateEvidence,
  CLIENT_STATES,
  type ClientState,
  identifyClient,
  isForClientAuthentication,
  type KnownClient,
} from '../../access/client-certificate.js';
import { networkOf } from '../../access/networks.js';
import { actorOf, type Principal, type SelfPrincipal } from '../../access/principal.js';
import { OID } from '../../asn1/oids.js';
import { type Bytes, equalBytes, latin1, utf8 } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { memoize } from '../../kernel/memoize.js';
import type { Result } from '../../kernel/result.js';
import { extensionOf, readCertificate } from '../../x509/certificate/certificate-reader.js';
import { readSubjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js';
import type { CertificateView, Issuer, TbsView } from '../../x509/model.js';
import { decodeBody } from '../bodies.js';
import type { PkiMessage } from '../model.js';
import type { ProtectionAlgorithm } from '../protection/algorithms.js';
import type { MacUse } from '../protection/signature.js';
import { uninterrupted } from './interruption.js';
import type { CheckWorld, FoundTransaction, ReceivedMessage, TransactionProtection } from './world.js';

type ReadableCertificate = {
  readonly view: CertificateView;
  /** null: the certificate has no subjectKeyIdentifier. */
  readonly keyIdentifier: Bytes | null;
};

export type ProtectionCertificate = ReadableCertificate | 'missing' | 'unreadable';

type CertificateSources = {
  /** The protections of the transaction; empty for a first message. */
  readonly begun: readonly TransactionProtection[];
  /** What was read of these octets before; null: nothing. */
  readonly readBefore: (der: Bytes) => CertificateView | null;
};

/**
 * The first certificate of extraCerts. Later messages of a transaction may omit it; then it is the
 * one with which the transaction began.
 */
export function protectionCertificate(
  { header, extraCerts }: Pick<PkiMessage, 'header' | 'extraCerts'>,
  { begun, readBefore }: CertificateSources,
): ProtectionCertificate {
  const readOne = (der: Bytes): ReadableCertificate | null => {
    const view = readBefore(der) ?? readNow(der);
    return view === null ? null : { view, keyIdentifier: keyIdentifierOf(view) };
  };
  const [own] = extraCerts;
  if (own !== undefined) return readOne(own) ?? 'unreadable';
  const known = begun.flatMap((one) => (one.kind === 'signature' ? [readOne(one.certificate)] : []));
  const { senderKID } = header;
  const named = known.find((one) => {
    const identifier = one?.keyIdentifier ?? null;
    return senderKID !== null && identifier !== null && equalBytes(identifier, senderKID);
  });
  return named ?? 'missing';
}

function readNow(der: Bytes): CertificateView | null {
  const read = readCertificate(der);
  return read.ok ? read.value : null;
}

const keyIdentifierOf = memoize(({ tbs }: CertificateView): Bytes | null => {
  const extension = extensionOf(tbs, OID.subjectKeyIdentifier);
  const identifier = extension === null ? null : readSubjectKeyIdentifier(extension.value);
  return identifier?.ok === true ? identifier.value : null;
});

/** For whom a message acts. */

/**
 * A certificate that is bound to an account acts as the account if its CA may authenticate
 * accounts, as in TLS. A kur, and an rr that names the certificate itself, come from the
 * certificate itself. A later message may belong to either; its transaction decides.
 */
export function candidatesOf(
  { profiles, accountAuthorities }: Pick<CheckWorld, 'profiles' | 'accountAuthorities'>,
  { bodyKind, bodyContent }: PkiMessage,
  signer: Signer,
): readonly Principal[] {
  const { known, state } = signer;
  const self = selfOf(profiles, signer);
  const isOfAccounts = known.kind === 'break-glass' || accountAuthorities.includes(known.authority);
  const account: readonly Principal[] =
    state.account === null || !isOfAccounts ? [] : [{ kind: 'account', account: state.account }];
  if (bodyKind === 'kur' || (bodyKind === 'rr' && namesCertificate(bodyContent, known.view.tbs))) return self;
  const isLater = bodyKind === 'certConf' || bodyKind === 'pollReq' || bodyKind === 'error';
  return isLater || account.length === 0 ? [...account, ...self] : account;
}

/** Empty: a certificate of the access CA, which the database does not have. */
function selfOf(profiles: CheckWorld['profiles'], { known, state: { recorded } }: Signer): readonly SelfPrincipal[] {
  if (recorded === null) return [];
  const selfService = profiles.get(recorded.profile)?.selfService ?? [];
  const isForAuthentication = isForClientAuthentication(known.view.tbs);
  return [{ kind: 'self', certificate: { ...recorded, isForAuthentication, selfService }, via: 'cmp' }];
}

type ChosenPrincipal = FoundTransaction & { readonly principal: Principal | null };

/** The candidate that has the transaction, or else the first. */
export async function choosePrincipal(
  { transactions }: Pick<CheckWorld, 'transactions'>,
  { header: { transactionID } }: PkiMessage,
  candidates: readonly Principal[],
): Promise<ChosenPrincipal> {
  let chosen: ChosenPrincipal = { principal: candidates[0] ?? null, transaction: null, open: null };
  if (transactionID === null) return chosen;
  for (const principal of candidates) {
    const found = uninterrupted(await transactions.of(actorOf(principal), transactionID));
    if (found.transaction !== null) return { principal, ...found };
    if (principal === chosen.principal) chosen = { principal, ...found };
  }
  return chosen;
}

/** Which certificate an rr names, as far as the checks need it. */

/** Whether the content of an rr names this certificate in its first RevDetails. */
export function namesCertificate(
  content: Bytes,
  { issuerDer, serialOctets }: Pick<TbsView, 'issuerDer' | 'serialOctets'>,
): boolean {
  const read = decodeBody.rr(content);
  const { issuer = null, serialNumber = null } = read.ok ? (read.value[0]?.template ?? {}) : {};
  if (issuer === null || serialNumber === null) return false;
  return equalBytes(issuer.der, issuerDer) && equalBytes(serialNumber, serialOctets);
}

/** The CA that issued the protection certificate, and what the database says of it now. */

export type Signer = {
  readonly known: KnownClient;
  readonly state: ClientState;
  /** The CAs between the certificate and its root. */
  readonly chain: readonly Issuer[];
  readonly evidence: CertificateEvidence;
};

type SignerWorld = Pick<CheckWorld, 'issuers' | 'access' | 'store' | 'blockedKeys' | 'verifiedClients'>;

/** Pending certificates pass here: check B12 refuses them with a failInfo of its own. */
const STATES = ['issued', 'pending'] as const;

/** null: neither a CA of the platform nor an access CA has issued the certificate. */
export function identifySigner(
  { issuers, access, verifiedClients }: Pick<SignerWorld, 'issuers' | 'access' | 'verifiedClients'>,
  { der }: CertificateView,
): KnownClient | null {
  const authorities = issuingOf(issuers).map(({ authority }) => authority);
  return verifiedClients(der, () => identifyClient(issuers, { authorities, access }, der));
}

function issuingOf(issuers: SignerWorld['issuers']): readonly Issuer[] {
  return issuers.all().filter(({ kind }) => kind === 'issuing');
}

/** null: the database does not have the certificate. */
export async function findSigner(world: SignerWorld, known: KnownClient, now: Instant): Promise<Signer | null> {
  const { issuers } = world;
  const state = uninterrupted(await world.store.groupedRead(CLIENT_STATES, known));
  if (known.kind === 'platform' && state.status === null) return null;
  const evidence: CertificateEvidence = {
    tbs: known.view.tbs,
    kind: known.kind,
    status: state.status,
    states: STATES,
    mustAuthenticateClients: false,
    issuer: known.issuer,
    issuerIsRevoked: state.issuerIsRevoked,
    isAsRecorded: known.kind === 'break-glass' || state.recorded !== null,
    // The key may have been added to a file of blocked keys after it was certified.
    keyIsCompromised: state.keyIsCompromised || world.blockedKeys.has(known.spkiSha256),
    now,
  };
  const above = known.kind === 'platform' ? issuers.chain(known.issuer.id) : [];
  const chain = issuingOf(issuers).filter((one) => above.some((der) => equalBytes(der, one.certificate)));
  return { known, state, chain, evidence };
}

/** Whether the MAC of a message is right, and whose secret it was made with. */

/** null: the reference is unknown or the MAC is wrong. */
type MacEvidence = { readonly principal: Principal; readonly use: MacUse } | null;

/**
 * References and ids of accounts have at most 64 characters; PostgreSQL cannot compare with U+0000.
 * Some clients write the reference as the name that has it (`CN=reference`), which no reference
 * begins with.
 */
const REFERENCE = /^(?:CN=)?([!-~]{1,64})$/;

/** The work is the same for an unknown reference, whose secret nobody has. */
export async function macEvidence(
  world: Pick<CheckWorld, 'keyWork' | 'secretOf' | 'secretFailed'>,
  { message: { header, protectedPart, protection }, address }: Pick<ReceivedMessage, 'message' | 'address'>,
  algorithm: Result<ProtectionAlgorithm, string>,
): Promise<MacEvidence> {
  if (!algorithm.ok || algorithm.value.kind !== 'mac' || header.senderKID === null || protection === null) return null;
  const { identifier, mac } = algorithm.value;
  const [, reference = ''] = REFERENCE.exec(latin1(header.senderKID)) ?? [];
  const { principal, secret: secretText } = uninterrupted(await world.secretOf(reference));
  const secret = utf8(secretText);
  const network = networkOf(address);
  const key = uninterrupted(await world.keyWork.keyOf({ network, secret, identifier, mac }));
  const expected = mac.compute(key, protectedPart);
  const isRight = expected.length === protection.length && timingSafeEqual(expected, protection);
  if (!isRight || principal === null) {
    world.secretFailed(reference);
    return null;
  }
  world.keyWork.remember({ secret, identifier, mac }, key);
  return { principal, use: { kind: 'mac', identifier, mac, reference, secret, network } };
}
