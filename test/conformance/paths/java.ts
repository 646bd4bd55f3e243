/** Verification by the JDK and by Bouncy Castle, through one Java program for both. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { judge } from '../../support/service/judges.js';
import { TEST_POLICY } from '../domain-facts.js';
import type { Evidence, Lists, Path, PathJudge, SignedMessage, Verdicts } from './judge.js';

const SOURCE = join(PACKAGE_ROOT, 'test/conformance/paths/PkixJudge.java');
const LIBRARY = '/usr/share/java/bcprov.jar';

type Question = { readonly name: string; readonly line: string };

const aboutPath =
  (lists: Lists) =>
  ({ name, leaf, issuer, root }: Path): Question => {
    const path = `${leaf},${issuer.certificate}`;
    const files = [lists.of(issuer), lists.of(root), ...(lists.deltas ?? [])].join(',');
    const kind = lists.deltas === undefined ? 'path' : 'path-with-deltas';
    const fields = [kind, name, path, root.certificate, files, TEST_POLICY];
    return { name, line: fields.join('\t') };
  };

const aboutSignature = ({ name, path, algorithm, message, signature }: SignedMessage): Question => {
  const fields = ['signature', name, path.leaf, algorithm, message, signature];
  return { name, line: fields.join('\t') };
};

const compiled = new Map<string, Promise<void>>();

/** Program, name and verdict of each line. */
async function ask(folder: string, questions: readonly Question[], list: string): Promise<readonly string[][]> {
  const classes = join(folder, 'classes');
  const compiling = compiled.get(folder) ?? compile(classes);
  compiled.set(folder, compiling);
  await compiling;
  const file = join(folder, list);
  writeFileSync(file, questions.map(({ line }) => `${line}\n`).join(''));
  const path = `${LIBRARY}:${classes}`;
  const { status, output, bytes } = await judge('java', ['-XX:+UseSerialGC', '-cp', path, 'PkixJudge', file]);
  assert.equal(status, 0, output);
  const lines = bytes.toString('utf8').trimEnd().split('\n');
  return lines.map((line) => line.split('\t'));
}

async function compile(classes: string): Promise<void> {
  // Only the C1 compiler: the run ends before C2 would pay off.
  const options = ['-J-XX:TieredStopAtLevel=1', '-proc:none', '-cp', LIBRARY, '-d', classes];
  const { status, output } = await judge('javac', [...options, SOURCE]);
  assert.equal(status, 0, output);
}

/** One run of the program gives the verdicts of both. */
const answers = new Map<string, Promise<readonly string[][]>>();

/** The verdict on each name. */
async function answersOf(id: string, { folder }: Evidence, [name, questions]: [string, readonly Question[]]) {
  const list = `java-${name}.list`;
  const asking = answers.get(join(folder, list)) ?? ask(folder, questions, list);
  answers.set(join(folder, list), asking);
  const own = (await asking).filter(([judgeId]) => judgeId === id);
  return new Map(own.map(([, about = '', said = '']) => [about, said]));
}

async function verdicts(id: string, evidence: Evidence, list: [string, readonly Question[]]): Promise<Verdicts> {
  const said = await answersOf(id, evidence, list);
  const verdictOf = (name: string): string | null => {
    const answer = said.get(name) ?? 'nothing';
    return answer === 'accepted' ? null : answer;
  };
  return new Map(list[1].map(({ name }) => [name, verdictOf(name)]));
}

const signatures = ({ signed }: Evidence): [string, readonly Question[]] => ['signatures', signed.map(aboutSignature)];

const judgeOf = (id: string): Pick<PathJudge, 'program' | 'version' | 'judgePaths' | 'judgeSignatures'> => ({
  program: '`CertPathValidator` "PKIX" with CRLs and the policy required, `Signature`',
  judgePaths: (evidence, lists) => verdicts(id, evidence, [lists.name, evidence.paths.map(aboutPath(lists))]),
  judgeSignatures: (evidence) => verdicts(id, evidence, signatures(evidence)),
  version: async (evidence) => (await answersOf(id, evidence, signatures(evidence))).get('version') ?? '',
});

export const JDK: PathJudge = {
  ...judgeOf('jdk'),
  name: 'JDK',
  saysRevoked: /Certificate has been revoked, reason: SUPERSEDED/,
};

export const BOUNCY_CASTLE: PathJudge = {
  ...judgeOf('bouncy-castle'),
  name: 'Bouncy Castle',
  saysRevoked: /Certificate revocation after .*, reason: superseded/,
};
