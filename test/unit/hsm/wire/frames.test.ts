import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createFrameDecoder,
  encodeFrame,
  FRAME_TYPES,
  type FrameType,
  readMeta,
  setRequestId,
} from '../../../../hsm/wire/frames.js';
import { LIMITS } from '../../../../src/kernel/limits.js';

const text = fc.string({ unit: 'grapheme' });
const frameContent = fc.record(
  {
    type: fc.constantFrom(...(Object.keys(FRAME_TYPES) as FrameType[])),
    id: fc.nat(0xffff_ffff),
    meta: fc.dictionary(text, fc.oneof(text, fc.integer()), { noNullPrototype: true }),
    body: fc.uint8Array({ maxLength: 300 }),
  },
  { noNullPrototype: true },
);

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => Buffer.from(bytes.subarray(sorted[index], end)));
}

describe('frames', () => {
  it('every frame comes out as it went in, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(frameContent, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (contents, places) => {
          const decoder = createFrameDecoder();
          const frames = cut(Buffer.concat(contents.map(encodeFrame)), places).flatMap((chunk) => {
            const pushed = decoder.push(chunk);
            assert(pushed.ok);
            return pushed.value;
          });
          const seen = frames.map((frame) => {
            const meta = readMeta(frame);
            assert(meta.ok);
            return { type: frame.type, id: frame.id, meta: meta.value, body: new Uint8Array(frame.body) };
          });
          assert.deepEqual(seen, contents);
        },
      ),
    );
  });

  it('no bytes make the decoder throw, and after a failure it always fails', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (chunks) => {
        const decoder = createFrameDecoder(100);
        let failed = false;
        for (const chunk of chunks) {
          const pushed = decoder.push(Buffer.from(chunk));
          if (failed) assert(!pushed.ok);
          failed ||= !pushed.ok;
          if (pushed.ok) for (const frame of pushed.value) readMeta(frame);
        }
      }),
      { numRuns: 1000 },
    );
  });

  const hostile: readonly (readonly [string, string, string])[] = [
    ['a length over the limit is refused before anything is kept', 'ffffffff', 'frame-too-long'],
    [
      'one octet over the limit is refused',
      (LIMITS.signerFrameBytesMax + 1).toString(16).padStart(8, '0'),
      'frame-too-long',
    ],
    ['a length of nothing is refused', '00000000', 'frame-too-short'],
    ['a length that leaves no room for the header is refused', '00000006', 'frame-too-short'],
    ['an unknown type is refused', '00000007' + 'ff' + '00000001' + '0000', 'frame-type-unknown'],
    [
      'a meta that is longer than its frame is refused',
      '00000008' + '01' + '00000001' + '0002' + '7b',
      'frame-meta-too-long',
    ],
  ];
  for (const [title, hex, kind] of hostile) {
    it(title, () => {
      const pushed = createFrameDecoder().push(Buffer.from(hex, 'hex'));
      assert(!pushed.ok);
      assert.equal(pushed.error.kind, kind);
    });
  }

  for (const meta of ['[]', 'null', '1', '{', '{"a":1}x', '{"a":"\xff"}', '\xff', '']) {
    it(`a meta ${JSON.stringify(meta)} is ${meta === '' ? 'an empty object' : 'no object and refused'}`, () => {
      const bytes = Buffer.from(meta, 'latin1');
      const head = Buffer.alloc(11);
      head.writeUInt32BE(7 + bytes.length, 0);
      head.writeUInt8(FRAME_TYPES.certificate, 4);
      head.writeUInt16BE(bytes.length, 9);
      const pushed = createFrameDecoder().push(Buffer.concat([head, bytes]));
      assert(pushed.ok && pushed.value[0]);
      assert.equal(readMeta(pushed.value[0]).ok, meta === '');
    });
  }

  it('the largest frame is decoded byte by byte in linear time', () => {
    const body = new Uint8Array(LIMITS.signerFrameBytesMax - 7);
    const bytes = encodeFrame({ type: 'crl-chunk', id: 1, body });
    const decoder = createFrameDecoder();
    let frames = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const pushed = decoder.push(bytes.subarray(at, at + 1));
      assert(pushed.ok);
      frames += pushed.value.length;
    }
    assert.equal(frames, 1);
  });

  it('a frame one byte over the limit is not sent, nor a meta that is too long for its length field', () => {
    const body = new Uint8Array(LIMITS.signerFrameBytesMax - 6);
    assert.throws(() => encodeFrame({ type: 'crl-chunk', id: 1, body }), /a frame crl-chunk/);
    assert.throws(() => encodeFrame({ type: 'status', id: 1, meta: { a: 'x'.repeat(0xffff) } }), /a frame status/);
  });

  it('renumbering changes the number and nothing else', () => {
    const encoded = setRequestId(
      encodeFrame({ type: 'ocsp', id: 7, meta: { issuer: 'a' }, body: Uint8Array.of(1) }),
      0xfffffffe,
    );
    assert.deepEqual(
      encoded,
      encodeFrame({ type: 'ocsp', id: 0xfffffffe, meta: { issuer: 'a' }, body: Uint8Array.of(1) }),
    );
  });
});
