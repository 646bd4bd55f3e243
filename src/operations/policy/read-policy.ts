/** What the policy in force says, for people: its profiles and its exceptions with their ends. */
import { decideAccess } from '../../access/decide.js';
import { type Instant, parseInstant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CodeListName, Policy, Profile } from '../../policy/model.js';
import { isInForce } from '../../policy/plan/plan.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateSummary } from '../../ports/store/certificates.js';
import { notFound, type OperationFailure } from '../failures.js';
import { type ProfileNow, profileNow } from '../read.js';
import type { World } from '../world.js';

/** A value that the environment accepts although a profile or a lint rule does not. */
export type PolicyException = {
  readonly kind: 'key' | 'lint';
  /** A type of key, or the name of a lint rule. */
  readonly what: string;
  /** Ids of profiles; `*`: all. */
  readonly profiles: readonly string[];
  readonly reason: string;
  readonly approver: string;
  /** Its last instant; null: it cannot be read, and the exception has ended. */
  readonly until: Instant | null;
  readonly isInForce: boolean;
};

export type PolicyNow = {
  readonly digest: string;
  readonly mark: Policy['environment']['mark'];
  readonly environment: Policy['environment'];
  /** All profiles, by their ids. */
  readonly profiles: readonly Profile[];
  readonly exceptions: readonly PolicyException[];
  readonly codeLists: readonly { readonly name: CodeListName; readonly id: string; readonly date: string }[];
};

export function readPolicy(
  { policy, clock }: Pick<World, 'policy' | 'clock'>,
  account: Account,
): Result<PolicyNow, OperationFailure> {
  const permitted = decideAccess(account, 'read-authorities', null);
  if (!permitted.ok) return permitted;
  const { digest, environment, codeLists } = policy;
  return ok({
    digest,
    mark: environment.mark,
    environment,
    profiles: [...policy.profiles.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
    exceptions: exceptionsOf(policy, clock()),
    codeLists: [...codeLists].map(([name, { id, date }]) => ({ name, id, date })),
  });
}

function exceptionsOf({ environment }: Policy, now: Instant): readonly PolicyException[] {
  const { keyExceptions, lintExceptions } = environment;
  const all = [
    ...keyExceptions.map(({ keyType, ...rest }) => ({ kind: 'key' as const, what: keyType, ...rest })),
    ...lintExceptions.map(({ rule, ...rest }) => ({ kind: 'lint' as const, what: rule, ...rest })),
  ];
  return all.map(({ expires, ...exception }) => ({
    ...exception,
    until: parseInstant(expires),
    isInForce: isInForce({ expires }, now),
  }));
}

export type ProfileInPolicy = {
  readonly now: ProfileNow;
  readonly environment: Policy['environment'];
  readonly exceptions: readonly PolicyException[];
  /** The newest certificate of the profile that the account may find; null: there is none. */
  readonly newest: CertificateSummary | null;
};

export async function readProfile(
  world: World,
  account: Account,
  id: string,
): Promise<Result<ProfileInPolicy, OperationFailure>> {
  const permitted = decideAccess(account, 'read-authorities', null);
  if (!permitted.ok) return permitted;
  const profile = world.policy.profiles.get(id);
  if (profile === undefined) return err(notFound('no-profile', { id }));
  const now = world.clock();
  const exceptions = exceptionsOf(world.policy, now).filter(
    ({ profiles }) => profiles.includes('*') || profiles.includes(id),
  );
  const known = { now: profileNow(world, profile), environment: world.policy.environment, exceptions };
  if (!decideAccess(account, 'find', null).ok) return ok({ ...known, newest: null });
  const filter = { profile: id, scope: account.scope, now, limit: 1 };
  const found = await world.store.read((reads) => reads.searchSummaries(filter));
  if (!found.ok) return found;
  return ok({ ...known, newest: found.value.ok ? (found.value.value.items[0] ?? null) : null });
}
