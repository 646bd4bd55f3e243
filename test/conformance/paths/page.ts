/**
 * Compares the tables of `ops/judges.md` with the verdicts of a run. A difference fails;
 * `PFCNG_JUDGES_PAGE=write` writes the results and adds the versions of the programs to the page.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../../bench/table.js';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { nameOf } from './evidence.js';
import type { PathJudge, Verdicts } from './judge.js';

const PAGE = join(PACKAGE_ROOT, 'ops/judges.md');
const BEGIN = '<!-- verdicts: written and checked by test/conformance/paths.test.ts -->';
const END = '<!-- end of verdicts -->';

export type Judgement = {
  readonly version: string;
  readonly good: Verdicts;
  readonly revoked: Verdicts;
  readonly signatures: Verdicts;
};

export type PageFindings = {
  readonly judges: readonly { readonly judge: PathJudge; readonly judgement: Judgement }[];
  readonly keyTypes: ReadonlyMap<string, readonly string[]>;
};

export function assertPageSays(found: PageFindings): void {
  const page = readFileSync(PAGE, 'utf8');
  const from = page.indexOf(BEGIN) + BEGIN.length;
  const to = page.indexOf(END);
  assert.ok(from >= BEGIN.length && to > from, `${PAGE} has a place for verdicts`);
  const stated = page.slice(from, to).trim();
  const versions = found.judges.map(({ judge, judgement }) => {
    const before = versionsIn(stated, judge.name);
    return [...new Set([...before, judgement.version])].sort(byNumber);
  });
  if (process.env.PFCNG_JUDGES_PAGE === 'write') {
    writeFileSync(PAGE, `${page.slice(0, from)}\n\n${render(found, versions)}\n\n${page.slice(to)}`);
    return;
  }
  // The machine's versions need not be those of the page: another version must give the same
  // verdicts, or the test fails.
  const named = found.judges.map(({ judge }) => versionsIn(stated, judge.name));
  assert.equal(stated, render(found, named), 'PFCNG_JUDGES_PAGE=write writes it');
  for (const [at, { judge, judgement }] of found.judges.entries()) {
    if (!named[at]?.includes(judgement.version))
      console.log(
        `      ${judge.name} ${judgement.version} says the same as ${named[at]?.join(', ')} in ops/judges.md`,
      );
  }
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function versionsIn(text: string, judge: string): readonly string[] {
  const row = text.split('\n').find((line) => line.startsWith(`| ${judge} `)) ?? '';
  const cell = row.split('|')[2]?.trim() ?? '';
  return cell === '' ? [] : cell.split(', ');
}

function render({ judges, keyTypes }: PageFindings, versions: readonly (readonly string[])[]): string {
  const names = judges.map(({ judge }) => judge.name);
  const judgeRows = judges.map(({ judge }, at) => [judge.name, (versions[at] ?? []).join(', '), judge.program]);
  const profileRows = [...keyTypes].map(([profile, types]) => [
    profile,
    types.join(', '),
    ...judges.map(({ judgement }) => summary(profile, types, judgement)),
  ]);
  const refusals = judges.flatMap(({ judge, judgement }) => refusalsOf(keyTypes, judge.name, judgement.good));
  const signed = [...(judges[0]?.judgement.signatures.keys() ?? [])];
  const keyRows = signed.map((keyType) => [
    keyType,
    ...judges.map(({ judgement }) => {
      const said = judgement.signatures.get(keyType);
      return said === null || said === undefined ? 'verifies' : `cannot: \`${said}\``;
    }),
  ]);
  return [
    markdownTable([['Judge', 'Versions', 'How it is asked'], ...judgeRows]),
    'Certificates, good and then revoked:',
    markdownTable([['Profile', 'Keys', ...names], ...profileRows]),
    ...(refusals.length === 0
      ? []
      : ['Refused although good:', markdownTable([['Judge', 'Key', 'What it says'], ...refusals])]),
    'Signatures with keys of `fort/cps-signature`, and of `elementaire/org-sign` where it takes more:',
    markdownTable([['Key', ...names], ...keyRows]),
  ].join('\n\n');
}

/** A row for each key type for which a program accepts no certificate. */
function refusalsOf(keyTypes: PageFindings['keyTypes'], judge: string, good: Verdicts): readonly (readonly string[])[] {
  const said = new Map<string, string>();
  for (const [profile, types] of keyTypes)
    for (const type of types) {
      const verdict = good.get(nameOf(profile, type));
      if (typeof verdict === 'string') said.set(type, verdict);
    }
  return [...said].map(([type, verdict]) => [judge, type, `\`${verdict}\``]);
}

function summary(profile: string, types: readonly string[], { good, revoked }: Judgement): string {
  const accepted = types.filter((type) => good.get(nameOf(profile, type)) === null).length;
  const refused = types.filter((type) => revoked.get(nameOf(profile, type)) !== null).length;
  return `accepts ${accepted} of ${types.length}, refuses ${refused} revoked`;
}
