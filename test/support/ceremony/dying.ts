/**
 * A process that performs ceremonies and kills itself (SIGKILL) at writes at which none was killed
 * before. Its argument is the folder of `kills.ts`. A ceremony that reaches such a write stops
 * there, and the next one begins. The process dies when all have stopped, or when one would do
 * something that cannot be suspended (a call of the PKCS#11 module, a write to a token's folder).
 * So one start of the program is a power cut for many ceremonies. The program itself is run:
 * `ceremony-process.js`.
 */
import { appendFileSync, existsSync, readFileSync, writeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type pkcs11js from 'pkcs11js';
import type { CeremonyReport } from '../../../src/cli/ceremony/ceremony-process.js';
import type { DyingJob } from './kills.js';

const [, , folder = '', entry = ''] = process.argv;
const require = createRequire(import.meta.url);
const jobs: readonly DyingJob[] = JSON.parse(readFileSync(join(folder, 'jobs.json'), 'utf8'));
const killedAt = join(folder, 'killed-at');
const known = new Set(existsSync(killedAt) ? readFileSync(killedAt, 'utf8').split('\n') : []);

type RunningCeremony = DyingJob & { readonly suspend: () => void; step: string; calls: Map<string, number> };
let running: RunningCeremony | null = null;

/**
 * Whether the process should die here, because no ceremony has yet. Random names are replaced by
 * their kind, and shares after the second count as one.
 */
function isNew(what: string, path = ''): boolean {
  if (running === null) return false;
  const place = path
    .slice(running.home.length + 1)
    .replace(/[0-9a-f]{8}-([12]|\d)\.json/, (_, number) => `*-${number < 3 ? number : 'n'}.json`);
  return isNewPoint([what, place].join(' ').trim(), running);
}

/** Files in a token's folder are written in one way for all ceremonies. */
function isNewOfToken(what: string, path = ''): boolean {
  const point = `token ${what} ${basename(path)}`.trim().replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '*');
  return running !== null && ![...known].some((one) => one.endsWith(` ${point}`)) && isNewPoint(point, running);
}

function isNewPoint(point: string, { id }: RunningCeremony): boolean {
  const line = `${id} ${point}`;
  if (known.has(line)) return false;
  known.add(line);
  appendFileSync(killedAt, `${line}\n`);
  return true;
}

const isOurs = (path: unknown): path is string =>
  typeof path === 'string' &&
  running !== null &&
  path.startsWith(`${running.home}/`) &&
  !/\/(lock\.|officers\/)/.test(path);
const never = new Promise<never>(() => undefined);
function suspendJob(): Promise<never> {
  running?.suspend();
  running = null;
  return never;
}
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function keepSecret(kind: string, bytes: Uint8Array | string): void {
  const hex = Buffer.from(bytes as string, 'latin1').toString('hex');
  appendFileSync(join(folder, 'secrets'), `${kind} ${hex}\n`);
}

/** Each line of a transcript counts as a separate write. */
function lineOf(content: Uint8Array): string {
  const { action, step, result } = JSON.parse(Buffer.from(content).toString());
  return `line ${action} ${step} ${result.artefact ?? ''}`;
}

/**
 * A file is written under a temporary name and then renamed. Half of the files die in the middle of
 * the write, the other half before the rename.
 */
function diesWriting(path: string): boolean {
  const name = basename(path).replace(/^\.|\.part$/g, '');
  return [...name].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % 2 === 0;
}

function isNewWrite(path: string, content: Uint8Array): boolean {
  if (path.endsWith('/transcript.ndjson')) return isNew(lineOf(content), path);
  return diesWriting(path) && isNew('write', path);
}

/** Folders are renamed when they are complete, and files may die before their rename. */
const isNewName = (path: string): boolean =>
  (/\.[a-z]+$/.test(path) ? !diesWriting(path) : true) && isNew('rename', path);

async function dieAtFiles(): Promise<void> {
  const files = require('node:fs/promises') as typeof import('node:fs/promises');
  const real = { open: files.open, rename: files.rename };
  const paths = new WeakMap<object, string>();
  files.open = async (path, ...options) => {
    const handle = await real.open(path, ...options);
    paths.set(handle, `${path}`);
    return handle;
  };
  files.rename = (from, to) => (isOurs(to) && isNewName(to) ? suspendJob() : real.rename(from, to));
  const handle = await real.open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const { writeFile, truncate } = prototype;
  prototype.writeFile = async function (content: Uint8Array) {
    const path = paths.get(this);
    if (!isOurs(path) || !isNewWrite(path, content)) return writeFile.call(this, content);
    await writeFile.call(this, content.subarray(0, content.length >> 1));
    return suspendJob();
  };
  prototype.truncate = function (length: number) {
    const path = paths.get(this);
    return isOurs(path) && isNew('truncate', path) ? suspendJob() : truncate.call(this, length);
  };
}

function dieAtSyncFiles(): void {
  const files = require('node:fs') as typeof import('node:fs');
  const { openSync, writeFileSync, renameSync } = files;
  files.openSync = (path, flags, mode) => {
    if (isOurs(path) && flags === 'w' && isNewOfToken('open', path)) die();
    return openSync(path, flags, mode);
  };
  files.writeFileSync = (path, data, options) => {
    if (isOurs(path) && isNewOfToken('write', path)) die();
    writeFileSync(path, data, options);
  };
  files.renameSync = (from, to) => {
    if (isOurs(to) && isNewOfToken('rename', to)) die();
    renameSync(from, to);
  };
}

const CHANGING = ['C_InitToken', 'C_InitPIN', 'C_SetPIN', 'C_GenerateKeyPair', 'C_DestroyObject'];

/** Text arguments of these calls are PINs, except the label of a token. */
const WITH_PINS: Readonly<Record<string, number>> = { C_InitToken: 2, C_InitPIN: 2, C_SetPIN: 3, C_Login: 3 };

function dieAtModule(): void {
  const module = require('pkcs11js') as { PKCS11: new () => pkcs11js.PKCS11 };
  const Real = module.PKCS11;
  module.PKCS11 = class extends Real {
    constructor() {
      super();
      const calls = this as unknown as Record<string, (...given: unknown[]) => unknown>;
      for (const name of new Set([...CHANGING, ...Object.keys(WITH_PINS)])) {
        const call = calls[name];
        calls[name] = (...given) => {
          for (const text of given.slice(0, WITH_PINS[name] ?? 0))
            if (typeof text === 'string') keepSecret('pin', text);
          const count = 1 + (running?.calls.get(name) ?? 0);
          running?.calls.set(name, count);
          // Every ceremony makes its transcript key and destroys it at the end, in the same way.
          const isOfAll = name === 'C_GenerateKeyPair' || running?.step === 'ends';
          if (!CHANGING.includes(name)) return call?.apply(this, given);
          if (isOfAll ? isNewOfToken(`${name} ${count}`) : isNew(`${name} ${count} ${running?.step}`)) die();
          return call?.apply(this, given);
        };
      }
    }
  };
}

/**
 * Records the passphrases that scrypt receives, and the shares before encryption and after
 * decryption.
 */
function recordSecrets(): void {
  const crypto = require('node:crypto') as typeof import('node:crypto');
  const { scrypt, createCipheriv, createDecipheriv } = crypto;
  crypto.scrypt = ((passphrase: Uint8Array, ...others: unknown[]) => {
    keepSecret('passphrase', passphrase);
    return (scrypt as (...given: unknown[]) => void)(passphrase, ...others);
  }) as typeof scrypt;
  crypto.createCipheriv = ((...given: Parameters<typeof createCipheriv>) => {
    const cipher = createCipheriv(...given);
    const update = cipher.update.bind(cipher) as (share: Uint8Array) => Buffer;
    return Object.assign(cipher, {
      update(share: Uint8Array) {
        keepSecret('share', share);
        return update(share);
      },
    });
  }) as typeof createCipheriv;
  crypto.createDecipheriv = ((...given: Parameters<typeof createDecipheriv>) => {
    const decipher = createDecipheriv(...given);
    const update = decipher.update.bind(decipher) as (box: Uint8Array) => Buffer;
    return Object.assign(decipher, {
      update(box: Uint8Array) {
        const share = update(box);
        keepSecret('share', share);
        return share;
      },
    });
  }) as typeof createDecipheriv;
}

/** Runs the program as its parent would start it. Resolves when it has ended or stopped. */
async function performJob(job: DyingJob, number: number): Promise<void> {
  const suspended = new Promise<void>((suspend) => {
    running = { ...job, suspend, step: 'begins', calls: new Map() };
  });
  const receive = (report: CeremonyReport, ...[, , done]: readonly [unknown, unknown, () => void]) => {
    if (report.kind !== 'progress') writeSync(1, `${JSON.stringify({ id: job.id, ...report })}\n`);
    else if (running !== null) running.step = `${report.event.kind === 'ends' ? 'ends' : report.event.step}`;
    done();
  };
  const parent = { exit: () => undefined, send: receive, connected: true };
  Object.assign(process, parent, { argv: [process.execPath, entry, job.home, job.planFile, 'p-256'] });
  await Promise.race([suspended, import(`${pathToFileURL(entry)}?${number}`)]);
  running = null;
}

recordSecrets();
dieAtModule();
dieAtSyncFiles();
await dieAtFiles();
syncBuiltinESMExports();
for (const [number, job] of jobs.entries()) await performJob(job, number);
die();
