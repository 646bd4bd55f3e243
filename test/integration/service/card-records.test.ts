/**
 * Cards and holders of a running service: what the API and the commands say of them. Without it, a
 * service desk could see another state of a card than the one that decides.
 */
import assert from 'node:assert/strict';
import { CAPABILITIES, callCardRoutes, cardPath } from '../../support/cards/card-routes.js';
import { describeService } from '../../support/service/describe-service.js';
import { cardBody, nextNumber, tokenId } from '../../support/service/orders.js';
import { runPfcng } from '../../support/service/service.js';

type Details = {
  readonly holder: string;
  readonly state: string;
  readonly reason: string | null;
  readonly replacement: { readonly tokenId: string; readonly until: string | null } | null;
  readonly capabilities: { readonly deskReasons: readonly string[]; readonly reportedBy: string } | null;
  readonly certificates: readonly { readonly status: string }[];
};

describeService('cards and holders', { on: 'each', traced: true }, (running) => {
  const issued = async (): Promise<number> => {
    const number = nextNumber();
    await running.cards.expect('POST', `${cardPath(number)}/certificates`, { body: cardBody(number) });
    return number;
  };
  const report = (number: number, change: object = {}) =>
    running.cards.call('POST', `${cardPath(number)}/capabilities`, { body: { ...CAPABILITIES, ...change } });

  it('are shown with their certificates, capabilities and replacements', () => callCardRoutes(running));

  it('have their end in the API, with its reason, and are listed by it', async () => {
    const number = await issued();
    const before = await running.officer.expect<Details>('GET', cardPath(number));
    assert.deepEqual([before.state, before.reason], ['in-use', null]);
    await running.officer.expect('POST', `${cardPath(number)}/revocation`, { body: { reason: 'unspecified' } });
    const after = await running.officer.expect<Details>('GET', cardPath(number));
    assert.deepEqual([after.state, after.reason], ['opposed', 'unspecified']);
    assert.deepEqual(
      after.certificates.map(({ status }) => status),
      ['revoked', 'revoked'],
    );
    const query = `/v1/cards?state=opposed&holder=${before.holder}&limit=1`;
    const page = await running.officer.expect<{ readonly cards: readonly { readonly tokenId: string }[] }>(
      'GET',
      query,
    );
    assert.deepEqual(
      page.cards.map((card) => card.tokenId),
      [tokenId(number)],
    );
    await running.officer.expect('POST', `/v1/holders/${before.holder}/revocation`, {
      body: { reason: 'privilegeWithdrawn' },
    });
    const barred = await running.officer.expect<{ readonly state: string }>('GET', `/v1/holders/${before.holder}`);
    assert.equal(barred.state, 'barred');
  });

  it('say before a card is touched why it has to go to a desk', async () => {
    const number = await issued();
    const reasonsOf = async (change: object) => {
      const answer = await report(number, change);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return (answer.body as unknown as Details).capabilities?.deskReasons;
    };
    assert.deepEqual(await reasonsOf({}), []);
    assert.deepEqual(await reasonsOf({ generation: 'cps9' }), ['generation-unknown']);
    assert.deepEqual(await reasonsOf({ applet: '3.9.9', keyTypes: ['ed25519'], spareContainers: 1 }), [
      'applet-too-old',
      'key-type-not-made',
      'no-spare-container',
    ]);
    assert.deepEqual(await reasonsOf({ generation: 'cps3', keyTypes: ['rsa-2048'] }), ['generation-cannot-update']);
  });

  it('refuse what is not a card, a version, a duration or an account that may', async () => {
    const number = await issued();
    const unknown = await running.officer.call('GET', '/v1/cards/8025000001%2F0000000000');
    const nul = await running.officer.call('GET', '/v1/cards/%00');
    const holder = await running.officer.call('GET', '/v1/holders/%00');
    const notACard = await running.cards.call('POST', '/v1/cards/x/capabilities', { body: CAPABILITIES });
    assert.deepEqual(
      [unknown, nul, holder, notACard].map(({ status }) => status),
      Array(4).fill(404),
    );
    const refused = [
      await report(number, { applet: '4.x' }),
      await report(number, { keyTypes: [] }),
      await report(number, { spareContainers: -1 }),
      await running.cards.call('POST', `${cardPath(number)}/replacement`, { body: { tokenId: 'x', overlap: 'P7D' } }),
      await running.cards.call('POST', `${cardPath(number)}/replacement`, {
        body: { tokenId: tokenId(nextNumber()), overlap: 'P91D' },
      }),
      await running.officer.call('GET', '/v1/cards?cursor=x'),
    ];
    assert.deepEqual(
      refused.map(({ status }) => status),
      Array(6).fill(400),
    );
    const officer = await running.officer.call('POST', `${cardPath(number)}/capabilities`, { body: CAPABILITIES });
    assert.equal(officer.status, 403);
  });

  it('are the same in the commands', async () => {
    const number = await issued();
    const { at } = running.shared.service;
    const pfcng = async (...args: readonly string[]): Promise<string> => {
      const { status, stdout, stderr } = await runPfcng(at, ...args);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    const capabilities = [
      '--generation',
      'cps4',
      '--applet',
      '4.1.0',
      '--key-type',
      'p-256',
      '--spare-containers',
      '2',
    ];
    assert.match(await pfcng('card', 'capabilities', tokenId(number), ...capabilities), /can be updated remotely/);
    const other = tokenId(nextNumber());
    assert.match(await pfcng('card', 'replace', tokenId(number), other, '--overlap', 'P7D'), /replaced by 8025000001/);
    const shown = await pfcng('card', 'show', tokenId(number));
    assert.match(shown, /^in-use since [\s\S]*certificate [0-9a-f-]{36}: fort\/[\s\S]*open: replacement /m);
    const { holder } = JSON.parse(await pfcng('card', 'show', tokenId(number), '--json')) as Details;
    assert.match(await pfcng('holder', 'show', holder), /^holder \d+: free\ncard /);
  });
});
