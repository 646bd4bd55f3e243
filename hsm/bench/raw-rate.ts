/**
 * The main module of a process that measures how many signatures C_Sign makes per second. It is
 * started as `node raw-rate.js '{"token":..., "label":..., "sessions":2, "seconds":1}'`.
 */
import { assert, present } from '../../src/kernel/assert.js';
import { utf8 } from '../../src/kernel/bytes.js';
import { describeInspectionFailure, withToken } from '../inspect/inspection.js';
import { findAnyKey } from '../pkcs11/keys/keys.js';
import { schemesOf, signOnce } from '../pkcs11/keys/mechanisms.js';
import { openSession } from '../pkcs11/token.js';
import type { SigningRateRequest } from './bench.js';

// The argument comes from the command that started this process, so its types are trusted.
const { token, label, sessions, seconds } = JSON.parse(process.argv[2] ?? '') as SigningRateRequest;
assert(label.startsWith('pfcng-bench-'), 'only throw-away keys are measured');

const rate = await withToken(token, async ({ pkcs11, slot, session }) => {
  const key = findAnyKey(session, label);
  const scheme = present(schemesOf(key.keyType)[0], 'a scheme');
  const message = utf8('what pfcng hsm bench signs: good for nothing');
  const handles = Array.from({ length: sessions }, () => openSession(slot).handle);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  let signatures = 0;
  const sign = async (handle: Buffer): Promise<void> => {
    while (performance.now() < until) {
      await signOnce(pkcs11, { session: handle, key }, { scheme, message });
      signatures += 1;
    }
  };
  await Promise.all(handles.map(sign));
  return (signatures * 1_000) / (performance.now() - startedAt);
});
if (!rate.ok) process.stderr.write(`${describeInspectionFailure(rate.error)}\n`);
process.stdout.write(rate.ok ? String(rate.value) : '');
process.exitCode = rate.ok ? 0 : 1;
