/**
 * The pages of orders over HTTPS: a file is tried, its failures are grouped by rule, and an order
 * is paused, resumed and cancelled. Without these tests a form could issue what it only tries, or a
 * file could be read before anybody has looked at its form.
 */
import assert from 'node:assert/strict';
import { tokenIn, visitorsOf } from '../../support/console/visitor.js';
import { describeService } from '../../support/service/describe-service.js';
import { type Body, cardBody } from '../../support/service/orders.js';
import { until } from '../../support/until.js';

const FRENCH = { 'accept-language': 'fr' };
const FORM = '/console/orders/dry-run';

type Order = {
  readonly id: string;
  readonly state: string;
  readonly dryRun: boolean;
  readonly reference: string | null;
  readonly lines: number;
};

const fileOf = (lines: readonly Body[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Two good lines, two without evidence of identity, and one that is no JSON. */
function mixedFile(): string {
  const unproven = [cardBody(), cardBody()].map(({ identity: _, ...body }) => body);
  return `${fileOf([cardBody(), cardBody(), ...unproven])}{broken\n`;
}

describeService('the pages of orders', { on: 'each' }, (running) => {
  const { as } = visitorsOf(running);

  const read = (id: string): Promise<Order> => running.cards.expect<Order>('GET', `/v1/orders/${id}`);
  const inState = (id: string, state: string): Promise<void> =>
    until(`the order is ${state}`, async () => (await read(id)).state === state);
  const formToken = async (): Promise<string> => tokenIn((await as('card-management').open(FORM)).html);
  const count = async (): Promise<number> =>
    (await running.cards.expect<{ readonly orders: readonly Order[] }>('GET', '/v1/orders?limit=200')).orders.length;
  const submit = async (query: string, file: string): Promise<Order> =>
    running.cards.expect<Order>('POST', `/v1/orders?${query}`, { raw: file, type: 'application/x-ndjson' });

  it('try a file: the outcome of each line, and what failed by its rule', async () => {
    const cards = as('card-management');
    const form = await cards.open(FORM, FRENCH);
    assert.match(form.html, /enctype="multipart\/form-data"/);
    assert.ok(form.html.indexOf('name="token"') < form.html.indexOf('type="file"'));
    const sent = await cards.upload(
      FORM,
      { token: tokenIn(form.html), reference: '<b>night</b>' },
      { content: mixedFile() },
    );
    assert.equal(sent.status, 303, sent.html);
    const path = String(sent.headers.location);
    const [, id = ''] = /^\/console\/orders\/([0-9a-f-]{36})\?done=dry-run$/.exec(path) ?? [];
    await inState(id, 'finished');
    const { dryRun, reference, lines } = await read(id);
    assert.deepEqual([dryRun, reference, lines], [true, '<b>night</b>', 5]);
    const { html } = await as('officer-1').open(`/console/orders/${id}`, FRENCH);
    assert.match(html, /&lt;b>night&lt;\/b>|&lt;b&gt;night/);
    assert.match(html, /Serait émise/);
    assert.match(html, /5 sur 5 \(100\s%\)/);
    assert.doesNotMatch(html, /receipt\.json/);
    // The two lines without evidence are one row, with the line in which it happens first.
    const rows = html.split('<tr').filter((row) => row.includes('from=3'));
    assert.ok(
      rows.some((row) => />2<\/div><\/td>/.test(row)),
      html,
    );
    assert.match(html, /from=5/);
    assert.match(html, /la ligne n(&#39;|')est pas du JSON \(RFC 8259\)\s: voyez la colonne 2/);
    const english = await as('officer-1').open(`/console/orders/${id}`, { 'accept-language': 'en' });
    assert.match(english.html, /the line is not JSON \(RFC 8259\): see column 2/);
    assert.ok(
      !html.includes('data-live=') && !english.html.includes('data-live='),
      'a dry run that has ended changes no more',
    );
    // A program gets the same counts.
    const { problems } = await running.cards.expect<{ readonly problems: unknown }>('GET', `/v1/orders/${id}/problems`);
    assert.deepEqual(problems, [
      { code: 'policy-violated', rule: 'identity-required', lines: 2, firstLine: 3 },
      { code: 'invalid-request', rule: 'json', lines: 1, firstLine: 5 },
    ]);
    const failed = await as('officer-1').open(`/console/orders/${id}?show=failed&from=4`, FRENCH);
    assert.match(failed.html, /data-label="Ligne"><div>4<\/div><\/td>/);
    assert.doesNotMatch(failed.html, /data-label="Ligne"><div>[123]<\/div><\/td>/);
  });

  it('look at the form before they read its file', async () => {
    const cards = as('card-management');
    const token = await formToken();
    const before = await count();
    const file = fileOf([cardBody()]);
    const forged = [
      await cards.upload(FORM, {}, { content: file }),
      await cards.upload(FORM, { token: `${token.slice(0, -1)}z` }, { content: file }),
      await cards.upload(FORM, { token }, { content: file, headers: { origin: 'https://evil.example' } }),
      await as('officer-1').upload(FORM, { token }, { content: file }),
    ];
    assert.deepEqual(
      forged.map(({ status }) => status),
      [403, 403, 403, 403],
    );
    const wrong = await cards.upload(FORM, { token, reference: 'two\nlines' }, { content: file });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /id="reference-fault"/);
    assert.equal((await cards.post(FORM, { token })).status, 415);
    const noForm = await cards.upload(
      FORM,
      { token },
      { content: file, headers: { 'content-type': 'multipart/form-data; boundary=other' } },
    );
    assert.equal(noForm.status, 400);
    assert.equal((await cards.upload(FORM, { token }, { content: '' })).status, 400);
    assert.equal(await count(), before + 1, 'the empty file alone was begun, and discarded');
  });

  it('pause, resume and cancel an order, and show its receipt and its results', async () => {
    const { id } = await submit('paused=true', fileOf([cardBody(), cardBody()]));
    const path = `/console/orders/${id}`;
    const officer = as('officer-1');
    const paused = await officer.open(path, FRENCH);
    assert.match(paused.html, /En pause/);
    assert.match(paused.html, /\/resume"/);
    assert.doesNotMatch(paused.html, /\/pause"/);
    assert.doesNotMatch((await as('auditor').open(path)).html, /\/(pause|resume|cancel)"/);
    // An operator keeps orders going, and sees nothing about cards.
    const operated = await as('operator').open(path, FRENCH);
    assert.match(operated.html, /\/resume"/);
    assert.doesNotMatch(operated.html, /\/cancel"|id="lines"|id="problems"|results\.ndjson/);
    assert.equal((await as('operator').open(`${path}/results.ndjson`)).status, 403);
    assert.equal((await as('operator').open(`${path}/cancel`)).status, 403);
    await officer.act(`${path}/resume`, {});
    await inState(id, 'finished');
    await until('the receipt is signed', async () => (await officer.open(path)).html.includes('receipt.json'));
    const receipt = JSON.parse((await officer.open(`${path}/receipt.json`)).html) as unknown;
    assert.deepEqual(receipt, await running.cards.expect('GET', `/v1/orders/${id}/receipt`));
    const results = await officer.open(`${path}/results.ndjson`);
    assert.equal(results.html.trimEnd().split('\n').length, 2);
    assert.match(String(results.headers['content-disposition']), /^attachment; filename="[0-9a-f-]+-results\.ndjson"$/);
    assert.match((await officer.open(`${path}/bundle.ndjson`)).html, /"end":true/);

    const other = await submit('paused=true', fileOf([cardBody(), cardBody(), cardBody()]));
    const cancel = `/console/orders/${other.id}/cancel`;
    const review = await officer.review(cancel, {});
    assert.match(review.html, /name="typed"/);
    const mistyped = await officer.post(cancel, { token: tokenIn(review.html), typed: '2' });
    assert.equal(mistyped.status, 409);
    await officer.act(cancel, {}, '3');
    await inState(other.id, 'cancelled');
  });

  it('page the list and the lines with cursors, and say what an unknown cursor is', async () => {
    const { id } = await submit('dryRun=true', '{}\n'.repeat(12));
    await inState(id, 'finished');
    const first = await as('officer-1').open(`/console/orders/${id}`);
    const [, next = ''] = /rel="next" href="([^"]+)"/.exec(first.html) ?? [];
    assert.match(next, /cursor=10/);
    const second = await as('officer-1').open(next.replaceAll('&amp;', '&'));
    assert.match(second.html, />12<\/div><\/td>/);
    assert.doesNotMatch(second.html, /rel="next"/);
    assert.equal((await as('officer-1').open('/console/orders?cursor=x')).status, 400);
    assert.equal((await as('officer-1').open('/console/orders?state=finished')).status, 200);
    assert.equal((await as('officer-1').open('/console/orders/00000000-0000-7000-8000-000000000000')).status, 404);
  });
});
