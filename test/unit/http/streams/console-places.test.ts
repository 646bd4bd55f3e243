/**
 * The places of requests to the console. Without this test an account could take most places of
 * uploads with requests that have no body.
 */
import assert from 'node:assert/strict';
import { ok } from '../../../../src/kernel/result.js';
import { CARDS, createBareApi, listening } from '../../../support/servers/bare-api.js';

describe('a page of the console', () => {
  it('takes no place of an upload, whatever type its request says that it has', async () => {
    const server = createBareApi({
      authenticate: async () => ok({ kind: 'account', account: CARDS }),
      // The places of uploads are counted apart, and stay free.
      admission: { placesMax: 0, reserved: 0, perAccountMax: 0 },
    });
    const { url, close } = await listening(server);
    try {
      for (const type of ['text/plain', 'multipart/form-data; boundary=x']) {
        const answer = await fetch(`${url}/console/`, { headers: { 'content-type': type } });
        assert.equal(answer.status, 503, type);
      }
    } finally {
      await close();
    }
  });
});
