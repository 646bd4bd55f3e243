/**
 * A plain backup of a stopped service, written with the writer of archives, so that tests of
 * restores can also write backups that no command would write.
 */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEnvelope } from '../../../src/backup/envelope.js';
import { type BackupFacts, PART } from '../../../src/backup/manifest.js';
import { type BackupPart, writeBackup } from '../../../src/backup/write.js';
import { homeParts, policyParts } from '../../../src/compose/backup/home-files.js';
import { homePaths } from '../../../src/config/paths.js';
import { programLevelOf } from '../../../src/db/schema/levels.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { binaries } from '../db/postgresql-cluster.js';
import { rawDatabase } from '../db/raw.js';
import type { ServiceHome } from '../service/home.js';

const run = promisify(execFile);

export type TestBackup = { readonly file: string; readonly manifestSha256: string; readonly facts: BackupFacts };

type BackUpOptions = {
  /** Makes other facts of the true ones. */
  readonly change?: (facts: BackupFacts) => BackupFacts;
  /** Certificates, PEM; none: it is not encrypted. */
  readonly recipients?: readonly Bytes[];
  /** More parts, by their names, before all others. */
  readonly forged?: Readonly<Record<string, string>>;
};

/** Nothing may run on the home meanwhile. */
export async function backUp(
  at: ServiceHome,
  file: string,
  { change = (facts) => facts, recipients = [], forged = {} }: BackUpOptions = {},
): Promise<TestBackup> {
  const facts = change(await factsOf(at));
  const envelope = recipients.length === 0 ? null : await createEnvelope(recipients);
  const output = createWriteStream(file);
  const manifest = await writeBackup({ facts, parts: partsOf(at, forged), envelope }, async (octets: Bytes) => {
    if (!output.write(octets)) await new Promise<void>((resolve) => output.once('drain', () => resolve()));
  });
  await new Promise<void>((resolve) => output.end(() => resolve()));
  return { file, manifestSha256: sha256Hex(utf8(`${JSON.stringify(manifest, null, 2)}\n`)), facts };
}

async function factsOf(at: ServiceHome): Promise<BackupFacts> {
  const raw = await rawDatabase(at.database);
  const [id] = await raw.all(`select value from meta where key = 'mark:database-id'`);
  const [head] = await raw.all('select seq, chain_hash from audit_entries order by seq desc limit 1');
  const crls = await raw.all('select issuer, scope, max(number) as number from crls group by issuer, scope');
  const tables = await raw.all(
    at.database.kind === 'sqlite'
      ? `select name from sqlite_master where type = 'table'`
      : `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await raw.all(`select count(*) as count from ${name}`);
    rows[String(name)] = Number(row?.count);
  }
  await raw.close();
  const { id: node } = JSON.parse(readFileSync(homePaths(at.home).node, 'utf8')) as { readonly id: string };
  return {
    environment: 'development',
    installation: String(id?.value),
    node,
    software: 'test',
    takenAt: new Date().toISOString(),
    database: { kind: at.database.kind, level: programLevelOf(), rows },
    audit: { seq: Number(head?.seq), chainHash: Buffer.from(head?.chain_hash as Uint8Array).toString('hex') },
    crls: crls.map(({ issuer, scope, number }) => ({
      issuer: String(issuer),
      scope: String(scope),
      number: Number(number),
    })),
  };
}

async function* partsOf(at: ServiceHome, forged: Readonly<Record<string, string>>): AsyncGenerator<BackupPart> {
  const { database, home, configFile } = at;
  for (const [name, content] of Object.entries(forged)) yield { name, content: only(utf8(content)) };
  if (database.kind === 'sqlite') yield { name: PART.sqlite, content: createReadStream(database.file) };
  else yield { name: PART.dump, content: await dumpOf(database) };
  yield { name: PART.configuration, content: createReadStream(configFile) };
  const { policies } = JSON.parse(readFileSync(configFile, 'utf8')) as { readonly policies: string };
  yield* policyParts(policies);
  yield* homeParts(home);
}

async function* only(octets: Bytes): AsyncGenerator<Bytes> {
  yield octets;
}

async function dumpOf(database: Extract<ServiceHome['database'], { readonly kind: 'postgresql' }>) {
  const { host, port, user, password } = database;
  const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password?.() ?? '' };
  const options = ['--format=custom', '--no-password', database.database];
  const { stdout } = await run(join(binaries(), 'pg_dump'), options, {
    env,
    encoding: 'buffer',
    maxBuffer: 1024 ** 3,
  });
  return only(new Uint8Array(stdout));
}
