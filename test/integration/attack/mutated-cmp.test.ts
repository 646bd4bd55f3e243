/**
 * Thousands of mutated CMP messages to a running service: none is answered with a 5xx, nothing is
 * issued, and no process ends or grows. They are protected by the secret of a registration that was
 * withdrawn, by each kind of MAC, or signed by an account that may not issue, so that a mutation
 * that happens to be valid is refused too, at the very end. Messages of a public corpus are sent
 * too, whole and mutated.
 * `PFCNG_MUTATED_CMP=100000` sends as many; the seed of a failure is in its message.
 */
import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, pbkdf2Sync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { Agent } from 'node:http';
import fc from 'fast-check';
import { contextConstructed } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { encodeBody } from '../../../src/cmp/bodies.js';
import { directoryName } from '../../../src/cmp/elements.js';
import { decodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import type { PkiHeader } from '../../../src/cmp/model.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import { AT_ONCE, attack, type WithdrawnRegistration, withdrawnRegistration } from '../../support/attack/attack.js';
import { identifierOf, passwordBasedMac, pbmac1, SALT } from '../../support/cmp/algorithms.js';
import { certReqMsg, cn, outcomeOf, templateFor, viewOf } from '../../support/cmp/client.js';
import { readCorpus } from '../../support/cmp/corpus.js';
import { postCmp } from '../../support/cmp/post.js';
import { derivedKey } from '../../support/cmp/request.js';
import { CONTENTS, type TestedKind } from '../../support/cmp/situations.js';
import { tlv } from '../../support/hsm/der.js';
import { credentialOf } from '../../support/service/client.js';
import { makeKey } from '../../support/service/csr.js';
import { openDatabase } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import type { Service } from '../../support/service/service.js';
import { allOf, changes, seldom } from './mutations.js';

const MESSAGES = Number(process.env.PFCNG_MUTATED_CMP ?? 600);
/** Mutated messages of a public corpus, which are sent in addition. */
const CORPUS_MESSAGES = Math.ceil(MESSAGES / 10);

const KEY = makeKey();
const REQUEST = encodeBody.ir([certReqMsg(KEY, templateFor(KEY, cn('MUTATED')))]);
const BODIES = { ...CONTENTS, ir: REQUEST, cr: REQUEST } as const satisfies Readonly<Record<TestedKind, Bytes>>;
const KINDS = Object.keys(BODIES) as TestedKind[];
const PATHS = ['', '/p/elementaire~org-auth-cli', '/p/elementaire~org-auth-cli/initialization'] as const;

/** The nested ones are signed, and have a message with a MAC inside. */
const PROTECTIONS = ['hmac', 'pbm', 'pbmac1', 'signature', 'batch', 'added protection'] as const;

/** Mutations inside of what is protected, and of the whole message. */
const mutated = fc.record({
  protection: fc.constantFrom(...PROTECTIONS),
  kind: fc.constantFrom('ir' as const, ...KINDS),
  path: fc.constantFrom(...PATHS),
  inside: seldom(changes(3)),
  outside: seldom(changes(2)),
});
type MutatedMessage = typeof mutated extends fc.Arbitrary<infer Value> ? Value : never;

type Protection = {
  readonly header: Pick<PkiHeader, 'sender' | 'senderKID' | 'protectionAlg'>;
  readonly protect: (part: Uint8Array) => Uint8Array;
  readonly extraCerts: readonly Bytes[];
};

function macs({ reference, secret }: WithdrawnRegistration): Readonly<Record<'hmac' | 'pbm' | 'pbmac1', Protection>> {
  const by = (protectionAlg: PkiHeader['protectionAlg'], key: string | Uint8Array): Protection => ({
    header: { sender: directoryName([]), senderKID: utf8(reference), protectionAlg },
    protect: (part) => createHmac('sha256', key).update(part).digest(),
    extraCerts: [],
  });
  return {
    hmac: by(identifierOf(OID.hmacWithSha256), secret),
    pbm: by(passwordBasedMac({}), derivedKey({ secret })),
    pbmac1: by(pbmac1({}), pbkdf2Sync(secret, SALT, 1_000, 32, 'sha256')),
  };
}

/** By an account that reads only. */
async function signatureOf(service: Service): Promise<Protection> {
  const { certificate, key } = credentialOf(service.at, 'auditor');
  const der = new Uint8Array(new X509Certificate(certificate).raw);
  const issuing = await fetch(`${service.urls.publication}/AC/ACI-FO-PP.cer`);
  const { subjectDer, spki } = viewOf(der).tbs;
  const privateKey = createPrivateKey(key);
  return {
    header: {
      sender: { kind: 'other', der: contextConstructed(4, subjectDer) },
      senderKID: subjectKeyIdentifier(spki),
      protectionAlg: identifierOf(OID.ecdsaWithSha256),
    },
    protect: (part) => sign('sha256', part, privateKey),
    extraCerts: [der, new Uint8Array(await issuing.arrayBuffer())],
  };
}

type Content = { readonly kind: TestedKind; readonly content: Bytes } & Pick<MutatedMessage, 'inside'>;

/** The protection is over the mutated part, so that the code after its check is reached. */
function messageOf(
  { header: own, protect, extraCerts }: Protection,
  { kind, content, inside }: Content,
  ids: Partial<PkiHeader> = {},
): Buffer {
  const header = {
    pvno: 2,
    recipient: directoryName([]),
    messageTime: Math.floor(Date.now() / 1_000) * 1_000,
    recipKID: null,
    transactionID: new Uint8Array(randomBytes(16)),
    senderNonce: new Uint8Array(randomBytes(16)),
    recipNonce: null,
    freeText: [],
    generalInfo: [],
    ...own,
    ...ids,
  };
  const part = Buffer.from(encodeProtectedPart({ header, bodyKind: kind, bodyContent: content }));
  const spoiled = allOf(part.subarray(contentAt(part)), inside);
  const protection = tlv(0xa0, tlv(0x03, Buffer.of(0), protect(tlv(0x30, spoiled))));
  const certificates = extraCerts.length === 0 ? [] : [tlv(0xa1, tlv(0x30, ...extraCerts))];
  return tlv(0x30, spoiled, protection, ...certificates);
}

describeService('mutated CMP messages', { on: 'sqlite' }, (running) => {
  it(`are answered, none with a 5xx, by a service that issues nothing and does not grow: ${MESSAGES} of them`, async function sendAll() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const made = await withdrawnRegistration(running.cards);
    const before = await issuedByCmp(service);
    const mac = macs(made);
    const protections = { ...mac, signature: await signatureOf(service) };
    const built = ({ protection, kind, inside }: MutatedMessage): Buffer => {
      const content = { kind, content: BODIES[kind], inside };
      if (protection !== 'batch' && protection !== 'added protection')
        return messageOf(protections[protection], content);
      const ids = { transactionID: new Uint8Array(randomBytes(16)), senderNonce: new Uint8Array(randomBytes(16)) };
      const nested = encodeBody.nested([messageOf(mac.hmac, content, ids)]);
      const outer = { kind: 'nested', content: nested, inside: [] } as const;
      return messageOf(protections.signature, outer, protection === 'batch' ? {} : ids);
    };
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const answers = await attack(service, {
      mutated,
      requests: MESSAGES,
      send: async (one) => {
        const body = allOf(built(one), one.outside);
        const { status, octets, text } = await postCmp(service, { path: one.path, body, agent });
        assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${text}`);
        return `${one.protection}: ${status === 200 ? saidIn(new Uint8Array(octets)) : status}`;
      },
    });
    agent.destroy();
    const verified = [...answers.keys()].filter((one) => /: (genp|nested|ip|cp)|notAuthorized$/.test(one));
    for (const one of PROTECTIONS)
      assert.ok(
        verified.some((answer) => answer.startsWith(`${one}: `)),
        `a message with ${one} was verified`,
      );
    assert.equal(await issuedByCmp(service), before, 'nothing was issued');
  });

  it(`are answered in the same way if they are those of a public corpus: ${CORPUS_MESSAGES} of them`, async function sendCorpus() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const before = await issuedByCmp(service);
    const corpus = [...readCorpus()].map(([name, octets]) => ({ name, octets: Buffer.from(octets) }));
    const send = async (path: string, body: Buffer): Promise<string> => {
      const { status, octets, text } = await postCmp(service, { path, body });
      assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${text}`);
      return status === 200 ? saidIn(new Uint8Array(octets)) : String(status);
    };
    const whole = new Set<string>();
    for (const { octets } of corpus) for (const path of PATHS) whole.add(await send(path, octets));
    // Their MACs use SHA-1, none of their senders is known here, and answers are no requests.
    assert.deepEqual([...whole].sort(), [
      'error badAlg',
      'error badDataFormat',
      'error badMessageCheck',
      'error badRequest',
    ]);
    await attack(service, {
      mutated: fc.record({
        one: fc.constantFrom(...corpus),
        path: fc.constantFrom(...PATHS),
        changes: changes(3),
      }),
      requests: CORPUS_MESSAGES,
      send: ({ one, path, changes: made }) => send(path, allOf(one.octets, made)),
    });
    assert.equal(await issuedByCmp(service), before, 'nothing was issued');
  });
});

async function issuedByCmp({ at }: Service): Promise<number> {
  const database = await openDatabase(at);
  try {
    const [row] = await database.all("select count(*) as count from certificates where protocol = 'cmp'");
    return Number(row?.count);
  } finally {
    await database.close();
  }
}

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
