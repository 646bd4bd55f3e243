import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { sendOcspAnswer } from '../../../src/http/status/ocsp.js';
import type { OcspAnswer } from '../../../src/ocsp/answer.js';

describe('an OCSP response over HTTP', () => {
  const NOW = Date.UTC(2026, 2, 1, 10);
  /** An answer like those of `answerFromCached`, `leftMs` before nextUpdate. */
  const answer = (bytes: Uint8Array<ArrayBuffer>, leftMs: number): OcspAnswer => {
    const maxAgeMs = Math.min(300_000, leftMs);
    const now = NOW + 3_600_000 - leftMs;
    const cacheable = { maxAgeMs, etag: `"${bytes[0]}"`, lastModified: NOW, expires: now + maxAgeMs };
    return { bytes, source: 'cache', cacheable };
  };
  const sent = (
    one: OcspAnswer,
    headers: Readonly<Record<string, string>> = {},
    method: 'GET' | 'POST' = 'GET',
  ): ServerResponse => {
    const request = new IncomingMessage(new Socket());
    request.method = method;
    Object.assign(request.headers, headers);
    const response = new ServerResponse(request);
    sendOcspAnswer(one, { request, response });
    return response;
  };
  /** The head as it is sent. */
  const headOf = (response: ServerResponse): string => String(Reflect.get(response, '_header'));

  it('may be stored by no cache beyond nextUpdate, whenever it is sent', () => {
    const bytes = new Uint8Array([1]);
    for (const [leftMs, maxAge] of [
      [400_000, 300],
      [300_000, 300],
      [299_000, 299],
      [10_000, 10],
      [10_000, 10],
      [999, 0],
    ] as const)
      assert.match(headOf(sent(answer(bytes, leftMs))), new RegExp(`cache-control: max-age=${maxAge},`, 'i'));
  });

  it('is 304 only for its tag, because a date does not distinguish good from revoked in the same second', () => {
    const good = answer(new Uint8Array([1]), 400_000);
    const revoked = answer(new Uint8Array([2]), 400_000);
    assert.equal(sent(good, { 'if-none-match': good.cacheable?.etag ?? '' }).statusCode, 304);
    assert.equal(sent(revoked, { 'if-none-match': good.cacheable?.etag ?? '' }).statusCode, 200);
    const date = /last-modified: (.*)\r/i.exec(headOf(sent(good)))?.[1] ?? '';
    assert.equal(date, new Date(NOW).toUTCString());
    assert.equal(sent(revoked, { 'if-modified-since': date }).statusCode, 200);
  });

  it('has the same header fields for a POST, without no-store, and is never 304 (RFC 9919 7.2)', () => {
    const good = answer(new Uint8Array([1]), 400_000);
    const posted = sent(good, { 'if-none-match': good.cacheable?.etag ?? '' }, 'POST');
    assert.equal(posted.statusCode, 200);
    assert.equal(headOf(posted), headOf(sent(good)));
    assert.match(headOf(posted), /cache-control: max-age=/i);
    for (const method of ['GET', 'POST'] as const)
      assert.match(headOf(sent({ ...good, cacheable: null }, {}, method)), /cache-control: no-store\r/i);
  });
});
