/**
 * Uses a profile of a registration by REST, for stations that speak JSON. The station's account
 * needs `issue` for the holder, and the account that registered it still needs `register`.
 */
import { accountFault } from '../../access/account.js';
import { decideAccess } from '../../access/decide.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import { fault, text } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import { issueCertificates } from '../issuance/issue.js';
import type { World } from '../world.js';
import { seesRegistration, subjectOfUse } from './read-registrations.js';
import { registeredOrder } from './registered-order.js';

type IssueRegisteredCommand = {
  readonly account: Account;
  readonly profile: string;
  /** PKCS#10, PEM. */
  readonly csr: string;
  readonly idempotency: ClaimRequest | null;
};

/** Whether the profile is unused is decided where the use is stored (`use-registrations.ts`). */
export async function issueRegistered(
  world: World,
  id: string,
  command: IssueRegisteredCommand,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const { account, profile, csr, idempotency } = command;
  const found = await world.store.read((reads) => reads.registration(id));
  if (!found.ok) return found;
  const registration = found.value;
  if (registration === null || !seesRegistration(account, 'issue', registration))
    return err(notFound('no-registration', { id }));
  const registered = registration.uses.map((use) => use.profile);
  if (!registered.includes(profile))
    return err({ kind: 'not-permitted', ...fault('registration-profile', { profile, registered }) });
  if (registration.erasedAt !== null)
    return err({ kind: 'state-conflict', ...fault('registration-open', { state: registration.state }) });
  const permitted = await ownerPermits(world, registration, profile);
  if (!permitted.ok) return permitted;
  const issued = await issueCertificates(world, {
    account,
    applications: [{ order: registeredOrder(registration, profile), csr, pointer: '' }],
    idempotency,
    registration: { id: registration.id, acts: false },
  });
  if (!issued.ok) return issued;
  const [record] = issued.value;
  return record === undefined ? err({ kind: 'internal-error', message: text('no-certificate-made') }) : ok(record);
}

/** A registration acts with the rights that its account has now. */
async function ownerPermits(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  registration: Registration,
  profile: string,
): Promise<Result<void, OperationFailure>> {
  const owners = await store.read((reads) => reads.accountsByIds([registration.accountId]));
  if (!owners.ok) return owners;
  const [owner] = owners.value;
  if (owner === undefined) return err({ kind: 'not-permitted', ...fault('account-known') });
  const ended = accountFault(owner, clock());
  if (ended !== null) return err({ kind: 'not-permitted', ...ended });
  return decideAccess(owner, 'register', subjectOfUse(registration, profile));
}
