/**
 * Authenticates clients by the client certificate of the TLS session, which proves possession of
 * its key. The certificate must be issued by one of our CAs, be in the database byte for byte, be
 * valid there, and belong to an account; or it acts for itself, where the route, the configuration
 * (`holderAuthorities`) and its profile (`selfService`) allow that. Chain, purpose and revocation
 * are checked at every request (`src/access/certificate-checks.ts`). The certificate of a
 * break-glass officer is issued by a CA outside the hierarchies, and only its account decides
 * whether it is still accepted (ops/decisions/0022).
 */
import type { TLSSocket } from 'node:tls';
import { accountFault } from '../../access/account-state.js';
import { type AccessAuthority, isOfOfficers } from '../../access/break-glass.js';
import { certificateFault } from '../../access/certificate-checks.js';
import { isInNetworks } from '../../access/networks.js';
import { type CertifiedPrincipal, type SelfAction, statesFor } from '../../access/principal.js';
import { present } from '../../kernel/assert.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { World } from '../../operations/world.js';
import type { Policy } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StatusRecord } from '../../ports/store/statuses.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';
import { type Fault, fault } from '../../texts/text.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import { signatureAlgorithmOf, verifySignature } from '../../x509/keys/algorithms.js';
import type { CertificateView, Issuer, IssuerCertificate } from '../../x509/model.js';
import type { HttpFailure } from './problems.js';

/**
 * `self`: what a certificate without an account may do with the request for itself; null: nothing.
 */
export type Authenticate = (
  socket: TLSSocket,
  request: {
    readonly log: Log;
    readonly self: SelfAction | null;
    /**
     * EST: a certificate of any CA that is accepted here may act for itself. `self`: it does, even
     * if an account has it. Left out: the request is none of EST.
     */
    readonly est?: 'self' | 'account-or-self';
  },
) => Promise<Result<CertifiedPrincipal, RefusedClient>>;

type RefusedClient = {
  readonly failure: HttpFailure;
  /** The account whose certificate was refused; null: it is not known. */
  readonly accountId: string | null;
  /** SHA-256 of the refused certificate; null: there is none. */
  readonly certificateSha256: string | null;
};

type AuthenticationWorld = Pick<World, 'issuers' | 'store' | 'clock' | 'blockedKeys'> & {
  readonly policy: Pick<Policy, 'profiles'>;
};

/** The CAs whose certificates authenticate accounts. */
type AccountAuthorities = {
  /** Ids of issuing CAs. */
  readonly authorities: readonly string[];
  /** CAs of break-glass officers. */
  readonly access: readonly AccessAuthority[];
};

/** `holders`: ids of the issuing CAs whose certificates may act for themselves. */
type ClientAuthorities = AccountAuthorities & { readonly holders: readonly string[] };

/** The states of a certificate in which it authenticates its account. */
const STATES_OF_ACCOUNTS = ['issued'] as const;

export function createAuthenticate(
  world: AuthenticationWorld,
  { authorities, access, holders }: ClientAuthorities,
): Authenticate {
  const verified = createVerifiedCache();
  const accepted = { authorities: [...authorities, ...holders], access };
  return async (socket, { log, self, est }) => {
    const presented = socket.getPeerX509Certificate?.();
    if (presented === undefined) return refuseWith({ kind: 'client-certificate-required' }, null, null);
    const der = new Uint8Array(presented.raw);
    const refuse = (broken: Fault, account: Account | null = null) =>
      refuseWith({ kind: 'not-permitted', ...broken }, account, der);
    const known = verified(der, () => identifyClient(world.issuers, accepted, der));
    if (known === null) return refuse(fault('certificate-of-this-platform'));
    const found = await world.store.groupedRead(CLIENT_STATES, known);
    if (!found.ok) return refuseWith(found.error, null, der);
    const { status, issuerIsRevoked, recorded } = found.value;
    const { view, kind, issuer, authority } = known;
    // A CA whose certificates only act for themselves authenticates no account.
    const isOfAccounts = est !== 'self' && (kind === 'break-glass' || authorities.includes(authority));
    const account = isOfAccounts ? found.value.account : null;
    const asked = account === null && (est !== undefined || holders.includes(authority)) ? self : null;
    // The key may have been added to a file of blocked keys after it was certified.
    const keyIsCompromised = found.value.keyIsCompromised || world.blockedKeys.has(known.spkiSha256);
    if (status === null && kind === 'platform') return refuse(fault('certificate-of-this-platform/recorded'));
    const broken = certificateFault({
      tbs: view.tbs,
      kind,
      status,
      states: asked === null ? STATES_OF_ACCOUNTS : statesFor(asked),
      mustAuthenticateClients: true,
      issuer,
      issuerIsRevoked,
      isAsRecorded: kind === 'break-glass' || recorded !== null,
      keyIsCompromised,
      now: world.clock(),
    });
    if (broken !== null) return refuse(broken, account);
    if (account === null) {
      const selfService = world.policy.profiles.get(recorded?.profile ?? '')?.selfService ?? [];
      if (asked === null || recorded === null || selfService.length === 0) return refuse(fault('account-known'));
      const certificate = { ...recorded, isForAuthentication: true, selfService };
      return ok({ kind: 'self', certificate, via: est === undefined ? 'tls' : 'est' });
    }
    const ended = accountFault(account, world.clock());
    if (ended !== null) return refuse(ended, account);
    const { remoteAddress: address = '' } = socket;
    if (account.networks.length > 0 && !isInNetworks(account.networks, address))
      return refuse(fault('network-in-scope', { address }), account);
    if (kind === 'platform') return ok({ kind: 'account', account });
    if (!isOfOfficers(account)) return refuse(fault('break-glass-is-for-officers'), account);
    // This is an exception that the people who watch the log should notice.
    log.warn('account.break-glass', { account: account.id, issuer: issuer.id });
    return ok({ kind: 'account', account });
  };
}

function refuseWith(failure: HttpFailure, account: Account | null, der: Bytes | null): Result<never, RefusedClient> {
  return err({ failure, accountId: account?.id ?? null, certificateSha256: der === null ? null : sha256Hex(der) });
}

/** `spkiSha256`: the key to which accounts are bound. */
type KnownClient = {
  readonly der: Bytes;
  readonly view: CertificateView;
  readonly issuer: ClientIssuer;
  readonly spkiSha256: string;
  readonly kind: 'platform' | 'break-glass';
  /** The id of the issuing CA in all its generations, or of the access CA. */
  readonly authority: string;
};

type ClientIssuer = IssuerCertificate & Pick<Issuer, 'id'>;

type ClientState = {
  readonly status: StatusRecord | null;
  readonly account: Account | null;
  readonly issuerIsRevoked: boolean;
  /** null: the database does not have exactly these bytes. */
  readonly recorded: RecordedClient | null;
  readonly keyIsCompromised: boolean;
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
const CLIENT_STATES: GroupedWork<Reads, KnownClient, ClientState> = {
  run: async (reads, presented) => {
    const states = new Map<KnownClient, ClientState>();
    const keys = new Set(presented.map(({ spkiSha256 }) => spkiSha256));
    const compromised = new Set(await reads.compromisedKeys([...keys]));
    const revoked = await reads.revokedIssuers();
    for (const known of new Set(presented)) {
      const { view, issuer, spkiSha256 } = known;
      const status = await reads.status(issuer.id, view.tbs.serial);
      const account = await reads.accountByCredential(issuer.id, spkiSha256);
      states.set(known, {
        status,
        account,
        issuerIsRevoked: revoked.has(issuer.id),
        recorded: await recordedClient(reads, known),
        keyIsCompromised: compromised.has(spkiSha256),
      });
    }
    return presented.map((known) => present(states.get(known), 'state of a client certificate'));
  },
};

/**
 * Finds the issuer by its name and verifies the signature; null: no accepted CA has issued the
 * certificate.
 */
export function identifyClient(
  issuers: Pick<World['issuers'], 'all'>,
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
function createVerifiedCache() {
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
