import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { createHotOcsp } from '../../../src/http/send-ocsp.js';

describe('the addresses of OCSP requests', () => {
  it('are remembered as far as a client that follows RFC 9919 may come, and no longer: they are in memory', () => {
    const looked: string[] = [];
    const cached = (key: string): null => {
      looked.push(key);
      return null;
    };
    const hot = createHotOcsp({ cached }, () => undefined);
    const request = new IncomingMessage(new Socket());
    const exchange = { request, response: new ServerResponse(request) };
    for (const length of [100, 255, 80_000]) {
      const url = `/ocsp/${'M'.repeat(length)}`;
      hot.remember(url, new Uint8Array([length % 251]));
      hot.get(url, exchange);
    }
    assert.deepEqual(
      looked.map((key) => key.charCodeAt(0)),
      [100, 4],
    );
  });
});
