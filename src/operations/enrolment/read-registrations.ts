/** Reads registrations that an account may see, never with their secrets. */
import { type AccessSubject, decideAccess } from '../../access/decide.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Registration, RegistrationFilter } from '../../ports/store/enrolment/registrations.js';
import { notFound, type OperationFailure } from '../failures.js';
import { visiblePage } from '../visible-page.js';
import type { World } from '../world.js';

type ReadingAction = 'read-registrations' | 'register' | 'issue';
type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/**
 * A registration is visible if each of its profiles is in the scope, as its certificates would be.
 */
export function seesRegistration(account: Account, action: ReadingAction, registration: Registration): boolean {
  return registration.uses.every(
    ({ profile }) => decideAccess(account, action, subjectOfUse(registration, profile)).ok,
  );
}

/** No domain of a scope covers this name, except `*`. */
const ERASED_DOMAIN = '';

/**
 * Once holder and domains were erased, only accounts whose scope has all holders and all domains
 * (`*`) see the registration.
 */
export function subjectOfUse(
  { structureId, domains, holderId, erasedAt }: Registration,
  profile: string,
): AccessSubject {
  const known = erasedAt === null ? domains : [ERASED_DOMAIN];
  return { profile, structureId, domains: known, holderId: holderId ?? '' };
}

export async function readRegistration(
  { store }: Pick<World, 'store'>,
  account: Account,
  id: string,
): Outcome<Registration> {
  const permitted = decideAccess(account, 'read-registrations', null);
  if (!permitted.ok) return permitted;
  const found = await store.read((reads) => reads.registration(id));
  if (!found.ok) return found;
  return found.value === null || !seesRegistration(account, 'read-registrations', found.value)
    ? err(notFound('no-registration', { id }))
    : ok(found.value);
}

/** The open registrations of the account itself, up to the limit that it has. */
export function countOpenRegistrations({ store }: Pick<World, 'store'>, account: Account): Outcome<number> {
  const { openRegistrationsPerAccountMax } = LIMITS;
  return store.read((reads) => reads.countOpenRegistrations(account.id, openRegistrationsPerAccountMax));
}

type RegistrationPage = { readonly registrations: readonly Registration[]; readonly next: string | null };

/**
 * Newest first. What is out of scope is left out. A page may have fewer than `limit`, or none,
 * although there are more (`visiblePage`): `next` is null at the end only.
 */
export async function listRegistrations(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  account: Account,
  filter: Omit<RegistrationFilter, 'now'>,
): Outcome<RegistrationPage> {
  const permitted = decideAccess(account, 'read-registrations', null);
  if (!permitted.ok) return permitted;
  const now = clock();
  return store.read(async (reads) => {
    const from = { after: filter.before ?? null, limit: filter.limit };
    const { items: registrations, next } = await visiblePage(from, {
      read: (before, limit) => reads.registrationsPage({ ...filter, now, limit, before: before ?? undefined }),
      see: (page) => page.filter((one) => seesRegistration(account, 'read-registrations', one)),
      nameOfRow: ({ id }) => id,
      nameOf: ({ id }) => id,
    });
    return { registrations, next };
  });
}
