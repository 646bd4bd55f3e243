/**
 * Verification by NSS, the library of Firefox and Thunderbird: `vfychain` for paths, `cmsutil` for
 * signatures. NSS fetches the CRLs itself from the addresses in the certificates: it does so even
 * with CRLs in its database, and without permission to fetch it uses none.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../support/service/judges.js';
import { type Authority, type Evidence, oneLine, type PathJudge, type Purpose, verdictsOf } from './judge.js';

/** SSL client, SSL server, mail signer, mail recipient. */
const USAGES: Readonly<Record<Purpose, string>> = {
  'tls-client': '0',
  'tls-server': '1',
  'mail-signature': '4',
  'mail-encryption': '5',
};
/**
 * The leaf only: the CA certificates come from a ceremony and name addresses of another service.
 */
const CHECKS = ['-g', 'leaf', '-m', 'crl', '-s', 'failIfNoInfo'];

/** NSS's certificate database, made at the first call. */
export async function databaseOf({
  folder,
  authorities: { roots, issuing },
}: Pick<Evidence, 'folder' | 'authorities'>): Promise<string> {
  const place = join(folder, 'nss');
  const database = `sql:${place}`;
  if (existsSync(place)) return database;
  mkdirSync(place);
  await demand('certutil', ['-N', '-d', database, '--empty-password']);
  const added =
    (trust: string) =>
    ({ id, certificate }: Authority): string =>
      `-A -n ${id} -t ${trust} -a -i ${certificate}\n`;
  const batch = join(place, 'batch');
  writeFileSync(batch, [...roots.map(added('CT,C,C')), ...issuing.map(added(',,'))].join(''));
  await demand('certutil', ['-B', '-d', database, '-i', batch]);
  return database;
}

async function demand(program: string, args: readonly string[]): Promise<void> {
  const { status, output, command } = await judge(program, args);
  assert.equal(status, 0, `${command}: ${output}`);
}

const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

/** The tools do not print the version; the library contains it as text (`Version: NSS 3.110`). */
async function version(): Promise<string> {
  const files = [...LIBRARIES.map((folder) => join(folder, 'libnss3.so')), '/opt/homebrew/opt/nss/lib/libnss3.dylib'];
  const found = files.find((file) => existsSync(file));
  const text = found === undefined ? '' : readFileSync(found, 'latin1');
  return /Version: NSS (\d+\.\d+)/.exec(text)?.[1] ?? 'of unknown version';
}

export const NSS: PathJudge = {
  name: 'NSS',
  program: '`vfychain -pp -u ... -g leaf -m crl -s failIfNoInfo` (it fetches the list), `cmsutil -D`',
  saysRevoked: /ERROR -8180: Peer's Certificate has been revoked/,
  version,
  async judgePaths(evidence) {
    const database = await databaseOf(evidence);
    return verdictsOf(evidence.paths, async ({ leaf, purpose }) => {
      const args = ['-d', database, '-pp', '-u', USAGES[purpose], ...CHECKS, '-a', leaf];
      const { status, output } = await judge('vfychain', args);
      return status === 0 && output === 'Chain is good!\n' ? null : oneLine(output);
    });
  },
  async judgeSignatures(evidence) {
    const database = await databaseOf(evidence);
    return verdictsOf(evidence.signed, async ({ cms }) => {
      const { status, output } = await judge('cmsutil', ['-D', '-d', database, '-u', '4', '-i', cms]);
      return status === 0 ? null : oneLine(/SEC_ERROR_\w+: .*/.exec(output)?.[0] ?? output);
    });
  },
};
