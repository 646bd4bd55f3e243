/**
 * The rights of each role on each page and action of the console, derived from the list of pages
 * and the table of roles. Without this test a page could show to one role what only another may
 * see.
 */
import assert from 'node:assert/strict';
import { rolesPermit } from '../../../src/access/decide.js';
import { ROLES, type Role } from '../../../src/access/roles.js';
import { PAGES } from '../../../src/console/pages/all.js';
import { describeConsole } from '../../support/browser/describe-console.js';
import { actionAddress, addressOf, examplesOf, opensFor } from '../../support/console/examples.js';
import { createVisitor, type Visitor } from '../../support/console/visitor.js';
import { auditOf } from '../../support/service/audit-of.js';

describeConsole('the permissions of the console', (console) => {
  const clients = new Map<Role, Visitor>();
  const refused = new Set<Role>();
  before(async function connect() {
    const { accounts } = await console.populated();
    // The keys are roles.
    for (const role of Object.keys(ROLES) as Role[])
      clients.set(role, createVisitor(console.running.shared.service, accounts[role].credential));
  });
  after(async () => {
    for (const client of clients.values()) await client.close();
  });

  for (const page of PAGES)
    it(`${page.id}: opens for the roles that may see it, with the actions and links that they may follow`, async () => {
      const examples = examplesOf(page, await console.populated());
      for (const [role, client] of clients) {
        const isOpen = opensFor(page, role);
        for (const example of examples) {
          const { status, html } = await client.open(addressOf(page, example));
          const what = `${role} ${page.id} (${example.shows})`;
          if (isOpen) assert.ok(status !== 403 && status < 500, `${what}: ${status}`);
          else assert.equal(status, 403, what);
          for (const { id, action } of page.actions) {
            const isShown = html.includes(`href="${actionAddress(page, example, id)}`);
            if (isShown) assert.ok(isOpen && rolesPermit([role], action), `${what} shows ${id}`);
            else if (isOpen && rolesPermit([role], action) && example.actions?.[id] !== undefined)
              assert.fail(`${what} does not show ${id}`);
          }
          for (const other of PAGES.filter(({ section }) => section !== null))
            if (!opensFor(other, role))
              assert.ok(!html.includes(`href="${other.path}"`), `${what} links to ${other.path}`);
        }
      }
    });

  for (const page of PAGES)
    for (const { id, action } of page.actions)
      it(`${page.id}/${id}: is refused to every other role, whether it is opened or sent`, async () => {
        const populated = await console.populated();
        const examples = examplesOf(page, populated).filter(({ actions }) => actions?.[id] !== undefined);
        for (const [role, client] of clients) {
          if (opensFor(page, role) && rolesPermit([role], action)) continue;
          for (const example of examples) {
            const address = actionAddress(page, example, id);
            assert.equal((await client.open(address)).status, 403, `${role} GET ${address}`);
            const sent = await client.post(address, { ...example.actions?.[id], token: '0' });
            assert.equal(sent.status, 403, `${role} POST ${address}`);
            refused.add(role);
          }
        }
      });

  it('are recorded when they refuse', async () => {
    const { accounts } = await console.populated();
    const entries = await auditOf(console.running.shared.as('auditor'));
    const denied = new Set(entries.filter(({ type }) => type === 'access.denied').map(({ actor }) => actor));
    assert.ok(refused.size > 1);
    for (const role of refused) assert.ok(denied.has(`account:${accounts[role].id}`), role);
  });

  it('opens nothing without a certificate, or with one that belongs to no account', async () => {
    const populated = await console.populated();
    const { service } = console.running.shared;
    const nobody = createVisitor(service, null);
    for (const page of PAGES)
      for (const example of examplesOf(page, populated).slice(0, 1)) {
        const { status, html } = await nobody.open(addressOf(page, example));
        assert.equal(status, 401, page.id);
        assert.match(html, /<html lang="fr">/);
      }
    await nobody.close();
    const stranger = await console.page('no-rights', { language: 'en' });
    const answer = await stranger.goto('/console/');
    assert.equal(answer?.status(), 403);
    assert.match((await stranger.locator('main').textContent()) ?? '', /NO-RIGHTS/);
  });
});
