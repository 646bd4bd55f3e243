/**
 * What card bureaus report about cards. Without these tests a card with wrong certificates could
 * pass as written, a scrapped card could keep its certificates, and a bureau could send out a card
 * that was revoked meanwhile.
 */
import assert from 'node:assert/strict';
import type { ApiContext, StreamRequest } from '../../../src/http/api/handler.js';
import { postAcknowledgements } from '../../../src/http/api/handlers/acknowledgements.js';
import { countUnacknowledgedCardsJob } from '../../../src/jobs/orders/unacknowledged-cards.js';
import { present } from '../../../src/kernel/assert.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import type { Json } from '../../../src/kernel/json.js';
import { ok } from '../../../src/kernel/result.js';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import {
  acknowledgeCards,
  type CardReport,
  orderToAcknowledge,
  readAcknowledgements,
  recordAcknowledgements,
} from '../../../src/operations/orders/acknowledge-cards.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import type { World } from '../../../src/operations/world.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { runOf } from '../../support/job-run.js';
import {
  BUREAU,
  CARDS,
  cardOf,
  hashOf,
  issuedLine,
  lineOf,
  OFFICER,
  OTHER,
  workingOrder,
} from '../../support/orders/settled-order.js';

describeOnEach('acknowledgements of cards', ({ opened }) => {
  /** Two issued cards and a refused line. */
  async function ordered() {
    const store = await opened();
    const changed: string[] = [];
    const world = {
      store,
      clock: () => NOW,
      statusChanged: (certificates: readonly { readonly serial: string }[]) =>
        void changed.push(...certificates.map(({ serial }) => serial)),
    } as unknown as World;
    const order = workingOrder(1, { lines: 4 });
    const [one, two] = [
      await issuedLine(store, { orderId: order.id, line: 1 }),
      await issuedLine(store, { orderId: order.id, line: 2 }),
    ];
    unwrap(
      await store.transaction(async (tx) => {
        for (const account of [CARDS, BUREAU]) await tx.insertAccount(account);
        await tx.insertOrder(order);
        const refused = lineOf({ orderId: order.id, line: 3, outcome: 'refused' });
        await tx.insertOrderLines([one.settled, two.settled, refused]);
      }),
    );
    const report = (line: number, more: Partial<CardReport> = {}): CardReport => {
      const records = line === 1 ? one.records : two.records;
      return { line, card: cardOf(line), outcome: 'written', onCard: records.map(hashOf), at: NOW, ...more };
    };
    const { certificates } = JSON.parse(one.settled.result) as { readonly certificates: Json };
    const duplicateOfFirst = lineOf({
      orderId: order.id,
      line: 4,
      outcome: 'duplicate',
      card: cardOf(1),
      certificates,
    });
    const send = async (reports: readonly CardReport[], account: Account = BUREAU) => {
      const shown = unwrap(await orderToAcknowledge(world, account, order.id));
      const answers = unwrap(await acknowledgeCards(world, { account, order: shown, reports }));
      return answers.map(({ line, result, live }) => `${line} ${result} ${live ? 'live' : 'not live'}`);
    };
    return { store, world, order, records: one.records, duplicateOfFirst, report, send, changed };
  }

  const statesOf = async (store: Store, records: readonly CertificateRecord[]) => {
    const found = unwrap(await store.read((reads) => reads.certificatesByIds(records.map(({ id }) => id))));
    return found.map(({ state }) => ('reason' in state ? `${state.status} ${state.reason}` : state.status));
  };

  it('are accepted if the hashes on the card are those of its certificates, in any order', async () => {
    const { report, send } = await ordered();
    const { onCard } = report(2);
    const turned = report(2, { onCard: [...onCard, ...onCard].reverse() });
    assert.deepEqual(await send([report(1), turned]), ['1 accepted live', '2 accepted live']);
  });

  it('differ if a certificate is missing, wrong or too many on the card, and are accepted when it is written again', async () => {
    const { report, send } = await ordered();
    const { onCard } = report(1);
    const wrong = [onCard.slice(1), [], [...onCard, 'f'.repeat(64)], ['f'.repeat(64), ...onCard.slice(1)]];
    for (const read of wrong) assert.deepEqual(await send([report(1, { onCard: read })]), ['1 read-back-differs live']);
    assert.deepEqual(await send([report(1)]), ['1 accepted live']);
  });

  it('are repeated if they were accepted before, and conflict with another outcome', async () => {
    const { report, send } = await ordered();
    assert.deepEqual(await send([report(1), report(1)]), ['1 accepted live', '1 repeated live']);
    assert.deepEqual(await send([report(1)]), ['1 repeated live']);
    assert.deepEqual(await send([report(1, { outcome: 'scrapped' })]), ['1 conflict live']);
    const failed = report(2, { outcome: 'failed', onCard: [] });
    assert.deepEqual(await send([failed, failed, report(2)]), [
      '2 accepted live',
      '2 repeated live',
      '2 accepted live',
    ]);
  });

  it('are repeated if their upload is sent again, also those that another attempt followed', async () => {
    const { world, order, report, send } = await ordered();
    const later = NOW + 60_000;
    const failed = { outcome: 'failed', onCard: [] } as const;
    const attempts = [
      report(1, { onCard: [] }),
      report(1, { at: later }),
      report(2, failed),
      report(2, { ...failed, at: later }),
      report(2, { at: later }),
    ];
    const differs = '1 read-back-differs live';
    assert.deepEqual(await send(attempts), [differs, '1 accepted live', ...Array<string>(3).fill('2 accepted live')]);
    const again = [differs, '1 repeated live', ...Array<string>(3).fill('2 repeated live')];
    assert.deepEqual(await send(attempts), again);
    let kept = 0;
    for await (const page of unwrap(await readAcknowledgements(world, CARDS, order.id))) kept += unwrap(page).length;
    assert.equal(kept, attempts.length);
  });

  it('of two lines with the same certificates see what the other one has revoked', async () => {
    const { store, report, send, duplicateOfFirst } = await ordered();
    unwrap(await store.transaction((tx) => tx.insertOrderLines([duplicateOfFirst])));
    const again = { ...report(1), line: duplicateOfFirst.line };
    const scrapped = { outcome: 'scrapped', onCard: [] } as const;
    const answers = await send([report(1, scrapped), again, report(2)], CARDS);
    assert.deepEqual(answers, ['1 accepted not live', '4 accepted not live', '2 accepted live']);
  });

  it('of two scrapped lines with the same certificates revoke them once', async () => {
    const { store, records, report, send, duplicateOfFirst } = await ordered();
    unwrap(await store.transaction((tx) => tx.insertOrderLines([duplicateOfFirst])));
    const scrapped = report(1, { outcome: 'scrapped', onCard: [] });
    const both = [scrapped, { ...scrapped, line: duplicateOfFirst.line }];
    assert.deepEqual(await send(both, CARDS), ['1 accepted not live', '4 accepted not live']);
    assert.deepEqual(await statesOf(store, records), Array(2).fill('revoked cessationOfOperation'));
  });

  it('are of unknown lines if the card is another, or the line has no certificates, or no such line is there', async () => {
    const { report, send } = await ordered();
    const reports = [report(1, { card: cardOf(2) }), report(3), report(4)];
    assert.deepEqual(await send(reports), [
      '1 unknown-line not live',
      '3 unknown-line not live',
      '4 unknown-line not live',
    ]);
  });

  it('are taken from the account of the order and its bureau, and from nobody else', async () => {
    const { world, order, report, send } = await ordered();
    assert.deepEqual(await send([report(1)], CARDS), ['1 accepted live']);
    const other = await orderToAcknowledge(world, OTHER, order.id);
    assert.ok(!other.ok && other.error.kind === 'not-found');
    // Its scope is unlimited, but the order names another bureau.
    const bureau = await orderToAcknowledge(world, { ...OFFICER, roles: ['card-bureau'] }, order.id);
    assert.ok(!bureau.ok && bureau.error.kind === 'not-found');
    const officer = await orderToAcknowledge(world, OFFICER, order.id);
    assert.ok(!officer.ok && officer.error.kind === 'not-permitted');
  });

  it('of a scrapped card revoke its certificates, if the account may', async () => {
    const { store, records, report, send, changed } = await ordered();
    const scrapped = report(1, { outcome: 'scrapped', onCard: [] });
    assert.deepEqual(await send([scrapped, scrapped], CARDS), ['1 accepted not live', '1 repeated not live']);
    assert.deepEqual(await statesOf(store, records), Array(2).fill('revoked cessationOfOperation'));
    assert.deepEqual(changed.sort(), records.map(({ serial }) => serial).sort());
    assert.deepEqual(await send([report(2, { outcome: 'scrapped', onCard: [] })], BUREAU), ['2 accepted live']);
  });

  it('end when the account is disabled during its upload', async () => {
    const { store, world, order, records, report } = await ordered();
    unwrap(await changeAccount({ store, clock: world.clock }, { id: CARDS.id, change: 'disable' }, { login: 'root' }));
    const asked = { account: CARDS, order, reports: [report(1, { outcome: 'scrapped', onCard: [] })] };
    const refused = await acknowledgeCards(world, asked);
    assert.ok(!refused.ok && refused.error.kind === 'not-permitted');
    assert.deepEqual(await statesOf(store, records), ['issued', 'issued']);
  });

  it('end when the account ends during its upload', async () => {
    const { store, world, order, records, report } = await ordered();
    unwrap(await store.transaction((tx) => tx.updateAccount({ ...CARDS, expiresAt: NOW })));
    const asked = { account: CARDS, order, reports: [report(1, { outcome: 'scrapped', onCard: [] })] };
    const refused = await acknowledgeCards(world, asked);
    assert.ok(!refused.ok && refused.error.kind === 'not-permitted' && refused.error.rule === 'account-in-force');
    assert.deepEqual(await statesOf(store, records), ['issued', 'issued']);
  });

  it('of a scrapped card are stored with its revocation, or not at all', async () => {
    const { store, records, report, order, world } = await ordered();
    const broken: Store = {
      ...store,
      transaction: (work) =>
        store.transaction((tx) =>
          work({
            ...tx,
            insertAcknowledgements: async () => {
              throw new Error('a fault of the test');
            },
          }),
        ),
    };
    const asked = { account: CARDS, order, reports: [report(1, { outcome: 'scrapped' })] };
    await assert.rejects(acknowledgeCards({ ...world, store: broken }, asked));
    assert.deepEqual(await statesOf(store, records), ['issued', 'issued']);
  });

  it('say that a card is not live whose certificate was revoked since', async () => {
    const { world, records, report, send } = await ordered();
    const command = { account: OFFICER, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await revokeCertificate(world, present(records[1], 'the second').id, command));
    assert.deepEqual(await send([report(1), report(2)]), ['1 accepted not live', '2 accepted live']);
    assert.deepEqual(await send([report(1)]), ['1 repeated not live']);
  });

  it('are kept with each attempt, and recorded', async () => {
    const { store, world, order, report, send } = await ordered();
    await send([report(1, { onCard: [] }), report(1), report(2, { outcome: 'scrapped' })], CARDS);
    unwrap(await recordAcknowledgements(world, { account: CARDS, order, results: { accepted: 2 } }));
    const kept: string[] = [];
    for await (const page of unwrap(await readAcknowledgements(world, CARDS, order.id)))
      kept.push(...unwrap(page).map(({ line, attempt, outcome, result }) => `${line} ${attempt} ${outcome} ${result}`));
    assert.deepEqual(kept, ['1 1 written read-back-differs', '1 2 written accepted', '2 1 scrapped accepted']);
    const entries = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 100 })));
    const types = entries.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)).type as string);
    assert.deepEqual(
      types.filter((type) => type.startsWith('card.')),
      ['card.returned', 'card.read-back-differs', 'card.scrapped', 'card.acknowledged'],
    );
  });

  it('are recorded as they are stored, also if the client leaves before it has read all answers', async () => {
    const { store, world, order, report } = await ordered();
    const counted: Readonly<Record<string, number>>[] = [];
    const context = { world, countAcknowledgements: (results) => void counted.push(results) } as ApiContext;
    const at = formatInstant(NOW);
    const chunks = [utf8([1, 2].map((line) => `${JSON.stringify({ ...report(line), at })}\n`).join('')), null];
    const request = {
      account: BUREAU,
      params: { id: order.id },
      language: 'en',
      openBody: () => async () => ok(chunks.shift() ?? null),
    } as unknown as StreamRequest;
    const answers = unwrap(await postAcknowledgements(context, request)) as AsyncGenerator<unknown>;
    assert.deepEqual((await answers.next()).value, { line: 1, result: 'accepted', live: true });
    await answers.return(undefined);
    assert.deepEqual(counted, [{ accepted: 2 }]);
    const entries = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 100 })));
    const [recorded] = entries.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)));
    assert.deepEqual([recorded.type, recorded.details.results], ['card.acknowledged', { accepted: 2 }]);
  });

  it('that do not come within a week are counted', async () => {
    const { store, report, send, order } = await ordered();
    const { now } = unwrap(await store.read((reads) => reads.databaseClock()));
    await send([report(1)]);
    const ended = now - 8 * 86_400_000;
    unwrap(
      await store.transaction((tx) =>
        tx.changeOrder(order.id, order.version, { state: 'finished', stateAt: ended, finishedAt: ended }),
      ),
    );
    const counted: number[] = [];
    await runOf(countUnacknowledgedCardsJob, { store, countUnacknowledged: (cards) => void counted.push(cards) })();
    await send([report(2, { outcome: 'failed', onCard: [] })]);
    await runOf(countUnacknowledgedCardsJob, { store, countUnacknowledged: (cards) => void counted.push(cards) })();
    assert.deepEqual(counted, [1, 0]);
  });
});
