/** OpenSSL's command line as the second opinion. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { Bytes } from '../../../src/kernel/bytes.js';

/** Standard output of a command that must succeed. Octets that are not UTF-8 are read as Latin-1. */
export function openssl(command: readonly string[], input: Bytes | string = ''): Buffer {
  const { status, stdout, stderr } = spawnSync('openssl', command, { input, maxBuffer: 64 * 1024 * 1024 });
  assert.equal(status, 0, `openssl ${command.join(' ')}: ${String(stderr)}`);
  return stdout;
}

export type Asn1Line = { readonly depth: number; readonly type: string; readonly text: string };

/** Lines of `openssl asn1parse` over one DER value, without the offsets. */
export function asn1parse(der: Bytes): readonly Asn1Line[] {
  const printed = openssl(['asn1parse', '-inform', 'DER'], der).toString('utf8');
  return printed
    .trimEnd()
    .split('\n')
    .map((line) => {
      const match = /^ *\d+:d=(\d+) +hl=\d+ +l= *\d+ +(?:prim|cons): +([^:]*?) *(?:\[HEX DUMP\])?(?::(.*))?$/.exec(
        line,
      );
      assert.ok(match, line);
      const [, depth, type = '', text = ''] = match;
      return { depth: Number(depth), type, text };
    });
}
