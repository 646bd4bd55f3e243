import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hasPkcs11Module } from './installed.mjs';
import { missing, needed } from './needs.mjs';
import { runLogged } from './run.mjs';
import { StepFailed, say } from './say.mjs';

/** @typedef {import('./needs.mjs').Need} Need @typedef {import('./needs.mjs').System} System */

/**
 * The command of each system, before the names of the packages.
 * @type {Readonly<Record<System, string>>}
 */
const INSTALLERS = {
  debian: 'apt-get install -y',
  fedora: 'dnf install -y',
  alpine: 'apk add',
  macos: 'brew install',
};

/** @type {Readonly<Record<System, string>>} */
const TITLES = { debian: 'Debian, Ubuntu', fedora: 'Fedora, RHEL', alpine: 'Alpine', macos: 'macOS (Homebrew)' };

/**
 * Installs what is missing of the table of needs, with apt-get as root or with sudo that asks no
 * password; otherwise throws with the line to type.
 * @param {import('./needs.mjs').WantedTools} wanted
 */
export async function provideSystem(wanted) {
  const named = process.env.PFCNG_PKCS11_MODULE;
  const needsModule = needed(wanted).some(({ isThere }) => isThere === hasPkcs11Module);
  if (named && !existsSync(named) && needsModule) {
    throw new StepFailed({
      message: `PFCNG_PKCS11_MODULE names ${named}, which does not exist.`,
      next: ['Name a PKCS#11 module that exists, or unset the variable to use SoftHSM.'],
    });
  }
  const needs = missing(wanted);
  if (needs.length === 0) return;
  const prefix = aptPrefix();
  if (prefix === null) throw new StepFailed({ message: whatIsMissing(needs), next: linesToType(needs) });
  await aptInstall(needs, prefix);
  const still = missing(wanted);
  if (still.length > 0) {
    throw new StepFailed({ message: `apt-get succeeded. ${whatIsMissing(still)}`, next: linesToType(still) });
  }
}

/** @param {readonly Need[]} needs @param {readonly string[]} prefix */
async function aptInstall(needs, prefix) {
  const names = needs.flatMap((need) => need.packages.debian ?? []);
  say(`system packages: apt-get installs ${names.join(', ')}`);
  const apt = (/** @type {string} */ title, /** @type {readonly string[]} */ args) => {
    const [command = 'env', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return runLogged({
      title,
      command,
      args: rest,
      next: ['Fix what apt-get reports, or install by hand:', ...linesToType(needs)],
    });
  };
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  await apt('package lists', [...patient, 'update']);
  await apt('system packages', [...patient, 'install', '-y', '--no-install-recommends', ...names]);
}

/**
 * The words before apt-get: none as root, sudo where it asks no password. `null`: apt-get cannot be
 * used.
 */
function aptPrefix() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return null;
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
}

/** @param {readonly Need[]} needs */
function whatIsMissing(needs) {
  return `Missing on this system: ${needs.map((need) => need.what).join('; ')}. Type this, then try again:`;
}

/**
 * One line for this system, or one for each known system where this one is unknown.
 * @param {readonly Need[]} needs
 */
function linesToType(needs) {
  const here = detectSystem();
  const systems = here ? [here] : /** @type {System[]} */ (Object.keys(INSTALLERS));
  const lines = systems.map((system) => `${here ? '' : `${TITLES[system]}: `}${lineFor(needs, system)}`);
  const elsewhere = needs.filter((need) => systems.some((system) => need.packages[system] === null));
  return [...lines, ...elsewhere.flatMap((need) => (need.elsewhere ? [`${need.what}: ${need.elsewhere}`] : []))];
}

/** @param {readonly Need[]} needs @param {System} system */
export function lineFor(needs, system) {
  const names = needs.flatMap((need) => need.packages[system] ?? []);
  const sudo = system === 'macos' || process.getuid?.() === 0 ? '' : 'sudo ';
  const update = system === 'debian' ? `${sudo}apt-get update && ` : '';
  return `${update}${sudo}${INSTALLERS[system]} ${names.join(' ')}`;
}

/** @returns {System | null} */
function detectSystem() {
  if (process.platform === 'darwin') return 'macos';
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) => (match[1] ?? '').split(' '));
  if (ids.some((id) => id === 'debian' || id === 'ubuntu')) return 'debian';
  if (ids.some((id) => id === 'fedora' || id === 'rhel')) return 'fedora';
  return ids.includes('alpine') ? 'alpine' : null;
}
