import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mendTokens } from './softhsm-mend.js';

/** `softhsm2.conf` in the token's directory; the token's files are in `tokens/` beside it. */
export function softhsmConfigurationFile(softhsmDirectory: string): string {
  return join(softhsmDirectory, 'softhsm2.conf');
}

/**
 * Makes the directory and its configuration; writes again only what differs, so that a moved home folder works. Mends a token
 * that a killed process tore.
 */
export function writeSofthsmConfiguration(softhsmDirectory: string): void {
  const objects = join(resolve(softhsmDirectory), 'tokens');
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  mendTokens(softhsmDirectory);
  const text = `directories.tokendir = ${objects}\nobjectstore.backend = file\nlog.level = ERROR\n`;
  const file = softhsmConfigurationFile(softhsmDirectory);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text, { mode: 0o600 });
}
