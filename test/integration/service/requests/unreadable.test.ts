/** Input that is not a request gets a problem document too. */
import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
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
    what: 'a request of HTTP/1.1 without Host',
    sent: 'GET /v1/cas HTTP/1.1\r\nconnection: close\r\n\r\n',
    status: 400,
    code: 'invalid-request',
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

  for (const [language, title] of [
    ['fr', 'Cette adresse est servie par HTTPS'],
    ['en', 'This address is served over HTTPS'],
  ] as const)
    it(`a request without TLS gets 400 with the remedy, in ${language}`, async () => {
      const { hostname, port } = new URL(running.shared.service.urls.api);
      const socket = connectTcp({ host: hostname, port: Number(port) });
      let heard = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        heard += text;
      });
      socket.write(`DELETE /v1/cas HTTP/1.1\r\nhost: x\r\naccept-language: ${language}\r\n\r\n`);
      await new Promise((resolve) => socket.once('close', resolve));
      const [head = '', body = ''] = heard.split('\r\n\r\n');
      assert.match(head, /^HTTP\/1.1 400 /);
      const problem = JSON.parse(body) as Problem;
      assert.deepEqual([problem.status, problem.code, problem.title], [400, 'invalid-request', title]);
      assert.match(problem.detail ?? '', /https:\/\//);
      const { requestId } = problem;
      refused.push({ method: 'none', path: 'without TLS', status: 400, code: 'invalid-request', requestId });
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
