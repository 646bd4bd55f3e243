/** `pfcng audit search` as an auditor or an officer types it, against a running service. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homePaths } from '../../../../src/config/paths.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { bodyOf } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';

type Entry = {
  readonly type: string;
  readonly node: string;
  readonly details: { readonly id?: string };
};
type Page = { readonly entries: readonly { readonly entry: Entry }[]; readonly nextCursor: string };

describeService('pfcng audit search', { on: 'sqlite' }, (running) => {
  const search = (...args: readonly string[]) => runPfcng(running.shared.service.at, 'audit', 'search', ...args);
  const issue = () => running.cards.call('POST', '/v1/certificates', { body: bodyOf('elementaire/org-sign') });

  it('finds what a request did and what became of a certificate, newest first', async () => {
    const answer = await issue();
    const { id } = answer.body as IssuedCertificate;
    await running.officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
    const found = await search('--id', id, '--as', 'auditor');
    assert.equal(found.status, 0, found.stderr);
    const types = found.stdout.split('\n').flatMap((line) => /certificate\.\w+/.exec(line)?.[0] ?? []);
    assert.deepEqual(types, ['certificate.revoked', 'certificate.issued', 'certificate.intent']);
    assert.match(found.stdout, /success {2}account:officer-1 {2}[0-9a-f-]{36} {2}\{"id":/);
    const byRequest = await search('--id', String(answer.headers['x-request-id']), '--type', 'certificate.issued');
    assert.match(byRequest.stdout, /certificate\.issued {2}success {2}account:card-management/);
  });

  it('finds the certificates of a holder and of a card, whose ids are in no entry', async () => {
    const body = bodyOf('fort/cps-signature');
    const { id } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const { holder, card } = body as unknown as { holder: { idNat: string }; card: { tokenId: string } };
    for (const filter of [['--holder', holder.idNat] as const, ['--card', card.tokenId] as const]) {
      const found = await search(...filter, '--json');
      const { entries } = JSON.parse(found.stdout) as Page;
      const [intent] = entries.filter(({ entry }) => entry.details.id === id);
      assert.equal(intent?.entry.type, 'certificate.intent');
      assert.ok(!found.stdout.includes(filter[1]), found.stdout);
      const node = JSON.parse(readFileSync(homePaths(running.shared.service.at.home).node, 'utf8')) as { id: string };
      assert.equal(intent?.entry.node, node.id);
    }
  });

  it('needs keys of tags, which are made once', async () => {
    const make = () => runPfcng(running.shared.service.at, 'audit', 'tag-key', 'make', '2099');
    const made = await make();
    assert.equal(made.status, 0, made.stderr);
    const file = join(homePaths(running.shared.service.at.home).auditTags, '2099.key');
    assert.deepEqual([statSync(file).size, statSync(file).mode & 0o777], [32, 0o600]);
    const again = await make();
    assert.equal(again.status, 1);
    assert.match(again.stderr, /2099\.key exists already/);
    rmSync(file);
  });

  it('finds a refused request by the id that the client quotes', async function findsIt() {
    // Other tests that share the service may have caused the refusals of this minute that have
    // their own entry.
    let id = await refusedWithEntry();
    for (let tries = 0; tries < 60 && id === null; tries += 1) {
      await sleep(1_000);
      id = await refusedWithEntry();
    }
    const found = await search('--id', String(id));
    assert.match(found.stdout, /access\.denied {2}failure {2}anonymous .*"rules":\["account-known"\]/);
    assert.match(found.stdout, /"certificateSha256":"[0-9a-f]{64}"/);
  });

  /** Returns the id of a refused request; null: it was only counted. */
  async function refusedWithEntry(): Promise<string | null> {
    const refused = await running.shared.as('no-rights').call('GET', '/v1/cas');
    const id = String(refused.headers['x-request-id']);
    const { entries } = await running.officer.expect<Page>('GET', `/v1/audit/entries?id=${id}`);
    return entries.length === 0 ? null : id;
  }

  it('prints a page, and how to get the next one', async () => {
    await issue();
    const first = await search('--limit', '1');
    const [, cursor = ''] = /next page: --cursor (\S+)/.exec(first.stdout) ?? [];
    const second = await search('--limit', '1', '--cursor', cursor, '--json');
    const page = JSON.parse(second.stdout) as Page;
    assert.equal(page.entries.length, 1);
    assert.ok(!first.stdout.includes(JSON.stringify(page.entries[0]?.entry)));
  });

  it('is refused with the reason and the request id to those who may not read the log', async () => {
    const refused = await search('--as', 'card-management');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /no role of this account may read-audit; .* \(requête \/ request [0-9a-f-]{36}\)/);
    const wrong = await search('--outcome', 'success', '--since', 'yesterday');
    assert.match(wrong.stderr, /\?\/since: must be an RFC 3339 time/);
  });
});
