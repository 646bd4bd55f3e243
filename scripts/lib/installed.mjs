import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Where distributions put SoftHSM's module (Debian, Fedora, Alpine, Homebrew, built from source);
 * the service looks in the same list. `PFCNG_PKCS11_MODULE` names another module and comes first.
 *
 * @type {readonly string[]}
 */
export const SOFTHSM_PATHS = JSON.parse(
  readFileSync(new URL('../../src/config/softhsm-paths.json', import.meta.url), 'utf8'),
);

/** @param {string} command */
function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** @param {...string} commands of which one is enough */
export const anyOf =
  (...commands) =>
  () =>
    commands.some(onPath);

/** @returns {boolean} */
export function hasPkcs11Module() {
  const named = process.env.PFCNG_PKCS11_MODULE;
  return named ? existsSync(named) : SOFTHSM_PATHS.some((path) => existsSync(path));
}

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/opt/homebrew/lib',
];

/** @param {string} path of a module, below one of the places where distributions put libraries */
export const hasModule = (path) => LIBRARIES.some((folder) => existsSync(join(folder, path)));

/** Programs of administrators are not on every user's PATH. @param {...string} paths */
export const hasFile = (...paths) => paths.some((path) => existsSync(path));

/** Debian and Homebrew install servers of several versions in folders that are not on PATH. */
export function hasVersionedPostgresql() {
  return ['/usr/lib/postgresql', '/usr/libexec', '/opt/homebrew/opt', '/usr/local/opt'].some(
    (root) => existsSync(root) && readdirSync(root).some((name) => existsSync(join(root, name, 'bin', 'initdb'))),
  );
}

/** Without a package its tests are pending with that reason; no other test depends on it. */
export const hasOpencryptokiPackage = () => ['/usr/bin/apt-get', '/usr/bin/dnf'].some((path) => existsSync(path));
