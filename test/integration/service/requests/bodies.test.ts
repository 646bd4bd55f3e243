/**
 * Bodies that are late, long, encoded or full of faults. Without these limits a request could make
 * the service read for hours, or a small request could cause a large answer.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { assertProblem, credentialOf, trustOf } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { bodyOf } from '../../../support/service/orders.js';

describeService('the body of a request', { on: 'sqlite' }, (running) => {
  const sockets: TLSSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const open = async (account: string): Promise<TLSSocket> => {
    const { at, urls } = running.shared.service;
    const { certificate, key } = credentialOf(at, account);
    const { hostname, port } = new URL(urls.api);
    const trust = { ca: trustOf(at), servername: 'localhost' };
    const socket = connect({ host: hostname, port: Number(port), cert: certificate, key, ...trust });
    sockets.push(socket.on('error', () => undefined));
    await once(socket, 'secureConnect');
    return socket;
  };
  const head = (path: string, bytes: number): string =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`;

  it('is not read to its end after an early answer, which closes the connection', async () => {
    const socket = await open('auditor');
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    let received = '';
    socket.on('data', (text: Buffer) => {
      received += text.toString('latin1');
    });
    const declared = 1_000_000_000;
    // This account may not publish lists, and gets this answer before its body is read.
    socket.write(head('/v1/cas/aci-el-org/crl', declared));
    let sent = 0;
    while (!socket.destroyed && sent < declared) {
      if (socket.writableNeedDrain) await sleep(1);
      else {
        socket.write(chunk);
        sent += chunk.length;
      }
    }
    assert.ok(sent < declared / 10, `${sent} bytes`);
    assert.match(received, /^HTTP\/1\.1 403 /);
    assert.match(received, /connection: close/i);
  });

  it('that is short is read before an early answer, and the connection is used again', async () => {
    const socket = await open('card-management');
    const replies: string[] = [];
    socket.on('data', (text: Buffer) => void replies.push(text.toString('latin1')));
    socket.write('GET /v1/cas HTTP/1.1\r\nhost: x\r\n\r\n');
    while (replies.length < 1) await sleep(5);
    replies.length = 0;
    // This account may not publish lists, and hears so before its body is read.
    socket.write(`${head('/v1/cas/aci-el-org/crl', 2)}{`);
    await sleep(50);
    socket.write('}');
    while (!/\r\n\r\n/.test(replies.join(''))) await sleep(5);
    assert.match(replies.join(''), /^HTTP\/1\.1 403 /);
    assert.doesNotMatch(replies.join(''), /connection: close/i);
  });

  it('must not have a content coding', async () => {
    const body = JSON.stringify(bodyOf('elementaire/org-auth-cli'));
    for (const coding of ['gzip', 'br', 'identity']) {
      const headers = { 'content-encoding': coding };
      const answer = await running.cards.call('POST', '/v1/certificates', {
        raw: body,
        type: 'application/json',
        headers,
      });
      assertProblem(answer, { status: 415, code: 'unsupported-media-type' });
      assert.equal(answer.headers['accept-encoding'], 'identity');
    }
  });

  it('gets an answer of limited length, however many faults it has', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, at) => [`member${at}`, 1]));
    const long = { ['~'.repeat(49_000)]: 1 };
    for (const [body, isMany] of [
      [many, true],
      [long, false],
    ] as const) {
      const answer = await running.cards.call('POST', '/v1/certificates', { body });
      const { violations, detail } = assertProblem(answer, { status: 400, code: 'invalid-request' });
      assert.ok(JSON.stringify(answer.body).length < 50_000);
      assert.ok(violations !== undefined && violations.length > 0 && violations.length <= 20);
      if (isMany) assert.match(detail ?? '', /and \d{4} more violations$/);
    }
  });
});
