/**
 * Updates and replacements of one person at once. Without it, both could end the same certificates,
 * and the holder would have none.
 */
import assert from 'node:assert/strict';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { replaceCard } from '../../../src/operations/cards/replace-card.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';
import { type Answer, assertProblem } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { openServiceStore } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import { cardBody, nextNumber, tokenId } from '../../support/service/orders.js';
import {
  begin,
  beginOf,
  issueCard,
  pathOf,
  platformOf,
  type RemoteCard,
  type Speaker,
} from '../../support/updates/remote-card.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

/** The number that the card was made with. */
function numberOf({ tokenId: card }: RemoteCard): number {
  return Number(card.slice(-10)) - Number(tokenId(0).slice(-10));
}

describeService('an update and a replacement of one person', { on: 'each' }, (running) => {
  const speaker = async (): Promise<Speaker> => ({
    platform: await platformOf(running.cards),
    card: await issueCard(running.cards),
  });
  const replace = ({ card }: Speaker): Promise<Answer> =>
    running.cards.call('POST', `/v1/cards/${encodeURIComponent(card.tokenId)}/replacement`, {
      body: { tokenId: tokenId(nextNumber()), overlap: 'P7D' },
    });
  const isRefused = (answer: Answer): void =>
    assert.equal(assertProblem(answer, { status: 409, code: 'state-conflict' }).rule, 'procedure-open');

  it('refuse each other, whichever came first', async () => {
    const updated = await speaker();
    await begin(running.cards, updated);
    isRefused(await replace(updated));
    const replaced = await speaker();
    assert.equal((await replace(replaced)).status, 201);
    isRefused(await running.cards.call('POST', pathOf(replaced.card), { body: beginOf(replaced).body }));
  });

  /** The card gets another certificate, which says that its holder has another profession. */
  const changeProfession = async ({ card }: Speaker): Promise<void> => {
    const { holder, requests, ...rest } = cardBody(numberOf(card)) as {
      readonly holder: object;
      readonly requests: readonly object[];
    };
    const path = `/v1/cards/${encodeURIComponent(card.tokenId)}/certificates`;
    const validity = { notAfter: `${new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 19)}Z` };
    const later = requests.slice(1).map((request) => ({ ...request, csr: makeCsr(makeKey()), validity }));
    const body = { ...rest, holder: { ...holder, profession: '21', title: 'Pharmacien' }, requests: later };
    await running.cards.expect('POST', path, { body });
  };

  it('refuse each other also where the profession of the holder changed between two certificates', async () => {
    const changed = async (): Promise<Speaker> => {
      const one = await speaker();
      await changeProfession(one);
      return one;
    };
    const replaced = await changed();
    assert.equal((await replace(replaced)).status, 201);
    isRefused(await running.cards.call('POST', pathOf(replaced.card), { body: beginOf(replaced).body }));
    const updated = await changed();
    await begin(running.cards, updated);
    isRefused(await replace(updated));
  });

  it('refuse each other also where the profession of the holder changes while one of them is open', async () => {
    const updated = await speaker();
    await begin(running.cards, updated);
    await changeProfession(updated);
    isRefused(await replace(updated));
    const shown = await running.cards.expect<{ readonly procedure: { readonly kind: string } | null }>(
      'GET',
      `/v1/cards/${encodeURIComponent(updated.card.tokenId)}`,
    );
    assert.equal(shown.procedure?.kind, 'update');
    const replaced = await speaker();
    assert.equal((await replace(replaced)).status, 201);
    await changeProfession(replaced);
    isRefused(await replace(replaced));
    isRefused(await running.cards.call('POST', pathOf(replaced.card), { body: beginOf(replaced).body }));
  });

  it('do not both begin when they come at once, from two processes', async () => {
    // As another node does it, on a connection of its own.
    const store = await openServiceStore(running.shared.service.at);
    try {
      for (let round = 0; round < 3; round += 1) {
        const one = await speaker();
        const asked = beginOf(one);
        const replacement = { account: CARD_MANAGEMENT, by: tokenId(nextNumber()), overlapMs: 0 };
        const [update, replaced] = await Promise.all([
          running.cards.call('POST', pathOf(one.card), { body: asked.body }),
          replaceCard({ store, policy: testPolicy() }, one.card.tokenId, replacement),
        ]);
        assert.equal([update.status === 201, replaced.ok].filter((won) => won).length, 1, JSON.stringify(update.body));
        if (update.status !== 201) isRefused(update);
        else assert.ok(!replaced.ok && replaced.error.kind === 'state-conflict');
      }
    } finally {
      await store.close();
    }
  });
});
