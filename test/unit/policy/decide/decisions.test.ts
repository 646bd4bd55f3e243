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
import { type Choice, type Decision, withDecision } from '../../../../src/policy/decide/decision.js';
import { rewritten } from '../../../../src/policy/decide/layout.js';
import { type Body, isDecided, openedGroups, type Place, placeName } from '../../../../src/policy/decide/places.js';
import { productionFiles } from '../../../support/ceremony/production.js';
import { POLICIES } from '../fixtures.js';

const NOTE = '2026-09-01, the policy committee: a reason that is long enough.';

const shipped = new Map(productionFiles().map((file) => [file, readFileSync(join(POLICIES, file), 'utf8')]));

function openGroups() {
  const open = readOpenPolicy(POLICIES);
  assert.ok(open.ok, JSON.stringify(open));
  return open.value.groups;
}

const PLACES = openGroups().flatMap(({ places }) => places);

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
    for (const file of new Set(decisions.map(({ place }) => place.file))) {
      const text = texts.get(file) ?? assert.fail(file);
      const ofFile = decisions.filter(({ place }) => place.file === file);
      texts.set(file, rewritten(text, ofFile.reduce(withDecision, JSON.parse(text) as Body)));
    }
  return texts;
}

const keep: Choice = { kind: 'keep' };

/** Decisions about all places, which are kept or changed, in any order and split into sittings. */
const decisionsInSittings = fc
  .tuple(
    fc.array(fc.boolean(), { minLength: PLACES.length, maxLength: PLACES.length }),
    fc.shuffledSubarray(
      PLACES.map((_, at) => at),
      { minLength: PLACES.length },
    ),
    fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
  )
  .map(([kept, order, sizes]) => {
    const decisions = PLACES.map((place, at): Decision => {
      const choice: Choice = kept[at] ? keep : { kind: 'change', value: otherThan(place.value) };
      return { place, choice, note: NOTE };
    });
    const inOrder = order.flatMap((at) => decisions[at] ?? []);
    const ends = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((sum, size) => sum + size, 0));
    const sittings = [0, ...ends].map((start, at) => inOrder.slice(start, ends[at] ?? inOrder.length));
    return { decisions, sittings };
  });

describe('the questions to officers', () => {
  it('are each open value once, grouped by what it means', () => {
    const groups = openGroups();
    const assumed = [...shipped].flatMap(([file, text]) =>
      Object.entries((JSON.parse(text) as { sources: object }).sources).flatMap(([at, source]) =>
        source === 'assumption' ? [`${file}#${at}`] : [],
      ),
    );
    const marks = PLACES.flatMap(({ file, marks: all }) => all.map((pointer) => placeName({ file, pointer })));
    assert.deepEqual([...marks].sort(), assumed.sort());
    assert.ok(assumed.length > 100 && groups.length < 30, `${assumed.length} values in ${groups.length} groups`);
    assert.ok(groups.every((group) => !isDecided(group)));
    const renewal = groups.find(({ kind }) => kind === 'profile/renewalWindow');
    assert.ok(renewal !== undefined && renewal.places.length > 10);
  });

  it('open into one question for each different value, then for each place', () => {
    const assurance = openGroups().find(({ kind }) => kind === 'profile/assurance')?.places ?? [];
    const parts = openedGroups(assurance);
    assert.ok(parts.length > 1);
    assert.deepEqual(parts.flat().map(placeName).sort(), assurance.map(placeName).sort());
    for (const part of parts) assert.equal(new Set(part.map(({ value }) => JSON.stringify(value))).size, 1);
    const several = parts.find((part) => part.length > 1) ?? assert.fail('a value that is in several places');
    assert.deepEqual(
      openedGroups(several),
      several.map((place) => [place]),
    );
  });

  it('ask about a list with open items as a whole', () => {
    const list = PLACES.find(({ file, pointer }) => file.endsWith('org-sign.json') && pointer === '/keyTypes');
    assert.deepEqual(list?.marks, ['/keyTypes/4', '/keyTypes/5']);
    const body = JSON.parse(shipped.get(list.file) ?? '') as Body;
    const without = { kind: 'change', value: ['rsa-3072', 'p-256'] } as const;
    const { keyTypes, sources, notes } = withDecision(body, { place: list, choice: without, note: NOTE });
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
    const isLineOf = (place: Place, line: string): boolean =>
      place.marks.some((mark) => line.includes(`${JSON.stringify(mark)}: `)) || /^ *[{}],?$/.test(line);
    for (const place of PLACES) {
      const before = shipped.get(place.file) ?? assert.fail(place.file);
      const lines = new Set(before.split('\n').map((line) => line.replace(/,$/, '')));
      const now: string = filesAfter([[{ place, choice: keep, note: NOTE }]]).get(place.file) ?? '';
      const added = now.split('\n').filter((line) => !lines.has(line.replace(/,$/, '')));
      assert.deepEqual(
        added.filter((line) => !isLineOf(place, line)),
        [],
        placeName(place),
      );
    }
  });

  it('leave the files in the format of this repository', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-format-'));
    try {
      cpSync(join(packageRoot(), 'biome.json'), join(folder, 'biome.json'));
      const [first, second] = fc.sample(decisionsInSittings, 2);
      const kept = [PLACES.map((place): Decision => ({ place, choice: keep, note: NOTE }))];
      for (const [name, sittings] of Object.entries({ kept, first: first?.sittings, second: second?.sittings }))
        for (const [file, text] of filesAfter(sittings ?? [])) {
          const path = join(folder, name, file);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, text);
        }
      const biome = join(packageRoot(), 'node_modules/.bin/biome');
      execFileSync(biome, ['format', '--vcs-enabled=false', '.'], { cwd: folder, stdio: 'pipe' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('give a file that was on one line the format of this repository', () => {
    assert.equal(
      rewritten('{"a":{"b":[1,2]},"sources":{}}\n', { a: { b: [1] }, sources: { '/a': 'decision' } }),
      '{\n  "a": { "b": [1] },\n  "sources": { "/a": "decision" }\n}\n',
    );
  });
});
