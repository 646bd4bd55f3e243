/**
 * Writes a backup of an installation, whose service may run meanwhile, and verifies it after
 * writing. `ops/backup.md` says what is in it.
 */
import { createReadStream, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createEnvelope, type Envelope } from '../../backup/envelope.js';
import { faultText } from '../../backup/fault.js';
import { type BackupFacts, type BackupManifest, manifestBytes, PART } from '../../backup/manifest.js';
import { readBackup } from '../../backup/read.js';
import { type BackupPart, type Sink, writeBackup } from '../../backup/write.js';
import { readRegularFile, unreadableText } from '../../config/regular-file.js';
import { syncFolder } from '../../config/replace-file.js';
import { packageVersion } from '../../config/version.js';
import { type DatabaseSnapshot, snapshotPostgresql, snapshotSqlite } from '../../db/backup/snapshot.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import { createSha256, sha256Hex } from '../../kernel/digest.js';
import { errorMessage, hasCode } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { recipientFault } from '../../x509/content-key.js';
import type { Home } from '../home.js';
import { readNodeId } from '../nodes/node.js';
import { freeBytes } from '../readiness.js';
import { postgresqlOptions } from '../store.js';
import { systemClock } from '../world.js';
import { filePart, homeParts, policyParts } from './home-files.js';
import { writeLastBackup } from './state.js';

/**
 * Called while a backup is written and read again. `what`: the name of the part, or `VERIFYING`;
 * `bytes`: how many bytes were written or read so far.
 */
export type BackupProgress = (step: { readonly what: string; readonly bytes: number }) => void;

type BackupWanted = {
  /** The path of the new file, which must not exist; null: the backup goes to `stdout`. */
  readonly file: string | null;
  /** Receives the backup if `file` is null. */
  readonly stdout: Sink;
  readonly isPlain: boolean;
  readonly onProgress: BackupProgress;
};

type TakenBackup = {
  readonly manifest: BackupManifest;
  readonly manifestSha256: string;
  readonly bytes: number;
  /** The hash of the whole backup, lower-case hex. */
  readonly sha256: string;
  /** Whether the backup was read again after writing; false if it went to `stdout`. */
  readonly isVerified: boolean;
};

/**
 * Writes a backup, and verifies it unless it goes to `stdout`. The error is lines for people. The
 * file of a backup that was not completed is removed.
 */
export async function takeBackup(home: Home, wanted: BackupWanted): Promise<Result<TakenBackup, readonly string[]>> {
  const recipients = wanted.isPlain ? ok(null) : readRecipients(home);
  if (!recipients.ok) return recipients;
  if (wanted.file !== null && existsSync(wanted.file)) return err([`${wanted.file} already exists`]);
  const envelope = recipients.value === null ? null : await createEnvelope(recipients.value);
  const source = await openSource(home);
  if (!source.ok) return source;
  try {
    return await writeFrom(source.value, home, { ...wanted, envelope });
  } finally {
    source.value.discard();
  }
}

async function writeFrom(
  source: Source,
  home: Home,
  { file, stdout, envelope, onProgress }: BackupWanted & { readonly envelope: Envelope | null },
): Promise<Result<TakenBackup, readonly string[]>> {
  if (file === null)
    return ok({ ...(await writeAll(source, { envelope, sink: stdout, onProgress })), isVerified: false });
  const part = `${file}.part`;
  try {
    const written = await writeFile(part, (sink) => writeAll(source, { envelope, sink, onProgress }));
    const fault = await verifyWritten(part, { envelope, written, onProgress });
    if (fault !== null) return err([`${file} could not be read back correctly and was removed: ${fault}`]);
    await rename(part, file);
    syncFolder(dirname(file));
    const { manifest, manifestSha256, bytes, sha256 } = written;
    const takenAt = Date.parse(manifest.takenAt);
    writeLastBackup(home.config.paths.lastBackup, { takenAt, bytes, file, sha256, manifestSha256 });
    return ok({ ...written, isVerified: true });
  } finally {
    rmSync(part, { force: true });
  }
}

/** Reads the certificates of the recipients, from the files that `backup.recipients` names. */
function readRecipients({ config }: Home): Result<readonly Bytes[], readonly string[]> {
  const { recipients = [] } = config.backup;
  if (recipients.length === 0)
    return err([
      'backup.recipients of the configuration is empty: name the certificates of two officers (ops/backup.md)',
    ]);
  const certificates: Bytes[] = [];
  const faults: string[] = [];
  for (const file of recipients) {
    try {
      const certificate = new Uint8Array(readRegularFile(file));
      const fault = recipientFault(certificate);
      if (fault === null) certificates.push(certificate);
      else faults.push(`${file}: ${fault}`);
    } catch (error) {
      faults.push(`${file}: ${inBothLanguages(unreadableText(error))}`);
    }
  }
  return faults.length === 0 ? ok(certificates) : err(faults);
}

type Source = {
  readonly facts: BackupFacts;
  readonly parts: AsyncIterable<BackupPart>;
  readonly discard: () => void;
};

async function openSource(home: Home): Promise<Result<Source, readonly string[]>> {
  const { config, policy } = home;
  const node = readNodeId(config.paths.node);
  if (!node.ok) return err([node.error]);
  if (node.value === null) return err([`${config.paths.node} is missing: the service has never started here`]);
  const snapshot = await takeSnapshot(home);
  if (!snapshot.ok) return snapshot;
  const { facts, content, discard } = snapshot.value;
  const { kind } = config.database;
  const database = { kind, level: facts.level, rows: facts.rows };
  return ok({
    facts: {
      environment: policy.environment.mark,
      installation: facts.id,
      node: node.value,
      software: packageVersion(),
      takenAt: new Date(facts.at).toISOString(),
      database,
      audit: facts.audit,
      crls: facts.crls,
    },
    parts: partsOf(home, { name: kind === 'sqlite' ? PART.sqlite : PART.dump, content }),
    discard,
  });
}

/**
 * Returns the parts of the backup. The home folder is read after the snapshot of the database, so
 * that journals and lists may know more than the database, but never less.
 */
async function* partsOf({ config }: Home, database: BackupPart): AsyncGenerator<BackupPart> {
  yield database;
  const configuration = config.file === null ? null : filePart(PART.configuration, config.file);
  if (configuration !== null) yield configuration;
  yield* policyParts(config.policies);
  yield* homeParts(config.paths.home);
}

async function takeSnapshot({ config }: Home): Promise<Result<DatabaseSnapshot, readonly string[]>> {
  const { database, paths, searchPath } = config;
  try {
    if (database.kind === 'sqlite') {
      const fault = await roomFault(paths.database);
      if (fault !== null) return err([fault]);
      removeOldCopies(paths.home);
      const copy = join(paths.home, `backup-${process.pid}.part`);
      return ok(await snapshotSqlite(paths.database, { copy, clock: systemClock }));
    }
    const options = postgresqlOptions(database);
    if (!options.ok) return err([options.error]);
    return ok(await snapshotPostgresql(options.value, { searchPath, caFile: database.tls?.ca ?? null }));
  } catch (error) {
    return err([`the database could not be read: ${errorMessage(error)}`]);
  }
}

/**
 * Says that there is no room for the copy that is made beside the file of SQLite first; null: there
 * is room, or the file system does not report how much is free.
 */
async function roomFault(database: string): Promise<string | null> {
  const needed = sizeOf(database) + sizeOf(`${database}-wal`) + SPARE_BYTES;
  const free = await freeBytes(dirname(database));
  if (free === null || free > needed) return null;
  const megabytes = (bytes: number) => Math.ceil(bytes / 1024 ** 2);
  return `a copy of the database needs ${megabytes(needed)} MB beside it, and ${megabytes(free)} MB are free`;
}

/** Space that must stay free for what the service writes during the copy. */
const SPARE_BYTES = 64 * 1024 * 1024;

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Removes copies of the database that killed processes have left. */
function removeOldCopies(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = /^backup-(\d+)\.part/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(home, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

type WrittenBackup = Omit<TakenBackup, 'isVerified'>;
type Output = { readonly envelope: Envelope | null; readonly sink: Sink; readonly onProgress: BackupProgress };

async function writeAll({ facts, parts }: Source, { envelope, sink, onProgress }: Output): Promise<WrittenBackup> {
  const digest = createSha256();
  let bytes = 0;
  let what = '';
  async function* named(): AsyncGenerator<BackupPart> {
    for await (const part of parts) {
      what = part.name;
      yield part;
    }
  }
  const manifest = await writeBackup({ facts, parts: named(), envelope }, async (octets) => {
    digest.update(octets);
    bytes += octets.length;
    await sink(octets);
    onProgress({ what, bytes });
  });
  return { manifest, manifestSha256: sha256Hex(manifestBytes(manifest)), bytes, sha256: toHex(digest.digest()) };
}

/** Writes the file, and resolves when it is on the disk. */
async function writeFile(file: string, write: (sink: Sink) => Promise<WrittenBackup>): Promise<WrittenBackup> {
  const handle = await open(file, 'w', 0o600);
  try {
    const written = await write(async (octets) => {
      for (let at = 0; at < octets.length; ) at += (await handle.write(octets, at)).bytesWritten;
    });
    await handle.sync();
    return written;
  } finally {
    await handle.close();
  }
}

type Verification = {
  readonly envelope: Envelope | null;
  readonly written: WrittenBackup;
  readonly onProgress: BackupProgress;
};

/** Reads the backup as a restore does. Says what is wrong; null: the file has what was written. */
async function verifyWritten(file: string, { envelope, written, onProgress }: Verification): Promise<string | null> {
  async function* source(): AsyncGenerator<Bytes> {
    let bytes = 0;
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      bytes += (chunk as Bytes).length;
      onProgress({ what: VERIFYING, bytes });
      yield chunk as Bytes;
    }
  }
  const key = envelope === null ? null : ({ kind: 'content-key', key: envelope.contentKey } as const);
  const read = await readBackup(source(), { key });
  if (!read.ok) return faultText(read.error);
  return read.value.manifestSha256 === written.manifestSha256 ? null : 'it has another manifest';
}

/** The name that progress gives to reading the backup after writing. */
export const VERIFYING = 'verifying';
const CHUNK_BYTES = 1024 * 1024;
