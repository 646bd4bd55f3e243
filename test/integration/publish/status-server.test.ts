/**
 * The status server with and without its fast lane, on real sockets. A request that is sent in one
 * chunk is read by the lane, the same request in two chunks by node:http: the responses must be the
 * same bytes.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { drain } from '../../../src/http/server/listening.js';
import { bodies, CRLS, get, post, startServers, TAG, undated } from './status-server.js';

const TARGETS = fc.oneof(
  fc.constantFrom('/', '/ocsp', '/ocsp/', '/PC', '/AC/ACR-FO.cer', '/AC/none.cer', '/CRL/none.crl', '/CRL/', '//'),
  fc.constantFrom(...Object.keys(CRLS).map((name) => `/CRL/${name}`)),
  fc.constantFrom('0a', '1a', '2a', '4a').map((text) => `/ocsp/${Buffer.from(text).toString('base64')}`),
  fc.constantFrom('/MAA=', '/MAA%3D', '/MAA=?x=y', 'http://a/MAA=', '/%', '*', '/CRL/SHORT.crl?x', '/CRL/SHORT.crl#x'),
  fc.webPath(),
);
const FIELDS = fc.oneof(
  fc.constantFrom(
    'Host: a',
    'Host:',
    'Connection: keep-alive',
    'connection: Keep-Alive',
    'Connection: keep-alive\t',
    'Connection: close',
    'Accept: */*',
  ),
  fc.constantFrom(`If-None-Match: ${TAG}`, 'If-None-Match: *', `if-none-match: W/${TAG}, "x"`, 'If-None-Match: "x"'),
  fc.constantFrom(
    'Range: bytes=0-9',
    'Range: bytes=-1',
    'If-Match: "x"',
    'If-Match: *',
    'If-Unmodified-Since: Sun, 01 Mar 2026 10:00:00 GMT',
    'If-Range: "x"',
    'Keep-Alive: 5',
    'TE: trailers',
    'Upgrade: x',
  ),
  fc.constantFrom(
    'If-Modified-Since: Sun, 01 Mar 2026 10:00:00 GMT',
    'User-Agent: Java/17',
    'X-Forwarded-For: 1.2.3.4',
  ),
  fc.constantFrom(
    'Content-Type: application/ocsp-request',
    'content-type: application/ocsp-request; x=y',
    'Content-Type: a/b',
  ),
  fc.constantFrom('Content-Encoding: gzip', 'Content-Type: application/ocsp-request\t'),
  fc.constantFrom('Accept : a', 'Accept', ' folded', 'Accept: a\tb', 'Accept: \xe9', 'A@: b', 'Expect: 100-continue'),
);
const REQUESTS = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'get'),
  target: TARGETS,
  version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0'),
  fields: fc.array(FIELDS, { maxLength: 4 }),
  body: fc.constantFrom('', '', '0abc', '1abc', '2abc', '4abc'),
  length: fc.constantFrom('right', 'right', 'right', 'tab', 'none', 'chunked', 'twice'),
});

for (const fastLane of [true, false])
  describe(`the status server ${fastLane ? 'with' : 'without'} its fast lane`, () => {
    const { at, open, until, exchange, hasRead } = startServers(fastLane);

    it('responds byte for byte like node:http to every form of request', async function same() {
      await fc.assert(
        fc.asyncProperty(REQUESTS, async ({ method, target: to, version, fields, body, length }) => {
          // Every request is complete: the response of node:http to a truncated one depends on
          // timing.
          const framed = {
            right: [body === '' ? [] : [`Content-Length: ${body.length}`], body],
            tab: [[`Content-Length: ${body.length}\t`], body],
            none: [[], ''],
            twice: [[`Content-Length: ${body.length}`, `Content-Length: ${body.length}`], body],
            chunked: [
              ['Transfer-Encoding: chunked'],
              body === '' ? '0\r\n\r\n' : `${body.length}\r\n${body}\r\n0\r\n\r\n`,
            ],
          } as const;
          const [lengths, sent] = framed[length];
          const lines = [`${method} ${to} ${version}`, 'Host: b', ...fields, ...lengths];
          const text = `${lines.join('\r\n')}\r\n\r\n${sent}`;
          const [inOne, inTwo] = await Promise.all([exchange(text), exchange(text.slice(0, 3), text.slice(3))]);
          assert.deepEqual(undated(inOne), undated(inTwo), JSON.stringify(text));
        }),
        { numRuns: fastLane ? 400 : 40 },
      );
    });

    it('answers 404 to a path that is neither a resource nor an OCSP request', async () => {
      const request = '/MAMBAf8=';
      assert.deepEqual(bodies(await exchange(get(request))), ['answer to 5']);
      for (const path of ['/CRL/', '/AC/nothing', '/nothing', '/abcd', '/MENTIONS', '/MAMBAf8A', '/%4DAMB'])
        assert.match(await exchange(get(path)), /^HTTP\/1\.1 404 /, path);
      // Under this path everything is an OCSP request, and a malformed one gets an OCSP answer.
      assert.deepEqual(bodies(await exchange(get('/ocsp/abcd'))), ['answer to 3']);
    });

    it('answers 412 to a CA certificate that is not the expected one', async () => {
      const statusOf = async (more: string): Promise<string> =>
        (await exchange(get('/AC/ACR-FO.cer', more))).slice(9, 12);
      assert.equal(await statusOf('If-Match: "other"\r\n'), '412');
      assert.equal(await statusOf('If-Match: *\r\n'), '200');
      // The resource has no date, so a condition on the date is ignored (RFC 9110 13.1.4).
      assert.equal(await statusOf('If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n'), '200');
    });

    it('answers the requests of a connection in their order, also when several arrive together', async () => {
      const { socket, got } = await open();
      for (const [count, request] of [post('0'), post('1a'), get('/CRL/SHORT.crl'), post('0abc')].entries()) {
        socket.write(request);
        await until(() => (got().match(/HTTP\/1\.1 200/g) ?? []).length === count + 1);
      }
      socket.write(post('1ab') + post('0a') + post('2abcd'));
      await until(() => bodies(got()).length === 6);
      assert.deepEqual(
        bodies(got()).map((body) => body.replace(/\D/g, '')),
        ['1', '2', '4', '3', '2', '5'],
      );
    });

    it('keeps the order when requests arrive before an answer is ready', async () => {
      const { socket, got } = await open();
      let octets = 0;
      for (const text of [post('3ab'), post('0'), get('/CRL/SHORT.crl', 'Range: bytes=0-1\r\n') + post('0a')]) {
        socket.write(text);
        octets += text.length;
        await hasRead(octets);
      }
      await until(at.responder.waits);
      assert.equal(got(), '');
      at.responder.free();
      await until(() => bodies(got()).length === 3);
      assert.deepEqual(got().match(/answer to \d+|206 /g), ['answer to 3', 'answer to 1', '206 ', 'answer to 2']);
    });

    it('answers a client that half-closes the connection after its request, also when the answer is slow', async () => {
      assert.deepEqual(bodies(await exchange(post('0'))), ['answer to 1']);
      const slow = exchange(post('3'));
      await until(at.responder.waits);
      await sleep(30);
      at.responder.free();
      assert.deepEqual(bodies(await slow), ['answer to 1']);
      assert.equal((await exchange(get('/CRL/LARGE.crl'))).length > CRLS['LARGE.crl'], true);
      assert.match(await exchange(post('4')), /^HTTP\/1\.1 503 /);
      assert.match(await exchange(get('/AC/ACR-FO.cer')), /AUTHORITY$/);
    });

    it('sends long CRLs completely to a slow client, and answers its next request', async () => {
      const { socket, got } = await open();
      socket.pause();
      for (let count = 0; count < 20; count += 1) socket.write(get('/CRL/LONG.crl'));
      socket.write(post('0'));
      await sleep(50);
      socket.resume();
      await until(() => bodies(got()).length === 1);
      assert.equal(got().split('\x07').length - 1, 20 * CRLS['LONG.crl']);
    });

    it('starts the requests of a connection one after the other, and at most a hundred of them', async () => {
      const files = (): number => readdirSync('/proc/self/fd').length;
      const { socket, got } = await open();
      socket.pause();
      const before = files();
      socket.write(get('/CRL/LARGE.crl').repeat(1_000));
      for (let count = 0; count < 20; count += 1) {
        await sleep(10);
        assert(files() <= before + 3, `${files() - before} files more are open`);
      }
      socket.destroy();

      const asked = await open();
      asked.socket.write(get('/PC').repeat(1_000));
      await once(asked.socket, 'end');
      assert.equal(asked.got().match(/policy\n/g)?.length, 101);
      assert.match(asked.got().slice(-300), /Connection: close/i);
      assert.equal(asked.got().match(/Connection: close/gi)?.length, 1);
      assert.equal(got(), '');
    });

    it('closes connections on shutdown: idle ones at once, others after their response', async () => {
      const [idle, busy] = [await open(), await open()];
      // node:http does not count a connection without a request as idle: it ends by a timeout.
      const silent = fastLane ? await open() : null;
      idle.socket.write(post('0'));
      busy.socket.write(post('3abc'));
      await until(() => bodies(idle.got()).length === 1);
      await until(at.responder.waits);
      const drained = drain(at.server);
      await Promise.all([silent === null ? null : once(silent.socket, 'end'), once(idle.socket, 'end')]);
      assert.equal(busy.got(), '');
      at.responder.free();
      await Promise.all([once(busy.socket, 'end'), drained]);
      assert.deepEqual(bodies(busy.got()), ['answer to 4']);
    });

    it('says in the last response during a shutdown that the connection closes', async () => {
      const busy = await open();
      busy.socket.write(post('3abc'));
      await until(at.responder.waits);
      const drained = drain(at.server);
      busy.socket.write(post('0'));
      await hasRead(post('3abc').length + post('0').length);
      at.responder.free();
      await Promise.all([once(busy.socket, 'end'), drained]);
      assert.deepEqual(bodies(busy.got()), ['answer to 4', 'answer to 1']);
      assert.match(busy.got(), /Connection: close/i);
    });

    it('closes all connections at once if the server does', async () => {
      const { socket, got } = await open();
      socket.write(post('0'));
      await until(() => bodies(got()).length === 1);
      at.server.closeAllConnections();
      await once(socket, 'end');
    });

    it('releases a connection that is reset before its response', async () => {
      const { socket } = await open();
      socket.write(post('3'));
      await until(at.responder.waits);
      socket.resetAndDestroy();
      await sleep(20);
      at.responder.free();
      await sleep(20);
      assert.deepEqual(bodies(await exchange(post('0'))), ['answer to 1']);
    });
  });
