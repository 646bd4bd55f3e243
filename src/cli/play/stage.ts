/** What the steps of the played job share: where it happens, and how it is printed. */
import { spawn } from 'node:child_process';
import type { Config } from '../../config/load.js';
import { programPath } from '../../package/program-path.js';
import { say } from '../../terminal/say.js';
import { type Judgement, openssl } from '../common/openssl.js';

export type Stage = {
  readonly config: Config;
  /** Folder of this run: the card, requests, certificates. */
  readonly folder: string;
  readonly tokenId: string;
  readonly api: string;
  readonly publication: string;
};

export class PlayFailed extends Error {}

export function step(number: number, what: string): void {
  say('');
  say(`  ${number}. ${what}`);
}

type ExpectedVerdict = { readonly status: number; readonly text: string };

/** Prints the command of OpenSSL and what it says. */
export async function judge(
  { folder }: Pick<Stage, 'folder'>,
  args: readonly string[],
  expected: ExpectedVerdict,
): Promise<Judgement> {
  const verdict = await openssl(args, folder);
  say(`     ${verdict.command}`);
  for (const line of verdict.output.split('\n')) say(`     -> ${line.trim()}`);
  if (verdict.status !== expected.status || !verdict.output.includes(expected.text))
    throw new PlayFailed(`OpenSSL was expected to say "${expected.text}"`);
  return verdict;
}

export function ocspCommand({ publication }: Pick<Stage, 'publication'>, name: string): readonly string[] {
  const trust = ['-issuer', 'ca.cer', '-CAfile', 'root.cer'];
  return ['ocsp', ...trust, '-cert', `${name}.pem`, '-url', `${publication}/ocsp`];
}

/** Runs `pfcng` in the folder of this run to its end. `output`: standard output, then errors. */
export function runOwn(
  { folder }: Pick<Stage, 'folder'>,
  args: readonly string[],
): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programPath('src/cli/main'), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => output.push(text));
    child.on('error', (error) => reject(new PlayFailed(error.message)));
    child.on('close', (status) => resolve({ status: status ?? 1, output: output.join('').trim() }));
  });
}

/** The professional of all cards, and the evidence of identity that FORT profiles require. */
export const PLAYED_HOLDER = {
  holder: {
    kind: 'professional',
    idNat: '810002813839',
    givenName: 'ANNE',
    surname: 'DOCTEUR',
    profession: '10',
    title: 'Médecin',
  },
  identity: { assurance: 'high', source: 'PSI', reference: 'development', verifiedAt: '2026-03-01T10:00:00Z' },
} as const;
