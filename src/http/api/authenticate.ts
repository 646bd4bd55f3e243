/**
 * Who is asking: the client certificate of the TLS session, which proves possession of its key, against our own issuers,
 * the certificate's state in the database, and the account bound to issuer and key. Chain, purpose and revocation are
 * checked at each request. The steps are a table, in their order. The certificate of a break-glass officer is of a CA outside of all
 * this, and its account alone says whether it still holds (ops/decisions/0022).
 */
import type { TLSSocket } from 'node:tls';
import { type AccessAuthority, breakGlassFault, isOfOfficers } from '../../access/break-glass.js';
import { OID } from '../../asn1/oids.js';
import { present } from '../../kernel/assert.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { World } from '../../operations/world.js';
import type { Account } from '../../ports/store/accounts.js';
import type { StatusRecord } from '../../ports/store/statuses.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import { extensionOf, readCertificate } from '../../x509/certificate/certificate-reader.js';
import { readExtendedKeyUsage } from '../../x509/extensions/extended-key-usage.js';
import { readKeyUsage } from '../../x509/extensions/key-usage.js';
import { signatureAlgorithmOf, verifySignature } from '../../x509/keys/algorithms.js';
import type { CertificateView, Issuer, IssuerCertificate } from '../../x509/model.js';
import type { HttpFailure } from './problems.js';

export type Authenticate = (socket: TLSSocket) => Promise<Result<Account, HttpFailure>>;

type Presented = {
  readonly view: CertificateView;
  readonly kind: KnownClient['kind'];
  /** null: of a break-glass officer, of whom the database has an account and no certificate. */
  readonly status: StatusRecord | null;
  readonly issuer: Voucher;
  readonly issuerIsRevoked: boolean;
  /** A certificate on the same key, of whatever issuer, was revoked for compromise; or an officer or a list has blocked the key. */
  readonly keyIsCompromised: boolean;
  readonly now: Instant;
};

const CHECKS: readonly { readonly rule: string; readonly holds: (presented: Presented) => boolean }[] = [
  { rule: 'certificate-in-time', holds: ({ view: { tbs }, now }) => tbs.notBefore.at <= now && now <= tbs.notAfter.at },
  { rule: 'certificate-for-client-authentication', holds: ({ view }) => isForClientAuthentication(view) },
  {
    rule: 'certificate-of-an-officer',
    holds: ({ kind, view }) => kind !== 'break-glass' || breakGlassFault(view.tbs) === null,
  },
  // RFC 5280 6.1.3: of each certificate of the path. A ceremony lets none outlive its CA; who has the key of one that is over does.
  { rule: 'issuer-in-time', holds: ({ issuer, now }) => issuer.notBefore <= now && now <= issuer.notAfter },
  { rule: 'issuer-not-revoked', holds: ({ issuerIsRevoked }) => !issuerIsRevoked },
  { rule: 'certificate-not-revoked', holds: ({ kind, status }) => kind === 'break-glass' || isIssued(status) },
  // Whoever stole the key may have ordered a second certificate on it before the first one was revoked.
  { rule: 'key-not-compromised', holds: ({ keyIsCompromised }) => !keyIsCompromised },
];

function isIssued(status: StatusRecord | null): boolean {
  return status?.signed === true && status.state.status === 'issued';
}

type Known = Pick<World, 'issuers' | 'store' | 'clock' | 'blockedKeys' | 'revokedIssuers' | 'log'>;

/** Whose certificates may stand for accounts. */
export type Vouching = {
  /** Ids of issuing CAs. */
  readonly authorities: readonly string[];
  /** CAs of break-glass officers. */
  readonly access: readonly AccessAuthority[];
};

export function createAuthenticate(world: Known, vouching: Vouching): Authenticate {
  const verified = createVerifiedCache();
  return async (socket) => {
    const presented = socket.getPeerX509Certificate?.();
    if (presented === undefined) return err({ kind: 'client-certificate-required' });
    const der = new Uint8Array(presented.raw);
    const known = verified(der, () => identifyClient(world.issuers, vouching, der));
    if (known === null)
      return refuse('certificate-of-this-platform', 'not issued by a CA that vouches for accounts here');
    const found = await world.store.groupedRead(STANDING, known);
    if (!found.ok) return found;
    const { status, account } = found.value;
    // A list says it of a key that was certified before it was on the list.
    const keyIsCompromised = found.value.keyIsCompromised || world.blockedKeys.has(known.spkiSha256);
    const { view, kind, issuer } = known;
    if (status === null && kind === 'platform')
      return refuse('certificate-of-this-platform', 'the certificate is not known here');
    const issuerIsRevoked = world.revokedIssuers.has(issuer.id);
    const asked = { view, kind, status, issuer, issuerIsRevoked, keyIsCompromised, now: world.clock() };
    const broken = CHECKS.find(({ holds }) => !holds(asked));
    if (broken !== undefined) return refuse(broken.rule, `the client certificate fails: ${broken.rule}`);
    if (account === null) return refuse('account-known', NO_ACCOUNT);
    if (account.disabled) return refuse('account-enabled', 'this account is disabled');
    if (kind === 'platform') return ok(account);
    if (!isOfOfficers(account)) return refuse('break-glass-is-for-officers', NOT_AN_OFFICER);
    // Nobody does this every day: whoever watches the log shall ask why.
    world.log.warn('account.break-glass', { account: account.id, issuer: issuer.id });
    return ok(account);
  };
}

const NOT_AN_OFFICER = 'a certificate of the access CA stands for officers alone, and this account is something else';

const NO_ACCOUNT =
  "the client certificate is good but belongs to no account: ask the platform's operators to bind it to one (pfcng account)";

function refuse(rule: string, detail: string): Result<never, HttpFailure> {
  return err({ kind: 'not-permitted', rule, detail });
}

/** `spkiSha256` as accounts are bound to it. */
export type KnownClient = {
  readonly view: CertificateView;
  readonly issuer: Voucher;
  readonly spkiSha256: string;
  readonly kind: 'platform' | 'break-glass';
};

type Voucher = IssuerCertificate & Pick<Issuer, 'id'>;

type Standing = {
  readonly status: StatusRecord | null;
  readonly account: Account | null;
  readonly keyIsCompromised: boolean;
};

/** What the database says now of a certificate, its key and its account: asked once for all requests that come together. */
const STANDING: GroupedWork<Reads, KnownClient, Standing> = {
  run: async (reads, presented) => {
    const standings = new Map<KnownClient, Standing>();
    const keys = new Set(presented.map(({ spkiSha256 }) => spkiSha256));
    const compromised = new Set(await reads.compromisedKeys([...keys]));
    for (const known of new Set(presented)) {
      const { view, issuer, spkiSha256 } = known;
      const status = await reads.status(issuer.id, view.tbs.serial);
      const account = await reads.accountByCredential(issuer.id, spkiSha256);
      standings.set(known, { status, account, keyIsCompromised: compromised.has(spkiSha256) });
    }
    return presented.map((known) => present(standings.get(known), 'standing of a certificate'));
  },
};

/** Issuer found by its subject and the signature verified with its key; null where either fails. */
export function identifyClient(
  issuers: Pick<World['issuers'], 'all'>,
  { authorities, access }: Vouching,
  der: Bytes,
): KnownClient | null {
  const read = readCertificate(der);
  if (!read.ok) return null;
  const view = read.value;
  const algorithm = signatureAlgorithmOf(view.signatureAlgorithmDer);
  const signedIt = ({ subjectDer, signatureAlgorithm, spki }: Voucher): boolean =>
    equalBytes(subjectDer, view.tbs.issuerDer) &&
    algorithm === signatureAlgorithm &&
    verifySignature({ spki, algorithm, data: view.tbs.der, signature: view.signature });
  const spkiSha256 = sha256Hex(view.tbs.spki);
  const own = issuers.all().find((issuer) => authorities.includes(issuer.authority) && signedIt(issuer));
  if (own !== undefined) return { view, issuer: own, spkiSha256, kind: 'platform' };
  const foreign = access.find(signedIt);
  return foreign === undefined ? null : { view, issuer: foreign, spkiSha256, kind: 'break-glass' };
}

export function isForClientAuthentication(view: CertificateView): boolean {
  const usage = extensionOf(view.tbs, OID.keyUsage);
  const purposes = extensionOf(view.tbs, OID.extKeyUsage);
  if (usage === null || purposes === null) return false;
  const bits = readKeyUsage(usage.value);
  const names = readExtendedKeyUsage(purposes.value);
  return bits.ok && bits.value.includes('digitalSignature') && names.ok && names.value.includes('clientAuth');
}

const VERIFIED_MAX = 1_000;

/** A certificate's signature does not change: verified once per certificate, not per request. Refusals are not kept. */
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
