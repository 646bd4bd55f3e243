/**
 * Remote updates through the API. Without these tests a card could be left without valid
 * certificates, or get some that its present key has not signed for.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Answer, assertProblem, type IssuedCertificate } from '../../support/service/client.js';
import { openDatabase } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import {
  type BegunUpdate,
  begin,
  beginOf,
  hashesOf,
  issueCard,
  pathOf,
  platformOf,
  type Speaker,
  tell,
  type Update,
  word,
} from '../../support/updates/remote-card.js';

/** Returns the detail of a conflict with this rule. */
function conflict(answer: Answer, rule: string): string {
  const problem = assertProblem(answer, { status: 409, code: 'state-conflict' });
  assert.equal(problem.rule, rule, JSON.stringify(problem));
  return problem.detail ?? '';
}

describeService('a remote update', { on: 'each' }, (running) => {
  let platform: string;
  before(async () => {
    platform = await platformOf(running.cards);
  });
  const speaker = async (): Promise<Speaker> => ({ platform, card: await issueCard(running.cards) });
  const begun = async (): Promise<BegunUpdate> => begin(running.cards, await speaker());
  const read = ({ card, update }: BegunUpdate): Promise<Update> =>
    running.cards.expect<Update>('GET', pathOf(card, update.id));
  const statusOf = async ({ id }: { readonly id: string }): Promise<string> =>
    (await running.cards.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`)).status;
  const statuses = (certificates: readonly { readonly id: string }[]): Promise<readonly string[]> =>
    Promise.all(certificates.map(statusOf));
  const oldOf = ({ card }: Speaker) => card.set.map(({ certificate }) => certificate);
  const call = ({ card, update }: BegunUpdate, name: string, body: object = {}) =>
    running.cards.call('POST', pathOf(card, update.id, name), { body });
  const isState = (answer: { readonly status: number; readonly body: unknown }, state: string): void => {
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal((answer.body as Update).state, state);
  };

  it('offers pending certificates that renew those of the card, and both sets are good', async () => {
    const one = await begun();
    const { update } = one;
    assert.equal(update.state, 'offered');
    assert.deepEqual(
      update.certificates.map(({ renews, card, holder, profile }) => ({ renews, card, holder, profile })),
      oldOf(one).map(({ id, card, holder, profile }) => ({ renews: id, card, holder, profile })),
    );
    assert.deepEqual(
      update.replaces,
      oldOf(one).map(({ id }) => id),
    );
    assert.deepEqual(await statuses(update.certificates), ['pending', 'pending']);
    assert.deepEqual(await statuses(oldOf(one)), ['issued', 'issued']);
    const days = (Date.parse(update.confirmBy ?? '') - Date.now()) / 86_400_000;
    assert.ok(days > 2.9 && days < 3.1, String(days));
  });

  it('is confirmed by the new key, again with the same answer, and the old set stays for the overlap', async () => {
    const one = await begun();
    isState(await call(one, 'writing'), 'writing');
    isState(await call(one, 'writing'), 'writing');
    const confirmed = await tell(one, 'confirm');
    isState(confirmed, 'confirmed');
    assert.deepEqual((await tell(one, 'confirm')).body, confirmed.body);
    assert.deepEqual(await statuses(one.update.certificates), ['issued', 'issued']);
    assert.deepEqual(await statuses(oldOf(one)), ['issued', 'issued']);
    conflict(await tell(one, 'abandon'), 'update-ended');
    const { endedBy } = await read(one);
    assert.equal(endedBy, `certificate:aci-fo-pp/${one.update.certificates[0]?.serialNumber}`);
  });

  it('is the same update when its begin comes again, under a key, with another statement, or doubled', async () => {
    const who = await speaker();
    const { body } = beginOf(who);
    const headers = { 'idempotency-key': randomUUID() };
    const both = await Promise.all([1, 2].map(() => running.cards.call('POST', pathOf(who.card), { body, headers })));
    for (const answer of both) if (answer.status === 409) assertProblem(answer, { status: 409, code: 'in-progress' });
    const again = await running.cards.call('POST', pathOf(who.card), { body, headers });
    assert.equal(again.status, 200);
    const plain = await running.cards.call('POST', pathOf(who.card), { body });
    assert.deepEqual([plain.status, plain.body], [200, again.body]);
    const made = both.filter(({ status }) => status === 201);
    assert.equal(made.length, 1);
    const other = { ...body, channel: 'secure-messaging' };
    const mismatch = await running.cards.call('POST', pathOf(who.card), { body: other, headers });
    assertProblem(mismatch, { status: 422, code: 'idempotency-mismatch' });
    const page = await running.cards.expect<{ readonly updates: readonly Update[] }>('GET', pathOf(who.card));
    assert.equal(page.updates.length, 1);
  });

  it('is one at a time for a card, and says so to the key that the card holds already', async () => {
    const one = await begun();
    const other = await running.cards.call('POST', pathOf(one.card), { body: beginOf(one).body });
    assert.ok(conflict(other, 'update-live').includes(one.update.id));
    const withNew = { ...one, card: { ...one.card, set: one.fresh } };
    const confirmed = await running.cards.call('POST', pathOf(one.card), { body: beginOf(withNew).body });
    assert.match(conflict(confirmed, 'update-live'), /confirm it/);
    const { overlapUntil } = (await tell(one, 'confirm')).body as Update;
    const early = await running.cards.call('POST', pathOf(one.card), { body: beginOf(withNew).body });
    assert.ok(conflict(early, 'update-live').includes(`is over, on ${overlapUntil}`));
  });

  it('is abandoned by the word of the account before it writes, and by the old key afterwards', async () => {
    const unwritten = await begun();
    isState(await call(unwritten, 'abandonment', { written: false }), 'abandoned');
    isState(await call(unwritten, 'abandonment', { written: false }), 'abandoned');
    assert.deepEqual(await statuses(unwritten.update.certificates), ['revoked', 'revoked']);
    const written = await begun();
    isState(await call(written, 'writing'), 'writing');
    const refused = await call(written, 'abandonment', { written: false });
    conflict(refused, 'update-writing');
    isState(await tell(written, 'abandon'), 'abandoned');
    assert.deepEqual(await statuses(written.update.certificates), ['revoked', 'revoked']);
    assert.deepEqual(await statuses(oldOf(written)), ['issued', 'issued']);
    for (const one of [unwritten, written]) conflict(await tell(one, 'confirm'), 'update-ended');
    for (const body of [{}, { written: false, proof: word(written, { verb: 'abandon' }, written.card.set) }])
      assertProblem(await call(written, 'abandonment', body), {
        status: 400,
        code: 'invalid-request',
        rule: 'proof-or-word',
      });
  });

  it('changes nothing when the card holds some of the new certificates, or one that nobody has made for it', async () => {
    const one = await begun();
    const partial = (answer: Answer) => conflict(answer, 'read-back-partial');
    const some = [...hashesOf(one.card.set), ...hashesOf(one.fresh).slice(0, 1)];
    partial(await tell(one, 'confirm', { onCard: some }));
    partial(await tell(one, 'abandon', { onCard: some }));
    partial(await tell(one, 'confirm', { onCard: hashesOf(one.card.set) }));
    const strange = await tell(one, 'confirm', { onCard: ['f'.repeat(64), ...hashesOf(one.fresh)] });
    const { reason } = assertProblem(strange, { status: 409, code: 'card-to-desk' }) as { readonly reason?: string };
    assert.equal(reason, 'unknown-certificate');
    assert.equal((await read(one)).state, 'offered');
    isState(await tell(one, 'confirm'), 'confirmed');
  });

  it('hears no other key than the one that may speak, and no other statement', async () => {
    const [one, other] = [await begun(), await begun()];
    const rejected = { status: 422, code: 'proof-rejected', pointer: '/proof' } as const;
    const by = (set: BegunUpdate['fresh']) => tell(one, 'confirm', { by: set });
    for (const set of [one.card.set, one.fresh.slice(1), other.fresh])
      assertProblem(await by(set), { ...rejected, rule: 'certificate-of-this-card' });
    const elsewhere = { ...one, update: { ...other.update, id: one.update.id }, card: other.card };
    assertProblem(await tell(elsewhere, 'confirm'), { status: 404, code: 'not-found' });
    const { body } = beginOf(other);
    const swapped = await running.cards.call('POST', pathOf((await speaker()).card), { body });
    assertProblem(swapped, rejected);
    assert.equal((await read(one)).state, 'offered');
  });

  it('does not begin on a card that cannot hold the new keys beside the present ones', async () => {
    const who = await speaker();
    const none = beginOf(who, { capabilities: undefined }).body;
    const unknown = await running.cards.call('POST', pathOf(who.card), { body: none });
    assertProblem(unknown, { status: 422, code: 'policy-violated', rule: 'capabilities-known' });
    const full = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 1 };
    const refused = await running.cards.call('POST', pathOf(who.card), {
      body: beginOf(who, { capabilities: full }).body,
    });
    const { reason } = assertProblem(refused, { status: 409, code: 'card-to-desk' }) as { readonly reason?: string };
    assert.equal(reason, 'no-spare-container');
  });

  it('begins in the window of its profile, and says when the window opens', async () => {
    const who = { platform, card: await issueCard(running.cards, 91) };
    const early = await running.cards.call('POST', pathOf(who.card), { body: beginOf(who).body });
    const rule = { status: 422, code: 'policy-violated', pointer: '/requests/1/profile', rule: 'update-window' };
    assertProblem(early, rule);
  });

  it('begins three times a day at most', async () => {
    let who: Speaker = await speaker();
    for (let count = 0; count < 3; count += 1) {
      const one = await begin(running.cards, who);
      isState(await call(one, 'abandonment', { written: false }), 'abandoned');
      who = { platform, card: one.card };
    }
    const fourth = await running.cards.call('POST', pathOf(who.card), { body: beginOf(who).body });
    assertProblem(fourth, { status: 422, code: 'policy-violated', rule: 'updates-per-day' });
  });

  it('ends with its card, and with its new certificates', async () => {
    const opposed = await begun();
    const card = `/v1/cards/${encodeURIComponent(opposed.card.tokenId)}`;
    await running.officer.expect('POST', `${card}/revocation`, { body: { reason: 'keyCompromise' } });
    assert.equal((await read(opposed)).state, 'ended');
    const revoked = await begun();
    const [first, second] = revoked.update.certificates;
    const revoke = (id: string) =>
      running.officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
    await revoke(first?.id ?? '');
    assert.equal((await read(revoked)).state, 'offered', 'the card may hold the other one');
    await revoke(second?.id ?? '');
    assert.equal((await read(revoked)).state, 'ended');
    isState(await tell(await begun(), 'confirm'), 'confirmed');
  });

  it('is listed for officers by its state, and not for others', async () => {
    const one = await begun();
    const page = await running.officer.expect<{ readonly updates: readonly Update[] }>(
      'GET',
      '/v1/updates?state=offered',
    );
    assert.equal(page.updates[0]?.id, one.update.id);
    assertProblem(await running.cards.call('GET', '/v1/updates'), { status: 403, code: 'not-permitted' });
    const decision = { outcome: 'confirmed', reason: 'its holder was asked' };
    const early = await running.officer.call('POST', `/v1/updates/${one.update.id}/decision`, { body: decision });
    conflict(early, 'update-determined');
  });

  it('keeps every statement that it has accepted, and names it in the audit log', async () => {
    const one = await begun();
    await tell(one, 'confirm');
    const database = await openDatabase(running.shared.service.at);
    const kept = await database.all(
      'select verb, statement, sha256 from card_proofs where update_id = ? order by id',
      one.update.id,
    );
    const entries = await database.all(`select bytes from audit_entries where type like 'update.%' order by seq`);
    await database.close();
    assert.deepEqual(
      kept.map(({ verb }) => verb),
      ['begin', 'confirm'],
    );
    const details = entries.map(
      ({ bytes }) =>
        JSON.parse(String(bytes)) as {
          readonly type: string;
          readonly details: { readonly id: string; readonly proof?: string };
        },
    );
    const own = details.filter((entry) => entry.details.id === one.update.id);
    assert.deepEqual(
      own.map(({ type }) => type),
      ['update.begun', 'update.offered', 'update.confirmed'],
    );
    assert.deepEqual(
      own.map((entry) => entry.details.proof ?? null),
      [kept[0]?.sha256, null, kept[1]?.sha256],
    );
  });
});
