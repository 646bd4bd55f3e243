import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, readStamp, writeStamp } from './files.mjs';
import { ROOT } from './root.mjs';
import { runLogged } from './run.mjs';
import { say } from './say.mjs';

const STAMP = 'node_modules/.pfcng-stamp';
const LOADER_STAMP = 'hsm/loader/build/.pfcng-stamp';
const LOADER = 'hsm/loader/build/Release/pfcng_p11_loader.node';
const LOADER_SOURCES = ['binding.gyp', 'loader.c', 'signing.c'].map((name) => `hsm/loader/${name}`);
const NATIVE = [
  'node_modules/sqlite3/build/Release/node_sqlite3.node',
  'node_modules/pkcs11js/build/Release/pkcs11.node',
];

/**
 * What an installed `node_modules` depends on: the lock, the permissions in package.json, and this
 * Node.
 */
function modulesDigest() {
  const { dependencies, devDependencies, allowScripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { modules } = process.versions;
  const facts = [
    JSON.stringify({ dependencies, devDependencies, allowScripts }),
    `${process.platform} ${process.arch} abi ${modules}`,
  ];
  return digestOf(['package-lock.json'], facts);
}

const loaderDigest = () => digestOf(LOADER_SOURCES, [`${process.platform} ${process.arch}`]);

/** @returns {boolean} whether `provideModules` has something to compile */
export function modulesAreReady() {
  return areInstalled() && loaderIsBuilt();
}

/** Installs and compiles what is not there or no longer fits. Call it under the lock. */
export async function provideModules() {
  if (!areInstalled()) {
    say('npm packages: npm ci; it compiles sqlite3, pkcs11js and the PKCS#11 loader: about a minute');
    const npm = npmCommand();
    await runLogged({
      title: 'npm packages',
      command: npm.command,
      args: [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund'],
      next: [
        'Fix what npm reports (often: no network, or no headers of this Node to compile against), then try again.',
      ],
    });
    writeStamp(STAMP, modulesDigest());
    stampLoader();
  }
  if (!loaderIsBuilt()) {
    say('PKCS#11 loader: compiling hsm/loader');
    await runLogged({
      title: 'PKCS#11 loader',
      command: process.execPath,
      args: ['node_modules/node-gyp/bin/node-gyp.js', 'rebuild', '--silent', '-C', 'hsm/loader'],
      next: ['Fix what the compiler reports in hsm/loader, then try again.'],
    });
    stampLoader();
  }
}

function stampLoader() {
  if (existsSync(join(ROOT, LOADER))) writeStamp(LOADER_STAMP, loaderDigest());
}

function loaderIsBuilt() {
  return existsSync(join(ROOT, LOADER)) && readStamp(LOADER_STAMP) === loaderDigest();
}

function areInstalled() {
  const digest = modulesDigest();
  if (readStamp(STAMP) === digest) return true;
  if (!areInstalledByHand()) return false;
  writeStamp(STAMP, digest);
  // npm has just built the loader too: `npm ci` removes the stamp of the modules before it does.
  stampLoader();
  return true;
}

/**
 * Somebody ran `npm ci` or `npm install` themselves: npm's own record of what it put there says the
 * same as our lock.
 */
function areInstalledByHand() {
  const record = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(record) || readStamp(STAMP) !== null) return false;
  if (!NATIVE.every((path) => existsSync(join(ROOT, path)))) return false;
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const found = packagesOf(record);
  return (
    Object.entries(wanted).every(
      ([path, { integrity, optional }]) =>
        path === '' || (found[path] ? found[path].integrity === integrity : optional === true),
    ) && Object.keys(found).every((path) => path in wanted)
  );
}

/**
 * @param {string} lock
 * @returns {Record<string, { integrity?: string, optional?: boolean }>}
 */
function packagesOf(lock) {
  return JSON.parse(readFileSync(lock, 'utf8')).packages ?? {};
}

/** npm as it was called, or the one on the path. */
function npmCommand() {
  const called = process.env.npm_execpath;
  return called?.endsWith('npm-cli.js') ? { command: process.execPath, args: [called] } : { command: 'npm', args: [] };
}
