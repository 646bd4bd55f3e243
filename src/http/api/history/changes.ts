/**
 * The handler that lists the changes of certificates after an entry of the audit log, for other
 * systems that follow them.
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok } from '../../../kernel/result.js';
import { type FollowedChange, followChanges } from '../../../operations/certificates/follow-changes.js';
import { reasonOf, renderSummary } from '../../../operations/certificates/summary-rows.js';
import type { World } from '../../../operations/world.js';
import type { Handler } from '../handler.js';
import { pageLimit } from '../handlers/certificates.js';

export const getChanges: Handler = async ({ world }, { account, query }) => {
  const read = await followChanges(world, account, { after: Number(query.after), limit: pageLimit(query.limit) });
  if (!read.ok) return read;
  const { changes, next, more } = read.value;
  return ok({ changes: changes.map((change) => renderChange(world, change)), next, more });
};

function renderChange(world: World, { seq, kind, at, state, certificate }: FollowedChange): Json {
  return {
    entry: seq,
    kind,
    at: formatInstant(at),
    status: state.status,
    reason: reasonOf(state),
    certificate: renderSummary(world, certificate),
  };
}
