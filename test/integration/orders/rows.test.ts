/**
 * The tables of orders. Their guards refuse what our own statements never do, to everybody who has
 * the database: without them, an outcome or a receipt could be rewritten without a trace.
 */
import assert from 'node:assert/strict';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { canonicalJson } from '../../../src/kernel/json.js';
import type { Acknowledgement } from '../../../src/ports/store/orders/acknowledgements.js';
import type { ForeseenKey, Order, OrderPart, SettledLine } from '../../../src/ports/store/orders.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { type RawDatabase, rawDatabase } from '../../support/db/raw.js';
import { certify, intent, NOW } from '../../support/db/records.js';
import { runOf, withRun } from '../../support/db/runs.js';
import { acceptedOrder, orderRecord, settledLine } from '../../support/orders/records.js';

const SHA = 'a'.repeat(64);
const TABLES = ['orders', 'order_lines', 'order_problems', 'order_parts', 'foreseen_keys', 'card_acknowledgements'];
/** Their rows are never deleted, not even all at once. */
const GUARDED = ['orders', 'order_lines', 'order_problems', 'card_acknowledgements'];

describeOnEach('orders', ({ kind, fresh, opened }) => {
  let store: Store;
  let database: Awaited<ReturnType<typeof fresh>>;

  beforeEach(async () => {
    database = await fresh();
    store = await opened({ database });
    await withRun(store);
  });

  const insert = async (...orders: readonly Order[]): Promise<void> =>
    unwrap(
      await store.transaction(async (tx) => {
        for (const order of orders) await tx.insertOrder(order);
      }),
    );
  const stored = async ({ id }: Order) => unwrap(await store.read((reads) => reads.order(id)));
  const part = (order: Order, number: number, [firstLine, lastLine]: readonly [number, number]): OrderPart => ({
    orderId: order.id,
    part: number,
    firstLine,
    lastLine,
    records: Uint8Array.of(number),
  });

  const acknowledgement = ({ id }: Order): Acknowledgement => ({
    orderId: id,
    line: 2,
    attempt: 1,
    outcome: 'written',
    onCard: [SHA],
    writtenAt: NOW,
    accountId: 'bureau',
    receivedAt: NOW,
    result: 'accepted',
  });

  const refusedLine = (order: Order, line: number, rules: readonly string[]): SettledLine => {
    const violations = rules.map((rule) => ({ message: rule, pointer: '/requests/0', rule }));
    const problem = { code: 'policy-violated', title: 'refused', violations };
    return settledLine(order, line, { result: canonicalJson({ card: null, line, outcome: 'refused', problem }) });
  };

  const foreseenKey = ({ id }: Order, line: number): ForeseenKey => ({
    orderId: id,
    line,
    request: 0,
    spkiSha256: String(line).repeat(64),
  });

  it('are stored with all that they have, and changed by whoever knows their version', async () => {
    const order = acceptedOrder(1, 5, { bureauId: 'bureau', reference: 'night', idempotencyKey: 'k', dryRun: true });
    await insert(order);
    assert.deepEqual(await stored(order), order);
    const changes = { state: 'paused', stateAt: NOW + 1, pausedBy: 'system' } as const;
    const change = (version: number) => store.transaction((tx) => tx.changeOrder(order.id, version, changes));
    assert.deepEqual([unwrap(await change(2)), unwrap(await change(1)), unwrap(await change(1))], [false, true, false]);
    assert.deepEqual(await stored(order), { ...order, ...changes, version: 2 });
  });

  it('have one live order for each key of an account', async () => {
    const held = { idempotencyKey: 'k' };
    const discarded = { ...held, state: 'discarded', finishedAt: NOW } as const;
    await insert(orderRecord(1, discarded), orderRecord(2, discarded), orderRecord(3, held));
    await insert(orderRecord(4, { ...held, accountId: 'other' }));
    await assert.rejects(
      store.transaction((tx) => tx.insertOrder(orderRecord(5, held))),
      /UNIQUE|orders_key/,
    );
    const found = unwrap(await store.read((reads) => reads.orderByKey('cards', 'k')));
    assert.equal(found?.id, orderRecord(3).id);
  });

  it('count the outcomes of their lines in the transaction that writes them', async () => {
    const [one, two] = [acceptedOrder(1, 3), acceptedOrder(2, 3)];
    await insert(one, two);
    const lines = [settledLine(one, 1), settledLine(two, 2, { outcome: 'issued' }), settledLine(one, 3)];
    unwrap(await store.transaction((tx) => tx.insertOrderLines(lines)));
    assert.deepEqual((await stored(one))?.counts, { ...one.counts, refused: 2 });
    assert.deepEqual((await stored(two))?.counts, { ...two.counts, issued: 1 });
    const page = { id: one.id, after: 1, limit: 10 };
    assert.deepEqual(unwrap(await store.read((reads) => reads.orderLinesAfter(page))), [lines[2]]);
    const settled = await store.read((reads) => reads.settledAmong(one.id, [1, 2, 3]));
    assert.deepEqual(unwrap(settled), new Set([1, 3]));
    await assert.rejects(store.transaction((tx) => tx.insertOrderLines([settledLine(one, 1)])));
    assert.deepEqual((await stored(one))?.counts, { ...one.counts, refused: 2 });
    // More outcomes than lines.
    const tooMany = [settledLine(two, 1), settledLine(two, 3), settledLine(two, 4)];
    await assert.rejects(
      store.transaction((tx) => tx.insertOrderLines(tooMany)),
      /orders_counts/,
    );
  });

  it('that can be worked on are found, oldest first', async () => {
    const ended = { finishedAt: NOW } as const;
    const paused = { state: 'paused', pausedBy: 'system' } as const;
    await insert(
      acceptedOrder(5, 1),
      acceptedOrder(4, 1, { state: 'working' }),
      acceptedOrder(3, 1, { state: 'cancelling' }),
      acceptedOrder(2, 1, { ...paused, deadlineAt: NOW }),
      acceptedOrder(1, 1, paused),
      acceptedOrder(6, 1, { state: 'finished', ...ended }),
      orderRecord(7),
      orderRecord(8, { state: 'discarded', ...ended }),
    );
    const oldest = [2, 3, 4, 5].map((number) => orderRecord(number).id);
    const found = async (limit: number) =>
      unwrap(await store.read((reads) => reads.workableOrders(NOW, limit))).map(({ id }) => id);
    assert.deepEqual(await found(100), oldest);
    assert.deepEqual(await found(3), oldest.slice(0, 3));
    const running = unwrap(await store.read((reads) => reads.runningOrdersOf('cards')));
    assert.deepEqual(
      running.map(({ state }) => state),
      ['working', 'accepted'],
    );
    const totals = unwrap(await store.read((reads) => reads.orderTotals()));
    assert.deepEqual(totals, {
      byState: { accepted: 1, working: 1, cancelling: 1, paused: 2, receiving: 1 },
      oldestAt: NOW,
      unsignedAt: null,
    });
  });

  it('that are being received say whether their run is live', async () => {
    await withRun(store, { run: runOf(2) });
    await insert(orderRecord(1), orderRecord(2, { receivingRun: runOf(2) }), acceptedOrder(3, 1));
    unwrap(await store.transaction((tx) => tx.endRun(runOf(2), { at: NOW, reason: 'lost' })));
    const found = unwrap(await store.read((reads) => reads.uploads()));
    assert.deepEqual(
      found.map(({ isRunLive }) => isRunLive),
      [true, false],
    );
  });

  it('have the part of each line, until their parts are deleted, the last first', async () => {
    const [live, ended, old] = [
      acceptedOrder(1, 6),
      acceptedOrder(2, 6, { state: 'finished', finishedAt: NOW }),
      acceptedOrder(3, 6, { state: 'finished', finishedAt: NOW - DAY_MS }),
    ];
    await insert(live, ended, old);
    const parts = (order: Order) => [part(order, 1, [1, 2]), part(order, 2, [3, 3]), part(order, 3, [4, 6])];
    unwrap(
      await store.transaction(async (tx) => {
        for (const one of [live, ended, old].flatMap(parts)) await tx.insertPart(one);
        await tx.insertForeseenKeys([1, 3, 4].map((line) => foreseenKey(old, line)));
      }),
    );
    const keys = ['1', '3', '4'].map((name) => name.repeat(64));
    const foreseen = async () =>
      unwrap(await store.read((reads) => reads.foreseenKeys(old.id, { cardTokenId: null, keys })));
    const partOf = async (line: number) => unwrap(await store.read((reads) => reads.orderPart(live.id, line)))?.part;
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 6, 7].map(partOf)), [1, 1, 2, 3, 3, undefined]);
    const oldOnes = async () => unwrap(await store.read((reads) => reads.ordersWithOldParts(NOW, 10)));
    assert.deepEqual(await oldOnes(), [old.id]);
    const remove = (order: Order, limit: number) => store.transaction((tx) => tx.deleteParts(order.id, limit));
    assert.equal(unwrap(await remove(live, 10)), 0);
    assert.equal(unwrap(await remove(old, 2)), 2);
    assert.deepEqual(await foreseen(), [foreseenKey(old, 1)]);
    assert.deepEqual(await oldOnes(), [old.id]);
    assert.equal(unwrap(await remove(old, 2)), 1);
    assert.deepEqual(await foreseen(), []);
    assert.deepEqual(await oldOnes(), []);
  });

  it('count what was wrong with their lines, each rule of a line once, with its first line', async () => {
    const order = acceptedOrder(1, 9);
    await insert(order, acceptedOrder(2, 9));
    const settle = (...lines: readonly SettledLine[]) => store.transaction((tx) => tx.insertOrderLines(lines));
    unwrap(await settle(refusedLine(order, 7, ['key-strong', 'identity-age']), refusedLine(order, 5, ['key-strong'])));
    unwrap(await settle(refusedLine(order, 3, ['identity-age', 'identity-age']), refusedLine(order, 8, [])));
    unwrap(
      await settle(settledLine(order, 1, { outcome: 'not-issued' }), settledLine(order, 2, { outcome: 'issued' })),
    );
    const { problems, failed } = unwrap(
      await store.read(async (reads) => ({
        problems: await reads.orderProblems(order.id),
        failed: await reads.failedLinesAfter({ id: order.id, after: 1, limit: 3 }),
      })),
    );
    assert.deepEqual(
      problems.map(({ code, rule, lines, firstLine }) => [code, rule, lines, firstLine]),
      [
        ['policy-violated', '', 1, 8],
        ['policy-violated', 'identity-age', 2, 3],
        ['policy-violated', 'key-strong', 2, 5],
      ],
    );
    assert.deepEqual(
      failed.map(({ line }) => line),
      [3, 5, 7],
    );
  });

  it('and their outcomes cannot be changed past the program: each guard refuses', async () => {
    const [live, ended] = [acceptedOrder(1, 3), acceptedOrder(2, 3, { state: 'finished', finishedAt: NOW })];
    const hashed = { ...ended, resultsSha256: SHA, receipt: '{}', receiptSignature: Uint8Array.of(1) };
    await insert({ ...live, counts: { ...live.counts, issued: 1 }, nextLine: 2 }, hashed);
    unwrap(await store.transaction((tx) => tx.insertOrderLines([refusedLine(live, 2, ['key-strong'])])));
    unwrap(await store.transaction((tx) => tx.insertPart(part(live, 1, [1, 3]))));
    unwrap(await store.transaction((tx) => tx.insertForeseenKeys([foreseenKey(live, 1)])));
    unwrap(await store.transaction((tx) => tx.insertAcknowledgements([acknowledgement(live)])));
    const raw = await rawDatabase(database);
    const [ofLive, ofEnded] = [`where id = '${live.id}'`, `where id = '${ended.id}'`];
    const truncated = kind === 'sqlite' ? [] : GUARDED.map((table) => `truncate ${table}`);
    const refused: Readonly<Record<string, readonly string[]>> = {
      'orders, rows are never deleted': ['delete from orders'],
      'orders, what an order began with stays': [`update orders set account_id = 'other' ${ofLive}`],
      'orders, an accepted upload does not change': [
        `update orders set lines = 4 ${ofLive}`,
        `update orders set request_sha256 = '${SHA}' ${ofLive}`,
      ],
      'orders, an upload is received once': [`update orders set state = 'receiving' ${ofLive}`],
      'orders, counts never fall': [
        `update orders set count_issued = 0, count_refused = 2 ${ofLive}`,
        `update orders set next_line = 1 ${ofLive}`,
        `update orders set version = 0 ${ofLive}`,
      ],
      'orders, an order that has ended does not change': [
        `update orders set state = 'working', finished_at = null ${ofEnded}`,
        `update orders set count_refused = 1 ${ofEnded}`,
      ],
      'orders, hashes and receipts are written once': [
        `update orders set results_sha256 = '${'b'.repeat(64)}' ${ofEnded}`,
        `update orders set receipt = null, receipt_signature = null ${ofEnded}`,
      ],
      'order_lines, rows are never updated': [`update order_lines set outcome = 'issued'`],
      'order_lines, rows are never deleted': ['delete from order_lines'],
      'order_problems, rows are never deleted': ['delete from order_problems'],
      'order_problems, what a problem of an order is stays': [`update order_problems set rule = 'other'`],
      'order_problems, counts of problems never fall': [
        'update order_problems set lines = 0',
        'update order_problems set first_line = 3',
      ],
      'order_parts, rows are never updated': ['update order_parts set last_line = 2'],
      'foreseen_keys, rows are never updated': ['update foreseen_keys set line = 2'],
      'card_acknowledgements, rows are never updated': [`update card_acknowledgements set outcome = 'failed'`],
      'card_acknowledgements, rows are never deleted': ['delete from card_acknowledgements'],
    };
    for (const [says, statements] of Object.entries(refused))
      for (const sql of statements) await assert.rejects(raw.all(sql), new RegExp(`guard: ${says}`), sql);
    for (const sql of truncated) await assert.rejects(raw.all(sql), /guard: \w+, rows are never deleted/, sql);
    assert.deepEqual(await guardsOf(raw), Object.keys(refused).sort(), 'each guard of these tables is tried');
    // What is written later, once.
    await raw.all(`update orders set bundle_sha256 = '${SHA}' ${ofEnded}`);
    await assert.rejects(raw.all(`update orders set bundle_sha256 = null ${ofEnded}`), /guard/);
    await raw.close();
  });

  /** What the guards of the tables of orders say, each once. */
  async function guardsOf(raw: RawDatabase): Promise<readonly string[]> {
    const sql =
      kind === 'sqlite'
        ? `select tbl_name as name, sql from sqlite_master where type = 'trigger'`
        : `select tgrelid::regclass as name, pg_get_triggerdef(oid) as sql from pg_trigger where not tgisinternal`;
    const triggers = (await raw.all(sql)).filter(({ name }) => TABLES.includes(String(name)));
    const said = triggers.map((trigger) => /(?:guard: |')(\w+, [^']+)'\)/.exec(String(trigger.sql))?.[1] ?? '?');
    return [...new Set(said)].sort();
  }

  it('name their certificates by claims that do not change', async () => {
    const claim = { account: 'cards', route: 'order/x', key: '1' };
    unwrap(await store.transaction((tx) => certify(tx, intent(1, { claim }), { status: 'issued' })));
    const raw = await rawDatabase(database);
    for (const column of ['claim_account', 'claim_route', 'claim_key'])
      await assert.rejects(raw.all(`update certificates set ${column} = '2'`), /guard/, column);
    await raw.close();
  });
});
