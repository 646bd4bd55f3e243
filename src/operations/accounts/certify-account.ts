/**
 * A new certificate for an account that has lost its own: after a mass revocation, a compromise of
 * its key, or the end of its validity. Holder and profile are those of the certificate that it had.
 * An officer without limits orders it; the account is bound to the new certificate, and to no other
 * from then on.
 * An account that can still authenticate is refused: its own people renew its certificate. An
 * account that approves gets one from a break-glass officer only (ops/decisions/0107).
 *
 * After an error, any officer may repeat the request. All requests with the same account, CSR and
 * key origin issue one certificate. If an attempt issued it and could not bind it to the account,
 * the repeated request binds it.
 *
 * One officer is enough, as for a mass revocation. An approval by a second officer would be
 * requested here, before the certificate is issued.
 */
import { isBoundToAccessAuthority } from '../../access/break-glass.js';
import { decideAccess, isUnlimited, notPermitted, rolesPermit } from '../../access/decide.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { formatInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isKeyProven, statusOf } from '../../lifecycle/certificate-states.js';
import type { Card, CertificateOrder, Holder, Identity } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { ClaimRequest, IdempotencyClaim } from '../../ports/store/idempotency.js';
import { type Fault, fault, text } from '../../texts/text.js';
import { boundToKey } from '../claim-once.js';
import { notFound, type OperationFailure } from '../failures.js';
import { issueCertificates } from '../issuance/issue.js';
import type { World } from '../world.js';
import { changeAccount } from './change-account.js';

type CertifyAccountCommand = {
  readonly officer: Account;
  readonly accountId: string;
  /** PKCS#10, PEM, on a new key. */
  readonly csr: string;
  readonly keyOrigin: CertificateOrder['keyOrigin'];
  readonly idempotency?: ClaimRequest | null;
};

export async function certifyAccount(
  world: World,
  command: CertifyAccountCommand,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const permitted = decideAccess(command.officer, 'certify-account', null);
  if (!permitted.ok) return permitted;
  // The key gives all rights of the account, which may exceed those of the officer.
  if (!isUnlimited(command.officer.scope)) return notPermitted(fault('scope-unlimited'));
  return boundToKey(world.store, command.idempotency ?? null, () => certify(world, command));
}

async function certify(
  world: World,
  { officer, accountId, csr, keyOrigin }: CertifyAccountCommand,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const found = await findAccount(world, accountId);
  if (!found.ok) return found;
  // With the key of another officer, one person would sign what two have to sign.
  if (rolesPermit(found.value.account.roles, 'approve') && !isBoundToAccessAuthority(officer))
    return notPermitted(fault('account-approves', { id: accountId }));
  const bodySha256 = sha256Hex(utf8(canonicalJson({ csr, keyOrigin })));
  const claim = { account: accountId, route: 'certify-account', key: bodySha256 };
  const done = findDone(world, found.value, claim);
  if (done !== null) return ok(done);
  const lost = decideLost(world, found.value);
  if (!lost.ok) return lost;
  const issued = await issueCertificates(world, {
    account: issuingAs(officer),
    applications: [{ order: orderOf(lost.value, keyOrigin), csr, pointer: '' }],
    idempotency: { claim, bodySha256 },
  });
  if (!issued.ok) return issued;
  const [record] = issued.value;
  if (record === undefined) return err({ kind: 'internal-error', message: text('no-certificate-made') });
  const { issuer, spkiSha256 } = record;
  const status = statusOf(record, world.clock());
  if (status !== 'issued') return notBound(record, status ?? text('not-signed-yet'));
  const change = { credentials: [{ issuer, spkiSha256 }] };
  const bound = await changeAccount(world, { id: accountId, change }, { officer: officer.id });
  if (bound.ok) {
    world.log.warn('account.certified', { account: accountId, officer: officer.id, id: record.id });
    return ok(record);
  }
  if (bound.error.kind === 'database-unavailable') return err(bound.error);
  return notBound(record, bound.error.kind);
}

function notBound({ id }: CertificateRecord, why: string | Bilingual): Result<never, OperationFailure> {
  return err({ kind: 'state-conflict', ...fault('account-bound', { certificate: id, why }) });
}

type FoundAccount = {
  readonly account: Account;
  readonly certificates: readonly CertificateRecord[];
  /** Keys with which nobody authenticates any more. */
  readonly lostKeys: ReadonlySet<string>;
};

async function findAccount({ store, blockedKeys }: World, id: string): Promise<Result<FoundAccount, OperationFailure>> {
  const found: Result<FoundAccount | null, StoreFailure> = await store.read(async (reads) => {
    const account = (await reads.accounts()).find((one) => one.id === id);
    if (account === undefined) return null;
    const keys = account.credentials.map(({ spkiSha256 }) => spkiSha256);
    const lostKeys = new Set([...(await reads.compromisedKeys(keys)), ...keys.filter((key) => blockedKeys.has(key))]);
    const onKeys = await reads.certificatesByKeys(keys);
    const isOwn = ({ issuer, spkiSha256 }: CertificateRecord): boolean =>
      account.credentials.some((one) => one.issuer === issuer && one.spkiSha256 === spkiSha256);
    const certificates = onKeys.filter((record) => record.signature !== null && isKeyProven(record) && isOwn(record));
    return { account, certificates, lostKeys };
  });
  if (!found.ok) return found;
  return found.value === null ? err(notFound('no-account', { id })) : ok(found.value);
}

/** The certificate that the same request has issued and bound before; null: there is none. */
function findDone({ clock }: World, { certificates }: FoundAccount, claim: IdempotencyClaim): CertificateRecord | null {
  const isSame = (one: IdempotencyClaim | null): boolean => one?.route === claim.route && one.key === claim.key;
  return certificates.find((one) => isSame(one.claim) && statusOf(one, clock()) === 'issued') ?? null;
}

/** Returns the last certificate of an account that has none in force. */
function decideLost(
  { clock }: World,
  { account, certificates, lostKeys }: FoundAccount,
): Result<CertificateRecord, OperationFailure> {
  const refuse = (broken: Fault) => err({ kind: 'state-conflict', ...broken } as const);
  if (account.disabled) return refuse(fault('account-enabled'));
  for (const record of certificates) {
    const status = statusOf(record, clock());
    if (status === 'revoked' || status === 'expired' || lostKeys.has(record.spkiSha256)) continue;
    const inForce = { certificate: record.id, status: status ?? text('not-signed-yet') };
    return refuse(fault('account-without-certificate', { ...inForce, ends: formatInstant(record.notAfter) }));
  }
  const last = certificates.reduce<CertificateRecord | null>(
    (latest, record) => (latest === null || record.id > latest.id ? record : latest),
    null,
  );
  // A certificate of an access CA is not in the database.
  return last === null ? refuse(fault('account-of-this-platform')) : ok(last);
}

/**
 * For this issuance alone, the account of the officer gets the role that may issue; officers have
 * no right to issue anything else.
 */
function issuingAs(officer: Account): Account {
  const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
  return { ...officer, roles: ['card-management'], scope };
}

/** Records store what the schemas and the policy have accepted, in exactly these shapes. */
function orderOf(old: CertificateRecord, keyOrigin: CertificateOrder['keyOrigin']): CertificateOrder {
  return {
    profile: old.profile,
    holder: old.holder as unknown as Holder,
    card: old.card as unknown as Card | null,
    identity: old.identity as unknown as Identity | null,
    keyOrigin,
    validity: { notBefore: null, notAfter: null },
  };
}
