/**
 * Transactions of CMP in the database. Without these tests a repeated message could begin a second
 * transaction, and SQL could change what a client was answered.
 */
import assert from 'node:assert/strict';
import { RESERVE_INTENTS } from '../../../src/operations/issuance/reserve.js';
import type { CmpTransaction } from '../../../src/ports/store/enrolment/cmp-transactions.js';
import type { Store } from '../../../src/ports/store.js';
import { cmpTransaction } from '../../support/cmp/transactions.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { DAY_MS, intent, NOW } from '../../support/db/records.js';
import { reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';

const inserted = async (store: Store, ...rows: readonly CmpTransaction[]) =>
  unwrap(await store.transaction((tx) => tx.insertCmpTransactions(rows)));

const changed = async (store: Store, row: CmpTransaction) =>
  unwrap(await store.transaction((tx) => tx.changeCmpTransaction(row)));

const ENDED = { state: 'refused', endedAt: NOW, checkAfter: null, waitUntil: null, request: null } as const;

describeOnEach('transactions of CMP', ({ fresh, opened }) => {
  it('are found by their principal and identifier, as they were stored', async () => {
    const store = await opened();
    const [one, other] = [cmpTransaction(1), cmpTransaction(1, { principal: 'account:other' })];
    await inserted(store, one, other, cmpTransaction(2));
    const read = await store.read(async (reads) => ({
      one: await reads.cmpTransaction(one),
      none: await reads.cmpTransaction({ ...one, principal: 'account:third' }),
      both: await reads.cmpTransactionsByIds([one.transactionId], 9),
      named: await reads.cmpTransactionsByKeys([one, cmpTransaction(3)]),
    }));
    const { both, ...found } = unwrap(read);
    assert.deepEqual(found, { one, none: null, named: [one] });
    assert.equal(both.length, 2);
  });

  it('change with the version that was read only, and once they ended not at all', async () => {
    const store = await opened();
    const one = cmpTransaction(1);
    await inserted(store, one);
    assert.equal(await changed(store, { ...one, ...ENDED, version: 2 }), false);
    assert.equal(await changed(store, { ...one, ...ENDED }), true);
    const ended = unwrap(await store.read((reads) => reads.cmpTransaction(one)));
    assert.deepEqual(ended, { ...one, ...ENDED, version: 2 });
    await assert.rejects(changed(store, { ...one, state: 'waiting', version: 2 }), /has ended does not change/);
  });

  it('end together, each with the version that was read, or not at all', async () => {
    const store = await opened();
    const [one, other] = [cmpTransaction(1), cmpTransaction(2)];
    await inserted(store, one, other);
    const outcome = { status: 'rejection', failInfo: 'badCertId', text: ['no'] };
    const end = (row: CmpTransaction) => ({ ...row, ...ENDED, outcome, lastSha256: 'ab'.repeat(32) });
    const ended = (rows: readonly CmpTransaction[]) => store.transaction((tx) => tx.endCmpTransactions(rows));
    await assert.rejects(ended([end(one), { ...end(other), version: 2 }]), /has the version that was read/);
    unwrap(await ended([end(one), end(other)]));
    const ids = [one.transactionId, other.transactionId];
    const rows = unwrap(await store.read((reads) => reads.cmpTransactionsByIds(ids, 1)));
    const expected = [one, other].map(({ transactionId }) => [transactionId, 'refused', 2, NOW, 'badCertId']);
    const found = rows.map((row) => [row.transactionId, row.state, row.version, row.endedAt, row.outcome?.failInfo]);
    assert.deepEqual(found.sort(), expected);
  });

  it('are answered together: those that are confirmed implicitly have ended, the others have their whole time', async () => {
    const store = await withRun(await opened());
    const reserved = [1, 2, 3, 4].map((n) => reservation(intent(n)));
    unwrap(await store.transaction((tx) => RESERVE_INTENTS.run(tx, reserved)));
    const working = (n: number, other: Partial<CmpTransaction>): CmpTransaction =>
      cmpTransaction(n, { state: 'working', certificateId: intent(n).id, request: null, waitUntil: null, ...other });
    const implicit = working(1, { implicit: true, checkAfter: null });
    const confirmed = working(2, { confirmBy: NOW + DAY_MS, checkAfter: null });
    const late = cmpTransaction(3, { certificateId: intent(3).id, confirmBy: NOW + DAY_MS, waitUntil: NOW + 7 });
    const over = cmpTransaction(4, { ...ENDED, certificateId: intent(4).id });
    await inserted(store, implicit, confirmed, late, over);
    const signed = [implicit, confirmed, late, over].map(({ certificateId }, at) => ({
      certificateId: certificateId ?? '',
      laterMs: 10 * at,
      waitUntil: at === 0 ? null : NOW + 99,
    }));
    unwrap(await store.transaction((tx) => tx.answerCmpTransactions(signed, NOW + 1)));
    const rows = unwrap(await store.read((reads) => reads.cmpTransactionsByKeys([implicit, confirmed, late, over])));
    const answered = { state: 'answered', request: null, checkAfter: null, version: 2 } as const;
    assert.deepEqual(
      [...rows].sort((one, other) => one.transactionId.localeCompare(other.transactionId)),
      [
        { ...implicit, state: 'done', endedAt: NOW + 1, version: 2 },
        { ...confirmed, ...answered, confirmBy: NOW + DAY_MS + 10, waitUntil: NOW + 99 },
        { ...late, ...answered, confirmBy: NOW + DAY_MS + 20 },
        over,
      ],
    );
  });

  it('are counted while they are open, found when their time has passed, and removed after their end', async () => {
    const store = await withRun(await opened());
    unwrap(await store.transaction((tx) => RESERVE_INTENTS.run(tx, [reservation(intent(1))])));
    const answered = cmpTransaction(1, {
      state: 'answered',
      certificateId: intent(1).id,
      confirmBy: NOW - 1,
      waitUntil: null,
    });
    const late = cmpTransaction(2, { waitUntil: NOW - 1 });
    await inserted(store, answered, late, cmpTransaction(3), cmpTransaction(4, ENDED));
    const unknown = cmpTransaction(5);
    const read = await store.read(async (reads) => ({
      counted: await reads.countedCmpTransactions([late, { ...late, principal: 'account:other' }, unknown], 9),
      some: await reads.countedCmpTransactions([unknown], 2),
      past: await reads.cmpTransactionsPastEnd(NOW, 9),
      of: await reads.cmpTransactionsOfCertificates([intent(1).id]),
      certificates: (await reads.certificatesOfCmpTransactions([answered, late])).map(({ id }) => id),
      ofAnother: await reads.certificatesOfCmpTransactions([{ ...answered, principal: 'account:other' }]),
      ended: await reads.hasEndedCmpTransactions(NOW + 1),
      totals: await reads.cmpTotals(),
    }));
    const none = { transaction: null, open: 0 };
    const counted = [{ transaction: late, open: 3 }, none, { transaction: null, open: 3 }];
    const totals = { undetermined: 0, waitingSince: late.begunAt };
    assert.deepEqual(unwrap(read), {
      counted,
      some: [{ transaction: null, open: 2 }],
      past: [answered, late],
      of: [answered],
      certificates: [intent(1).id],
      ofAnother: [],
      ended: true,
      totals,
    });
    const removed = (before: number) => store.transaction((tx) => tx.deleteEndedCmpTransactions(before, 9));
    assert.equal(unwrap(await removed(NOW)), 0);
    assert.equal(unwrap(await removed(NOW + DAY_MS)), 1);
  });

  it('cannot be changed or removed past the program', async () => {
    const database = await fresh();
    const store = await withRun(await opened({ database }));
    unwrap(
      await store.transaction((tx) =>
        RESERVE_INTENTS.run(
          tx,
          [1, 2].map((n) => reservation(intent(n))),
        ),
      ),
    );
    const [certificateId, other] = [intent(1).id, intent(2).id];
    const open = cmpTransaction(1);
    const ended = cmpTransaction(2, ENDED);
    const answered = cmpTransaction(3, { state: 'answered', certificateId, confirmBy: NOW, waitUntil: null });
    const lapsed = cmpTransaction(4, { state: 'lapsed', endedAt: NOW, waitUntil: null });
    await inserted(store, open, ended, answered, lapsed);
    const raw = await rawDatabase(database);
    const refuse = (sql: string, reason: RegExp) => assert.rejects(raw.all(sql), reason, sql);
    const set = (columns: string, { transactionId }: CmpTransaction) =>
      `update cmp_transactions set version = version + 1, ${columns} where transaction_id = '${transactionId}'`;
    await refuse('delete from cmp_transactions', /has not ended is not removed/);
    await refuse(set(`principal = 'account:other'`, open), /began with does not change/);
    await refuse(set(`request_sha256 = '${'0'.repeat(64)}'`, open), /began with does not change/);
    await refuse(set(`outcome = '{}'`, ended), /has ended does not change/);
    await refuse(set(`state = 'waiting', ended_at = null, wait_until = 1`, ended), /has ended does not change/);
    await refuse(set(`state = 'working'`, answered), /does not go back/);
    await refuse(set(`certificate_id = '${other}'`, answered), /has one certificate/);
    await refuse(set(`certificate_id = null`, answered), /has one certificate/);
    await refuse(set(`state = 'confirmed', certificate_id = '${certificateId}'`, lapsed), /is confirmed, or nothing/);
    await refuse('update cmp_transactions set version = version + 2', /versions ascend/);
    await refuse(set(`state = 'new'`, open), /cmp_transactions_(state|end)/);
    await refuse(set(`state = 'refused'`, open), /cmp_transactions_end/);
    await refuse(set('wait_until = null', open), /cmp_transactions_wait/);
    await refuse(set(`state = 'answered', confirm_by = 1`, open), /cmp_transactions_certificate/);
    await raw.close();
  });
});
