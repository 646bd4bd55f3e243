/**
 * What decisions make of the policy files. Without these guarantees, two officers who decide the
 * same values in another order would get files that differ, and the review of a decision would show
 * lines that nobody has changed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { readOpenPolicy } from '../../../../src/cli/policy/decision-folder.js';
import type { Json } from '../../../../src/kernel/json.js';
import { packageRoot } from '../../../../src/package/package-root.js';
import { applyDecision, type Choice, type Decision, policyFileText } from '../../../../src/policy/decide/decision.js';
import {
  type Body,
  isDecided,
  memberName,
  type PolicyMember,
  splitMembers,
} from '../../../../src/policy/decide/questions.js';
import { productionFiles } from '../../../support/ceremony/production.js';
import { POLICIES } from '../fixtures.js';

const NOTE = '2026-09-01T08:30:00Z, the policy committee: a reason that is long enough.';

const shipped = new Map(productionFiles().map((file) => [file, readFileSync(join(POLICIES, file), 'utf8')]));

function openQuestions() {
  const open = readOpenPolicy(POLICIES);
  assert.ok(open.ok, JSON.stringify(open));
  return open.value.questions;
}

const MEMBERS = openQuestions().flatMap(({ members }) => members);

/** Another value, larger or smaller. Whether the policy allows it does not matter here. */
function otherThan(value: Json): Json {
  if (Array.isArray(value)) return value.length > 4 ? value.slice(1) : [...value, ...value, 'x'.repeat(90)];
  if (typeof value !== 'object' || value === null) return value === null ? 'text' : null;
  return { ...value, another: ['member', 'y'.repeat(60)] };
}

/** The files after these decisions, which are made in some sittings, one after the other. */
function filesAfter(sittings: readonly (readonly Decision[])[]): ReadonlyMap<string, string> {
  const texts = new Map(shipped);
  for (const decisions of sittings)
    for (const file of new Set(decisions.map(({ member }) => member.file))) {
      const text = texts.get(file) ?? assert.fail(file);
      const ofFile = decisions.filter(({ member }) => member.file === file);
      texts.set(file, policyFileText(ofFile.reduce(applyDecision, JSON.parse(text) as Body)));
    }
  return texts;
}

const keep: Choice = { kind: 'keep' };

/** Decisions about all members, which are kept or changed, in any order and split into sittings. */
const decisionsInSittings = fc
  .tuple(
    fc.array(fc.boolean(), { minLength: MEMBERS.length, maxLength: MEMBERS.length }),
    fc.shuffledSubarray(
      MEMBERS.map((_, at) => at),
      { minLength: MEMBERS.length },
    ),
    fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
  )
  .map(([kept, order, sizes]) => {
    const decisions = MEMBERS.map((member, at): Decision => {
      const choice: Choice = kept[at] ? keep : { kind: 'change', value: otherThan(member.value) };
      return { member, choice, note: NOTE };
    });
    const inOrder = order.flatMap((at) => decisions[at] ?? []);
    const ends = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((sum, size) => sum + size, 0));
    const sittings = [0, ...ends].map((start, at) => inOrder.slice(start, ends[at] ?? inOrder.length));
    return { decisions, sittings };
  });

describe('the questions to officers', () => {
  it('are each open value once, grouped by what it means', () => {
    const questions = openQuestions();
    const assumed = [...shipped].flatMap(([file, text]) =>
      Object.entries((JSON.parse(text) as { sources: object }).sources).flatMap(([at, source]) =>
        source === 'assumption' ? [`${file}#${at}`] : [],
      ),
    );
    const sourcePointers = MEMBERS.flatMap(({ file, sourcePointers: all }) =>
      all.map((pointer) => memberName({ file, pointer })),
    );
    assert.deepEqual([...sourcePointers].sort(), assumed.sort());
    assert.ok(
      assumed.length > 100 && questions.length <= 38,
      `${assumed.length} values in ${questions.length} questions`,
    );
    assert.ok(questions.every((question) => !isDecided(question)));
    const renewal = questions.find(({ name }) => name === 'profile/renewalWindow');
    assert.ok(renewal !== undefined && renewal.members.length > 10);
  });

  it('open into one question for each different value, then for each member', () => {
    const assurance = openQuestions().find(({ name }) => name === 'profile/assurance')?.members ?? [];
    const parts = splitMembers(assurance);
    assert.ok(parts.length > 1);
    assert.deepEqual(parts.flat().map(memberName).sort(), assurance.map(memberName).sort());
    for (const part of parts) assert.equal(new Set(part.map(({ value }) => JSON.stringify(value))).size, 1);
    const several = parts.find((part) => part.length > 1) ?? assert.fail('a value that is in several members');
    assert.deepEqual(
      splitMembers(several),
      several.map((member) => [member]),
    );
  });

  it('ask about a list with open items as a whole', () => {
    const list = MEMBERS.find(({ file, pointer }) => file.endsWith('org-sign.json') && pointer === '/keyTypes');
    assert.deepEqual(list?.sourcePointers, ['/keyTypes/4', '/keyTypes/5']);
    const body = JSON.parse(shipped.get(list.file) ?? '') as Body;
    const without = { kind: 'change', value: ['rsa-3072', 'p-256'] } as const;
    const { keyTypes, sources, notes } = applyDecision(body, { member: list, choice: without, note: NOTE });
    assert.deepEqual(keyTypes, without.value);
    const about = (texts: Json | undefined) => Object.entries(texts as object).filter(([at]) => at.startsWith('/keyT'));
    assert.deepEqual([about(sources), about(notes)], [[['/keyTypes', 'decision']], [['/keyTypes', NOTE]]]);
  });
});

describe('decisions', () => {
  it('give the same files in any order and in any number of sittings', () => {
    fc.assert(
      fc.property(decisionsInSittings, ({ decisions, sittings }) => {
        assert.deepEqual(filesAfter(sittings), filesAfter([decisions]));
      }),
      { numRuns: 60 },
    );
  });

  it('that keep a value change the lines of its source and note only', () => {
    const isLineOf = (member: PolicyMember, line: string): boolean =>
      member.sourcePointers.some((mark) => line.includes(`${JSON.stringify(mark)}: `)) || /^ *[{}],?$/.test(line);
    for (const member of MEMBERS) {
      const before = shipped.get(member.file) ?? assert.fail(member.file);
      const lines = new Set(before.split('\n').map((line) => line.replace(/,$/, '')));
      const now: string = filesAfter([[{ member, choice: keep, note: NOTE }]]).get(member.file) ?? '';
      const added = now.split('\n').filter((line) => !lines.has(line.replace(/,$/, '')));
      assert.deepEqual(
        added.filter((line) => !isLineOf(member, line)),
        [],
        memberName(member),
      );
    }
  });

  it('leave the files in the format of this repository', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-format-'));
    try {
      const [first, second] = fc.sample(decisionsInSittings, 2);
      const kept = [MEMBERS.map((member): Decision => ({ member, choice: keep, note: NOTE }))];
      for (const sittings of [kept, first?.sittings, second?.sittings]) {
        cpSync(join(packageRoot(), 'biome.json'), join(folder, 'biome.json'));
        for (const [file, text] of filesAfter(sittings ?? [])) {
          const path = join(folder, 'policies', file);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, text);
        }
        const biome = join(packageRoot(), 'node_modules/.bin/biome');
        execFileSync(biome, ['format', '--vcs-enabled=false', '.'], { cwd: folder, stdio: 'pipe' });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
