/** A folder with a certificate of the server of `est-server.ts`, its key, and the root. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RenewalOptions, RenewalWorld } from '../../../src/cli/client/renew.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import { makeKey } from '../service/csr.js';
import { type EstServer, LIFE_MS, nameOf, spkiOf } from './est-server.js';

export type RenewalPlace = {
  readonly folder: string;
  readonly options: RenewalOptions;
  /** Names of the files in the folder. */
  readonly names: () => readonly string[];
  readonly read: (name: string) => string;
  readonly remove: () => void;
};

export const NAMES = [writeSubjectAltName([{ kind: 'dNSName', value: 'lps.example.org' }])];

export function renewalPlace(est: EstServer): RenewalPlace {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-renewal-'));
  const key = makeKey();
  const issued = est.issue({
    subject: nameOf('lps.example.org'),
    spki: spkiOf(key),
    extensions: NAMES,
    // What is issued in the same second ends later.
    lifeMs: LIFE_MS - DAY_MS,
  });
  const files = { certificate: join(folder, 'c.pem'), key: join(folder, 'k.pem'), trust: join(folder, 'ca.pem') };
  writeFileSync(files.certificate, `${issued}${est.ca}`);
  writeFileSync(files.key, key.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o640 });
  writeFileSync(files.trust, est.trust);
  return {
    folder,
    options: { url: est.url, label: null, ifWithinMs: null, ...files },
    names: () => readdirSync(folder).sort(),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A world whose sleeps take no time but move its monotonic clock. */
export function renewalWorld(
  now: () => number,
  { timeoutMs = 120_000 } = {},
): RenewalWorld & { readonly ran: () => number } {
  let steady = 0;
  let ran = 0;
  return {
    now,
    steadyMs: () => steady,
    sleep: async (ms) => {
      steady += ms;
    },
    timeoutMs,
    onWaiting: () => undefined,
    afterwards: () => {
      ran += 1;
      return true;
    },
    ran: () => ran,
  };
}
