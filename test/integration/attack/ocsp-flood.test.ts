/**
 * Bad OCSP input in any amount to a running service: each is an OCSP error or a 4xx, others are
 * answered meanwhile, and afterwards nothing is left of it. `PFCNG_OCSP_SPOILED=100000`,
 * `PFCNG_OCSP_SILENT=10000` send as many; the seed of a failure is in its message.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { request as ask, Pool } from 'undici';
import { explicit, octetString, seq, utf8String } from '../../../src/asn1/der-writer.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { plainRequest } from '../../../src/ocsp/encode.js';
import { converse, openSocket, repliesOf } from '../../support/machine/raw-http.js';
import { type SharedService, sharedService } from '../../support/service/shared.js';
import { createResponderProcess } from '../../support/status/responder-process.js';
import { getOf, post, postHead, responseStatus, type Wire, wireOf } from './ocsp-wire.js';

const SPOILED = Number(process.env.PFCNG_OCSP_SPOILED ?? 1_500);
const SILENT = Number(process.env.PFCNG_OCSP_SILENT ?? 2_000);
/** The number of requests for a responder in a separate process. */
const OF_RESPONDER = 0.4;
const HELD = 120;
/** Paths of 53 kB: if they were cached, the service would grow by more than 100 MB. */
const LONG_ADDRESSES = 2_000;
const AT_ONCE = 20;
const SILENT_AT_ONCE = 200;
/** After these requests, the memory should be stable. */
const SETTLED = 0.3;
/** Room for a collector that has not run: a leak of 1 kB a request is found by 100,000 of them. */
const GROWTH_MB_MAX = 64;
/**
 * Fraction of one CPU. An idle service, which polls its database and checks its CRLs, takes a few
 * hundredths.
 */
const IDLE_MAX = 0.25;
const IDLE_WAIT_MS_MAX = 60_000;
const TYPE = 'application/ocsp-request';

/** The OCSPResponseStatus values that concern the request (RFC 6960 4.2.1). */
const SUCCESSFUL = 0;
const MALFORMED = 1;
const UNAUTHORIZED = 6;

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** utime and stime (proc(5)), in seconds. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

type Mutation = (good: Bytes) => Bytes;
const place = fc.nat(1_000);
const octets = fc.uint8Array({ minLength: 1, maxLength: 40 });
const spoiling: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Mutation =>
      (good) => {
        const spoiled = good.slice();
        spoiled[at % good.length] = (good[at % good.length] ?? 0) ^ (1 << bit);
        return spoiled;
      },
  ),
  fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 }).map(
    (changes): Mutation =>
      (good) => {
        const spoiled = good.slice();
        for (const [at, value] of changes) spoiled[at % good.length] = value;
        return spoiled;
      },
  ),
  place.map(
    (at): Mutation =>
      (good) =>
        good.subarray(0, at % good.length),
  ),
  octets.map(
    (more): Mutation =>
      (good) =>
        concat([good, more]),
  ),
  fc.tuple(place, octets).map(
    ([at, more]): Mutation =>
      (good) => {
        const cut = at % good.length;
        return concat([good.subarray(0, cut), more, good.subarray(cut)]);
      },
  ),
  octets.map(
    (all): Mutation =>
      () =>
        all,
  ),
);

function nested(levels: number): Bytes {
  let inner: Bytes = new Uint8Array([5, 0]);
  for (let level = 0; level < levels; level += 1) inner = seq(inner);
  return inner;
}

describe('bad OCSP input', () => {
  let shared: SharedService;
  let wire: Wire;
  let good: Buffer;

  before(async function startIt() {
    shared = await sharedService('p-256');
    wire = await wireOf(shared);
    good = Buffer.from(await (await postGood()).body.arrayBuffer());
    assert.equal(responseStatus(good), SUCCESSFUL);
  });

  const postGood = () =>
    ask(`${wire.base}/ocsp`, { method: 'POST', headers: { 'content-type': TYPE }, body: Buffer.from(wire.good) });

  async function assertMalformed(body: Bytes): Promise<void> {
    const [reply] = await converse(wire.base, [post(body)], { replies: 1 });
    assert.equal(reply?.status, 200, reply?.head);
    assert.equal(responseStatus(reply.body), MALFORMED);
  }

  it('is malformed if it is deeply nested or declares a huge length', async () => {
    const lengths = ['84ffffffff', '847fffffff', '88ffffffffffffffff', '83ffffff', '80', '8100', 'ff', '84'];
    const bodies = [
      nested(5),
      nested(100),
      nested(8_000),
      seq(seq(explicit(2, nested(1_000)))),
      ...lengths.map((length) => concat([Buffer.from(`30${length}`, 'hex'), wire.good.subarray(2)])),
      ...lengths.map((length) => concat([Buffer.from(`30423040${length}`, 'hex'), wire.good.subarray(4)])),
      new Uint8Array(60_000),
      new Uint8Array(60_000).fill(0x30),
    ];
    for (const body of bodies) await assertMalformed(body);
  });

  it('is malformed if it asks about a thousand certificates, or a thousand times about one', async () => {
    await assertMalformed(plainRequest(Array.from({ length: 800 }, () => wire.goodCertId)));
    const thousand = plainRequest(Array.from({ length: 1_000 }, () => wire.goodCertId));
    const [reply] = await converse(wire.base, [post(thousand)], { replies: 1 });
    assert.ok(reply?.status === 413 || (reply !== undefined && responseStatus(reply.body) === MALFORMED), reply?.head);
  });

  it('gets 415 for another content type, and 413 above the size limit', async () => {
    for (const type of [
      'text/plain',
      'application/ocsp-response',
      'application/ocsp-requests',
      'a/b, application/ocsp-request',
      '',
    ])
      assert.equal((await converse(wire.base, [postHead({ length: 2, type }), 'ab'], { replies: 1 }))[0]?.status, 415);
    for (const length of [64 * 1024 + 1, 1_000_000]) {
      const large = [postHead({ length }), Buffer.alloc(length, 0x30)];
      assert.equal((await converse(wire.base, large, { replies: 1 }))[0]?.status, 413);
    }
    // Rejected before the body is sent.
    const [announced] = await converse(wire.base, [postHead({ length: 1_000_000_000_000 })], { replies: 1 });
    assert.equal(announced?.status, 413);
    const chunked = [
      postHead({ extra: ['transfer-encoding: chunked'] }),
      `20000\r\n${'0'.repeat(0x20000)}\r\n0\r\n\r\n`,
    ];
    assert.equal((await converse(wire.base, chunked, { replies: 1 }))[0]?.status, 413);
  });

  it('in a path is malformed, or 404 if it is not base64, or 431 and 414 if it is endless', async () => {
    const get = async (path: string): Promise<{ readonly status: number; readonly is: number | null }> => {
      const octetsOf = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: status.test\r\n\r\n`);
      const [reply] = await converse(wire.base, [octetsOf], { replies: 1 });
      return { status: reply?.status ?? 0, is: reply === undefined ? null : responseStatus(reply.body) };
    };
    const base64 = Buffer.from(wire.good).toString('base64');
    for (const path of ['MA=A', '%', '%zz', '%00', 'M', '====', '%E9%E9', `${base64}*`, `${base64} x`, '..%2f..%2fetc'])
      assert.ok([400, 404].includes((await get(`/ocsp/${path}`)).status), path);
    for (const path of [
      'MAAA',
      base64.slice(0, 40),
      Buffer.concat([wire.good, wire.good]).toString('base64'),
      'A'.repeat(40_000),
    ])
      assert.deepEqual(await get(`/ocsp/${path}`), { status: 200, is: MALFORMED }, path.slice(0, 100));
    for (const length of [100_000, 1_000_000])
      assert.ok([414, 431].includes((await get(`/ocsp/${'M'.repeat(length)}`)).status));
  });

  const send = async (pool: Pool, spoil: Mutation, counts: Map<string, number>): Promise<void> => {
    const body = Buffer.from(spoil(wire.good));
    const answer =
      body.length % 3 > 0 || body.length === 0
        ? await pool.request({ path: '/ocsp', method: 'POST', headers: { 'content-type': TYPE }, body })
        : await pool.request({ path: `/ocsp/${encodeURIComponent(body.toString('base64'))}`, method: 'GET' });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const status = answer.statusCode === 200 ? responseStatus(bytes) : null;
    const isTold = status !== null && [SUCCESSFUL, MALFORMED, UNAUTHORIZED].includes(status);
    assert.ok(isTold || (answer.statusCode >= 400 && answer.statusCode < 500), `${answer.statusCode} ${status}`);
    const name = status === null ? String(answer.statusCode) : `OCSP ${status}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };

  async function sendSpoiled(pool: Pool, requests: number, counts: Map<string, number>): Promise<void> {
    const property = fc.asyncProperty(fc.array(spoiling, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (all) => {
      await Promise.all(all.map((spoil) => send(pool, spoil, counts)));
    });
    await fc.assert(property, { numRuns: Math.ceil(requests / AT_ONCE), endOnFailure: true });
  }

  async function comeAndGo(clients: number): Promise<void> {
    for (let left = clients; left > 0; left -= SILENT_AT_ONCE) {
      const sockets = await Promise.all(
        Array.from({ length: Math.min(left, SILENT_AT_ONCE) }, () => openSocket(wire.base)),
      );
      for (const [at, socket] of sockets.entries()) {
        if (at % 3 === 0) socket.resetAndDestroy();
        else if (at % 3 === 1) socket.destroy();
        else
          socket
            .end()
            .once('end', () => socket.destroy())
            .resume();
      }
    }
  }

  /**
   * Addresses that are long, each once, and all about the same: what an address asks must not be
   * kept for all of them.
   */
  async function sendLongAddresses(pool: Pool, count: number): Promise<void> {
    const list = seq(seq(wire.goodCertId));
    for (let at = 0; at < count; at += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, member) => {
          const name = `${at + member}`.padEnd(40_000, 'x');
          const der = seq(seq(explicit(1, utf8String(name)), list), explicit(0, octetString(new Uint8Array(1))));
          const path = `/ocsp/${Buffer.from(der).toString('base64')}`;
          const answer = await pool.request({ path, method: 'GET' });
          assert.equal(Buffer.compare(Buffer.from(await answer.body.arrayBuffer()), good), 0);
        }),
      );
  }

  /** Connections with half a request or nothing: resolves when the service has closed all. */
  async function holdHalves(): Promise<{ readonly ended: Promise<readonly number[]> }> {
    const halves = [
      '',
      postHead({ length: 70 }).slice(0, 40),
      postHead({ length: 70 }),
      post(wire.good).subarray(0, -10),
      post(wire.unasked()).subarray(0, -10),
      getOf(wire.good).subarray(0, 30),
    ];
    const sockets = await Promise.all(Array.from({ length: HELD }, () => openSocket(wire.base)));
    const replies = sockets.map((socket, at) => {
      socket.write(halves[at % halves.length] ?? '');
      return repliesOf(socket, 1).finally(() => socket.destroy());
    });
    return { ended: Promise.all(replies).then((all) => all.flat().map(({ status }) => status)) };
  }

  /**
   * A client that asks all the time. Resolves, when `isOver`, to the number of answers, which were
   * all right.
   */
  function goodClient(isOver: () => boolean): Promise<number> {
    const askOn = async (): Promise<number> => {
      let answers = 0;
      for (; !isOver(); answers += 1) {
        const answer = await postGood();
        assert.equal(Buffer.compare(Buffer.from(await answer.body.arrayBuffer()), good), 0);
        const [signed] = await converse(wire.base, [post(wire.unasked())], { replies: 1 });
        assert.equal(responseStatus(signed?.body ?? Buffer.alloc(0)), SUCCESSFUL);
        await sleep(20);
      }
      return answers;
    };
    return askOn();
  }

  async function isIdle(pid: number): Promise<boolean> {
    const until = performance.now() + IDLE_WAIT_MS_MAX;
    while (performance.now() < until) {
      const [began, before] = [performance.now(), processorSeconds(pid)];
      await sleep(1_000);
      if ((processorSeconds(pid) - before) / ((performance.now() - began) / 1_000) < IDLE_MAX) return true;
    }
    return false;
  }

  type Place = {
    readonly processes: () => readonly number[];
    /** The number of requests to the service. */
    readonly share: number;
  };

  async function flood({ processes, share }: Place): Promise<void> {
    const pids = processes();
    const pool = new Pool(wire.base, { connections: AT_ONCE });
    const counts = new Map<string, number>();
    const attack = async (part: number): Promise<void> => {
      await Promise.all([sendSpoiled(pool, SPOILED * share * part, counts), comeAndGo(SILENT * share * part)]);
      await sendLongAddresses(pool, LONG_ADDRESSES * share * part);
    };
    let isOver = false;
    const { ended } = await holdHalves();
    const answered = goodClient(() => isOver);
    try {
      await attack(SETTLED);
      const settled = pids.map(residentMb);
      await attack(1 - SETTLED);
      const after = pids.map(residentMb);
      const table = [...counts].sort(([, a], [, b]) => b - a).map(([answer, count]) => `${count} ${answer}`);
      console.log(`      ${table.join(', ')}`);
      console.log(
        `      memory, MB: ${settled.map((mb, at) => `${mb.toFixed(0)} -> ${after[at]?.toFixed(0)}`).join(', ')}`,
      );
      for (const [at, mb] of settled.entries()) assert.ok((after[at] ?? 0) - mb < GROWTH_MB_MAX, `process ${at} grew`);
      for (const status of await ended) assert.equal(status, 408);
    } finally {
      isOver = true;
      await pool.close();
    }
    assert.ok((await answered) > 10);
    assert.deepEqual(processes(), pids, 'no process ended or began');
    for (const wanted of [`OCSP ${SUCCESSFUL}`, `OCSP ${MALFORMED}`, `OCSP ${UNAUTHORIZED}`])
      assert.ok(counts.has(wanted), `none was answered with ${wanted}`);
    for (const pid of pids) assert.ok(await isIdle(pid), `process ${pid} goes on`);
  }

  it('delays no other client, and leaks neither memory nor work', async function toService() {
    this.timeout(3_600_000);
    await flood({ processes: () => shared.service.tree().map(({ pid }) => pid), share: 1 });
  });

  it('has no effect on a separate responder either', async function toResponder() {
    this.timeout(3_600_000);
    const responder = await createResponderProcess(shared.service.at);
    await responder.start();
    const ofService = wire;
    try {
      wire = { ...wire, base: responder.urls.publication };
      good = Buffer.from(await (await postGood()).body.arrayBuffer());
      await flood({ processes: () => [responder.pid()], share: OF_RESPONDER });
    } finally {
      wire = ofService;
      await responder.stop();
    }
  });
});
