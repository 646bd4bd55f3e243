/**
 * The pages of accounts and of the policy over HTTPS. Without these tests an account could change
 * without a second officer, and a page could show accounts to those who may not read them.
 */
import assert from 'node:assert/strict';
import { visitorsOf } from '../../support/console/visitor.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';

describeService('the pages of accounts and of the policy', { on: 'sqlite' }, (running) => {
  const { as, page } = visitorsOf(running);

  describe('accounts', () => {
    it('are listed with their rights in words, to those who may read them', async () => {
      const html = await page('auditor', '/console/accounts');
      assert.ok(html.includes('href="/console/accounts/officer-1"'));
      assert.match(html, /Officier/);
      assert.match(html, /<bdi>Tout<\/bdi>/);
      assert.ok(!html.includes('/console/accounts/new_account'), 'an auditor changes nothing');
      assert.equal((await as('card-management').open('/console/accounts')).status, 403);
      const one = await page('auditor', '/console/accounts/officer-1');
      assert.match(one, /Certificats/);
      assert.match(one, /En vigueur/);
      assert.equal((await as('auditor').open('/console/accounts/nobody')).status, 404);
    });

    it('are added and changed after a second officer has approved', async () => {
      const { id: certificate } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: bodyOf('elementaire/org-auth-cli'),
      });
      const account = `console.${certificate.slice(-8)}`;
      const rights = { 'role-auditor': 'yes', profiles: '*', structures: '*', domains: '*', holders: '8* 899' };
      const reason = { reason: 'a new colleague' };
      const officer = as('officer-1');
      const asked = await officer.act('/console/accounts/new_account', {
        account,
        name: '<b>Clerk</b>',
        ...rights,
        certificate,
        ...reason,
      });
      const approve = async (path: string): Promise<void> => {
        const [id = ''] = /[0-9a-f-]{36}/.exec(path) ?? [];
        await running.shared.as('officer-2').expect('POST', `/v1/approvals/${id}`, { body: { decision: 'approve' } });
      };
      assert.equal((await officer.open(`/console/accounts/${account}`)).status, 404);
      await approve(asked.path);
      const shown = await page('officer-1', `/console/accounts/${account}`);
      assert.ok(shown.includes('&lt;b>Clerk') && !shown.includes('<b>Clerk'));
      assert.match(shown, /8\*, 899/);
      const form = await page('officer-1', `/console/accounts/${account}/change`);
      assert.match(form, /id="role-auditor"[^>]* checked/);
      const changed = { name: 'Clerk', ...rights, 'role-support': 'yes', ...reason };
      const review = (await officer.review(`/console/accounts/${account}/change`, changed)).html;
      assert.match(review, /Rôles\s: Auditeur devient Auditeur, Assistance/);
      assert.match(review, /Nom\s: &lt;b>Clerk&lt;\/b> devient Clerk/);
      assert.doesNotMatch(review, /(?:Périmètre|Conditions)\s: /, 'what stays as it is is not listed');
      assert.match(review, /<dt>Rôles<\/dt><dd>Auditeur, Assistance<\/dd>/, 'boxes of a question are one line');
      await approve((await officer.act(`/console/accounts/${account}/change`, changed)).path);
      const again = (await officer.review(`/console/accounts/${account}/change`, changed)).html;
      assert.match(again, /Rien ne change\s: /);
      assert.match(await page('officer-1', `/console/accounts/${account}`), /Auditeur, Assistance/);
      const many = { ...changed, holders: '801 802 803 804' };
      await approve((await officer.act(`/console/accounts/${account}/change`, many)).path);
      const fourth = { ...changed, holders: '801 802 803 899' };
      const swapped = (await officer.review(`/console/accounts/${account}/change`, fourth)).html;
      assert.match(swapped, /801, 802, 803, 804[^<]* devient [^<]*801, 802, 803, 899/, 'every value is shown');
      await approve((await officer.act(`/console/accounts/${account}/disable`, reason)).path);
      const disabled = await page('officer-1', `/console/accounts/${account}`);
      assert.match(disabled, /Désactivé/);
      assert.ok(disabled.includes(`/console/accounts/${account}/enable`));
      assert.match(disabled, /Aucune action de ce compte/);
    });

    it('are not requested with values that could match nothing', async () => {
      const answer = await as('officer-1')
        .review('/console/accounts/cards/change', {})
        .catch(() => null);
      assert.equal(answer, null, 'there is no account cards');
      const { html, status } = await as('officer-1').open(
        '/console/accounts/new_account?step=review&account=No&name=x&certificate=y&reason=z',
      );
      assert.equal(status, 422);
      assert.equal([...html.matchAll(/aria-invalid="true"/g)].length, 2);
    });
  });

  describe('the policy', () => {
    it('says each profile in words, and links its newest certificate', async () => {
      const { id } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: bodyOf('elementaire/org-auth-cli'),
      });
      const list = await page('auditor', '/console/policy');
      assert.ok(list.includes('href="/console/policy/elementaire/org-auth-cli"'));
      const html = await page('auditor', '/console/policy/elementaire/org-auth-cli');
      assert.match(html, /authentification d(&#39;|')un client TLS/);
      assert.ok(html.includes(`/console/certificates/${id}`));
      const english = await page('auditor', '/console/policy/fort/cps-signature?lang=en');
      assert.match(english, /signature that commits/);
      assert.match(english, /At least of the level substantial/);
      assert.equal((await as('auditor').open('/console/policy/fort/none')).status, 404);
    });

    it('shows what differs in the other environment', async () => {
      const html = await page('auditor', '/console/policy/differences?lang=en');
      assert.match(html, /environments\/development\.json#\/keyOriginRequired/);
      assert.match(html, /To be decided/);
    });
  });
});
