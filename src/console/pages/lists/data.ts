/** What the page of the lists of one CA shows. */
import { MINUTE_MS } from '../../../kernel/duration.js';
import { ok, type Result } from '../../../kernel/result.js';
import { type AuthorityState, readAuthority } from '../../../operations/crl/read-authorities.js';
import { readCrlHistory } from '../../../operations/crl/read-history.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { AddressCheck, ServingContext } from '../../../operations/serving.js';
import { parseScope } from '../../../policy/publication/crl-scopes.js';
import type { CrlPosition, CrlRecord } from '../../../ports/store/crls.js';
import { PAGE_SIZE } from '../../cursors.js';
import type { PageRequest } from '../../page.js';

export type AuthorityListsData = AuthorityState & {
  /** All lists, the newest first, one page. */
  readonly rows: readonly CrlRecord[];
  readonly next: string | null;
  /** The full lists of all certificates among the last ones, the oldest first. */
  readonly fulls: readonly CrlRecord[];
  readonly hasDelta: boolean;
  /** What relying parties get now; null: it was not asked for. */
  readonly checks: readonly AddressCheck[] | null;
  /** The action that was just done. */
  readonly done: string | undefined;
};

/** Lists from which the plots are made, those of partitions and deltas among them. */
const PLOTTED_MAX = 500;

export async function loadAuthorityLists(
  { world, checkAddresses }: ServingContext,
  { account, params, query }: PageRequest,
): Promise<Result<AuthorityListsData, OperationFailure>> {
  const id = params.issuer ?? '';
  const authority = await readAuthority(world, account, id);
  if (!authority.ok) return authority;
  const page = await readCrlHistory(world, account, { issuer: id, before: positionIn(query.cursor), limit: PAGE_SIZE });
  if (!page.ok) return page;
  const recent = await readCrlHistory(world, account, { issuer: id, before: null, limit: PLOTTED_MAX });
  if (!recent.ok) return recent;
  const fulls = recent.value.crls.filter(({ scope, state }) => scope === 'full' && state === 'published');
  return ok({
    ...authority.value,
    rows: page.value.crls,
    next: page.value.next === null ? null : cursorOf(page.value.next),
    fulls: fulls.toReversed(),
    hasDelta: world.policy.environment.addresses.deltaCrl,
    checks: query.check === 'now' ? await checkAddresses(authority.value.issuer.id) : null,
    done: query.done,
  });
}

/** Minutes between a full list and the one before it; null: it is the first one. */
export function minutesSinceLast(fulls: readonly CrlRecord[], index: number): number | null {
  const [before, list] = [fulls[index - 1], fulls[index]];
  return before === undefined || list === undefined
    ? null
    : Math.round((list.thisUpdate - before.thisUpdate) / MINUTE_MS);
}

function cursorOf({ thisUpdate, scope, number }: CrlPosition): string {
  return `${thisUpdate}.${scope}.${number}`;
}

/** null: the first page. */
function positionIn(cursor: string | undefined): CrlPosition | null {
  const [, thisUpdate = '', name = '', number = ''] =
    /^(\d{1,15})\.([a-z0-9-]{1,12})\.(\d{1,15})$/.exec(cursor ?? '') ?? [];
  const scope = parseScope(name);
  return scope === null ? null : { thisUpdate: Number(thisUpdate), scope, number: Number(number) };
}
