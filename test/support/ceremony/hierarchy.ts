/**
 * Development homes for tests: tokens, keys, certificates and first CRLs that ceremonies make on
 * real SoftHSM. They are made once per test run and key type, for all processes of the run, and
 * copied for each caller, which takes milliseconds instead of seconds.
 */
import { rmSync } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { performDevelopmentCeremonies } from '../../../src/cli/development/ceremonies.js';
import type { KeyType } from '../../../src/x509/model.js';

export type DevelopmentHome = {
  /**
   * The key type of the certification authorities; keys of OCSP responders follow the policy.
   * Default p-256, which is fast to generate.
   */
  readonly keyType?: KeyType;
};

/** A folder of the run, which the runner removes (`scripts/testing/mocha.mjs`). */
const SHARED = process.env.PFCNG_TEST_SHARED;
/** Less than mocha's timeout, so that a process whose maker has died still makes its own home. */
const WAIT_MS_MAX = 300_000;
const POLL_MS = 100;

const templates = new Map<string, Promise<string>>();
const folders = new Set<string>();
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A home folder for the caller, removed when the test process ends. */
export async function developmentHome({ keyType = 'p-256' }: DevelopmentHome = {}): Promise<string> {
  const making = templates.get(keyType) ?? sharedTemplate(keyType);
  templates.set(keyType, making);
  const template = await making;
  const home = await temporaryFolder('pfcng-home-');
  // Sockets cannot be copied, and a lock on a token of the template is no lock on the copy's.
  const isKept = (path: string): boolean => !/\/(run|lock\.\d+|lock\.json)$/.test(path);
  await cp(template, home, { recursive: true, filter: isKept, preserveTimestamps: true });
  await pointTokensTo(template, home);
  return home;
}

/** The first process that needs a template makes it. The others wait until it has been made. */
async function sharedTemplate(keyType: KeyType): Promise<string> {
  if (SHARED === undefined) return makeTemplate(await temporaryFolder('pfcng-template-'), keyType);
  const home = join(SHARED, `home-${keyType}`);
  const isMade = `${home}.made`;
  const isFirst = await mkdir(home).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    await makeTemplate(home, keyType);
    await writeFile(isMade, '');
    return home;
  }
  for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
    const found = await access(isMade).then(
      () => true,
      () => false,
    );
    if (found) return home;
    await sleep(POLL_MS);
  }
  return makeTemplate(await temporaryFolder('pfcng-template-'), keyType);
}

async function makeTemplate(home: string, keyType: KeyType): Promise<string> {
  const made = await performDevelopmentCeremonies(home, { keyType });
  if (!made.ok) throw new Error(`no development home: ${made.error.lines.join('\n')}`);
  return home;
}

export async function temporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  folders.add(folder);
  return folder;
}

/** Leaves a folder there when the process ends. */
export function keepFolder(folder: string): void {
  folders.delete(folder);
}

/** softhsm2.conf has the absolute path of the token's folder. */
export async function pointTokensTo(from: string, to: string): Promise<void> {
  const ceremonies = (await readdir(join(to, 'ceremony'))).map((id) => join(to, 'ceremony', id, 'root-token'));
  const tokens = (await readdir(join(to, 'tokens'))).map((name) => join(to, 'tokens', name));
  for (const folder of [...ceremonies, ...tokens]) {
    const file = join(folder, 'softhsm2.conf');
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) await writeFile(file, text.replaceAll(from, to));
  }
}
