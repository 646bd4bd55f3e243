/** What a judge of certification paths is asked and answers. */
import assert from 'node:assert/strict';
import { judge } from '../../support/service/judges.js';

export type Authority = { readonly id: string; readonly certificate: string };

/** Files of one certificate under judgement; PEM. */
export type Path = {
  /** Of profile and key type. */
  readonly name: string;
  readonly leaf: string;
  readonly issuer: Authority;
  readonly root: Authority;
  readonly purpose: Purpose;
};
/** What the profile is for (its extended key usage and key usage). */
export type Purpose = 'tls-client' | 'tls-server' | 'mail-signature' | 'mail-encryption';

/** The CRLs of a moment: PEM files. */
export type Lists = {
  readonly name: string;
  readonly of: (authority: Authority) => string;
  /** Deltas that complete them, for judges that read deltas. */
  readonly deltas?: readonly string[];
};

/** A message signed with the key of a certificate that is good, once as CMS and once alone. */
export type Signed = {
  readonly name: string;
  readonly path: Path;
  /** CMS SignedData in DER, with certificates and content. */
  readonly cms: string;
  readonly message: string;
  readonly signature: string;
  /** As the Java Cryptography Architecture names it. */
  readonly algorithm: string;
};

/** null: accepted. Otherwise the judge's own words. */
export type Verdict = string | null;
export type Verdicts = ReadonlyMap<string, Verdict>;

export type Evidence = {
  /** Where judges may write. */
  readonly folder: string;
  readonly authorities: { readonly roots: readonly Authority[]; readonly issuing: readonly Authority[] };
  readonly paths: readonly Path[];
  readonly signed: readonly Signed[];
};

export type PathJudge = {
  readonly name: string;
  /** How it is asked. */
  readonly program: string;
  /** What stands in its message when it refuses what is revoked. */
  readonly saysRevoked: RegExp;
  readonly version: (evidence: Evidence) => Promise<string>;
  /** While these lists are the ones published: a judge may fetch them itself. */
  readonly judgePaths: (evidence: Evidence, lists: Lists) => Promise<Verdicts>;
  readonly judgeSignatures: (evidence: Evidence) => Promise<Verdicts>;
};

/** Two at a time: what starts a process for each certificate. */
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
  // In the order of what was asked, whichever answer comes first.
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
