/**
 * Creates the schema in an empty database, and applies later levels step by step. After an
 * interruption, the next migration continues with the step that was not completed.
 */
import type { Knex } from 'knex';
import type { AuditOrigin } from '../../audit/entry.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { DATABASE_ID_MARK } from '../../ports/store/marks.js';
import type { Clock } from '../../ports/world.js';
import { databaseTime } from '../engine/database-clock.js';
import type { Engine, NoDatabase } from '../engine/engine.js';
import { createSession } from '../engine/session.js';
import { auditWrites } from '../tables/audit/audit-log.js';
import { metaKeyOf } from '../tables/marks.js';
import { olderRuns } from '../tables/nodes/nodes.js';
import { createInitialSchema } from './initial.js';
import { DATABASE_EMPTY, readSchema, type SchemaFailure, type SchemaState, tooNewFor } from './inspect.js';
import { INITIAL_LEVEL, LATER_LEVELS, neededLevelOf, type SchemaLevel, type SchemaStep } from './levels.js';

/**
 * Limit for a step with the write lock, because all other writers wait for it. Only the engine of
 * PostgreSQL applies it.
 */
const STEP_MS_MAX = 2_000;

/** The levels before and after a migration; `from` is null if the database was empty. */
export type SchemaMigration = { readonly from: number | null; readonly to: number };

export type MigrationOptions = {
  readonly environmentMark: string;
  /** Whether `contract` levels are applied, after which older programs cannot use the database. */
  readonly contract: boolean;
  /** The clock of the database; null: the clock of the PostgreSQL server. */
  readonly clock: Clock | null;
  readonly auditOrigin: AuditOrigin;
  /** The random id for the database if it is empty. Without it, an empty database is refused. */
  readonly newId?: string | undefined;
};

type NextStep = { readonly level: number; readonly isContract: boolean } & (
  | { readonly kind: 'step'; readonly number: number; readonly step: SchemaStep }
  | { readonly kind: 'complete' }
);

/**
 * Creates or migrates the schema, as `wanted` says. Returns the levels before and after. Rejects
 * with an error of the database.
 */
export async function migrateSchema(
  { tablesSql, exclusively }: Pick<Engine['schema'], 'tablesSql' | 'exclusively'>,
  wanted: MigrationOptions,
  levels: readonly SchemaLevel[] = LATER_LEVELS,
): Promise<Result<SchemaMigration, SchemaFailure | NoDatabase>> {
  const { environmentMark, contract, clock, newId } = wanted;
  const stateIn = (on: Knex) => readSchema(on, { tablesSql, environmentMark });
  return exclusively(async ({ read, transaction, buildIndex }) => {
    const before = await read(stateIn);
    if (!before.ok) return before;
    if (before.value === null) {
      if (newId === undefined) return err(DATABASE_EMPTY);
      await transaction(null, async (trx) => {
        const now = await stateIn(trx);
        if (now.ok && now.value === null) await create(trx, environmentMark, newId);
      });
    }
    for (;;) {
      const seen = await read(stateIn);
      if (!seen.ok) return seen;
      if (seen.value === null) return err(DATABASE_EMPTY);
      const state = seen.value;
      const tooNew = tooNewFor(state, levels);
      if (tooNew !== null) return err(tooNew);
      const next = nextStep(state, levels, contract);
      if (next === null) {
        const unfinished = state.level < neededLevelOf(levels) ? contractFirst(state.level + 1) : null;
        return unfinished === null ? ok({ from: before.value?.level ?? null, to: state.level }) : err(unfinished);
      }
      const older = next.isContract ? await read((on) => olderRuns(on, next.level, clock)) : [];
      if (older.length > 0) return err(inUse(next.level, older));
      if (next.kind === 'step' && next.step.kind === 'index') await buildIndex(next.step);
      await transaction(STEP_MS_MAX, async (trx) => {
        const now = await stateIn(trx);
        // Another process may have completed the step since the state was read.
        if (now.ok && now.value !== null && isSame(now.value, state)) await applyStep(trx, next, wanted);
      });
    }
  });
}

function contractFirst(level: number): SchemaFailure {
  const fault = `schema level ${level} ends the use of older programs, and this version needs a later one`;
  return { kind: 'schema-behind', detail: `${fault}: pfcng database migrate --contract` };
}

function inUse(level: number, runs: readonly string[]): SchemaFailure {
  const fault = `level ${level} ends the use of older programs, and some still run: ${runs.join(', ')}`;
  return { kind: 'schema-in-use', detail: `${fault}. Upgrade or stop them first` };
}

/**
 * Returns what to do next; null: no level is left, or only `contract` levels, which are not wanted.
 */
function nextStep(
  { level: reached, stepsDone }: SchemaState,
  levels: readonly SchemaLevel[],
  contract: boolean,
): NextStep | null {
  const definition = levels[reached - INITIAL_LEVEL];
  if (definition === undefined) return null;
  if (definition.kind === 'contract' && !contract) return null;
  const [level, isContract] = [reached + 1, definition.kind === 'contract'];
  const step = definition.steps[stepsDone];
  if (step !== undefined) return { kind: 'step', level, isContract, number: stepsDone + 1, step };
  return { kind: 'complete', level, isContract };
}

function isSame(one: SchemaState, other: SchemaState): boolean {
  return one.level === other.level && one.stepsDone === other.stepsDone;
}

async function create(trx: Knex, environmentMark: string, id: string): Promise<void> {
  await createInitialSchema(trx, environmentMark);
  const level = String(INITIAL_LEVEL);
  await setMeta(trx, {
    environment: environmentMark,
    [metaKeyOf(DATABASE_ID_MARK)]: id,
    schema_level: level,
    schema_min: level,
    schema_steps: '0',
  });
}

/**
 * Applies a step, unless it is an index, which was built before; or completes a level. Records the
 * progress in the same transaction.
 */
async function applyStep(trx: Knex, next: NextStep, wanted: MigrationOptions): Promise<void> {
  if (next.kind === 'step') {
    if (next.step.kind === 'transaction') await next.step.run(trx);
    return setMeta(trx, { schema_steps: String(next.number) });
  }
  const level = String(next.level);
  await setMeta(trx, { schema_level: level, schema_steps: '0', ...(next.isContract ? { schema_min: level } : {}) });
  await recordLevel(trx, next.level, wanted);
}

async function recordLevel(
  trx: Knex,
  to: number,
  { clock, auditOrigin }: Pick<MigrationOptions, 'clock' | 'auditOrigin'>,
): Promise<void> {
  const session = createSession(trx);
  const { appendAudit, writeAudit } = auditWrites(session, auditOrigin);
  const at = await databaseTime(session, clock);
  await appendAudit([{ at, type: 'schema.migrated', actor: 'system', details: { from: to - 1, to } }]);
  await writeAudit();
}

async function setMeta(trx: Knex, values: Readonly<Record<string, string>>): Promise<void> {
  const rows = Object.entries(values).map(([key, value]) => ({ key, value }));
  await trx('meta').insert(rows).onConflict('key').merge();
}
