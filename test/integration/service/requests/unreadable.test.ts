/** Input that is not a request gets a problem document too. */
import assert from 'node:assert/strict';
import { connect } from 'node:tls';
import { credentialOf, type Problem, type RefusedAnswer, trustOf } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { assertTraced } from '../../../support/service/traces.js';

const UNREADABLE = [
  { what: 'what is no HTTP', sent: 'HELLO\r\n\r\n', status: 400, code: 'invalid-request' },
  {
    what: 'a header of 64 KiB',
    sent: `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(65_536)}\r\n\r\n`,
    status: 431,
    code: 'headers-too-large',
  },
  {
    what: 'an unknown expectation',
    sent: 'GET / HTTP/1.1\r\nhost: x\r\nexpect: a miracle\r\n\r\n',
    status: 417,
    code: 'expectation-failed',
  },
] as const;

describeService('octets that are no request', { on: 'sqlite' }, (running) => {
  const refused: RefusedAnswer[] = [];
  /** Everything that is received until the connection is closed. */
  const say = async (sent: string): Promise<string> => {
    const { at, urls } = running.shared.service;
    const { certificate, key } = credentialOf(at, 'card-management') ?? assert.fail('a credential');
    const { hostname, port } = new URL(urls.api);
    const trust = { ca: trustOf(at), servername: 'localhost' };
    const socket = connect({ host: hostname, port: Number(port), cert: certificate, key, ...trust });
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    socket.on('error', () => undefined);
    socket.write(sent);
    await new Promise((resolve) => socket.once('close', resolve));
    return heard;
  };

  for (const { what, sent, status, code } of UNREADABLE)
    it(`${what} gets ${status} ${code}`, async () => {
      const [head = '', body = ''] = (await say(sent)).split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(head, /content-type: application\/problem\+json/i);
      const problem = JSON.parse(body) as Problem;
      assert.deepEqual([problem.status, problem.code], [status, code]);
      const { requestId } = problem;
      assert.match(head.toLowerCase(), new RegExp(`^x-request-id: ${requestId}\r?$`, 'm'));
      refused.push({ method: 'none', path: what, status, code, requestId });
    });

  it('left a trace in the log and in the audit log', () => assertTraced(running.shared.service.at, refused));

  it('of a thousand pipelined requests the first hundred are answered, and the last response closes the connection', async () => {
    // This account may not read the audit log. Only connections of accounts have several requests.
    const heard = await say('GET /v1/audit/entries HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(1_000));
    assert.equal(heard.match(/HTTP\/1\.1 403 /g)?.length, 101);
    assert.equal(heard.match(/connection: close/gi)?.length, 1);
    assert.match(heard.slice(-1_000), /connection: close/i);
  });
});
