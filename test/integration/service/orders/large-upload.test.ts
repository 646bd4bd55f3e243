/**
 * A large upload to a running service. If anything of it stayed in memory, ten orders could end the
 * service. `PFCNG_UPLOAD_MB=1024` sends as much; the memory is compared with that after a quarter.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { request } from 'undici';
import { agentOf } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';

const UPLOAD_MB = Number(process.env.PFCNG_UPLOAD_MB ?? 8);
const GROWTH_MB_MAX = 50;
const MB = 1024 * 1024;

/** Lines that only their worker may object to, however they come. */
const BAD = ['{"holder":', 'x'.repeat(65 * 1024), '"\0"', '\uFEFF{}', '{}\r', '{"card":1,"card":2}', ''];
const GOOD = JSON.stringify({ requests: [{ csr: 'A'.repeat(3_000) }] });

/** Yields about as many megabytes; the last line has no LF. */
function* linesOf(megabytes: number): Generator<string> {
  for (let sent = 0; sent < megabytes * MB; sent += GOOD.length * 200) yield `${GOOD}\n`.repeat(200);
  yield BAD.join('\n');
  yield `\n${GOOD}`;
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

describeService('a large upload', { on: 'sqlite' }, (running) => {
  it(`has all of its lines, and leaves nothing in memory: ${UPLOAD_MB} MB`, async function upload() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const dispatcher = agentOf(service, 'card-management');
    const send = async (megabytes: number) => {
      const digest = createHash('sha256');
      let lines = 1;
      const body = async function* () {
        for (const piece of linesOf(megabytes)) {
          digest.update(piece);
          lines += piece.split('\n').length - 1;
          yield Buffer.from(piece);
        }
      };
      const answer = await request(`${service.urls.api}/v1/orders?paused=true`, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: Readable.from(body()),
      });
      const order = (await answer.body.json()) as {
        readonly id: string;
        readonly lines: number;
        readonly requestSha256: string;
      };
      assert.equal(answer.statusCode, 202, JSON.stringify(order));
      assert.deepEqual([order.lines, order.requestSha256], [lines, digest.digest('hex')]);
      await running.cards.expect('POST', `/v1/orders/${order.id}/cancellation`, { body: {} });
    };
    await send(UPLOAD_MB / 4);
    const before = residentMb(service.pid());
    await send(UPLOAD_MB);
    const after = residentMb(service.pid());
    console.log(`      memory, MB: ${before.toFixed(0)} -> ${after.toFixed(0)}`);
    assert.ok(after - before < GROWTH_MB_MAX, `${before} -> ${after}`);
    await dispatcher.destroy();
  });
});
