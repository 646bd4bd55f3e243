/** Without a deadline, a node that hangs would delay the others, which fetch lists from it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchHttp } from '../../../src/publish/public-addresses.js';

const ANSWER_MS_MAX = 500;
const TOO_LATE = `it: no answer within ${ANSWER_MS_MAX} ms`;

describe('a list that is fetched over HTTP', () => {
  const fetched = async (answer: (response: ServerResponse) => unknown) => {
    const server = createServer((_, response) => void answer(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/CRL/X.crl`;
      const got = await fetchHttp(address, { answerMsMax: ANSWER_MS_MAX });
      if (!got.ok) return got.error.detail.replace(address, 'it');
      const chunks: Uint8Array[] = [];
      for await (const chunk of got.value) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it('is not waited for when its server accepts the connection and does not answer', async () => {
    assert.equal(await fetched(() => undefined), TOO_LATE);
  });

  it('may take longer to its end than its answer to begin', async () => {
    const slowly = async (response: ServerResponse): Promise<void> => {
      response.write('first ');
      await sleep(2 * ANSWER_MS_MAX);
      response.end('last');
    };
    let received = await fetched(slowly);
    // On a busy machine the answer may begin too late. Then the test has not seen what it is about.
    for (let again = 0; received === TOO_LATE && again < 10; again += 1) received = await fetched(slowly);
    assert.equal(received, 'first last');
  });
});
