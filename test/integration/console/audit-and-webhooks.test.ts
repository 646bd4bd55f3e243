/**
 * The pages of the audit log and of webhooks over HTTPS. Without these tests a page
 * could show what its account may not read, an export could stop without a sign, and a delivery
 * that nobody wants any more could not be dropped.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chainHash, leafHash } from '../../../src/audit/chain.js';
import { fromHex, toHex } from '../../../src/kernel/bytes.js';
import { canonicalJson, type Json } from '../../../src/kernel/json.js';
import { visitorsOf } from '../../support/console/visitor.js';
import { unwrap } from '../../support/db/fixture.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { openServiceStore } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf, cardBody, nextNumber, tokenId } from '../../support/service/orders.js';
import { SHARED_ENDPOINT } from '../../support/service/shared.js';

describeService('the pages of the audit log and of webhooks', { on: 'sqlite' }, (running) => {
  const { as, page } = visitorsOf(running);
  const issue = (): Promise<IssuedCertificate> =>
    running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });

  describe('the audit log', () => {
    const entriesIn = (html: string): readonly string[] =>
      [...html.matchAll(/href="\/console\/audit\/(\d+)"/g)].map(([, seq = '']) => seq);

    it('is searched by type, actor and identifier, and a card is found by its tags', async () => {
      const number = nextNumber();
      await running.cards.expect('POST', `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`, {
        body: cardBody(number),
      });
      const { id } = await issue();
      const about = await page('auditor', `/console/audit?id=${id}`);
      assert.equal(entriesIn(about).length, 2);
      assert.match(about, /Certificat émis/);
      const issued = await page('auditor', `/console/audit?id=${id}&type=certificate.issued`);
      assert.equal(entriesIn(issued).length, 1);
      assert.equal(entriesIn(await page('auditor', `/console/audit?id=${id}&outcome=failure`)).length, 0);
      assert.equal(entriesIn(await page('auditor', `/console/audit?id=${id}&since=2999-01-01`)).length, 0);
      const byCard = await page(
        'auditor',
        `/console/audit?card=${encodeURIComponent(tokenId(number))}&type=certificate.intent`,
      );
      assert.ok(entriesIn(byCard).length > 0);
      assert.ok(
        !byCard.replaceAll(/<((input|a) [^>]*|wbr\/?)>/g, '').includes(tokenId(number)),
        'no entry has the number',
      );
      const wrong = await as('auditor').open('/console/audit?since=yesterday');
      assert.match(wrong.html, /aria-invalid="true"/);
    });

    it('is not open to an account that may not read it', async () => {
      const refused = await as('card-management').open('/console/audit');
      assert.equal(refused.status, 403);
      assert.equal((await as('card-management').open('/console/audit/entries.csv')).status, 403);
      assert.equal((await as('card-management').open('/console/audit/1')).status, 403);
      assert.ok(!(await page('card-management', '/console/certificates')).includes('href="/console/audit"'));
    });

    it('shows an entry with its place in the chain', async () => {
      const { id } = await issue();
      const [seq = ''] = entriesIn(await page('auditor', `/console/audit?id=${id}&type=certificate.issued`));
      const html = await page('auditor', `/console/audit/${seq}`);
      assert.match(html, /telle qu(&#39;|')elle a été écrite/);
      assert.ok(html.includes(id));
      const entry = await running.shared
        .as('auditor')
        .expect<{ readonly previousChainHash: string; readonly chainHash: string }>('GET', `/v1/audit/entries/${seq}`);
      assert.ok(html.includes(entry.previousChainHash) && html.includes(entry.chainHash));
      assert.equal((await as('auditor').open('/console/audit/999999999')).status, 404);
      assert.equal((await as('auditor').open('/console/audit/first')).status, 404);
    });

    it('is exported whole, so that its chain can be recomputed', async () => {
      const html = await page('auditor', '/console/audit');
      const path = /href="(\/console\/audit\/entries\.ndjson[^"]*)"/.exec(html)?.[1] ?? '';
      const exported = await as('auditor').open(path);
      assert.match(String(exported.headers['content-disposition']), /attachment; filename="audit\.ndjson"/);
      type Line = {
        readonly entry: { readonly seq: number; readonly [member: string]: Json };
        readonly leafHash: string;
        readonly chainHash: string;
      };
      const lines = exported.html
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      // Times may go back within a transaction; numbers do not.
      lines.sort((one, other) => one.entry.seq - other.entry.seq);
      assert.ok(lines.length > 50, 'more than a page');
      let previous = new Uint8Array(32);
      for (const line of lines) {
        const leaf = leafHash(Buffer.from(canonicalJson(line.entry)));
        assert.equal(toHex(leaf), line.leafHash);
        assert.equal(toHex(chainHash(previous, leaf)), line.chainHash);
        previous = new Uint8Array(fromHex(line.chainHash) ?? []);
      }
    });

    it('is exported as a table in which no cell is a formula', async () => {
      const { id } = await issue();
      const { html, headers } = await as('auditor').open(`/console/audit/entries.csv?id=${id}`);
      assert.match(String(headers['content-type']), /^text\/csv/);
      const [head, ...rows] = html.trimEnd().split('\r\n');
      assert.equal(head, 'seq,at,type,outcome,actor,request,subject,node,details,leafHash,chainHash');
      assert.equal(rows.length, 2);
      for (const row of rows) assert.match(row, /^\d+,.*"\{""account|^\d+,.*"\{""/);
    });
  });

  describe('webhooks', () => {
    const endpoint = `/console/webhooks/${SHARED_ENDPOINT.name}`;

    /** A delivery that its endpoint has refused for good. */
    async function dead(): Promise<number> {
      const store = await openServiceStore(running.shared.service.at);
      const [subject, at] = [randomUUID(), Date.now()];
      const event = unwrap(
        await store.transaction(async (tx) => {
          const [number = 0] = await tx.publish([{ topic: 'webhook.test', subject, account: null, at, data: {} }]);
          const key = { endpoint: SHARED_ENDPOINT.name, event: number };
          await tx.insertDeliveries([{ ...key, subject, nextAt: at }]);
          const tried = {
            attempts: 9,
            firstAt: at,
            nextAt: null,
            lastStatus: 410,
            lastError: '<b>gone</b>',
            doneAt: null,
          };
          await tx.updateDeliveries([{ delivery: key, progress: { state: 'dead', ...tried } }]);
          return number;
        }),
      );
      await store.close();
      return event;
    }

    it('lists endpoints and their dead deliveries, with what the endpoint said as text', async () => {
      const event = await dead();
      const list = await page('officer-1', '/console/webhooks');
      assert.ok(list.includes(`href="${endpoint}"`) && list.includes(SHARED_ENDPOINT.url));
      const html = await page('officer-1', `${endpoint}?state=dead`);
      assert.ok(html.includes(`${endpoint}/deliveries/${event}`));
      assert.ok(html.includes('&lt;b>gone&lt;/b>') && !html.includes('<b>gone'));
      assert.equal((await as('officer-1').open('/console/webhooks/unknown')).status, 404);
      assert.equal((await as('auditor').open('/console/webhooks')).status, 403);
      // Other tests of this service count the dead ones.
      await as('officer-1').act(`${endpoint}/deliveries/${event}/drop`, {});
    });

    it('drops a dead delivery, and sends it again', async () => {
      const path = `${endpoint}/deliveries/${await dead()}`;
      assert.match((await as('officer-1').review(`${path}/drop`, {})).html, /ne sera pas livré/);
      const dropped = await as('officer-1').act(`${path}/drop`, {});
      assert.match(dropped.html, /Écartée/);
      assert.ok(!dropped.html.includes(`href="${path}/drop"`));
      assert.match((await as('officer-1').act(`${path}/replay`, {})).html, /En attente/);
    });

    it('sends a test event', async () => {
      const { html } = await as('officer-1').act(`${endpoint}/test`, {});
      assert.match(html, /webhook\.test/);
    });
  });
});
