/** The routes of counts. */
import assert from 'node:assert/strict';
import { assertProblem } from '../service/client.js';
import type { RunningService } from '../service/describe-service.js';

type ExpiringAnswer = { readonly weeks: readonly { readonly week: string; readonly count: number }[] };

/** Calls each route of counts with success; what they count is tested elsewhere. */
export async function callCountRoutes({ shared }: RunningService): Promise<void> {
  const operator = shared.as('operator');
  const today = new Date().toISOString().slice(0, 10);
  await operator.expect('GET', `/v1/counts?from=2026-01-01&to=2026-12-31`);
  await operator.expect('GET', `/v1/counts?from=${today}&to=${today}`);
  const { weeks } = await operator.expect<ExpiringAnswer>('GET', '/v1/expiring?days=366');
  for (const { week } of weeks) assert.equal(new Date(week).getUTCDay(), 1, `${week} is a Monday`);
  await shared.as('support').expect('GET', '/v1/expiring/structures?days=366&profile=fort/cps-signature');
  const wrong: readonly (readonly [query: string, pointer: string, rule: string])[] = [
    ['from=2026-02-30&to=2026-03-01', '?/from', 'day-in-calendar'],
    ['from=2026-02-01&to=2026-13-01', '?/to', 'day-in-calendar'],
    ['from=2026-02-02&to=2026-02-01', '?/to', 'counted-days'],
    ['from=2026-01-01&to=2027-12-31', '?/to', 'counted-days'],
    ['from=yesterday&to=2026-02-01', '?/from', 'pattern'],
  ];
  for (const [query, pointer, rule] of wrong)
    assertProblem(await operator.call('GET', `/v1/counts?${query}`), {
      status: 400,
      code: 'invalid-request',
      pointer,
      rule,
    });
}
