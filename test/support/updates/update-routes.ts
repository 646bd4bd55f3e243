import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rawDatabase } from '../db/raw.js';
import type { RunningService } from '../service/describe-service.js';
import { until } from '../until.js';
import { type BegunUpdate, begin, issueCard, pathOf, platformOf, tell, type Update } from './remote-card.js';

type Page = { readonly updates: readonly Update[] };
type RequestAnswer = { readonly approval: { readonly id: string } };

/** Calls each route of updates once, with success. */
export async function callUpdateRoutes(running: RunningService): Promise<void> {
  const { cards, officer, shared } = running;
  const platform = await platformOf(cards);
  const begun = async (): Promise<BegunUpdate> => begin(cards, { platform, card: await issueCard(cards) });
  const one = await begun();
  await cards.expect('POST', pathOf(one.card, one.update.id, 'writing'), { body: {} });
  assert.equal((await tell(one, 'confirm')).status, 200);
  const other = await begun();
  await cards.expect('POST', pathOf(other.card, other.update.id, 'abandonment'), { body: { written: false } });
  const page = await cards.expect<Page>('GET', pathOf(one.card));
  assert.deepEqual(
    page.updates.map(({ state }) => state),
    ['confirmed'],
  );
  await statementsOf(running, one);
  const silent = await begun();
  const read = () => cards.expect<Update>('GET', pathOf(silent.card, silent.update.id));
  const raw = await rawDatabase(shared.service.at.database);
  await raw.all('update card_updates set due_at = 1, version = version + 1 where id = ?', silent.update.id);
  await raw.close();
  await until('the time of the update is over', async () => (await read()).state === 'undetermined');
  const listed = await officer.expect<Page>('GET', '/v1/updates?state=undetermined');
  assert.ok(listed.updates.some(({ id }) => id === silent.update.id));
  const decision = { outcome: 'confirmed', reason: 'the holder has shown the card' };
  const path = `/v1/updates/${silent.update.id}/decision`;
  const { approval } = await officer.expect<RequestAnswer>('POST', path, { body: decision });
  const body = { decision: 'approve' };
  await shared.as('officer-2').expect('POST', `/v1/approvals/${approval.id}`, { body });
  const decided = await read();
  assert.equal(decided.state, 'confirmed');
  assert.equal(decided.endedBy, `approval:${approval.id}`);
}

/** An auditor reads what the card has signed, and hashes the octets again. */
async function statementsOf({ shared, cards }: RunningService, { card, update }: BegunUpdate): Promise<void> {
  type Statement = {
    readonly verb: string;
    readonly statement: string;
    readonly sha256: string;
    readonly cms: unknown;
  };
  type Life = Update & { readonly statements: readonly Statement[]; readonly certificateIds: readonly string[] };
  const life = await shared.as('auditor').expect<Life>('GET', `/v1/updates/${update.id}`);
  assert.deepEqual(
    life.statements.map(({ verb }) => verb),
    ['begin', 'confirm'],
  );
  for (const { statement, sha256 } of life.statements) {
    assert.equal((JSON.parse(statement) as { readonly card: string }).card, card.tokenId);
    const signed = `PFCNG card statement v1\0${statement}`;
    assert.equal(createHash('sha256').update(signed).digest('hex'), sha256);
  }
  const { certificates } = await cards.expect<Update>('GET', pathOf(card, update.id));
  assert.deepEqual(
    life.certificateIds,
    certificates.map(({ id }) => id),
  );
  const absent = await shared.as('auditor').call('GET', '/v1/updates/none');
  assert.equal(absent.status, 404);
}
