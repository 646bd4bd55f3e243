/**
 * Forms with a file. Without these tests a file could be read before its form was looked at, or a
 * broken one could look whole.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isMultipart, readUpload, type Upload } from '../../../src/http/console/multipart.js';
import { ok, type Result } from '../../../src/kernel/result.js';
import { unwrap } from '../../support/db/fixture.js';

const TYPE = 'multipart/form-data; boundary=XX';

const field = (name: string, value: string): string =>
  `--XX\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (content: string): string =>
  `--XX\r\ncontent-disposition: form-data; name="file"; filename="a.ndjson"\r\n\r\n${content}\r\n`;

/** Reads a body that arrives in pieces of this size, and notes how many were taken. */
function bodyOf(text: string, size: number) {
  const octets = Buffer.from(text, 'utf8');
  let at = 0;
  const taken = (): number => at;
  const read = async () => {
    if (at >= octets.length) return ok(null);
    const piece = octets.subarray(at, at + size);
    at += size;
    return ok(new Uint8Array(piece));
  };
  return { read, taken };
}

async function contentOf({ file: sent }: Upload): Promise<Result<string, unknown>> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const next = await (sent?.read() ?? ok(null));
    if (!next.ok) return next;
    if (next.value === null) return ok(Buffer.concat(parts).toString('utf8'));
    parts.push(next.value);
  }
}

describe('a form with a file', () => {
  it('gives the fields before the file, and the file octet for octet, however it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 300, unit: fc.constantFrom('a', '\r', '\n', '-', 'X', 'é', '"') }),
        fc.integer({ min: 1, max: 200 }),
        async (content, size) => {
          fc.pre(!content.includes('--XX'));
          const { read } = bodyOf(`${field('token', 'abc')}${file(content)}--XX--\r\n`, size);
          const upload = unwrap(await readUpload(TYPE, read));
          assert.deepEqual(upload.fields, { token: 'abc' });
          assert.equal(upload.file?.filename, 'a.ndjson');
          assert.deepEqual(await contentOf(upload), ok(content));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is looked at before more than a few pieces of its file are taken', async () => {
    const { read, taken } = bodyOf(`${field('token', 'abc')}${file('x'.repeat(4_000_000))}--XX--\r\n`, 16_384);
    const upload = unwrap(await readUpload(TYPE, read));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(taken() < 400_000, `${taken()} octets`);
    upload.close();
  });

  it('ignores fields after the file, and has none if it was left out', async () => {
    const late = unwrap(await readUpload(TYPE, bodyOf(`${file('1')}${field('token', 'late')}--XX--\r\n`, 64).read));
    assert.deepEqual(await contentOf(late), ok('1'));
    assert.ok(!('token' in late.fields) || late.fields.token === 'late');
    const none = unwrap(await readUpload(TYPE, bodyOf(`${field('token', 'abc')}--XX--\r\n`, 64).read));
    assert.deepEqual([none.fields, none.file], [{ token: 'abc' }, null]);
  });

  it('that breaks off fails, in its fields and in its file', async () => {
    const fields = await readUpload(TYPE, bodyOf(field('token', 'abc').slice(0, -4), 16).read);
    assert.equal(fields.ok, false);
    const upload = unwrap(await readUpload(TYPE, bodyOf(`${field('token', 'abc')}${file('12345')}`, 16).read));
    assert.equal((await contentOf(upload)).ok, false);
    const gone = bodyOf(`${file('x'.repeat(400_000))}`, 16_384);
    const slow = async () =>
      gone.taken() > 300_000 ? ({ ok: false, error: { kind: 'body-too-slow' } } as const) : gone.read();
    const late = unwrap(await readUpload(TYPE, slow));
    assert.deepEqual(await contentOf(late), { ok: false, error: { kind: 'body-too-slow' } });
  });

  it('is refused without a boundary, with a second file, and with too many or too long fields', async () => {
    const refused = async (body: string, type = TYPE): Promise<void> => {
      const upload = await readUpload(type, bodyOf(`${body}--XX--\r\n`, 1_000).read);
      assert.equal(upload.ok, false, body.slice(0, 80));
    };
    await refused(field('a', '1'), 'multipart/form-data');
    await refused(Array.from({ length: 30 }, (_, at) => field(`f${at}`, '1')).join(''));
    await refused(field('a', 'x'.repeat(5_000)));
    assert.ok(isMultipart('Multipart/Form-Data; boundary=x') && !isMultipart('application/x-www-form-urlencoded'));
  });
});
