/** What the withdrawal of a registration and a new secret have in common. */
import { accountActor } from '../../audit/actors.js';
import { causedBy } from '../../audit/entry.js';
import type { AuditEvent } from '../../audit/events.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { seesRegistration } from './read-registrations.js';

/** `changed` null: the registration is already as requested, and nothing is written. */
type Change = { readonly changed: Registration | null; readonly event: EventOf | null };
type EventOf = Extract<AuditEvent, { readonly type: 'registration.withdrawn' | 'registration.secret-renewed' }>;

/** Decides and changes in one transaction; the account needs the action `register` in its scope. */
export async function changeRegistration(
  { store, clock, requestId }: Pick<World, 'store' | 'clock' | 'requestId'>,
  { account, id }: { readonly account: Account; readonly id: string },
  decide: (registration: Registration, now: Instant, actor: string) => Result<Change, OperationFailure>,
): Promise<Result<Registration, OperationFailure>> {
  const outcome = await store.transaction(async (tx): Promise<Result<Registration, OperationFailure>> => {
    const found = await tx.registration(id);
    if (found === null || !seesRegistration(account, 'register', found))
      return err(notFound('no-registration', { id }));
    const decided = decide(found, clock(), accountActor(account.id));
    if (!decided.ok) return decided;
    const { changed, event } = decided.value;
    if (changed === null || event === null) return ok(found);
    await tx.changeRegistration(changed);
    await tx.appendAudit([causedBy(requestId, event)]);
    return ok(changed);
  });
  return outcome.ok ? outcome.value : outcome;
}
