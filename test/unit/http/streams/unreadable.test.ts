/** The answers to what is no HTTP request, in the log of requests. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { answerMalformedRequests } from '../../../../src/http/server/unreadable.js';
import { listening } from '../../../support/servers/bare-api.js';
import { NO_TRAIL } from '../../../support/service/no-trail.js';

describe('an answer to what is no HTTP request', () => {
  it('is logged with the number of all its bytes, as other answers are', async () => {
    const logged: number[] = [];
    const server = createServer();
    answerMalformedRequests(server, { ...NO_TRAIL, logAnswer: ({ bytes }) => void logged.push(bytes) });
    const { port, close } = await listening(server);
    try {
      const client = connect(port, '127.0.0.1');
      client.write('no request\r\n\r\n');
      let received = 0;
      for await (const chunk of client) received += (chunk as Buffer).length;
      assert.deepEqual(logged, [received]);
    } finally {
      await close();
    }
  });
});
