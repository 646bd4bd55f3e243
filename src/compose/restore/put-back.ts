/**
 * Puts the database and the files of a checked backup in place, and adds to the database what
 * journals and published lists know and the backup does not.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type ChainFault, verifyChain } from '../../audit/chain.js';
import type { AuditEntry } from '../../audit/entry.js';
import type { BackupManifest } from '../../backup/manifest.js';
import { endLostRun } from '../../jobs/nodes/end-dead-runs.js';
import { present } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { fromHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { ACCEPTED_GAPS_MARK, acceptedGaps, type Gap, readPoint } from '../../operations/restored/gaps.js';
import { type PausedWork, pauseWork } from '../../operations/restored/pause-work.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import type { Store } from '../../ports/store.js';
import { gapsOf, readEvidence } from '../database/evidence.js';
import { writeMark } from '../database/mark.js';
import { migrateHomeDatabase, openHomeStore } from '../store.js';
import { systemClock, systemRandom } from '../world.js';
import { contradictionOf, databaseName, markDatabase, removeLeftovers, restoreDump } from './database.js';
import { type LearntSource, learnFromLists, placeNewestLists, readPartitions } from './learn-from-lists.js';
import type { PreparedRestore } from './prepare.js';
import { type ComparedJournal, type RestoreWorld, recoverSignatures } from './recover-signatures.js';
import { completeReport, type RestoreReport, renameEarlierReport } from './report.js';
import type { RestoreRefusal, RestoreRequest } from './request.js';
import {
  type Move,
  moveFiles,
  plannedMoves,
  readUnfinishedRestore,
  type StagingFolder,
  type UnfinishedRestore,
  writeUnfinishedRestore,
} from './staging.js';

const STEPS = {
  database: { fr: 'restauration de la base', en: 'putting the database back' },
  audit: { fr: "vérification du journal d'audit", en: 'verifying the audit log' },
  learn: { fr: 'apprentissage par les journaux et les LCR', en: 'learning from journals and CRLs' },
  place: { fr: 'mise en place des fichiers', en: 'placing the files' },
} as const satisfies Readonly<Record<string, Bilingual>>;

type Learnt = {
  readonly journals: readonly ComparedJournal[];
  readonly sources: readonly LearntSource[];
  readonly paused: PausedWork;
  readonly point: DatabasePoint;
};

export async function putBack(
  request: RestoreRequest,
  staging: StagingFolder,
  prepared: PreparedRestore,
): Promise<Result<RestoreReport, RestoreRefusal>> {
  const { home, backup } = prepared;
  request.step(STEPS.database);
  const restored = await restoreDatabase(request, staging);
  if (!restored.ok) return err([restored.error]);
  const placing = present(readUnfinishedRestore(request.config.paths), 'the record of a restore that has begun');
  const marked = await markDatabase(home, placing.restored);
  if (!marked.ok) return err([marked.error]);
  const contradiction = contradictionOf(marked.value, backup.manifest);
  if (contradiction !== null) return err([contradiction]);
  const migrated = await migrateHomeDatabase(home, { contract: false });
  if (!migrated.ok) return err([migrated.error]);
  const learnt = await learn(request, prepared);
  if (!learnt.ok) return learnt;
  request.step(STEPS.place);
  placeAll(request, staging, { prepared, placing, point: learnt.value.point });
  return ok(reportOf(prepared, learnt.value, { before: backup.manifest.database.level, after: migrated.value.to }));
}

async function restoreDatabase({ config }: RestoreRequest, staging: StagingFolder): Promise<Result<void, string>> {
  const { database } = config;
  if (database.kind === 'postgresql')
    return existsSync(staging.dump)
      ? restoreDump(database, { dump: staging.dump, searchPath: config.searchPath })
      : err('the backup has no dump of a PostgreSQL database');
  return existsSync(staging.sqlite) ? ok(undefined) : err('the backup has no SQLite database');
}

async function learn(request: RestoreRequest, prepared: PreparedRestore): Promise<Result<Learnt, RestoreRefusal>> {
  const opened = await openHomeStore(prepared.home);
  if (!opened.ok) return err([opened.error]);
  const store = opened.value;
  try {
    request.step(STEPS.audit);
    const broken = await auditFault(store, prepared.backup.manifest);
    if (broken !== null) return err([broken]);
    request.step(STEPS.learn);
    const world: RestoreWorld = {
      store,
      clock: systemClock,
      random: systemRandom,
      issuers: prepared.issuers,
      policy: request.policy,
      log: request.log,
      statusChanged: () => undefined,
    };
    const partitions = await readPartitions(world, prepared.sources);
    if (!partitions.ok) return err([partitions.error.detail]);
    const journals = await recoverSignatures({ ...world, partitions: partitions.value }, prepared.journals);
    if (!journals.ok) return err([journals.error.detail]);
    const sources = await learnFromLists(world, prepared.sources);
    if (!sources.ok) return err([sources.error.detail]);
    const facts = { journals: journals.value, sources: sources.value };
    const recorded = await recordRestore(request, prepared, { store, ...facts });
    return recorded.ok ? ok({ ...facts, ...recorded.value }) : recorded;
  } finally {
    await store.close();
  }
}

/**
 * Computes the hash chain of the audit log again. It must be intact, and contain the entry with
 * which the backup ends. Says what is wrong; null: nothing.
 */
export async function auditFault(
  store: Pick<Store, 'read'>,
  { audit }: Pick<BackupManifest, 'audit'>,
): Promise<string | null> {
  const checkpoints =
    audit.seq === 0 ? [] : [{ seq: audit.seq, chainHash: present(fromHex(audit.chainHash), 'a hash') }];
  let unreadable: string | null = null;
  async function* entries(): AsyncGenerator<AuditEntry> {
    for (let from = 1; ; from += PAGE) {
      const page = await store.read((reads) => reads.auditEntries({ from, limit: PAGE }));
      if (!page.ok) unreadable = page.error.detail;
      if (!page.ok) return;
      yield* page.value;
      if (page.value.length < PAGE) return;
    }
  }
  const verified = await verifyChain(entries(), { checkpoints });
  if (unreadable !== null) return `the audit log cannot be read: ${unreadable}`;
  return verified.ok ? null : `the audit log of the backup is not the one of its manifest: ${faultOf(verified.error)}`;
}

const PAGE = 1_000;

function faultOf({ seq, rule }: ChainFault): string {
  return `entry ${seq} (${rule})`;
}

type LearntFacts = Pick<Learnt, 'journals' | 'sources'> & { readonly store: Store };

/**
 * Records the restore in the audit log. What the database still lacks is accepted, so that the
 * service starts: either nothing newer than the backup was found, or a person has accepted an older
 * backup by typing the hash of its manifest.
 */
async function recordRestore(
  { log }: RestoreRequest,
  { home, issuers, backup, missing, isNewest }: PreparedRestore,
  { store, journals, sources }: LearntFacts,
): Promise<Result<Pick<Learnt, 'paused' | 'point'>, RestoreRefusal>> {
  const evidence = await readEvidence(home);
  if (!evidence.ok) return err([evidence.error]);
  const gaps = await gapsOf({ home, issuers, store, log }, { ...evidence.value, home: null });
  if (!gaps.ok) return err([gaps.error]);
  const { manifest, manifestSha256 } = backup;
  const recovered = journals.reduce((sum, journal) => sum + journal.recovered.length, 0);
  const learnt = sources.reduce((sum, source) => sum + source.learnt, 0);
  const done = await store.transaction(async (tx) => {
    await acceptGaps(tx, gaps.value);
    // The runs in the backup are ended, because their processes do not use this database. Otherwise
    // no process could start as their node for a while.
    for (const live of await tx.liveRuns()) await endLostRun(tx, live, systemClock());
    const paused = isNewest ? { orders: [], campaigns: [] } : await pauseWork(tx, systemClock);
    const details = {
      manifestSha256,
      takenAt: Date.parse(manifest.takenAt),
      entries: manifest.audit.seq,
      older: missing.length > 0 ? ('yes' as const) : ('no' as const),
      recovered,
      learnt,
      missing: [...missing, ...gaps.value.map(({ detail }) => detail)],
    };
    await tx.appendAudit([{ at: systemClock(), type: 'database.restored', actor: 'system', details }]);
    return paused;
  });
  if (!done.ok) return err([done.error.detail]);
  if (recovered > 0) log.error('restore.certificates-recovered', { certificates: recovered });
  const point = await store.read(readPoint);
  if (!point.ok) return err([point.error.detail]);
  if (point.value === null) return err(['the database of the backup has no id']);
  return ok({ paused: done.value, point: point.value });
}

async function acceptGaps(
  tx: Parameters<typeof acceptedGaps>[0] & { readonly setMark: (name: string, value: string) => Promise<void> },
  gaps: readonly Gap[],
): Promise<void> {
  if (gaps.length === 0) return;
  const ids = [...new Set([...(await acceptedGaps(tx)), ...gaps.map(({ id }) => id)])];
  await tx.setMark(ACCEPTED_GAPS_MARK, JSON.stringify(ids));
}

type PlacingFacts = {
  readonly prepared: PreparedRestore;
  readonly placing: UnfinishedRestore;
  readonly point: DatabasePoint;
};

/**
 * Moves all files to their places. Each path is written to `placing.json` first, so that after a
 * kill the next restore knows what to remove.
 */
function placeAll(
  { config }: RestoreRequest,
  staging: StagingFolder,
  { prepared, placing, point }: PlacingFacts,
): void {
  const { paths } = config;
  const moves: Move[] = [...plannedMoves(staging, paths)];
  if (config.database.kind === 'sqlite') {
    removeLeftovers(paths.database);
    // SQLite has emptied and removed its log when the database was closed, unless that failed.
    for (const suffix of ['', '-wal'].filter((one) => existsSync(`${staging.sqlite}${one}`)))
      moves.push({ from: `${staging.sqlite}${suffix}`, to: `${databaseName(config)}${suffix}` });
  }
  renameEarlierReport(paths);
  writeUnfinishedRestore(paths, {
    ...placing,
    restored: { ...placing.restored, learnt: point },
    placed: [...moves.map(({ to }) => to), basename(paths.restoreReport)],
  });
  moveFiles(staging, paths, moves);
  placeNewestLists(prepared.sources, paths);
  writeMark(paths.databaseMark, point);
}

function reportOf(
  { backup: { manifest, manifestSha256 }, missing, isNewest, journals: placed, differing }: PreparedRestore,
  { journals, sources, paused }: Learnt,
  levels: { readonly before: number; readonly after: number },
): RestoreReport {
  const { installation, environment, software, takenAt, audit, parts } = manifest;
  return completeReport({
    backup: {
      manifestSha256,
      installation,
      environment,
      software,
      takenAt,
      auditEntries: audit.seq,
      parts: parts.length,
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    database: { kind: manifest.database.kind, levelBefore: levels.before, level: levels.after },
    missing,
    isNewest,
    lists: sources.map(({ name: source, isOfBackup, lists, learnt, refused, fault }) => ({
      source,
      isOfBackup,
      lists,
      learnt,
      refused,
      fault,
    })),
    journals: journals.map(({ recovered, faults, ...journal }, at) => {
      const { from, remark } = present(placed[at], 'the journal that was compared');
      return {
        ...journal,
        faults: remark === null ? faults : [remark, ...faults],
        from,
        recovered: recovered.length,
      };
    }),
    recovered: journals.flatMap(({ recovered }) => recovered),
    paused,
    differing,
  });
}
