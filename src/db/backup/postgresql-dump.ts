/**
 * Dumps a PostgreSQL database with pg_dump, from a snapshot that another connection has exported
 * (`pg_export_snapshot`), so that the facts that were read on that connection are true of the dump.
 */
import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { PostgresqlOptions } from '../engine/postgresql.js';

export type PostgresqlTools = {
  /** The `PATH` in which the programs of PostgreSQL are looked for. */
  readonly searchPath: string;
  /** The file with the CA certificates of the server (`tls.ca`); null: no TLS. */
  readonly caFile: string | null;
};

/** The octets of a database. They are read once, or discarded. */
export type DatabaseContent = { readonly content: AsyncIterable<Bytes>; readonly discard: () => void };

/**
 * Starts pg_dump, and resolves when its output has begun. From then on the snapshot is not needed
 * any more. If pg_dump fails, reading the content throws an error with its message.
 */
export async function startDump(
  options: PostgresqlOptions,
  { snapshot, tools }: { readonly snapshot: string; readonly tools: PostgresqlTools },
): Promise<DatabaseContent> {
  const args = ['--format=custom', `--snapshot=${snapshot}`, '--no-password', `--lock-wait-timeout=${MINUTE_MS}`];
  const child = spawn('pg_dump', args, {
    env: await libpqEnvironmentOf(options, tools, 'pfcng backup'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // When a process ends, Node discards the part of its output that was not read yet.
  const output = child.stdout.pipe(new PassThrough());
  let errorOutput = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-ERROR_OUTPUT_CHARACTERS_MAX);
  });
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', ({ message }) => {
      output.end();
      resolve(`pg_dump cannot be started (${message}): install the programs of PostgreSQL`);
    });
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : errorOutput.trim() || `pg_dump ended with ${signal ?? code}`),
    );
  });
  await Promise.race([once(output, 'readable'), ended]);
  async function* content(): AsyncGenerator<Bytes> {
    let bytes = 0;
    try {
      for await (const chunk of output) {
        bytes += (chunk as Bytes).length;
        yield chunk as Bytes;
      }
      const fault = await ended;
      if (fault !== null) throw new Error(fault);
      assert(bytes > 0, 'a dump is not empty');
    } finally {
      child.kill('SIGKILL');
    }
  }
  return { content: content(), discard: () => void child.kill('SIGKILL') };
}

const ERROR_OUTPUT_CHARACTERS_MAX = 2_000;

/**
 * Returns the environment variables of libpq for the programs of PostgreSQL. These inherit no other
 * variable, and the password is in no argument that others can see. `application`: the name that
 * the server shows for the connection. Rejects if the host name has no address.
 */
export async function libpqEnvironmentOf(
  { host, port, database, user, password, tls }: PostgresqlOptions,
  { searchPath, caFile }: PostgresqlTools,
  application: string,
): Promise<NodeJS.ProcessEnv> {
  const name = tls?.serverName ?? host;
  return {
    PATH: searchPath,
    PGHOST: name,
    // libpq checks the certificate against PGHOST and connects to PGHOSTADDR.
    ...(name === host ? {} : { PGHOSTADDR: (await lookup(host)).address }),
    PGPORT: String(port),
    PGDATABASE: database,
    PGUSER: user,
    PGAPPNAME: application,
    PGCONNECT_TIMEOUT: String((10 * SECOND_MS) / SECOND_MS),
    PGSSLMODE: tls === null ? 'disable' : 'verify-full',
    ...(caFile === null ? {} : { PGSSLROOTCERT: caFile, PGSSLMINPROTOCOLVERSION: 'TLSv1.2' }),
    ...(password === null ? {} : { PGPASSWORD: password() }),
  };
}
