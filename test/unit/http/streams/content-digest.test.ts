/** If `Content-Digest` were misread, an upload that was altered on its way would be accepted. */
import assert from 'node:assert/strict';
import { readLineGroups } from '../../../../src/http/api/campaigns/read-lines.js';
import { readContentDigest } from '../../../../src/http/api/content-digest.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { ok } from '../../../../src/kernel/result.js';

/** The digest of no octets, as RFC 9530 would write it. */
const EMPTY = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';
const EMPTY_HEX = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('a content digest', () => {
  it('is read beside other algorithms; the last member of its name counts', () => {
    const other = `sha-256=:${Buffer.alloc(32).toString('base64')}:`;
    for (const header of [EMPTY, `sha-512=:AAAA:, ${EMPTY}`, ` ${other} , ${EMPTY} `])
      assert.deepEqual(readContentDigest(header), { ok: true, value: EMPTY_HEX }, header);
  });

  it('is null where there is none', () => {
    for (const header of ['', ' ']) assert.deepEqual(readContentDigest(header), { ok: true, value: null });
  });

  it('is refused with its rule where it cannot be checked', () => {
    for (const header of [
      'sha-512=:AAAA:',
      'sha-256=47DE',
      'sha-256=:AAAA:',
      'sha-256=::',
      `x${EMPTY}`,
      EMPTY.replace('+', '-'),
    ]) {
      const read = readContentDigest(header);
      assert.ok(!read.ok, header);
      assert.deepEqual([read.error.pointer, read.error.rule], ['Content-Digest', 'content-digest']);
    }
  });
});

describe('an upload of lines with a content digest', () => {
  const body = utf8('{"line":1}\n{"line":2}\n');
  const groupsWith = async (contentSha256: string | null) => {
    const chunks = [body.subarray(0, 15), body.subarray(15), null];
    const read = () => Promise.resolve(ok(chunks.shift() ?? null));
    const groups: string[] = [];
    for await (const group of readLineGroups({ read, contentSha256 }, 10))
      groups.push(
        group.ok ? `${group.value.length} line` : 'rule' in group.error ? group.error.rule : group.error.kind,
      );
    return groups;
  };

  it('is read to its end if it has the octets, or if none are announced', async () => {
    for (const announced of [null, sha256Hex(body)])
      assert.deepEqual(await groupsWith(announced), ['1 line', '1 line']);
  });

  it('ends with a fault if it has others', async () => {
    assert.equal((await groupsWith(EMPTY_HEX)).at(-1), 'content-digest');
  });
});
