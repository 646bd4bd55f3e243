/**
 * EST with the secret of a registration. Without these tests a registration could be used twice, or
 * its holder be another one.
 */
import assert from 'node:assert/strict';
import { type EstSent, est } from '../../../support/est/est.js';
import { requestDer } from '../../../support/est/request.js';
import { makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { orderOf, type ProfileId, STRUCTURE } from '../../../support/service/orders.js';

type Subject = Parameters<typeof requestDer>[1]['subject'];
const bodyWith = (subject: Subject): string => requestDer(makeKey(), { subject }).toString('base64');

describeService('EST with a registration', { on: 'each' }, (running) => {
  const ask = (sent: EstSent) => est(running.shared.service, sent);

  async function register(profiles: readonly [ProfileId, ...ProfileId[]]) {
    const { profile: _profile, ...order } = orderOf(profiles[0]);
    const made = await running.cards.expect<Record<'id' | 'reference' | 'secret', string>>(
      'POST',
      '/v1/registrations',
      {
        body: { profiles, ...order },
      },
    );
    return { ...made, order, basic: `${made.reference}:${made.secret}` };
  }

  it('issues once what was registered, to a request that names nothing or the reference, and the same to its repetition', async () => {
    for (const name of [null, 'reference'] as const) {
      const { basic, reference } = await register(['elementaire/org-auth-cli']);
      const subject: Subject = name === null ? [] : [['CN', reference]];
      const body = bodyWith(subject);
      const first = await ask({ operation: 'simpleenroll', body, basic });
      assert.equal(first.status, 200, first.text);
      assert.equal((await ask({ operation: 'simpleenroll', body, basic })).text, first.text);
      const second = await ask({ operation: 'simpleenroll', body: bodyWith(subject), basic });
      assert.equal(second.status, 409, second.text);
      assert.match(second.text, /registration-profile-unused/);
    }
  });

  it('needs a label where several profiles are unused, and takes the last one without', async () => {
    const { basic } = await register(['elementaire/org-auth-cli', 'elementaire/org-sign']);
    const unclear = await ask({ operation: 'simpleenroll', body: bodyWith([]), basic });
    assert.equal(unclear.status, 404);
    assert.match(unclear.text, /elementaire~org-auth-cli, elementaire~org-sign/);
    const named = await ask({ operation: 'elementaire~org-sign/simpleenroll', body: bodyWith([]), basic });
    assert.equal(named.status, 200, named.text);
    const last = await ask({ operation: 'simpleenroll', body: bodyWith([]), basic });
    assert.equal(last.status, 200, last.text);
  });

  it('refuses a value that contradicts, another profile, and what was withdrawn, and serves nobody twice', async () => {
    const { basic, id } = await register(['elementaire/org-auth-cli']);
    const other = await ask({
      operation: 'simpleenroll',
      body: bodyWith([
        ['OU', STRUCTURE.id],
        ['CN', 'OTHER'],
      ]),
      basic,
    });
    assert.equal(other.status, 422, other.text);
    const profile = await ask({ operation: 'elementaire~org-sign/simpleenroll', body: bodyWith([]), basic });
    assert.equal(profile.status, 403, profile.text);
    await running.cards.expect('POST', `/v1/registrations/${id}/withdrawal`);
    const withdrawn = await ask({ operation: 'simpleenroll', body: bodyWith([]), basic });
    assert.equal(withdrawn.status, 409, withdrawn.text);
  });

  it('has its names in csrattrs', async () => {
    const { basic, order } = await register(['elementaire/serv-ssl']);
    const answer = await ask({ operation: 'csrattrs', basic });
    const said = Buffer.from(answer.text, 'base64').toString('latin1');
    const { names } = order.holder as { readonly names: readonly string[] };
    for (const name of [...names, STRUCTURE.name, STRUCTURE.id]) assert.ok(said.includes(name), name);
  });
});
