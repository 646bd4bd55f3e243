import assert from 'node:assert/strict';
import type { RunningService } from '../service/describe-service.js';
import { cardBody, nextNumber, tokenId } from '../service/orders.js';

type ShownCard = { readonly tokenId: string; readonly holder: string; readonly state: string };
type Details = ShownCard & {
  readonly certificates: readonly { readonly id: string }[];
  readonly procedure: { readonly kind: string } | null;
};
type Holder = { readonly state: string; readonly cards: readonly ShownCard[] };

export function cardPath(number: number): string {
  return `/v1/cards/${encodeURIComponent(tokenId(number))}`;
}

export const CAPABILITIES = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 2 } as const;

/** Calls each route of cards and holders once, with success. */
export async function callCardRoutes({ cards, officer }: RunningService): Promise<void> {
  const [number, other] = [nextNumber(), nextNumber()];
  await cards.expect('POST', `${cardPath(number)}/certificates`, { body: cardBody(number) });
  await cards.expect('POST', `${cardPath(number)}/capabilities`, { body: CAPABILITIES });
  const replacement = { tokenId: tokenId(other), overlap: 'P7D' };
  await cards.expect('POST', `${cardPath(number)}/replacement`, { body: replacement });
  const card = await officer.expect<Details>('GET', cardPath(number));
  assert.deepEqual([card.state, card.certificates.length, card.procedure?.kind], ['in-use', 2, 'replacement']);
  const list = await officer.expect<{ readonly cards: readonly ShownCard[] }>('GET', `/v1/cards?holder=${card.holder}`);
  assert.deepEqual(list.cards.map((one) => one.tokenId).sort(), [tokenId(number), tokenId(other)].sort());
  const holder = await officer.expect<Holder>('GET', `/v1/holders/${card.holder}`);
  assert.deepEqual([holder.state, holder.cards.length], ['free', 2]);
}
