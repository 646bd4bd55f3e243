/**
 * How a person opens the console of a development home: a PKCS#12 file (RFC 7292) with the key and
 * certificate of an officer, and the commands by which browsers get it.
 */
import { existsSync } from 'node:fs';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HomePaths } from '../../config/paths.js';
import { toHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { shellWord } from '../../kernel/shell-word.js';
import type { Random } from '../../ports/world.js';
import { openssl } from '../common/openssl.js';
import { credentialFiles } from './accounts.js';

const OFFICER = 'officer-1';
const PASSWORD_BYTES = 8;

type BrowserCertificate = {
  readonly file: string;
  /** 16 hexadecimal digits. */
  readonly password: string;
  /** A file with the password and nothing else, for commands that read it from there. */
  readonly passwordFile: string;
};

/**
 * Makes the file if it is missing. The error is what OpenSSL says; the service does not need the
 * file.
 */
export async function provideBrowserCertificate(
  paths: HomePaths,
  random: Random,
): Promise<Result<BrowserCertificate, string>> {
  const file = join(paths.credentials, `${OFFICER}.p12`);
  const passwordFile = join(paths.credentials, `${OFFICER}.p12.password`);
  if (existsSync(file) && existsSync(passwordFile))
    return ok({ file, passwordFile, password: (await readFile(passwordFile, 'utf8')).trim() });
  const password = toHex(random(PASSWORD_BYTES));
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const { certificate, key } = credentialFiles(paths, OFFICER);
  const content = ['-inkey', key, '-in', certificate, '-name', `PFCNG ${OFFICER}`];
  const written = `${file}.new`;
  const output = ['-out', written, '-passout', `file:${passwordFile}`];
  const made = await openssl(['pkcs12', '-export', ...content, ...OLD_ALGORITHMS, ...output], paths.home);
  if (made.status !== 0) return err(`${made.command}: ${made.output}`);
  await chmod(written, 0o600);
  await rename(written, file);
  return ok({ file, passwordFile, password });
}

/**
 * Before macOS 15, its Keychain reads no other algorithms. They protect nothing here: the key is
 * beside this file, without a password.
 */
const OLD_ALGORITHMS = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'SHA1'];

/** The address of the console. A server certificate names `localhost`, which WebAuthn needs. */
export function consoleAddress(api: string): string {
  const url = new URL('/console/', api);
  if (url.hostname === '127.0.0.1' || url.hostname === '[::1]') url.hostname = 'localhost';
  return url.href;
}

/**
 * The lines for a person. On Linux the certificates get into an NSS database of their own, so that
 * the person's browsers do not change.
 */
export function describeBrowserAccess(
  { credentials, home }: HomePaths,
  address: string,
  { file, password, passwordFile }: BrowserCertificate,
): readonly string[] {
  const folder = join(home, 'browser');
  const database = join(folder, '.pki', 'nssdb');
  const root = shellWord(join(credentials, 'tls-ca.pem'));
  const nss = `-d ${shellWord(`sql:${database}`)}`;
  return [
    '',
    `Console: ${address}`,
    `  It opens in a browser that has the certificate of ${OFFICER}: ${file}, password ${password}`,
    '  Linux, once (certutil and pk12util are in the package libnss3-tools or nss-tools):',
    `    mkdir -p ${shellWord(database)}`,
    `    certutil ${nss} -N --empty-password`,
    `    certutil ${nss} -A -n pfcng-root -t C,, -i ${root}`,
    `    pk12util ${nss} -i ${shellWord(file)} -w ${shellWord(passwordFile)}`,
    '  then one of:',
    `    HOME=${shellWord(folder)} chromium ${address}`,
    `    firefox --no-remote --profile ${shellWord(database)} ${address}`,
    '  macOS (Safari or Chrome):',
    `    security import ${shellWord(file)} -P ${password}`,
    `    security add-trusted-cert -p ssl ${root}`,
    `    open ${address}`,
    '  Other browsers: import both files by hand (ops/console.md).',
  ];
}
