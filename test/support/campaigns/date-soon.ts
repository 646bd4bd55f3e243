import assert from 'node:assert/strict';
import type { Answer, Client } from '../service/client.js';
import { until } from '../until.js';

export type Officers = { readonly first: Client; readonly second: Client };

/**
 * Asks for an action on a campaign, and has the second officer approve it.
 * @param action campaign and action, such as `{id}/dates`
 * @returns the answer to the last of the two requests
 */
export async function askTwo({ first, second }: Officers, action: string, body: object = {}): Promise<Answer> {
  const asked = await first.call('POST', `/v1/campaigns/${action}`, { body });
  if (asked.status >= 300) return asked;
  const { approval } = asked.body as { readonly approval: { readonly id: string } };
  return second.call('POST', `/v1/approvals/${approval.id}`, { body: { decision: 'approve' } });
}

/**
 * Has two officers set and arm a date that comes in a moment, and waits until it has acted. On a
 * slow machine a date passes between the two decisions; then they take one that is further away.
 */
export async function actSoon(officers: Officers, id: string, date: 'suspension' | 'revocation'): Promise<void> {
  let armed: Answer | null = null;
  for (const seconds of [3, 30, 200]) {
    const at = new Date(Date.now() + seconds * 1_000).toISOString();
    await askTwo(officers, `${id}/dates`, date === 'suspension' ? { suspendsAt: at } : { revokesAt: at });
    armed = await askTwo(officers, `${id}/arming`, { date });
    if (armed.status === 200) break;
  }
  assert.equal(armed?.status, 200, JSON.stringify(armed?.body));
  await until(`the ${date} of a campaign`, async () => {
    const { action, dates } = await officers.first.expect<{
      readonly action: unknown;
      readonly dates: Readonly<Record<string, { readonly outcome: string | null } | null>>;
    }>('GET', `/v1/campaigns/${id}`);
    return dates[date]?.outcome === 'acted' && action === null;
  });
}
