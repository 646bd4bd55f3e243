/**
 * Statuses that are read while other reads wait for their turn. Several servers may share the
 * address of the database. Without this test, a read that waited could take `good` from a server
 * that lacks a revocation which this process has just answered, and the cache would keep it.
 */
import assert from 'node:assert/strict';
import type { StatusSource } from '../../../src/operations/status/ocsp-statuses.js';
import { ocspBench, revokedAt, SERIAL } from './bench.js';

describe('statuses that wait for their turn', () => {
  const bench = ocspBench();

  it('are not good from a server that lacks a change which another answer has shown meanwhile', async () => {
    let newest = 0;
    let isQueued = true;
    let release = (): void => undefined;
    const turn = new Promise<void>((resolve) => {
      release = resolve;
    });
    const store: StatusSource = {
      groupedRead: async (work, item) => {
        if (!isQueued) return bench.store.groupedRead(work, item);
        isQueued = false;
        await turn;
        // The server that answers now lacks the revocation.
        bench.status(SERIAL, { status: 'issued' });
        bench.store.lastChange = 4;
        return bench.store.groupedRead(work, item);
      },
    };
    const made = bench.responder({
      store,
      staleMs: () => 0,
      changes: {
        newestChange: () => newest,
        sawChange: (seq) => {
          newest = Math.max(newest, seq);
        },
      },
    });
    const plain = bench.plain();
    const sha256 = bench.request('-no_nonce', '-sha256', '-serial', `0x${SERIAL}`);
    const waiting = made.answer(plain);
    bench.status(SERIAL, revokedAt(bench.start));
    bench.store.lastChange = 5;
    assert.match(bench.spoken((await made.answer(sha256)).bytes), /Cert Status: revoked/);
    release();
    assert.equal((await waiting).source, 'tryLater');
    assert.equal((await made.answer(plain)).source, 'tryLater');
    assert.match(bench.spoken((await made.answer(sha256)).bytes, { request: sha256 }), /Cert Status: revoked/);
  });
});
