/**
 * The pages of ceremonies over HTTPS. Without these tests an altered transcript could be shown as
 * verified.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { visitorsOf } from '../../support/console/visitor.js';
import { describeService } from '../../support/service/describe-service.js';

describeService('the pages of ceremonies', { on: 'sqlite' }, (running) => {
  const { as, page } = visitorsOf(running);

  describe('ceremonies', () => {
    it('are listed, shown in words and verified on request', async () => {
      const list = await page('auditor', '/console/ceremonies');
      assert.ok(list.includes('href="/console/ceremonies/fort"'));
      assert.equal((await as('card-management').open('/console/ceremonies')).status, 403);
      const html = await page('auditor', '/console/ceremonies/fort');
      assert.match(html, /Development officer 1/);
      assert.ok(!html.includes('badge good">Vérifiée'));
      const verified = await page('auditor', '/console/ceremonies/fort?verify=yes');
      assert.match(verified, /badge good">Vérifiée/);
      for (const path of ['unknown', '..%2Fcredentials', 'fort%00'])
        assert.equal((await as('auditor').open(`/console/ceremonies/${path}`)).status, 404, path);
    });

    it('do not verify when a recorded file was altered, and then have no minutes', async () => {
      const { home } = running.shared.service.at;
      const folder = join(home, 'ceremony', 'fort');
      const minutes = await as('auditor').open('/console/ceremonies/fort/minutes.html');
      assert.equal(minutes.status, 200);
      assert.match(minutes.html, /Procès-verbal/);
      const minutesOf = () => running.shared.as('auditor').call('GET', '/v1/ceremonies/fort/minutes');
      const { html: sameMinutes } = (await minutesOf()).body as { readonly html: string };
      assert.equal(sameMinutes, minutes.html);
      const plan = join(folder, readdirSync(folder).find((name) => name === 'plan.json') ?? '');
      const octets = readFileSync(plan);
      writeFileSync(plan, `${octets.toString('utf8')}\n`);
      try {
        const { html, status } = await as('auditor').open('/console/ceremonies/fort?verify=yes');
        assert.equal(status, 200);
        assert.match(html, /badge bad">Ne se vérifie pas/);
        assert.equal((await as('auditor').open('/console/ceremonies/fort/minutes.html')).status, 409);
        assert.equal((await minutesOf()).status, 409);
      } finally {
        writeFileSync(plan, octets);
      }
    });
  });
});
