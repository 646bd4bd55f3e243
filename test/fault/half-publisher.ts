/**
 * A publisher that dies half-way: `node half-publisher.js DIRECTORY FILE LIST` writes half of LIST,
 * reports it, and waits to be killed.
 */
import { readFileSync } from 'node:fs';
import type { IssuerId } from '../../src/ports/signer.js';
import { createDirectoryOutlet } from '../../src/publish/directory-outlet.js';

const [path = '', fileName = '', list = ''] = process.argv.slice(2);
const bytes = readFileSync(list);

async function* half(): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, bytes.length / 2);
  process.stdout.write('half\n');
  // Without a pending timer the process would end.
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}

const session = await createDirectoryOutlet({ name: 'web', path, clock: Date.now }).open();
if (!session.ok) throw new Error(session.error.detail);
const item = {
  scope: 'full',
  issuer: 'x' as IssuerId,
  fileName,
  sha256: '',
  sizeBytes: bytes.length,
  number: 1,
} as const;
await session.value.current(item);
await session.value.put(item, half());
