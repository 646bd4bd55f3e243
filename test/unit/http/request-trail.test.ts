/**
 * The traces of requests: without these bounds, clients that are refused all the time would fill
 * the audit log and the log; without the counts, nobody would know how often they were refused.
 */
import assert from 'node:assert/strict';
import type { AuditEvent } from '../../../src/audit/events.js';
import type { HttpFailure } from '../../../src/http/api/problems.js';
import { type ApiExchange, recordRefusal } from '../../../src/http/trail/exchange.js';
import type { RefusedRequest } from '../../../src/http/trail/refusals.js';
import { createRequestTrail } from '../../../src/http/trail/request-trail.js';
import { worldOfRequest } from '../../../src/http/trail/request-world.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import type { Json } from '../../../src/kernel/json.js';
import { err, ok } from '../../../src/kernel/result.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { World } from '../../../src/operations/world.js';
import type { Store, Transaction } from '../../../src/ports/store.js';
import { fault, text, violation } from '../../../src/texts/text.js';

const DENIED: HttpFailure = { kind: 'not-permitted', ...fault('role-permits', { action: 'issue' }) };
const AWAY = { kind: 'database-unavailable', retryAfterMs: 1, detail: 'away' } as const;
type Line = readonly [string, Readonly<Record<string, Json>> | undefined];

function fakeWorld() {
  const state = { now: 10 * MINUTE_MS, isAway: false, transactions: 0 };
  const events: AuditEvent[] = [];
  const lines: Line[] = [];
  const tx = {
    appendAudit: async (more: readonly AuditEvent[]) => {
      events.push(...more);
      return more.map((_, at) => at);
    },
  } as unknown as Transaction;
  const store = {
    transaction: async (work) => {
      state.transactions += 1;
      return state.isAway ? err(AWAY) : ok(await work(tx));
    },
    groupedTransaction: async (work, item) => {
      state.transactions += 1;
      if (state.isAway) return err(AWAY);
      const [outcome] = await work.run(tx, [item]);
      return ok(outcome as never);
    },
  } as Pick<Store, 'transaction' | 'groupedTransaction'> as Store;
  const note = (event: string, fields?: Readonly<Record<string, Json>>) => void lines.push([event, fields]);
  const world = {
    store,
    clock: () => state.now,
    random: (length: number) => new Uint8Array(length).fill(7),
    log: { info: note, warn: note, error: note },
  } as Pick<World, 'store' | 'clock' | 'random' | 'log'> as World;
  return { state, events, lines, world, trail: createRequestTrail(world) };
}

function refusedRequest(requestId: string, more: Partial<RefusedRequest> = {}): RefusedRequest {
  const client = { accountId: 'cards', certificateSha256: null, address: '::1' };
  return { requestId, ...client, route: 'POST /v1/x', subjectId: null, failure: DENIED, ...more };
}

describe('the trace of a request', () => {
  it('counts statements that contradict officers, and no other card that must go to a desk', async () => {
    const { trail } = fakeWorld();
    const metrics = createMetrics();
    const state = { requestId: 'r-1', route: null, accountId: 'cards', self: null, certificateSha256: null };
    const ctx = { state, req: { socket: {} } } as unknown as ApiExchange;
    for (const reason of ['update-contradicted', 'officer'] as const)
      await recordRefusal({ trail, metrics }, ctx, { kind: 'card-to-desk', reason, message: text(`desk/${reason}`) });
    assert.equal((await metrics.updatesContradicted.get()).values[0]?.value, 1);
  });

  it('has an id that ascends in time', () => {
    const { state, trail } = fakeWorld();
    const first = trail.newRequestId();
    state.now += 1;
    assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(first < trail.newRequestId());
  });

  it('is an audit entry with account, route, problem and rule, if it was refused', async () => {
    const { events, trail } = fakeWorld();
    await trail.recordRefusal(refusedRequest('r-1', { subjectId: 'c-1' }));
    const details = { id: 'c-1', code: 'not-permitted', status: 403, rules: ['role-permits'], route: 'POST /v1/x' };
    assert.deepEqual(events, [
      {
        at: 10 * MINUTE_MS,
        type: 'access.denied',
        actor: 'account:cards',
        requestId: 'r-1',
        details: { ...details, address: '::1', certificateSha256: null },
      },
    ]);
    const malformed: HttpFailure = { kind: 'body-malformed', violations: [violation('/a', 'json/utf-8')] };
    await trail.recordRefusal(refusedRequest('r-2', { accountId: null, failure: malformed }));
    assert.deepEqual([events[1]?.type, events[1]?.actor], ['request.refused', 'anonymous']);
  });

  it('is part of a count after the tenth refusal of a minute for the same reason, and of no other', async () => {
    const { state, events, trail } = fakeWorld();
    // The requests came in the other order than they are refused.
    for (let at = 35; at > 10; at -= 1) await trail.recordRefusal(refusedRequest(`r-${at}`));
    await trail.recordRefusal(refusedRequest('other', { accountId: 'others' }));
    assert.equal(events.length, 11);
    await trail.writeCounts();
    const counted = { code: 'not-permitted', count: 15, firstRequestId: 'r-11', lastRequestId: 'r-25' };
    assert.deepEqual(
      events.slice(11).map(({ type, actor, details }) => ({ type, actor, details })),
      [{ type: 'access.denied', actor: 'account:cards', details: counted }],
    );
    await trail.writeCounts();
    assert.equal(events.length, 12, 'nothing was refused since');
    await trail.recordRefusal(refusedRequest('same-minute'));
    assert.equal(events.length, 12);
    state.now += MINUTE_MS;
    await trail.recordRefusal(refusedRequest('next-minute'));
    assert.equal(events.at(-1)?.requestId, 'next-minute');
  });

  it('is counted, and written later, while the database is away', async () => {
    const { state, events, trail } = fakeWorld();
    state.isAway = true;
    await trail.recordRefusal(refusedRequest('r-1'));
    await trail.writeCounts();
    state.isAway = false;
    await trail.recordRefusal(refusedRequest('r-2', { failure: AWAY }));
    await trail.writeCounts();
    const counts = events.map(({ details }) => details as { readonly code: string; readonly count: number });
    assert.deepEqual(
      counts.map(({ code, count }) => `${count} ${code}`),
      ['1 not-permitted', '1 database-unavailable'],
    );
  });

  it('costs no transaction in an overload', async () => {
    const { state, trail } = fakeWorld();
    await trail.recordRefusal(refusedRequest('r-1', { failure: { kind: 'overloaded', retryAfterMs: 1 } }));
    assert.equal(state.transactions, 0);
  });

  it('is a line in the log; of clients without an account 600 a minute, then a count', async () => {
    const { state, lines, trail } = fakeWorld();
    const answer = { method: 'GET', route: '/v1/cas', address: '::1', durationMs: 1.26, bytes: 9, isComplete: true };
    const log = (accountId: string | null) =>
      trail.logAnswer({ requestId: 'r-1', ...answer, status: 200, code: null, accountId });
    log('cards');
    const { durationMs: _, isComplete: __, ...logged } = answer;
    const expected = {
      requestId: 'r-1',
      ...logged,
      status: 200,
      code: null,
      account: 'cards',
      ms: 1.3,
      complete: true,
    };
    assert.deepEqual(lines, [['http.request', expected]]);
    for (let at = 0; at < 700; at += 1) log(null);
    log('cards');
    assert.equal(lines.length, 602);
    await trail.writeCounts();
    assert.deepEqual(lines.at(-1), ['http.requests-not-logged', { count: 100 }]);
    state.now += MINUTE_MS;
    log(null);
    assert.equal(lines.at(-1)?.[0], 'http.request');
  });
});

describe('the world of a request', () => {
  it('names the request in each line of the log and each audit entry of its transactions', async () => {
    const { events, lines, world } = fakeWorld();
    const { log, store, requestId } = worldOfRequest(world, 'r-1');
    log.warn('a', { b: 1 });
    log.error('c');
    assert.deepEqual(lines, [
      ['a', { b: 1, requestId: 'r-1' }],
      ['c', { requestId: 'r-1' }],
    ]);
    const event = { at: 1, type: 'clock.right', actor: 'system', details: { behindMs: 0, offsetMs: 0 } } as const;
    await store.transaction((tx) => tx.appendAudit([event]));
    assert.deepEqual(events, [{ ...event, requestId: 'r-1' }]);
    assert.equal(requestId, 'r-1');
  });
});
