/** What the steps of the played job share: where it happens, and how it is printed. */
import type { Config } from '../../config/load.js';
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
