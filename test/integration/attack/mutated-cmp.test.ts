/**
 * Thousands of mutated CMP messages to a running service: none is answered with a 5xx, nothing is
 * issued, and no process ends or grows. All of them have the secret of a registration that was
 * withdrawn, so that a mutation that happens to be valid is refused too, at the very end.
 * `PFCNG_MUTATED_CMP=100000` sends as many; the seed of a failure is in its message.
 */
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import fc from 'fast-check';
import { OID } from '../../../src/asn1/oids.js';
import { directoryName } from '../../../src/cmp/elements.js';
import { decodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import { encodeBody } from '../../../src/cmp/values/bodies.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { identifierOf } from '../../support/cmp/algorithms.js';
import { certReqMsg, cn, outcomeOf, templateFor } from '../../support/cmp/client.js';
import { postCmp } from '../../support/cmp/post.js';
import { CONTENTS, type TestedKind } from '../../support/cmp/situations.js';
import { tlv } from '../../support/hsm/der.js';
import { residentMb } from '../../support/machine/resident.js';
import { makeKey } from '../../support/service/csr.js';
import { openDatabase } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import { orderOf } from '../../support/service/orders.js';
import { allOf, changes, seldom } from './mutations.js';

const MESSAGES = Number(process.env.PFCNG_MUTATED_CMP ?? 600);
const AT_ONCE = 20;
/** After these messages, the memory should be stable. */
const SETTLED = 0.5;
/** Room for a collector that has not run. */
const GROWTH_MB_MAX = 64;
const ROUNDS_MAX = 4;

const KEY = makeKey();
const REQUEST = encodeBody.ir([certReqMsg(KEY, templateFor(KEY, cn('MUTATED')))]);
const BODIES = { ...CONTENTS, ir: REQUEST, cr: REQUEST } as const satisfies Readonly<Record<TestedKind, Bytes>>;
const KINDS = Object.keys(BODIES) as TestedKind[];
const PATHS = ['', '/p/elementaire~org-auth-cli', '/p/elementaire~org-auth-cli/initialization'] as const;

/** Mutations inside of what is protected, and of the whole message. */
const mutated = fc.record({
  kind: fc.constantFrom('ir' as const, ...KINDS),
  path: fc.constantFrom(...PATHS),
  inside: seldom(changes(3)),
  outside: seldom(changes(2)),
});

function protectedPart(kind: TestedKind, reference: string): Buffer {
  const header = {
    pvno: 2,
    sender: directoryName([]),
    recipient: directoryName([]),
    messageTime: Math.floor(Date.now() / 1_000) * 1_000,
    protectionAlg: identifierOf(OID.hmacWithSha256),
    senderKID: utf8(reference),
    recipKID: null,
    transactionID: new Uint8Array(randomBytes(16)),
    senderNonce: new Uint8Array(randomBytes(16)),
    recipNonce: null,
    freeText: [],
    generalInfo: [],
  };
  return Buffer.from(encodeProtectedPart({ header, bodyKind: kind, bodyContent: BODIES[kind] }));
}

describeService('mutated CMP messages', { on: 'sqlite' }, (running) => {
  it(`are answered, none with a 5xx, by a service that issues nothing and does not grow: ${MESSAGES} of them`, async function attack() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const { profile: _profile, ...order } = orderOf('elementaire/org-auth-cli');
    const body = { profiles: ['elementaire/org-auth-cli'], ...order };
    const made = await running.cards.expect<Record<'id' | 'reference' | 'secret', string>>(
      'POST',
      '/v1/registrations',
      {
        body,
      },
    );
    await running.cards.expect('POST', `/v1/registrations/${made.id}/withdrawal`);
    const pids = service.tree().map(({ pid }) => pid);
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const answers = new Map<string, number>();
    const send = async ({
      kind,
      path,
      inside,
      outside,
    }: typeof mutated extends fc.Arbitrary<infer One> ? One : never) => {
      const part = protectedPart(kind, made.reference);
      // The MAC is over the mutated part, so that the code after its check is reached.
      const content = allOf(part.subarray(contentAt(part)), inside);
      const mac = createHmac('sha256', made.secret).update(tlv(0x30, content)).digest();
      const message = tlv(0x30, content, tlv(0xa0, tlv(0x03, Buffer.of(0), mac)));
      const { status, octets, text } = await postCmp(service, { path, body: allOf(message, outside), agent });
      assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${text}`);
      const said = status === 200 ? saidIn(new Uint8Array(octets)) : String(status);
      answers.set(said, (answers.get(said) ?? 0) + 1);
    };
    const attackWith = (messages: number): Promise<void> =>
      fc.assert(
        fc.asyncProperty(fc.array(mutated, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (all) => {
          await Promise.all(all.map(send));
        }),
        { numRuns: Math.ceil(messages / AT_ONCE), endOnFailure: true },
      );
    await attackWith(MESSAGES * SETTLED);
    let growing: readonly number[] = pids;
    for (let round = 0; round < ROUNDS_MAX && growing.length > 0; round += 1) {
      const settled = pids.map(residentMb);
      await attackWith(MESSAGES * (1 - SETTLED));
      growing = pids.filter((pid, at) => residentMb(pid) - (settled[at] ?? 0) >= GROWTH_MB_MAX);
    }
    agent.destroy();
    const table = [...answers].sort(([, a], [, b]) => b - a).map(([answer, count]) => `${count} ${answer}`);
    console.log(`      ${table.join(', ')}`);
    assert.deepEqual(
      service.tree().map(({ pid }) => pid),
      pids,
      'no process ended or began',
    );
    assert.deepEqual(growing, [], 'no process grew in each round');
    const database = await openDatabase(service.at);
    try {
      const sql = 'select count(*) as count from certificates where registration_id = ?';
      const [row] = await database.all(sql, made.id);
      assert.equal(Number(row?.count), 0, 'nothing was issued');
    } finally {
      await database.close();
    }
  });
});

/** The header of a SEQUENCE has four octets, or three or two for a short one. */
function contentAt(part: Buffer): number {
  const first = part[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function saidIn(octets: Bytes): string {
  const answer = decodeMessage(octets);
  assert.ok(answer.ok, 'an answer is a message');
  const { bodyKind, failInfo } = outcomeOf(answer.value);
  return [bodyKind, ...failInfo].join(' ');
}
