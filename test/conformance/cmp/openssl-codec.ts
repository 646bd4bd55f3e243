/** OpenSSL's codec of CMP messages, through the program `openssl_codec.py`. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { judge } from '../../support/service/judges.js';

const PROGRAM = join(PACKAGE_ROOT, 'test/conformance/cmp/openssl_codec.py');

/**
 * Hex of each message, encoded from what was read; a text where it was refused. `folder`: the
 * program's input is written there.
 */
export async function encodedByOpenssl(folder: string, messages: readonly Bytes[]): Promise<readonly string[]> {
  const input = join(folder, 'messages-for-openssl');
  writeFileSync(input, messages.map((one) => `${toHex(one)}\n`).join(''));
  const said = await judge('python3', [PROGRAM, input]);
  assert.equal(said.status, 0, said.output);
  return said.bytes.toString().trimEnd().split('\n');
}
