/** A card with valid certificates has one holder and one product. */
import assert from 'node:assert/strict';
import { assertProblem } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf, cardBody, nextNumber, professional, tokenId } from '../../support/service/orders.js';

describeService('a card', { on: 'each' }, (running) => {
  const at = (number: number): string => `/v1/cards/${encodeURIComponent(tokenId(number))}`;
  /** The card with one number for the professional with another. */
  const bodyFor = (card: number, holder: number): object => ({ ...cardBody(card), holder: professional(holder) });
  const order = (card: number, holder: number) =>
    running.cards.call('POST', `${at(card)}/certificates`, { body: bodyFor(card, holder) });

  it('with valid certificates cannot get another holder until they are revoked', async () => {
    const [card, other] = [nextNumber(), nextNumber()];
    assert.equal((await order(card, card)).status, 201);
    assert.equal((await order(card, card)).status, 201);
    const refused = { status: 422, code: 'policy-violated', pointer: '/card/tokenId', rule: 'card-of-one-holder' };
    assertProblem(await order(card, other), refused);
    await running.cards.expect('POST', `${at(card)}/revocation`, { body: { reason: 'superseded' } });
    assert.equal((await order(card, other)).status, 201);
  });

  it('gets only one holder, even with simultaneous requests', async () => {
    const card = nextNumber();
    const answers = await Promise.all(Array.from({ length: 8 }, () => order(card, nextNumber())));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    for (const refused of answers.filter(({ status }) => status !== 201))
      assertProblem(refused, { status: 422, code: 'policy-violated', rule: 'card-of-one-holder' });
  });

  it('cannot change its product while it has valid certificates', async () => {
    const number = nextNumber();
    assert.equal((await order(number, number)).status, 201);
    const body = { ...bodyOf('standard/cpe-signature'), card: { tokenId: tokenId(number), product: 'cpe' } };
    const answer = await running.cards.call('POST', '/v1/certificates', { body });
    const refused = { status: 422, code: 'policy-violated', pointer: '/card/product', rule: 'card-product-constant' };
    assertProblem(answer, refused);
  });

  it('has one certificate per profile: a request with a duplicate profile is rejected completely', async () => {
    const number = nextNumber();
    const requests = Array.from({ length: 2 }, () => ({ profile: 'fort/cps-signature', csr: makeCsr(makeKey()) }));
    const answer = await running.cards.call('POST', `${at(number)}/certificates`, {
      body: { ...cardBody(number), requests },
    });
    const rule = 'profiles-of-card-differ';
    assertProblem(answer, { status: 422, code: 'policy-violated', pointer: '/requests/1/profile', rule });
    const revocation = { body: { reason: 'superseded' } };
    assertProblem(await running.cards.call('POST', `${at(number)}/revocation`, revocation), {
      status: 404,
      code: 'not-found',
    });
  });
});
