/**
 * Which requests lines of orders make way for. If reading were one of them, a client that polls the
 * progress of its order would slow the order down.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { ApiContext } from '../../../src/http/api/handler.js';
import { ok } from '../../../src/kernel/result.js';
import { CARDS, createBareApi, listening } from '../../support/servers/bare-api.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const ID = '01890000-0000-7000-8000-000000000001';
const CSR = '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n';

describe('requests that orders make way for', () => {
  let notes = 0;
  const note = (): void => {
    notes += 1;
  };
  // There is no database: what the handlers answer does not matter here.
  const server = createBareApi({
    authenticate: async () => ok({ kind: 'account', account: CARDS }),
    context: { world: { interactive: { note }, log: SILENT_LOG } } as unknown as ApiContext,
  });
  let base = '';
  let close: () => Promise<void>;

  before(async () => {
    ({ url: base, close } = await listening(server));
  });
  after(() => close());

  async function notesOf(method: string, path: string, body?: object): Promise<number> {
    const before = notes;
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const call = request(`${base}${path}`, { method, headers });
    call.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = await once(call, 'response');
    answer.resume();
    await once(answer, 'end');
    return notes - before;
  }

  it('renew, revoke, suspend and release', async () => {
    assert.equal(await notesOf('POST', `/v1/certificates/${ID}/renewal`, { csr: CSR }), 1);
    assert.equal(await notesOf('POST', `/v1/certificates/${ID}/revocation`, { reason: 'superseded' }), 1);
    assert.equal(await notesOf('POST', `/v1/certificates/${ID}/suspension`, {}), 1);
    assert.equal(await notesOf('DELETE', `/v1/certificates/${ID}/suspension`), 1);
  });

  it('do not read, and are permitted and valid', async () => {
    assert.equal(await notesOf('GET', `/v1/certificates/${ID}`), 0);
    assert.equal(await notesOf('GET', '/v1/certificates?status=issued'), 0);
    assert.equal(await notesOf('GET', '/v1/profiles'), 0);
    assert.equal(await notesOf('POST', `/v1/certificates/${ID}/revocation`, { reason: 'unknown' }), 0);
    assert.equal(await notesOf('GET', '/v1/audit'), 0);
  });
});
