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
import { AT_ONCE, attack, withdrawnRegistration } from '../../support/attack/attack.js';
import { identifierOf } from '../../support/cmp/algorithms.js';
import { certReqMsg, cn, outcomeOf, templateFor } from '../../support/cmp/client.js';
import { postCmp } from '../../support/cmp/post.js';
import { CONTENTS, type TestedKind } from '../../support/cmp/situations.js';
import { tlv } from '../../support/hsm/der.js';
import { makeKey } from '../../support/service/csr.js';
import { openDatabase } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import { allOf, changes, seldom } from './mutations.js';

const MESSAGES = Number(process.env.PFCNG_MUTATED_CMP ?? 600);

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
  it(`are answered, none with a 5xx, by a service that issues nothing and does not grow: ${MESSAGES} of them`, async function sendAll() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const made = await withdrawnRegistration(running.cards);
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    await attack(service, {
      mutated,
      requests: MESSAGES,
      send: async ({ kind, path, inside, outside }) => {
        const part = protectedPart(kind, made.reference);
        // The MAC is over the mutated part, so that the code after its check is reached.
        const content = allOf(part.subarray(contentAt(part)), inside);
        const mac = createHmac('sha256', made.secret).update(tlv(0x30, content)).digest();
        const message = tlv(0x30, content, tlv(0xa0, tlv(0x03, Buffer.of(0), mac)));
        const { status, octets, text } = await postCmp(service, { path, body: allOf(message, outside), agent });
        assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${text}`);
        return status === 200 ? saidIn(new Uint8Array(octets)) : String(status);
      },
    });
    agent.destroy();
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
