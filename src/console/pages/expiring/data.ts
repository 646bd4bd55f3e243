import { profileInScope, rolesPermit } from '../../../access/decide.js';
import { untranslated } from '../../../kernel/bilingual.js';
import type { Instant } from '../../../kernel/clock.js';
import { DAY_MS } from '../../../kernel/duration.js';
import { LIMITS } from '../../../kernel/limits.js';
import { ok, type Result } from '../../../kernel/result.js';
import { countExpiring, countExpiringOfStructures } from '../../../operations/counts/count-expiring.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { World } from '../../../operations/world.js';
import type { Account } from '../../../ports/store/accounts.js';
import type { EndingOfStructure } from '../../../ports/store/counts/expiring.js';
import { checkInput, type Field, type FieldFault } from '../../fields.js';
import type { PageRequest } from '../../page.js';
import { filled } from '../../words/filled.js';
import { EXPIRING_WORDS as WORDS } from './words.js';

export type ExpiringData = {
  readonly fields: readonly Field[];
  readonly faults: readonly FieldFault[];
  readonly days: number;
  /** The beginnings of all weeks of the period, with the certificates that end in them. */
  readonly weeks: readonly { readonly at: Instant; readonly count: number }[];
  /** The largest number first. */
  readonly profiles: readonly { readonly profile: string; readonly count: number }[];
  /** What ends until then is counted: the end of the period, or earlier. */
  readonly countedUntil: Instant;
  readonly isComplete: boolean;
  /** null: no profile was chosen, or the account may not find certificates. */
  readonly structures: { readonly profile: string; readonly rows: readonly EndingOfStructure[] } | null;
  /** For the campaigns of cards: attempts before a card goes to a desk. */
  readonly attemptsMax: number;
};

const DAYS_DEFAULT = 90;
/** Monday, 5 January 1970. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;
export const STRUCTURES_SHOWN_MAX = 50;

export async function loadExpiring(
  { world }: ServingContext,
  { account, query }: PageRequest,
): Promise<Result<ExpiringData, OperationFailure>> {
  const fields = fieldsOf(world, account);
  const checked = checkInput(fields, query);
  const input = checked.ok ? checked.value : {};
  const days = Number(input.days ?? DAYS_DEFAULT);
  const counted = await countExpiring(world, account, { days });
  if (!counted.ok) return counted;
  const structures = await structuresOf(world, account, { days, profile: input.profile });
  if (!structures.ok) return structures;
  const { rows, countedUntil, isComplete } = counted.value;
  const now = world.clock();
  return ok({
    fields,
    faults: checked.ok ? [] : checked.error,
    days,
    weeks: weeksOf(rows, { now, until: countedUntil }),
    profiles: sumsOf(rows.map(({ profile, count }) => [profile, count] as const))
      .map(([profile, count]) => ({ profile, count }))
      .sort((one, other) => other.count - one.count),
    countedUntil,
    isComplete,
    structures: structures.value,
    attemptsMax: world.policy.environment.updates.attemptsMax,
  });
}

function fieldsOf({ policy }: Pick<World, 'policy'>, { scope, roles }: Account): readonly Field[] {
  const max = LIMITS.expiringDaysMax;
  const profiles = [...policy.profiles.keys()].filter((id) => profileInScope(scope.profiles, id)).toSorted();
  const days: Field = {
    kind: 'number',
    name: 'days',
    label: WORDS.days,
    hint: filled(WORDS.daysHint, { max: String(max) }),
    min: 1,
    max,
    value: String(DAYS_DEFAULT),
  };
  const options = profiles.map((value) => ({ value, label: untranslated(value) }));
  return rolesPermit(roles, 'find')
    ? [days, { kind: 'select', name: 'profile', label: WORDS.profile, options }]
    : [days];
}

async function structuresOf(
  world: World,
  account: Account,
  { days, profile }: { readonly days: number; readonly profile: string | undefined },
): Promise<Result<ExpiringData['structures'], OperationFailure>> {
  if (profile === undefined || !rolesPermit(account.roles, 'find')) return ok(null);
  const counted = await countExpiringOfStructures(world, account, { days, profile });
  return counted.ok ? ok({ profile, rows: counted.value.rows.slice(0, STRUCTURES_SHOWN_MAX) }) : counted;
}

/** Weeks without any are there too, so that a plot has no gaps. */
function weeksOf(
  rows: readonly { readonly week: number; readonly count: number }[],
  { now, until }: { readonly now: Instant; readonly until: Instant },
): ExpiringData['weeks'] {
  const counts = new Map(sumsOf(rows.map(({ week, count }) => [week, count] as const)));
  if (counts.size === 0) return [];
  const weekOf = (at: Instant): number => Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS);
  const weeks = Array.from({ length: weekOf(until) - weekOf(now) + 1 }, (_, index) => weekOf(now) + index);
  return weeks.map((week) => ({ at: FIRST_MONDAY_MS + week * WEEK_MS, count: counts.get(week) ?? 0 }));
}

function sumsOf<Key>(rows: readonly (readonly [Key, number])[]): readonly (readonly [Key, number])[] {
  const sums = new Map<Key, number>();
  for (const [key, count] of rows) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums];
}
