/**
 * One OCSP request in every form that HTTP allows it, and in some that it does not: in pieces, in
 * chunks, several at once, with lengths that lie, and given up in the middle. What is in memory
 * takes another way through the service than what is not.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { readOcspRequest } from '../../../src/ocsp/request.js';
import { converse, openSocket, type Reply } from '../../support/machine/raw-http.js';
import { type SharedService, sharedService } from '../../support/service/shared.js';
import { getOf, type HeadOptions, post, postHead, responseStatus, type Wire, wireOf } from './ocsp-wire.js';

/** The request in absolute form, as a client sends it to a proxy. */
function wholeOf(octets: Buffer): Buffer {
  return Buffer.from(octets.toString('latin1').replace(' /ocsp', ' http://status.test/ocsp'), 'latin1');
}

describe('one OCSP request', () => {
  let shared: SharedService;
  let wire: Wire;
  let kept: Buffer;

  before(async function startIt() {
    shared = await sharedService('p-256');
    wire = await wireOf(shared);
    const [first] = await converse(wire.base, [post(wire.good)], { replies: 1 });
    kept = (first ?? assert.fail('no answer')).body;
  });

  /** Requests whose answer is cached, and those whose answer is not. */
  const requests = (): readonly Bytes[] => [wire.good, wire.unasked()];

  function assertAnswers(reply: Reply | undefined, request: Bytes): void {
    assert.ok(reply !== undefined, 'no answer');
    assert.equal(reply.status, 200, reply.head);
    assert.equal(responseStatus(reply.body), 0);
    if (request === wire.good) assert.equal(toHex(reply.body), toHex(kept));
    else assert.ok(toHex(reply.body).includes(serialOf(request)), 'it is about another certificate');
  }

  async function assertSole(pieces: readonly (Uint8Array | string)[], request: Bytes): Promise<void> {
    const replies = await converse(wire.base, pieces, { replies: 1, pauseMs: 5 });
    assertAnswers(replies[0], request);
  }

  it('is answered in chunks of any size', async () => {
    for (const at of [1, 2, 40, -2, -1])
      for (const body of requests()) {
        const head = postHead({ length: body.length });
        await assertSole([head, body.subarray(0, at), body.subarray(at)], body);
        await assertSole([Buffer.concat([Buffer.from(head), body.subarray(0, at)]), body.subarray(at)], body);
      }
    for (const body of requests())
      await assertSole(
        [postHead({ length: body.length }), ...Array.from(body, (_, at) => body.subarray(at, at + 1))],
        body,
      );
  });

  it('is answered with chunked transfer coding, in chunks of any size', async () => {
    const chunk = (part: Uint8Array): Buffer =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
    const head = postHead({ extra: ['transfer-encoding: chunked'] });
    for (const size of [1_000, 50, 7])
      for (const body of requests()) {
        const parts = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
          chunk(body.subarray(at * size, (at + 1) * size)),
        );
        await assertSole([head, ...parts, '0\r\n\r\n'], body);
        await assertSole([Buffer.concat([Buffer.from(head), ...parts, Buffer.from('0\r\n\r\n')])], body);
      }
  });

  it('is answered with Expect: 100-continue', async () => {
    for (const body of requests())
      await assertSole([postHead({ length: body.length, extra: ['expect: 100-continue'] }), body], body);
  });

  it('is answered when the client half-closes the connection, which is then closed', async () => {
    // The fast lane does not read the absolute form.
    for (const body of requests())
      for (const octets of [post(body), getOf(body), wholeOf(post(body)), wholeOf(getOf(body))]) {
        const replies = await converse(wire.base, [octets], { ends: true });
        assertAnswers(replies[0], body);
        assert.equal(replies.length, 1);
      }
  });

  it('is answered in absolute form, as clients send it to a proxy', async () => {
    for (const body of requests())
      for (const octets of [post(body), getOf(body)]) await assertSole([wholeOf(octets)], body);
    const elsewhere = ['GET http://status.test/no/such HTTP/1.1\r\nhost: status.test\r\n\r\n'];
    assert.equal((await converse(wire.base, elsewhere, { replies: 1 }))[0]?.status, 404);
    const root = ['GET http://status.test HTTP/1.1\r\nhost: status.test\r\n\r\n'];
    assert.equal((await converse(wire.base, root, { replies: 1 }))[0]?.status, 200);
  });

  it('is answered in order among many pipelined requests', async () => {
    const bodies = Array.from({ length: 60 }, (_, at) => (at % 3 === 1 ? wire.unasked() : wire.good));
    const octets = bodies.map((body, at) => (at % 4 === 3 ? getOf(body) : post(body)));
    const replies = await converse(wire.base, [Buffer.concat(octets)], { replies: bodies.length });
    for (const [at, body] of bodies.entries()) assertAnswers(replies[at], body);
  });

  it('gets 400 for an invalid or a duplicate length', async () => {
    const lengths = ['+70', '0x46', '7e1', '-1', '70, 71', '', '99999999999999999999'];
    const framings = [
      ...lengths.map((length) => [`content-length: ${length}`]),
      ['content-length: 70', 'content-length: 71'],
      ['content-length: 70', 'transfer-encoding: chunked'],
      ['transfer-encoding: chunked, gzip'],
    ];
    for (const extra of framings) {
      const [reply] = await converse(wire.base, [postHead({ extra }), wire.good], { ends: true });
      assert.ok(reply !== undefined && reply.status >= 400 && reply.status < 500, `${extra}: ${reply?.head}`);
    }
  });

  it('gets no answer of another request if its body is shorter than declared', async () => {
    for (const body of requests()) {
      const pieces = [postHead({ length: body.length + 1 }), body];
      const replies = await converse(wire.base, pieces, { ends: true });
      for (const { status } of replies) assert.ok(status >= 400 && status < 500);
    }
  });

  it('is answered up to its declared length, and the rest is not a request', async () => {
    const replies = await converse(wire.base, [postHead({ length: wire.good.length }), wire.good, 'more\r\n\r\n'], {
      pauseMs: 100,
    });
    assertAnswers(replies[0], wire.good);
    assert.deepEqual(
      replies.slice(1).map(({ status }) => status),
      [400],
    );
    const short = { length: wire.good.length - 1 };
    const [reply] = await converse(wire.base, [postHead(short), wire.good.subarray(0, -1)], { replies: 1 });
    assert.equal(responseStatus(reply?.body ?? Buffer.alloc(0)), 1);
  });

  it('leaves nothing behind if the client disconnects at any moment', async () => {
    const { service } = shared;
    const pid = service.pid();
    const head: HeadOptions = { length: wire.good.length };
    const said = [
      '',
      'POST /ocsp HT',
      postHead(head).slice(0, -2),
      postHead(head),
      Buffer.concat([Buffer.from(postHead(head)), wire.good.subarray(0, 30)]),
      post(wire.good),
      Buffer.concat([post(wire.good), post(wire.good).subarray(0, -1)]),
    ];
    const leave = async (at: number): Promise<void> => {
      const socket = await openSocket(wire.base);
      const octets = at % 14 < 7 ? said[at % 7] : at % 7 === 5 ? post(wire.unasked()) : said[at % 7];
      socket.write(octets ?? '');
      await sleep(at % 5);
      if (at % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    };
    for (let round = 0; round < 10; round += 1)
      await Promise.all(Array.from({ length: 56 }, (_, at) => leave(round + at)));
    for (const body of requests()) await assertSole([post(body)], body);
    assert.equal(service.pid(), pid);
    assert.ok(!service.said().includes('publication.fault'), 'a fault is in the log');
  });
});

function serialOf(request: Bytes): string {
  const read = readOcspRequest(request);
  return (read.ok ? read.value.certIds[0]?.serial : null) ?? assert.fail('no serial number');
}
