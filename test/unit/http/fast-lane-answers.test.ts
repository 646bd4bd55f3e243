import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createFastLaneServe } from '../../../src/http/status/fast-lane/answers.js';
import type { FastLaneAnswer } from '../../../src/http/status/fast-lane/lane.js';
import { createFastLaneReader, type FastLaneRequest } from '../../../src/http/status/fast-lane/request.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import type { OcspAnswer } from '../../../src/ocsp/answer.js';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const NOW = Date.UTC(2026, 2, 1, 10);
const NEXT_UPDATE = NOW + HOUR_MS;

/** The DER of a request is not parsed here; a path only has to be base64. */
const get = (target: string, ifNoneMatch: string | null = null): FastLaneRequest => ({
  method: 'GET',
  target,
  bodyBytes: 0,
  contentType: null,
  ifNoneMatch,
});

function createWorld() {
  const looked: string[] = [];
  let now = NOW;
  /** An answer like those of `answerFromCached`. */
  const answer = (octet = 1): OcspAnswer => {
    const maxAgeMs = Math.min(5 * MINUTE_MS, NEXT_UPDATE - now);
    const cacheable = { maxAgeMs, etag: `"${octet}"`, lastModified: NOW, expires: now + maxAgeMs };
    return { bytes: bytesOf(octet), source: 'cache', cacheable };
  };
  const kept = new Map<number, Uint8Array>();
  const bytesOf = (octet: number): Uint8Array => {
    const bytes = kept.get(octet) ?? new Uint8Array([octet]);
    kept.set(octet, bytes);
    return bytes;
  };
  let current: () => OcspAnswer = answer;
  const serve = createFastLaneServe({
    responder: {
      cached: (key) => {
        looked.push(key);
        return key.startsWith('kept') ? current() : null;
      },
      answer: async () => current(),
    },
    crls: { findCached: () => null, find: async () => null },
    practiceStatement: { path: '/PC' },
    clock: () => now,
    metrics: { ocspAnswers: { count: () => undefined } },
  });
  return {
    looked,
    answer,
    ask: async (request: FastLaneRequest, body = ''): Promise<FastLaneAnswer | null> =>
      serve(request, Buffer.from(body)),
    at: (instant: number) => {
      now = instant;
    },
    setAnswer: (which: () => OcspAnswer) => {
      current = which;
    },
  };
}

const bodyOf = (answer: FastLaneAnswer | null): string => String(answer).split('\r\n\r\n')[1] ?? '';

describe('an answer in the fast lane', () => {
  const post: FastLaneRequest = {
    ...get('/ocsp'),
    method: 'POST',
    contentType: 'application/ocsp-request',
    bodyBytes: 4,
  };

  it('may be stored by no cache beyond nextUpdate, whenever it was serialized', async () => {
    const { ask, at, answer, setAnswer } = createWorld();
    setAnswer(answer);
    for (const [leftMs, maxAge] of [
      [400_000, 300],
      [300_000, 300],
      [299_000, 299],
      [10_000, 10],
      [9_999, 9],
      [9_000, 9],
      [999, 0],
    ] as const) {
      at(NEXT_UPDATE - leftMs);
      assert.match(String(await ask(get('/ocsp/MAA='))), new RegExp(`cache-control: max-age=${maxAge},`, 'i'));
    }
  });

  it('has a new date each second, and is replaced at once by a new answer', async () => {
    const { ask, at, answer, setAnswer } = createWorld();
    setAnswer(() => answer(1));
    const dateOf = async () => /\r\nDate: ([^\r]*)\r\n/.exec(String(await ask(get('/ocsp/MAA='))))?.[1];
    for (const ms of [0, 999, 1_000, 5 * SECOND_MS]) {
      at(NOW + ms);
      assert.equal(await dateOf(), new Date(NOW + ms).toUTCString());
    }
    setAnswer(() => answer(2));
    assert.equal(bodyOf(await ask(get('/ocsp/MAA='))), '\x02');
  });

  it('is 304 for its tag, and always complete for a POST, which has the same header fields as a GET', async () => {
    const { ask } = createWorld();
    assert.match(String(await ask(get('/ocsp/MAA=', '"1"'))), /^HTTP\/1\.1 304 Not Modified\r\ncache-control: max-age/);
    assert.match(String(await ask(get('/ocsp/MAA=', '"2"'))), /^HTTP\/1\.1 200 OK\r\n/);
    const posted = String(await ask({ ...post, ifNoneMatch: '"1"' }, 'kept'));
    assert.equal(posted, String(await ask(get('/ocsp/MAA='))));
    assert.match(posted, /^HTTP\/1\.1 200 OK\r\n(.*\r\n)*cache-control: max-age=/);
    assert.equal(bodyOf(posted), '\x01');
  });

  it('is found by its path up to the length that RFC 9919 allows, and not by longer paths', async () => {
    const { ask, looked } = createWorld();
    for (const length of [100, 256, 80_000]) {
      const request = get(`/ocsp/${'M'.repeat(length)}`);
      await ask(request);
      await ask(request);
    }
    assert.deepEqual(
      looked.map((key) => key.length),
      [75, 192],
    );
  });

  it('is found by at most twenty thousand paths, and only if it is cacheable', async () => {
    const { ask, looked, answer, setAnswer } = createWorld();
    const first = get('/ocsp/MAA=');
    await ask(first);
    await ask(first);
    assert.equal(looked.length, 1);
    for (let at = 0; at < 20_000; at += 1) await ask(get(`/ocsp/${Buffer.from(String(at)).toString('base64')}`));
    await ask(first);
    assert.equal(looked.length, 1, 'the path is no longer cached');
    setAnswer(() => ({ ...answer(), cacheable: null }));
    const own = get('/ocsp/MBA=');
    await ask(own);
    await ask(own);
    assert.equal(looked.length, 1, 'it was answered again');
  });

  it('is found by its path without keeping the head of the request in memory', async () => {
    const { ask } = createWorld();
    const read = createFastLaneReader();
    const heapBytes = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = heapBytes();
    for (let count = 0; count < 5_000; count += 1) {
      const target = `/ocsp/${Buffer.from(`some request ${count}`).toString('base64')}`;
      const found = read(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\nCookie: ${'a'.repeat(7_900)}\r\n\r\n`));
      assert.notEqual(await ask(found?.request ?? get('/')), null);
    }
    const grown = heapBytes() - before;
    assert.ok(grown < 10_000_000, `${grown} octets`);
    // The use after the measurement keeps the cache alive.
    assert.notEqual(await ask(get('/ocsp/MAA=')), null);
  });

  it('is left to node:http if it is neither OCSP nor a cached CRL', async () => {
    const { ask } = createWorld();
    for (const target of [
      '/',
      '/PC',
      '/AC/ACR-FO.cer',

      '/CRL/ACI-FO-PP.crl',
      '/ocsp/%',
      '/ocsp/',
      '/%%',
    ])
      assert.equal(await ask(get(target)), null, target);
    for (const other of [{ target: '/v1' }, { contentType: 'text/plain' }, { contentType: null }, { bodyBytes: 1e6 }])
      assert.equal(await ask({ ...post, ...other }, 'kept'), null, JSON.stringify(other));
  });
});
