/** Reads the public key of the platform, which its ceremony has exported into the home folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../config/regular-file.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type PlatformKey, platformKeyOf } from '../../orders/receipt.js';
import type { Home } from '../home.js';

/** Name of the file with the public key, in `authorities/` and at the publication address. */
export const PLATFORM_KEY_FILE = 'platform.spki';

export function platformKeyFile({ config }: Pick<Home, 'config'>): string {
  return join(config.paths.authorities, PLATFORM_KEY_FILE);
}

/**
 * Reads the public key of the platform. null: the home folder has none, so that receipts and
 * webhooks are not signed.
 */
export function readPlatformKey(home: Pick<Home, 'config'>): Result<PlatformKey | null, string> {
  const file = platformKeyFile(home);
  if (!existsSync(file)) return ok(null);
  const key = platformKeyOf(new Uint8Array(readRegularFile(file)));
  return key === null ? err(`${file} is not the SubjectPublicKeyInfo of a key on the curve P-256`) : ok(key);
}
