/**
 * The limit for what is stored: plain INSERTs of rows as large as a certificate's into a
 * PostgreSQL that is as durable as ours must be.
 */
import pg from 'pg';
import { createCluster, type PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';

const ROW_BYTES = 1_500;
const GROUP_ROWS = 100;
/** As many as a store has at most. */
const CONNECTIONS = 6;

export type PostgresqlRates = {
  /** Transactions of one row a second, one after the other. */
  readonly singles: number;
  /** Single commits on several connections: the server groups their syncs. */
  readonly concurrent: number;
  readonly connections: number;
  /** Rows a second in transactions of 100. */
  readonly grouped: number;
};

export async function measurePostgresql(seconds: number): Promise<PostgresqlRates> {
  const cluster = await createCluster();
  try {
    const database = await cluster.create();
    const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(database)));
    try {
      return await measure(clients, seconds);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  } finally {
    await cluster.remove();
  }
}

async function measure(clients: readonly pg.Client[], seconds: number): Promise<PostgresqlRates> {
  const [first] = clients;
  if (first === undefined) throw new Error('no connection');
  await first.query('create table plain (id bigserial primary key, body bytea not null)');
  const body = Buffer.alloc(ROW_BYTES, 7);
  const text = 'insert into plain (body) values ($1)';
  const insert = (client: pg.Client) => client.query({ name: 'plain', text, values: [body] });
  const rateOf = async (rows: number, work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    let count = 0;
    for (; performance.now() - began < seconds * 1000; count += rows) await work();
    return count / ((performance.now() - began) / 1000);
  };
  const singles = await rateOf(1, () => insert(first));
  const rates = await Promise.all(clients.map((client) => rateOf(1, () => insert(client))));
  const grouped = await rateOf(GROUP_ROWS, async () => {
    await first.query('begin');
    const ids = Array.from({ length: GROUP_ROWS }, (_, at) => `($${at + 1})`);
    await first.query({
      name: 'grouped',
      text: `insert into plain (body) values ${ids.join(', ')}`,
      values: Array.from({ length: GROUP_ROWS }, () => body),
    });
    await first.query('commit');
  });
  return { singles, concurrent: rates.reduce((sum, rate) => sum + rate, 0), connections: clients.length, grouped };
}

export async function connect({ host, port, database, user, password }: PostgresqlDatabase): Promise<pg.Client> {
  const client = new pg.Client({ host, port, database, user, password: password ?? undefined });
  await client.connect();
  return client;
}
