import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, readStamp, writeStamp } from './files.mjs';
import { ROOT } from './root.mjs';
import { runLogged } from './run.mjs';
import { say } from './say.mjs';

const STAMP = 'node_modules/.pfcng-stamp';
const NATIVE_STAMP = 'node_modules/.pfcng-native-stamp';
const LOADER_STAMP = 'hsm/loader/build/.pfcng-stamp';
const LOADER = 'hsm/loader/build/Release/pfcng_p11_loader.node';
const LOADER_SOURCES = ['binding.gyp', 'loader.c', 'signing.c'].map((name) => `hsm/loader/${name}`);
/** The packages with native modules, each with its module. */
const NATIVE = {
  sqlite3: 'node_modules/sqlite3/build/Release/node_sqlite3.node',
  pkcs11js: 'node_modules/pkcs11js/build/Release/pkcs11.node',
};

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

/**
 * Whether `provideModules` has nothing to do. `native`: native modules are needed as well. To check
 * sources takes none, and they take a minute to compile.
 * @param {{ native: boolean }} wanted
 */
export function modulesAreReady({ native }) {
  return areInstalled() && (!native || (nativeAreCompiled() && loaderIsBuilt()));
}

/**
 * Installs and compiles what is not there or no longer fits. Call it under the lock.
 * @param {{ native: boolean }} wanted as for `modulesAreReady`
 */
export async function provideModules({ native }) {
  if (!areInstalled()) {
    say('npm packages: npm ci');
    const npm = npmCommand();
    await runLogged({
      title: 'npm packages',
      command: npm.command,
      args: [...npm.args, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
      next: ['Fix what npm reports (often: no network), then try again.'],
    });
    writeStamp(STAMP, modulesDigest());
  }
  if (!native) return;
  if (!nativeAreCompiled()) {
    const names = Object.keys(NATIVE);
    say(`native modules: compiling ${names.join(' and ')}: about a minute`);
    // `npm rebuild` leaves out what package.json bundles.
    for (const name of names) await compile(name, `node_modules/${name}`);
    writeStamp(NATIVE_STAMP, modulesDigest());
  }
  if (!loaderIsBuilt()) {
    say('PKCS#11 loader: compiling hsm/loader');
    await compile('PKCS#11 loader', 'hsm/loader');
    stampLoader();
  }
}

/**
 * @param {string} title
 * @param {string} folder with a binding.gyp
 */
function compile(title, folder) {
  return runLogged({
    title,
    command: process.execPath,
    args: ['node_modules/node-gyp/bin/node-gyp.js', 'rebuild', '--silent', '-C', folder],
    next: [
      `Fix what the compiler reports in ${folder} (often: no headers of this Node to compile against), then try again.`,
    ],
  });
}

function stampLoader() {
  if (existsSync(join(ROOT, LOADER))) writeStamp(LOADER_STAMP, loaderDigest());
}

function loaderIsBuilt() {
  return existsSync(join(ROOT, LOADER)) && readStamp(LOADER_STAMP) === loaderDigest();
}

/** They are under `node_modules`, which `npm ci` deletes before it installs. */
function nativeAreCompiled() {
  return readStamp(NATIVE_STAMP) === modulesDigest() && nativeAreThere();
}

function nativeAreThere() {
  return Object.values(NATIVE).every((path) => existsSync(join(ROOT, path)));
}

function areInstalled() {
  const digest = modulesDigest();
  if (readStamp(STAMP) === digest) return true;
  if (!areInstalledByHand()) return false;
  writeStamp(STAMP, digest);
  // npm has just compiled them and the loader too: `npm ci` removes the stamps before it does.
  writeStamp(NATIVE_STAMP, digest);
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
  if (!nativeAreThere()) return false;
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
export function npmCommand() {
  const called = process.env.npm_execpath;
  return called?.endsWith('npm-cli.js') ? { command: process.execPath, args: [called] } : { command: 'npm', args: [] };
}
