/**
 * Octets that are no CMP message: check A1. If one were accepted, a client and the CA could read
 * two things in the same octets; if the header were not found, the client would get no CMP answer.
 */
import assert from 'node:assert/strict';
import {
  bitString,
  contextConstructed,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  seq,
  tagged,
  utf8String,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { encodeBody } from '../../../src/cmp/bodies.js';
import { directoryName } from '../../../src/cmp/elements.js';
import { encodeHeader } from '../../../src/cmp/header.js';
import { decodeMessage, encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import { BODY_KINDS, type PkiHeader } from '../../../src/cmp/model.js';
import { type Bytes, concat, toHex, utf8 } from '../../../src/kernel/bytes.js';
import { mutations } from '../../support/cmp/mutations.js';

/** `npm run test:night` changes 100,000 messages. */
const MUTATIONS = Number(process.env.PFCNG_CMP_MUTATIONS ?? 2_000);

const HEADER: PkiHeader = {
  pvno: 2,
  sender: directoryName([[{ type: OID.commonName, form: 'utf8String', value: 'device-1' }]]),
  recipient: directoryName([]),
  messageTime: Date.UTC(2026, 10, 29, 3, 4, 5),
  protectionAlg: null,
  senderKID: utf8('device-1'),
  recipKID: null,
  transactionID: new Uint8Array(16).fill(1),
  senderNonce: new Uint8Array(16).fill(2),
  recipNonce: null,
  freeText: [],
  generalInfo: [],
};

const GENERAL = contextConstructed(21, seq(seq(oid('1.2.3'))));
const message = ({ header = encodeHeader(HEADER), body = GENERAL, rest = [] as readonly Bytes[] } = {}): Bytes =>
  seq(header, body, ...rest);
const item = (value: Bytes) => contextConstructed(21, seq(seq(oid('1.2.3'), value)));
const body = (kind: (typeof BODY_KINDS)[number], ...members: readonly Bytes[]) =>
  contextConstructed(BODY_KINDS.indexOf(kind), ...members);
const headerWith = (...fields: readonly Bytes[]): Bytes =>
  seq(integer(2), HEADER.sender.der, HEADER.recipient.der, ...fields);
const deep = (levels: number): Bytes => (levels === 0 ? nullValue() : seq(deep(levels - 1)));

const REJECTION = seq(integer(2));

/** Each has a header that can be read. */
const MALFORMED: Readonly<Record<string, Bytes>> = {
  'an octet after the message': concat([message(), Uint8Array.of(0)]),
  'a message that is cut off after its header': message().subarray(0, message().length - 3),
  'a length in more octets than needed': message({ body: Uint8Array.of(0xb5, 0x81, 0x02, 0x30, 0x00) }),
  'an indefinite length': message({ body: Uint8Array.of(0xb5, 0x80, 0x30, 0x00, 0x00, 0x00) }),
  'no body': seq(encodeHeader(HEADER)),
  'a body with a tag after 26': message({ body: contextConstructed(27, seq()) }),
  'a body with two values': message({ body: contextConstructed(21, seq(), seq()) }),
  'a member after extraCerts': message({ rest: [explicit(1, seq(seq())), explicit(2, seq())] }),
  'a protection that is no BIT STRING': message({ rest: [explicit(0, octetString(Uint8Array.of(1)))] }),
  'extraCerts without a certificate': message({ rest: [explicit(1, seq())] }),
  '17 extraCerts': message({ rest: [explicit(1, seq(...Array.from({ length: 17 }, () => seq())))] }),
  'a field of the header twice': message({
    header: headerWith(explicit(4, octetString(Uint8Array.of(1))), explicit(4, octetString(Uint8Array.of(1)))),
  }),
  'fields of the header out of order': message({
    header: headerWith(explicit(5, octetString(Uint8Array.of(1))), explicit(4, octetString(Uint8Array.of(1)))),
  }),
  'a messageTime without seconds': message({ header: headerWith(explicit(0, tagged(0x18, utf8('202611290304Z')))) }),
  'a messageTime with a fraction that ends in a zero': message({
    header: headerWith(explicit(0, tagged(0x18, utf8('20261129030405.10Z')))),
  }),
  'a messageTime in a month that does not exist': message({
    header: headerWith(explicit(0, tagged(0x18, utf8('20261329030405Z')))),
  }),
  'a messageTime as UTCTime': message({ header: headerWith(explicit(0, tagged(0x17, utf8('261129030405Z')))) }),
  '5 strings of freeText': message({
    header: headerWith(explicit(7, seq(...Array.from({ length: 5 }, () => utf8String('a'))))),
  }),
  '17 items of generalInfo': message({
    header: headerWith(explicit(8, seq(...Array.from({ length: 17 }, () => seq(oid('1.2.3')))))),
  }),
  'an empty generalInfo': message({ header: headerWith(explicit(8, seq())) }),
  'a constructed OCTET STRING where nobody looks': message({ body: item(tagged(0x24, octetString(Uint8Array.of(1)))) }),
  'a BOOLEAN that is 01 where nobody looks': message({ body: item(Uint8Array.of(1, 1, 1)) }),
  'an INTEGER in too many octets where nobody looks': message({ body: item(Uint8Array.of(2, 2, 0, 1)) }),
  'values nested too deep': message({ body: item(deep(14)) }),
  'too many elements': message({ body: item(seq(...Array.from({ length: 4_100 }, nullValue))) }),
  'requests without a request': message({ body: body('ir', seq()) }),
  'a certReqId that is no INTEGER': message({ body: body('ir', seq(seq(seq(utf8String('0'), seq())))) }),
  'a template with an unknown field': message({
    body: body('ir', seq(seq(seq(integer(0), seq(explicit(10, seq())))))),
  }),
  'a DEFAULT value that is written': message({
    body: body(
      'ir',
      seq(
        seq(
          seq(
            integer(0),
            seq(contextConstructed(9, seq(oid('1.2.3'), Uint8Array.of(1, 1, 0), octetString(Uint8Array.of(0))))),
          ),
        ),
      ),
    ),
  }),
  'a proof that is no alternative': message({
    body: body('ir', seq(seq(seq(integer(0), seq()), explicit(4, nullValue())))),
  }),
  'a PKIStatus that is not known': message({ body: body('error', seq(seq(integer(7)))) }),
  'a failInfo with trailing zero bits': message({
    body: body('error', seq(seq(integer(2), Uint8Array.of(3, 2, 0, 0x80)))),
  }),
  'a status string of another type': message({
    body: body('error', seq(seq(integer(2), seq(tagged(0x13, utf8('no')))))),
  }),
  'a pkiconf that is not NULL': message({ body: body('pkiconf', seq()) }),
  'a nested without a message': message({ body: body('nested', seq()) }),
  'a nested with something else': message({ body: body('nested', seq(nullValue())) }),
  'a certConf with a text as hash': message({ body: body('certConf', seq(seq(utf8String('h'), integer(0)))) }),
  'a PKCS#10 with four members': message({
    body: body('p10cr', seq(seq(), seq(), bitString(Uint8Array.of(1)), nullValue())),
  }),
  'a revocation of nothing': message({ body: body('rr', seq(seq())) }),
  'a rejection as pollReq': message({ body: body('pollReq', seq(REJECTION, REJECTION, seq())) }),
};

describe('octets that are no CMP message', () => {
  for (const [title, octets] of Object.entries(MALFORMED))
    it(`are refused as badDataFormat, with a header for the answer: ${title}`, () => {
      const read = decodeMessage(octets);
      assert.ok(!read.ok, JSON.stringify(read));
      const { failInfo, at, text, header } = read.error;
      assert.deepEqual({ failInfo, at, texts: text.length }, { failInfo: 'badDataFormat', at: 'error', texts: 1 });
      assert.ok(text.every((one) => one.length <= 500));
      assert.equal(toHex(header?.sender.der ?? new Uint8Array()), toHex(HEADER.sender.der));
    });

  it('have no header for an answer where sender, recipient or the end of the header is missing', () => {
    const whole = encodeHeader(HEADER);
    const without = [
      new Uint8Array(),
      utf8('GET / HTTP/1.1'),
      nullValue(),
      seq(),
      seq(integer(2)),
      message({ header: seq(integer(2), HEADER.sender.der) }),
      message({ header: seq(integer(2), HEADER.sender.der, utf8String('recipient')) }),
      message({ header: seq(utf8String('2'), HEADER.sender.der, HEADER.recipient.der) }),
      // The answer would repeat this indefinite length in its recipient.
      message({ header: seq(integer(2), Uint8Array.of(0xa0, 2, 0x30, 0x80), HEADER.recipient.der) }),
      message().subarray(0, whole.length),
    ];
    for (const octets of without) {
      const read = decodeMessage(octets);
      assert.ok(!read.ok && read.error.header === null, toHex(octets));
    }
  });

  it('keep the fields of the header that can be read', () => {
    const time = explicit(0, tagged(0x18, utf8('yesterday')));
    const fields = [time, explicit(4, octetString(Uint8Array.of(7))), explicit(5, utf8String('nonce'))];
    const read = decodeMessage(message({ header: headerWith(...fields) }));
    assert.ok(!read.ok && read.error.header !== null);
    const { messageTime, transactionID, senderNonce } = read.error.header;
    assert.deepEqual(
      { messageTime, transactionID, senderNonce },
      { messageTime: null, transactionID: Uint8Array.of(7), senderNonce: null },
    );
  });
});

describe('a well-formed CMP message', () => {
  it('may have a fraction of a second, versions that are not served, and names of any form', () => {
    const teletex = explicit(4, seq(tagged(0x31, seq(oid(OID.commonName), tagged(0x14, utf8('A'))))));
    const time = explicit(0, tagged(0x18, utf8('20261129030405.25Z')));
    const read = decodeMessage(
      message({ header: seq(Uint8Array.of(2, 1, 0xff), teletex, HEADER.recipient.der, time) }),
    );
    assert.ok(read.ok, JSON.stringify(read));
    const { pvno, sender, messageTime } = read.value.header;
    assert.deepEqual([pvno, sender.kind, messageTime], [-1, 'other', Date.UTC(2026, 10, 29, 3, 4, 5, 250)]);
    const huge = seq(tagged(2, new Uint8Array(9).fill(0x7f)), HEADER.sender.der, HEADER.recipient.der);
    const version = decodeMessage(message({ header: huge }));
    assert.ok(version.ok && version.value.header.pvno === Number.MAX_SAFE_INTEGER);
  });

  it('has 20 messages inside a nested one, each with limits of its own', () => {
    const inner = message({ body: item(seq(...Array.from({ length: 1_000 }, nullValue))) });
    const bodyContent = encodeBody.nested(Array.from({ length: 20 }, () => inner));
    const part = encodeProtectedPart({ header: HEADER, bodyKind: 'nested', bodyContent });
    const read = decodeMessage(encodeMessage(part, { protection: Uint8Array.of(1), extraCerts: [] }));
    assert.ok(read.ok, JSON.stringify(read));
    assert.equal(toHex(read.value.protectedPart), toHex(part));
  });

  it('is never decoded with an exception when octets of it are changed', () => {
    let refused = 0;
    mutations(MUTATIONS, (octets) => {
      const read = decodeMessage(octets);
      if (!read.ok) refused += 1;
    });
    assert.ok(refused > 0);
  });
});
