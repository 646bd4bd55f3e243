/** OpenSSL's command line as the independent reader. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';

/** Runs `use` with a temporary folder, which is removed afterwards. */
export function inFolder<Value>(use: (folder: string) => Value): Value {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-x509-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Standard output of a command that must succeed. */
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
