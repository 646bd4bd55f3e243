/**
 * A root without a network and an issuing CA without a root: files are carried from one folder to
 * the other.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/package/package-root.js';
import { programPath } from '../../../src/package/program-path.js';
import {
  ANSWER_BUNDLE,
  answerPlan,
  askPlan,
  type FortPlan,
  INCOMING,
  REQUEST_BUNDLE,
  rootPlan,
  takePlan,
} from '../../support/ceremony/bundle-plans.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';

const run = promisify(execFile);
const MAIN = programPath('src/cli/main');
/** `unshare -n` needs root. Other users run the test without it. */
const OFFLINE: readonly string[] = process.getuid?.() === 0 ? ['unshare', '-n'] : [];

describe('a root without a network', () => {
  it('certifies an issuing CA by carried bundles, and the transcripts of both homes verify', async () => {
    const [root, online] = [await temporaryFolder('pfcng-root-'), await temporaryFolder('pfcng-online-')];
    const fort: FortPlan = JSON.parse(
      await readFile(join(packageRoot(), 'policies/ceremonies/development/fort.json'), 'utf8'),
    );
    const command = async (before: readonly string[], ...args: readonly string[]): Promise<string> => {
      const [program = '', ...rest] = [...before, process.execPath, MAIN, ...args];
      const { stdout } = await run(program, rest, { cwd: packageRoot() });
      return stdout;
    };
    const perform = async (home: string, plan: object, before: readonly string[] = []): Promise<string> => {
      const file = join(home, 'given-plan.json');
      await writeFile(file, JSON.stringify(plan));
      return command(before, 'ceremony', 'perform', '--played', file, '--home', home);
    };
    const carry = async (from: string, to: string): Promise<void> => {
      await mkdir(join(to, '..'), { recursive: true });
      await cp(from, to);
    };

    await perform(root, rootPlan(fort), OFFLINE);
    const asked = await perform(online, askPlan(fort));
    // The sheet: 24 numbered words in lines of six, and a QR code.
    assert.match(asked, /^ 1 \S+ +2 \S+ +3 \S+ +4 \S+ +5 \S+ +6 \S+/m);
    assert.match(asked, /[█▀▄]{10}/);
    await carry(join(online, REQUEST_BUNDLE), join(root, INCOMING.request));
    await perform(root, answerPlan(fort), OFFLINE);
    await carry(join(root, ANSWER_BUNDLE), join(online, INCOMING.answer));
    await perform(online, takePlan(fort));

    for (const home of [root, online]) await command([], 'ceremony', 'verify', home);
    const pem = join(online, 'list.pem');
    await run('openssl', ['crl', '-inform', 'DER', '-in', join(online, 'crl/ACR-FO.crl'), '-out', pem]);
    const checked = ['-x509_strict', '-crl_check', '-CRLfile', pem, '-CAfile', join(online, 'authorities/acr-fo.cer')];
    const { stdout } = await run('openssl', ['verify', ...checked, join(online, 'authorities/aci-fo-pp.cer')]);
    assert.match(stdout, /: OK\n$/);
    const request = ['req', '-in', join(online, 'requests/aci-fo-pp.csr.pem'), '-noout', '-verify'];
    const output = await run('openssl', request);
    assert.match(output.stdout + output.stderr, /self-signature verify OK/);
  });

  it('has no network in its name space, which the test would see', async () => {
    if (OFFLINE.length === 0) return;
    const [program = '', ...rest] = OFFLINE;
    const { stdout } = await run(program, [...rest, 'cat', '/proc/net/dev']);
    assert.deepEqual(
      stdout.split('\n').flatMap((line) => /^\s*(\S+):/.exec(line)?.[1] ?? []),
      ['lo'],
    );
  });
});
