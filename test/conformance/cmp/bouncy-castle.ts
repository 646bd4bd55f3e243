/** Bouncy Castle's reader and makers of CMP messages, through the program `CmpCodec.java`. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { judge } from '../../support/service/judges.js';

const SOURCE = join(PACKAGE_ROOT, 'test/conformance/cmp/CmpCodec.java');
const JARS = ['bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`).join(':');

export type BouncyCastle = {
  /** Name and hex of each message that its builders make. */
  readonly make: (certificate: Bytes) => Promise<readonly (readonly [name: string, hex: string])[]>;
  /** Hex of each message, encoded from what was read; a text where it was refused. */
  readonly encodeAgain: (messages: readonly Bytes[]) => Promise<readonly string[]>;
  /** Hex of the encrypted certificate in each ip. `key`: RSA key, PKCS#8, DER. */
  readonly decrypt: (key: Bytes, messages: readonly Bytes[]) => Promise<readonly string[]>;
};

/** Compiles the program into a folder, which also gets its input. */
export async function bouncyCastle(folder: string): Promise<BouncyCastle> {
  const options = ['-J-XX:TieredStopAtLevel=1', '-proc:none', '-cp', JARS, '-d', folder];
  const compiled = await judge('javac', [...options, SOURCE]);
  assert.equal(compiled.status, 0, compiled.output);
  const run = async (...args: readonly string[]): Promise<readonly string[]> => {
    const said = await judge('java', ['-XX:+UseSerialGC', '-cp', `${JARS}:${folder}`, 'CmpCodec', ...args]);
    assert.equal(said.status, 0, said.output);
    return said.bytes.toString().trimEnd().split('\n');
  };
  const fileOf = (name: string, content: Bytes | string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const list = (messages: readonly Bytes[]) => fileOf('messages', messages.map((one) => `${toHex(one)}\n`).join(''));
  return {
    make: async (certificate) => {
      const lines = await run('make', fileOf('certificate.der', certificate));
      return lines.map((line) => line.split('\t') as [string, string]);
    },
    encodeAgain: (messages) => run('again', list(messages)),
    decrypt: (key, messages) => run('decrypt', fileOf('key.der', key), list(messages)),
  };
}
