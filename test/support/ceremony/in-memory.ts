/**
 * Ceremonies that tests run in memory: performed, refused, killed at any moment and verified. Also
 * rewrites transcripts.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFailure } from '../../../src/ceremony/failures.js';
import { performCeremony } from '../../../src/ceremony/perform.js';
import type { CeremonyPlan, PlanFile } from '../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../src/ceremony/plan/read.js';
import { type Entry, entryAfter, entryLine, splitLines } from '../../../src/ceremony/transcript/transcript.js';
import { describeVerifyFault, verifyTranscript } from '../../../src/ceremony/verify/verify.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { packageRoot } from '../../../src/package/package-root.js';
import type { Policy } from '../../../src/policy/model.js';
import { type Disk, type FakeOptions, fakeWorld, Killed } from './fake-world.js';

export type Options = Omit<FakeOptions, 'policy'>;

export function copyOf(disk: Disk): Disk {
  return {
    files: new Map(disk.files),
    tokens: new Map([...disk.tokens].map(([name, keys]) => [name, new Map(keys)])),
    pins: new Map(disk.pins),
    refused: [],
  };
}

export function fileOf({ files }: Pick<Disk, 'files'>, path: string): Bytes {
  return files.get(path) ?? assert.fail(path);
}

/** The transcript of the ceremony with this plan id. */
export function transcriptOf(disk: Pick<Disk, 'files'>, id: string): string {
  return new TextDecoder().decode(fileOf(disk, `ceremony/${id}/transcript.ndjson`));
}

export function linesOf(disk: Pick<Disk, 'files'>, id: string): readonly string[] {
  return splitLines(transcriptOf(disk, id)).lines;
}

/**
 * The fault that `verify` finds in these lines and the files of the disk, with `changed` replacing
 * some; null: it finds none.
 */
export function faultIn(
  lines: readonly string[],
  { files }: Pick<Disk, 'files'>,
  changed: ReadonlyMap<string, Bytes> = new Map(),
): string | null {
  const verified = verifyTranscript(lines, (path) => changed.get(path) ?? files.get(path) ?? null);
  return verified.ok ? null : describeVerifyFault(verified.error).en;
}

export function faultOf(disk: Pick<Disk, 'files'>, id: string): string | null {
  return faultIn(linesOf(disk, id), disk);
}

/**
 * A transcript rewritten with correct hashes, after `edit` has changed its lines; null: the line is
 * left out.
 */
export function rewritten(lines: readonly string[], edit: (entry: Entry) => Entry['result'] | null): readonly string[] {
  let last: Entry | null = null;
  return lines.flatMap((line) => {
    const entry: Entry = JSON.parse(line);
    const result = edit(entry);
    if (result === null) return [];
    last = entryAfter(last, { ...entry, at: Date.parse(entry.at), result });
    return [entryLine(last).trimEnd()];
  });
}

/** An example plan that ships. */
export function exampleFile(name: string): PlanFile {
  return JSON.parse(readFileSync(join(packageRoot(), 'policies/ceremonies/examples', `${name}.json`), 'utf8'));
}

/** A copy of an example plan that ships, changed by `edit`. */
export function editedExample<Plan extends object>(name: string, edit: (plan: Plan) => unknown): Plan {
  const plan = exampleFile(name) as object as Plan;
  edit(plan);
  return plan;
}

/** Where a ceremony was killed, and the state at that moment. */
export type KilledAt = { readonly disk: Disk; readonly where: string; readonly halfWay: ReadonlyMap<string, Bytes> };

type Plan = CeremonyPlan | object;

/** `usual`: the options of each ceremony unless a test gives others. */
export function inMemory(policy: Policy, usual: Options = {}) {
  const read = (plan: Plan) => readPlan(utf8(JSON.stringify(plan)), { file: 'plan.json', policy });
  const planOf = (plan: Plan): CeremonyPlan => {
    if ('digest' in plan) return plan;
    const checked = read(plan);
    assert.ok(checked.ok, checked.ok ? '' : JSON.stringify(checked.error));
    return checked.value;
  };
  const run = (disk: Disk, plan: Plan, options: Options = {}) => {
    const fake = fakeWorld(disk, { policy, ...usual, ...options });
    return { ...fake, outcome: performCeremony(fake.world, planOf(plan)) };
  };
  const done = async (disk: Disk, plan: Plan, options: Options = {}): Promise<void> => {
    const outcome = await run(disk, plan, options).outcome;
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
  };
  return {
    planOf,
    run,
    done,
    /** The English text of the faults of a plan; each is written in both languages. */
    faultsOf(plan: Plan): readonly string[] {
      const checked = read(plan);
      return checked.ok ? [] : checked.error.faults.map(({ pointer, message }) => `${pointer} ${message.en}`);
    },
    /** The kind and English text of a refusal. */
    async refusal(disk: Disk, plan: Plan, options: Options = {}): Promise<string> {
      const outcome = await run(disk, plan, options).outcome;
      assert.ok(!outcome.ok);
      return `${outcome.error.kind}: ${inEnglish(describeFailure(outcome.error))}`;
    },
    /**
     * Kills the ceremony before and after each of its effects, one at a time, and resumes it an
     * hour later to its end.
     */
    async killedAnywhere(
      { begun, plan, options = {} }: { readonly begun: () => Disk; readonly plan: Plan; readonly options?: Options },
      check: (killed: KilledAt) => void | Promise<void>,
    ): Promise<readonly string[]> {
      const checked = planOf(plan);
      const undisturbed = run(begun(), checked, options);
      const outcome = await undisturbed.outcome;
      assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
      for (const [place, effect] of undisturbed.effects.entries())
        for (const when of ['before', 'after'] as const) {
          const where = `${when} effect ${place + 1}, ${effect}`;
          const disk = begun();
          await assert.rejects(run(disk, checked, { ...options, kill: { at: place + 1, when } }).outcome, Killed);
          const halfWay = new Map(disk.files);
          const now = (options.now ?? usual.now ?? 0) + 3_600_000;
          const resumed = await run(disk, checked, { ...options, now }).outcome;
          assert.ok(resumed.ok, resumed.ok ? '' : `${where}: ${describeFailure(resumed.error)}`);
          assert.equal(faultOf(disk, checked.id), null, where);
          await check({ disk, where, halfWay });
        }
      return undisturbed.effects;
    },
  };
}

function inEnglish(message: string): string {
  const [fr = '', en = ''] = message.split(' / ');
  assert.ok(fr.length > 0 && en.length > 0 && fr !== en, `both languages: ${message}`);
  return en;
}
