/**
 * What the checks know of one message. Everything that is looked up or computed is looked up once,
 * and only when a check asks for it, so that a message that an early check refuses costs little.
 */
import type { Principal } from '../../access/principal.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, type Result } from '../../kernel/result.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { BodyKind } from '../model.js';
import { type ProtectionAlgorithm, readProtectionAlgorithm } from '../protection/algorithms.js';
import { type ProtectionUse, signatureVerifies } from '../protection/signature.js';
import {
  candidatesOf,
  choosePrincipal,
  findSigner,
  identifySigner,
  macEvidence,
  type ProtectionCertificate,
  protectionCertificate,
  type Signer,
} from './evidence.js';
import { uninterrupted } from './interruption.js';
import type { CheckWorld, ReceivedMessage, TransactionProtection, TransactionView } from './world.js';

export type CheckContext = ReceivedMessage &
  Pick<CheckWorld, 'settings' | 'profiles' | 'log'> & {
    readonly now: Instant;
    /** Whether it begins a transaction: certConf, pollReq and error do not. */
    readonly isFirst: boolean;
    readonly algorithm: Result<ProtectionAlgorithm, string>;
    readonly protectionKind: ProtectionUse['kind'];
    /** The protections of all transactions that have this transactionID. */
    readonly begun: () => Promise<readonly TransactionProtection[]>;
    readonly macIsRight: () => Promise<boolean>;
    readonly certificate: () => Promise<ProtectionCertificate>;
    /** null: neither a CA of ours nor an access CA has issued the protection certificate. */
    readonly signer: () => Promise<Signer | null>;
    readonly signatureIsRight: () => Promise<boolean>;
    /** null: the certificate belongs to no account and cannot act for itself. */
    readonly principal: () => Promise<Principal | null>;
    /** null: the principal has none with this transactionID. */
    readonly transaction: () => Promise<TransactionView | null>;
    /** How many transactions of the principal have not ended; null: they were not counted. */
    readonly open: () => Promise<number | null>;
    /** Whether the message has the octets of the first or of the latest one of its transaction. */
    readonly repetition: () => Promise<'first' | 'latest' | null>;
    /** Certificates by which a certificate that acts for itself has renewed itself by CMP. */
    readonly successors: () => Promise<readonly CertificateRecord[]>;
    /** null: the checks have not found the protection to be right. */
    readonly protectionUse: () => ProtectionUse | null;
  };

const LATER: readonly BodyKind[] = ['certConf', 'pollReq', 'error'];

export function createContext(world: CheckWorld, received: ReceivedMessage): CheckContext {
  const { message } = received;
  const { header, octets } = message;
  const now = world.clock();
  const isFirst = !LATER.includes(message.bodyKind);
  const { protectionAlg: identifier, transactionID } = header;
  const hasOwnCertificate = message.extraCerts.length > 0;
  const algorithm =
    identifier === null
      ? err('protectionAlg is absent')
      : readProtectionAlgorithm(identifier, world.settings.macLimits);
  const protectionKind = algorithm.ok ? algorithm.value.kind : 'signature';
  const established: { use: ProtectionUse | null } = { use: null };
  const begun = once(async () => {
    if (transactionID === null || isFirst) return [];
    // Both are read at the same time. A check that asks for the signer gets its failure.
    if (hasOwnCertificate && protectionKind === 'signature') signer().catch(() => null);
    return uninterrupted(await world.transactions.begun(transactionID));
  });
  const mac = once(async () => {
    const evidence = await macEvidence(world, received, algorithm);
    established.use = evidence?.use ?? null;
    return evidence;
  });
  // A client signs many messages with one certificate, so the parsed certificate and its key are
  // cached.
  const readBefore = (der: Bytes) => world.verifiedClients(der, () => null)?.view ?? null;
  const certificate = once(async () =>
    protectionCertificate(message, { begun: hasOwnCertificate ? [] : await begun(), readBefore }),
  );
  const signer = once(async () => {
    const own = await certificate();
    const known = typeof own === 'string' ? null : identifySigner(world, own.view);
    if (known === null) return null;
    // The signature is verified while the database is asked: most messages that name a certificate
    // of this platform are right.
    verifyingCertificate().catch(() => null);
    return findSigner(world, known, now);
  });
  // The certificate with whose key the signature verifies; null: it does not.
  const verifyingCertificate = once(async () => {
    const own = await certificate();
    if (typeof own === 'string' || !algorithm.ok || algorithm.value.kind !== 'signature') return null;
    const { protectedPart: data, protection: signature } = message;
    const { der, tbs } = own.view;
    const claim = signature === null ? null : { spki: tbs.spki, data, signature };
    return claim !== null && (await signatureVerifies(algorithm.value.algorithm, claim)) ? der : null;
  });
  const signatureIsRight = once(async () => {
    const certificateDer = await verifyingCertificate();
    if (certificateDer !== null) established.use = { kind: 'signature', certificate: certificateDer };
    return certificateDer !== null;
  });
  const found = once(async () => {
    const proved = protectionKind === 'mac' ? await mac() : null;
    const signed = protectionKind === 'mac' ? null : await signer();
    const byCertificate = signed === null ? [] : candidatesOf(world, message, signed);
    return choosePrincipal(world, message, proved === null ? byCertificate : [proved.principal]);
  });
  const transaction = async () => (await found()).transaction;
  return {
    ...received,
    settings: world.settings,
    profiles: world.profiles,
    log: world.log,
    now,
    isFirst,
    algorithm,
    protectionKind,
    begun,
    macIsRight: async () => (await mac()) !== null,
    certificate,
    signer,
    signatureIsRight,
    principal: async () => (await found()).principal,
    transaction,
    open: async () => (await found()).open,
    repetition: async () => repetitionOf(await transaction(), sha256Hex(octets)),
    successors: once(async () => successorsOf(world, (await found()).principal)),
    protectionUse: () => established.use,
  };
}

async function successorsOf(
  { store }: Pick<CheckWorld, 'store'>,
  principal: Principal | null,
): Promise<readonly CertificateRecord[]> {
  if (principal?.kind !== 'self') return [];
  const { id } = principal.certificate;
  const renewals = uninterrupted(await store.read((reads) => reads.renewalsOf(id)));
  return renewals.filter(({ selfRenewal, protocol }) => selfRenewal && protocol === 'cmp');
}

function repetitionOf(transaction: TransactionView | null, sha256: string): 'first' | 'latest' | null {
  if (transaction === null) return null;
  if (transaction.firstSha256 === sha256) return 'first';
  return transaction.latestSha256 === sha256 ? 'latest' : null;
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
