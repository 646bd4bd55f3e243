/** The package of `npm pack`: made, listed, and installed as ops/install.md says. */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../machine/programs.js';
import { PACKAGE_ROOT } from '../service/home.js';

/** What is compiled where the package is installed. */
const NATIVE = [
  'node_modules/sqlite3/build/Release/node_sqlite3.node',
  'node_modules/pkcs11js/build/Release/pkcs11.node',
  'hsm/loader/build/Release/pfcng_p11_loader.node',
] as const;

/** npm gives its settings to every process that it starts: those of the test are not wanted. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

export async function run(program: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runProgram({ program, args, env: ENVIRONMENT });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr.toString()}`);
  return stdout.toString();
}

/** Runs `npm pack` in a checkout. @returns the file, in the folder `to` */
export async function packCheckout(checkout: string, to: string): Promise<string> {
  mkdirSync(to, { recursive: true });
  const said = await run('npm', 'pack', '--prefix', checkout, '--pack-destination', to, checkout);
  const name = /^pfcng-[\d.]+\.tgz$/m.exec(said)?.[0];
  assert.ok(name, said);
  return join(to, name);
}

/**
 * Installs the package below `prefix` without a network. `compile: false`: npm runs no script, and
 * the native modules are those of this checkout, because to compile them takes a minute.
 * @returns the folder of the installed package
 */
export async function installPackage(
  file: string,
  prefix: string,
  { compile }: { readonly compile: boolean },
): Promise<string> {
  const how = ['--offline', '--no-audit', '--no-fund', ...(compile ? ['--build-from-source'] : ['--ignore-scripts'])];
  await run('npm', 'install', '--global', '--prefix', prefix, ...how, file);
  const installed = join(prefix, 'lib/node_modules/pfcng');
  if (!compile)
    for (const path of NATIVE) {
      mkdirSync(dirname(join(installed, path)), { recursive: true });
      copyFileSync(join(PACKAGE_ROOT, path), join(installed, path));
    }
  return installed;
}

/** A copy of an installed package with the programs and the version of another checkout. */
export function otherPrograms(installed: string, checkout: string, prefix: string): string {
  const other = join(prefix, 'lib/node_modules/pfcng');
  cpSync(installed, other, { recursive: true, verbatimSymlinks: true });
  cpSync(join(checkout, 'dist/bin'), join(other, 'dist/bin'), { recursive: true });
  const { version } = described(checkout);
  writeFileSync(join(other, 'package.json'), JSON.stringify({ ...described(installed), version }));
  return other;
}

export function described(folder: string): { readonly version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
}
