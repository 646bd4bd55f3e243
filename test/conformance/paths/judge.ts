/** What the tests of path validation give to a program, and what it returns. */
import assert from 'node:assert/strict';
import { judge } from '../../support/service/judges.js';

export type Authority = { readonly id: string; readonly certificate: string };

/** The files of one certificate; PEM. */
export type Path = {
  /** Profile and key type. */
  readonly name: string;
  readonly leaf: string;
  readonly issuer: Authority;
  readonly root: Authority;
  readonly purpose: Purpose;
};
/** The use of the profile, by its extended key usage and key usage. */
export type Purpose = 'tls-client' | 'tls-server' | 'mail-signature' | 'mail-encryption';

/** The CRLs at one time: PEM files. */
export type Lists = {
  readonly name: string;
  readonly of: (authority: Authority) => string;
  /** Deltas that complete them, for programs that support deltas. */
  readonly deltas?: readonly string[];
};

/**
 * A message signed with the key of a valid certificate, once as CMS and once as a bare signature.
 */
export type SignedMessage = {
  readonly name: string;
  readonly path: Path;
  /** CMS SignedData in DER, with certificates and content. */
  readonly cms: string;
  readonly message: string;
  readonly signature: string;
  /** The algorithm's name in the Java Cryptography Architecture. */
  readonly algorithm: string;
};

/** null: accepted; otherwise the program's own message. */
export type Verdict = string | null;
export type Verdicts = ReadonlyMap<string, Verdict>;

export type Evidence = {
  /** A folder in which programs may write. */
  readonly folder: string;
  readonly authorities: { readonly roots: readonly Authority[]; readonly issuing: readonly Authority[] };
  readonly paths: readonly Path[];
  readonly signed: readonly SignedMessage[];
};

export type PathJudge = {
  readonly name: string;
  /** The command that is run. */
  readonly program: string;
  /** Part of the message with which it rejects a revoked certificate. */
  readonly saysRevoked: RegExp;
  readonly version: (evidence: Evidence) => Promise<string>;
  /** Called while these CRLs are published, because a program may fetch them itself. */
  readonly judgePaths: (evidence: Evidence, lists: Lists) => Promise<Verdicts>;
  readonly judgeSignatures: (evidence: Evidence) => Promise<Verdicts>;
};

/** Two at a time, because each starts a process. */
export async function eachOf<Item>(items: readonly Item[], ask: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const work = async (): Promise<void> => {
    for (const item of left) await ask(item);
  };
  await Promise.all([work(), work()]);
}

export async function verdictsOf<Item extends { readonly name: string }>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Verdict>,
): Promise<Verdicts> {
  // In the order of the items, whichever result comes first.
  const verdicts = new Map<string, Verdict>(items.map(({ name }) => [name, 'nothing']));
  await eachOf(items, async (item) => {
    verdicts.set(item.name, await ask(item));
  });
  return verdicts;
}

export async function versionOf(program: string, args: readonly string[], pattern: RegExp): Promise<string> {
  const { output } = await judge(program, args);
  const version = pattern.exec(output)?.[1];
  assert.ok(version, output);
  return version;
}

export function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
