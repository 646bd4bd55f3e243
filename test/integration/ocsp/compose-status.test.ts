/**
 * How a responder is put together beside others who change its database: what it hears of them ends
 * in what it tells.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../../../src/compose/home.js';
import { composeStatus, type Status } from '../../../src/compose/status.js';
import { createRelearning } from '../../../src/jobs/status/relearning.js';
import { err, ok } from '../../../src/kernel/result.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { ocspRequestFor } from '../../../src/ocsp/make-request.js';
import type { StatusChange } from '../../../src/ports/store/statuses.js';
import type { Reads, Store } from '../../../src/ports/store.js';
import { SILENT_LOG } from '../../support/status/authority.js';
import { ocspBench, revokedAt, SERIAL } from './bench.js';
import { ANSWERS } from './read-answer.js';

describe('the composition of a responder', () => {
  const bench = ocspBench();
  let changes: readonly StatusChange[];
  /** A server of unknown age, because no node has written to it. */
  let isServer: boolean;
  let relearn: () => Promise<boolean>;
  beforeEach(() => {
    changes = [];
    isServer = false;
    relearn = async () => true;
  });

  const reads = {
    freshness: async () => (isServer ? { now: Date.now(), heartbeat: null, committed: null } : null),
    certificatesByKeys: async () => [],
    lastStatusChange: async () => changes.at(-1)?.seq ?? 0,
    statusChanges: async (after, limit) => changes.filter(({ seq }) => seq > after).slice(0, limit),
  } satisfies Partial<Reads>;
  const read: Store['read'] = async (work) => ok(await work(reads as unknown as Reads));

  /** A store with statuses only, which contain all changes. */
  const groupedRead: Store['groupedRead'] = (work, item) => {
    bench.store.lastChange = changes.at(-1)?.seq ?? 0;
    return (bench.store.groupedRead as Store['groupedRead'])(work, item);
  };

  function start(reader = read): ReturnType<typeof composeStatus> {
    const { issuer, responder, signer } = bench.authority;
    const home = {
      policy: { authorities: new Map(), environment: { ocspAnswers: ANSWERS } },
      config: { ocsp: { signAhead: {}, answersMax: 100, answersMegabytesMax: 1, oneClientPerSecondMax: 100 } },
    } as unknown as Home;
    return composeStatus({
      home,
      signer,
      log: SILENT_LOG,
      countFindings: () => undefined,
      isShared: true,
      continuity: { onChange: () => undefined },
      processName: 'responder-0',
      relearn: () => relearn(),
      relearning: createRelearning(SILENT_LOG, { othersLearnMs: 0, retryMs: 10 }),
      store: { read: reader, groupedRead },
      authorities: [{ issuer, responder }],
    });
  }
  async function compose(): Promise<Status> {
    const composed = await start();
    return composed.ok ? composed.value : assert.fail(composed.error);
  }
  const question = (): Uint8Array => ocspRequestFor(bench.authority.issuer, SERIAL);
  const change = (seq: number): StatusChange => ({
    seq,
    issuer: bench.authority.issuer.id,
    serial: SERIAL,
    at: bench.start,
  });
  const keptBy = ({ responder }: Status): boolean => responder.cached(requestKey(question())) !== null;

  it('does not answer good from a database that may be outdated', async () => {
    assert.equal((await (await compose()).responder.answer(question())).source, 'signed');
    isServer = true;
    assert.equal((await (await compose()).responder.answer(question())).source, 'tryLater');
    bench.status(SERIAL, revokedAt(bench.start));
    assert.equal((await (await compose()).responder.answer(question())).source, 'signed');
  });

  it('does not serve answers that another process has made invalid', async () => {
    const status = await compose();
    await status.responder.answer(question());
    assert.ok(keptBy(status));
    changes = [change(1)];
    await status.poller?.poll();
    assert.equal(keptBy(status), false);
  });

  it('tells nothing of before where the database turns out to be another, nor good before that has learnt what it forgot', async () => {
    let learn: (isDone: boolean) => void = () => undefined;
    let tries = 0;
    relearn = () => {
      tries += 1;
      return new Promise((resolve) => {
        learn = resolve;
      });
    };
    changes = [change(1)];
    const status = await compose();
    await status.responder.answer(question());
    assert.ok(keptBy(status));
    changes = [{ ...change(1), at: bench.start + 1 }];
    await status.poller?.poll();
    assert.equal(keptBy(status), false);
    const source = async () => (await status.responder.answer(question())).source;
    assert.equal(await source(), 'tryLater');
    learn(false);
    while (tries < 2) await sleep(20);
    assert.equal(await source(), 'tryLater');
    learn(true);
    await sleep(0);
    assert.equal(await source(), 'signed');
  });

  it('does not start if changes cannot be read', async () => {
    const away = err({ kind: 'database-unavailable', retryAfterMs: 1, detail: 'away' } as const);
    const composed = await start(async () => away);
    assert.deepEqual(composed, { ok: false, error: 'away' });
  });
});
