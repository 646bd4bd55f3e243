/**
 * What two officers decide on pages: campaigns, undetermined updates, and the approvals themselves.
 * Without these tests one officer could do alone what needs two, or approve what he was not shown.
 */
import assert from 'node:assert/strict';
import { visitorsOf } from '../../support/console/visitor.js';
import { rawDatabase } from '../../support/db/raw.js';
import { describeService } from '../../support/service/describe-service.js';
import { until } from '../../support/until.js';
import { begin, issueCard, platformOf } from '../../support/updates/remote-card.js';

const FRENCH = { 'accept-language': 'fr' };
const ENGLISH = { 'accept-language': 'en' };
const HOSTILE = '<img src=x onerror=1>';

type StoredObject = { readonly id: string; readonly state: string };

describeService('decisions of two officers', { on: 'each' }, (running) => {
  const { as } = visitorsOf(running);

  const stateOf = async (path: string): Promise<string> =>
    (await running.officer.expect<StoredObject>('GET', path)).state;
  /** The path of the approval that an action has led to. */
  const approvalIn = (path: string): string => {
    const [, approval] = /^(\/console\/approvals\/[0-9a-f-]{36})\?done=request/.exec(path) ?? [];
    assert.ok(approval !== undefined, path);
    return approval;
  };

  /** A change since the request ends it, and its page says so in the language of the reader. */
  const becomesStale = async (path: string): Promise<void> => {
    const officer = as('officer-1');
    const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
    const approval = approvalIn((await officer.act(`${path}/dates`, { suspendsAt: day }, '1')).path);
    await officer.act(`${path}/pause`, {});
    const second = running.shared.as('officer-2');
    const decision = { body: { decision: 'approve' } };
    await assert.rejects(second.expect('POST', `/v1/approvals/${approval.slice(-36)}`, decision), /409/);
    assert.match((await officer.open(approval, FRENCH)).html, /son objet a changé depuis la demande/);
    assert.match((await officer.open(approval, ENGLISH)).html, /its object has changed since the request/);
    await officer.act(`${path}/resume`, {});
  };

  it('open, date and end a campaign, which one officer pauses and resumes', async () => {
    const officer = as('officer-1');
    const card = await issueCard(running.cards);
    const name = `campaign of ${card.tokenId}`;
    const form = { name, reason: 'superseded', cards: 'list', class: 'all', capacity: '60', channel: 'any' };
    const created = await officer.act('/console/campaigns/create', form);
    const [, path = '', id = ''] = /^(\/console\/campaigns\/([0-9a-f-]{36}))\?/.exec(created.path) ?? [];
    assert.match(created.html, /Draft|Brouillon/);
    const raw = JSON.stringify({ card: card.tokenId });
    await running.officer.expect('POST', `/v1/campaigns/${id}/lists/all`, { raw, type: 'application/x-ndjson' });
    const inState = (state: string): Promise<void> =>
      until(`the campaign is ${state}`, async () => (await stateOf(`/v1/campaigns/${id}`)) === state);
    await inState('ready');
    assert.match((await officer.open(path, FRENCH)).html, /0 sur 1 \(0\s%\)/);

    const asked = await officer.act(`${path}/open`, {}, '1');
    const approval = approvalIn(asked.path);
    // The first officer is told why there is no button, and what he posts is refused.
    const own = await officer.open(approval, FRENCH);
    assert.doesNotMatch(own.html, /\/approve"/);
    assert.match(own.html, /un autre officier doit l'approuver/);
    assert.ok(own.html.includes(`/console/audit?id=${approval.slice(-36)}`));
    assert.equal((await officer.open(`${approval}/approve`)).status, 409);
    assert.match((await officer.open(path, FRENCH)).html, /Attend un second officier/);
    assert.doesNotMatch((await officer.open(path)).html, /\/open"/);
    assert.equal(await stateOf(`/v1/campaigns/${id}`), 'ready');
    const second = await as('officer-2').open(approval, FRENCH);
    assert.match(second.html, /pfcng-statement-1/);
    assert.ok(second.html.includes(name));
    const done = await as('officer-2').act(`${approval}/approve`, {}, '1');
    assert.match(done.html, /Exécutée|Executed/);
    const entries = await as('officer-2').open(`/console/audit?id=${approval.slice(-36)}`, ENGLISH);
    assert.match(entries.html, /pproval/);
    await inState('open');

    await officer.act(`${path}/pause`, {});
    await inState('paused');
    await officer.act(`${path}/resume`, {});
    await inState('open');

    const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const dates = await officer.act(`${path}/dates`, { suspendsAt: day }, '1');
    await as('officer-2').act(`${approvalIn(dates.path)}/approve`, {}, '1');
    const arming = await officer.act(`${path}/arm`, { date: 'suspension' }, '1');
    const refused = await as('officer-2').act(`${approvalIn(arming.path)}/refuse`, { reason: HOSTILE });
    assert.ok(!refused.html.includes(HOSTILE));
    assert.match(refused.html, /&lt;img src=x/);
    const shown = await as('auditor').open(path, FRENCH);
    assert.ok(shown.html.includes(`${day}T00:00:00`));
    assert.match(shown.html, /Non armée/);
    assert.doesNotMatch(shown.html, /\/(pause|end|dates)"/);
    const cards = await officer.open(`${path}/cards?state=waiting`);
    assert.ok(cards.html.replaceAll('<wbr/>', '').includes(card.tokenId));
    assert.equal((await officer.open(`${path}/dates?step=review&suspendsAt=${day}`)).status, 400);

    await becomesStale(path);
    const end = await officer.act(`${path}/end`, {}, '1');
    await as('officer-2').act(`${approvalIn(end.path)}/approve`, {}, '1');
    await inState('ended');
    const list = await officer.open('/console/campaigns', FRENCH);
    assert.ok(list.html.includes(`href="${path}"`));
  });

  it('refuse a campaign without a criterion, and say which field is wrong', async () => {
    const officer = as('officer-1');
    const form = { name: 'all', reason: 'superseded', cards: 'criteria', class: 'all', capacity: '60', channel: 'any' };
    const query = (changes: object): string => `${new URLSearchParams({ ...form, ...changes, step: 'review' })}`;
    assert.equal((await officer.open(`/console/campaigns/create?${query({})}`)).status, 400);
    const wrong = await officer.open(`/console/campaigns/create?${query({ class: 'A B', capacity: '0' })}`);
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /id="class-fault"/);
    assert.match(wrong.html, /id="capacity-fault"/);
    assert.equal((await as('auditor').open('/console/campaigns/create')).status, 403);
  });

  it('decide an undetermined update, whose steps are told in words', async () => {
    const platform = await platformOf(running.cards);
    const { update, card } = await begin(running.cards, { platform, card: await issueCard(running.cards) });
    const path = `/console/updates/${update.id}`;
    const offered = await as('officer-1').open(path, ENGLISH);
    assert.match(offered.html, /Begun by the account card-management/);
    assert.doesNotMatch(offered.html, /\/decide"/);
    const raw = await rawDatabase(running.shared.service.at.database);
    await raw.all('update card_updates set due_at = 1, version = version + 1 where id = ?', update.id);
    await raw.close();
    const listed = '/console/updates?state=undetermined';
    await until('the update is undetermined', async () =>
      (await as('auditor').open(listed)).html.includes(`href="${path}"`),
    );
    const ofCard = await as('officer-1').open(`/console/updates?card=${encodeURIComponent(card.tokenId)}`);
    assert.ok(ofCard.html.includes(`href="${path}"`));
    const asked = await as('officer-1').act(`${path}/decide`, { outcome: 'abandoned', reason: 'read at a desk' });
    const waiting = await as('officer-1').open(path, FRENCH);
    assert.match(waiting.html, /Une décision attend un second officier/);
    assert.doesNotMatch(waiting.html, /\/decide"/);
    await as('officer-2').act(`${approvalIn(asked.path)}/approve`, {});
    const decided = await as('auditor').open(path, FRENCH);
    assert.match(decided.html, /Abandonnée/);
    assert.match(decided.html, /Rien\s: la mise à jour est terminée/);
    const waits = await as('officer-1').open('/console/approvals');
    assert.ok(!waits.html.includes(approvalIn(asked.path)));
    const all = await as('auditor').open('/console/approvals?state=all');
    assert.ok(all.html.includes(approvalIn(asked.path)));
    assert.equal((await as('card-management').open('/console/approvals')).status, 403);
  });
});
