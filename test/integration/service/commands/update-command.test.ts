/**
 * The commands about remote updates beside a running service: `pfcng update`, `pfcng status` of a
 * pending certificate, and `pfcng card duplicates`. Without this test, officers could decide about
 * an update by a command that shows another state than the service has.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawDatabase } from '../../../support/db/raw.js';
import { idOf, serialOf } from '../../../support/db/records.js';
import { describeService } from '../../../support/service/describe-service.js';
import { nextNumber, tokenId } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { until } from '../../../support/until.js';
import {
  type BegunUpdate,
  begin,
  issueCard,
  pathOf,
  platformOf,
  tell,
  type Update,
} from '../../../support/updates/remote-card.js';

describeService('the commands about updates', { on: 'sqlite' }, (running) => {
  const pfcng = async (...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await runPfcng(running.shared.service.at, ...args);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const begun = async (): Promise<BegunUpdate> => {
    const platform = await platformOf(running.cards);
    return begin(running.cards, { platform, card: await issueCard(running.cards) });
  };
  const sql = async (statement: string, ...bindings: readonly unknown[]) => {
    const raw = await rawDatabase(running.shared.service.at.database);
    try {
      return await raw.all(statement, ...bindings);
    } finally {
      await raw.close();
    }
  };

  it('list updates by card and state, in pages, and show one with its certificates', async () => {
    const { card, update } = await begun();
    const listed = await pfcng('update', 'list', '--card', card.tokenId, '--state', 'offered');
    assert.match(listed, new RegExp(`^ID +CARD +STATE +SINCE +CONFIRM BY\n${update.id} +${card.tokenId} +offered `));
    await begun();
    const page = JSON.parse(await pfcng('update', 'list', '--limit', '1', '--json')) as {
      readonly updates: readonly Update[];
      readonly nextCursor: string | null;
    };
    assert.equal(page.updates.length, 1);
    assert.match(await pfcng('update', 'list', '--cursor', page.nextCursor ?? ''), new RegExp(update.id));
    const shown = await pfcng('update', 'show', card.tokenId, update.id);
    const lines = shown.trimEnd().split('\n');
    assert.match(lines[0] ?? '', new RegExp(`^update ${update.id} of card ${card.tokenId}: offered since `));
    for (const { id, profile } of update.certificates)
      assert.ok(lines.includes(`  new: ${id} ${profile} pending`), shown);
    for (const { certificate } of card.set) assert.ok(lines.includes(`  replaces: ${certificate.id}`), shown);
    assert.ok(lines.includes(`  to be confirmed by ${update.confirmBy}`), shown);
    assert.equal(
      (JSON.parse(await pfcng('update', 'show', card.tokenId, update.id, '--json')) as Update).id,
      update.id,
    );
  });

  it('request the decision about an undetermined update, which a second officer approves', async () => {
    const { card, update } = await begun();
    const decide = [
      'update',
      'decide',
      update.id,
      '--outcome',
      'confirmed',
      '--reason',
      'its holder was asked',
    ] as const;
    const early = await runPfcng(running.shared.service.at, ...decide);
    assert.deepEqual([early.status, early.stdout], [1, '']);
    assert.match(early.stderr, /officers decide undetermined updates only; this one is offered/);
    await sql('update card_updates set due_at = 1, version = version + 1 where id = ?', update.id);
    const state = async () => (await running.cards.expect<Update>('GET', pathOf(card, update.id))).state;
    await until('the time of the update is over', async () => (await state()) === 'undetermined');
    assert.match(await pfcng('update', 'list', '--state', 'undetermined'), new RegExp(`^${update.id} `, 'm'));
    const [, approval = ''] = /pfcng approve ([0-9a-f-]{36})/.exec(await pfcng(...decide)) ?? [];
    await pfcng('approve', approval);
    assert.match(await pfcng('update', 'show', card.tokenId, update.id), new RegExp(`by approval:${approval}`));
    assert.equal(await state(), 'confirmed');
  });

  it('refuse what is not an update, a state or an outcome', async () => {
    for (const [args, says] of [
      [['show', tokenId(nextNumber()), idOf(1)], /no update 00000000/],
      [['list', '--state', 'begun'], /argument 'begun' is invalid/],
      [['decide', idOf(1), '--outcome', 'completed', '--reason', 'x'], /argument 'completed' is invalid/],
      [['decide', idOf(1), '--outcome', 'confirmed'], /--reason/],
    ] as const) {
      const { status, stdout, stderr } = await runPfcng(running.shared.service.at, 'update', ...args);
      assert.deepEqual([status === 0, stdout], [false, ''], args.join(' '));
      assert.match(stderr, says);
    }
  });

  it('say that a certificate is pending until its card has confirmed it, and that it was then', async () => {
    const one = await begun();
    const serial = one.update.certificates[0]?.serialNumber ?? '';
    await sleep(20);
    const before = new Date().toISOString();
    assert.match(await pfcng('status', serial), /pending \(OCSP: good\)/);
    await sleep(20);
    assert.equal((await tell(one, 'confirm')).status, 200);
    await sleep(20);
    const shown = await pfcng('status', '--at', before, serial);
    assert.match(shown, /pending \(OCSP: good\)/);
    assert.match(shown, /Z {2}pending {2}card-management\n.*Z {2}issued {2}account:card-management$/m);
    assert.match(await pfcng('status', '--at', new Date().toISOString(), serial), /issued \(OCSP: good\)/);
  });

  it('print each key that two cards have, with its certificates (Estonia 2017)', async () => {
    assert.equal(await pfcng('card', 'duplicates'), '');
    const { set } = await issueCard(running.cards);
    const original = set[0]?.certificate ?? assert.fail('a certificate');
    const [row] = await sql('select * from certificates where id = ?', original.id);
    const other = { ...row, id: idOf(7_001), serial: serialOf(7_001), card_token_id: tokenId(nextNumber()) };
    const columns = Object.keys(other);
    await sql(
      `insert into certificates (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      ...Object.values(other),
    );
    const [line = '', ...more] = (await pfcng('card', 'duplicates')).split('\n');
    assert.deepEqual(more, ['']);
    type Duplicate = { readonly spkiSha256: string; readonly certificates: readonly { id: string; card: string }[] };
    const { spkiSha256, certificates } = JSON.parse(line) as Duplicate;
    assert.equal(spkiSha256, row?.spki_sha256);
    assert.deepEqual(
      certificates.map(({ id, card }) => [id, card]).sort(),
      [
        [original.id, row?.card_token_id],
        [other.id, other.card_token_id],
      ].sort(),
    );
  });
});
