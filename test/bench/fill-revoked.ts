/**
 * Fills the database of a home with revoked certificates of one authority, and some that are not, which nobody signed: a statement makes
 * a hundred thousand of them. The schema must be there, the service must not run. A process of its own, the home in its environment:
 * `node fill-revoked.js ISSUER REVOKED ISSUED`. What is issued was born in hours of a thousand each, from `ISSUED_FROM` on.
 */

import { loadHome } from '../../src/compose-home.js';
import { generationOf } from '../../src/db/issuers.js';
import type { IssuerId } from '../../src/ports/signer.js';
import { openSink } from './fill-sinks.js';
import { FILLED_PROFILE, ISSUED_AN_HOUR, ISSUED_FROM } from './filled.js';

const ROWS_A_STATEMENT = 100_000;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const TBS_OCTETS = 200;

const [issuer = '', revoked = '', issued = ''] = process.argv.slice(2);

type Range = { readonly from: number; readonly to: number };
type Dialect = {
  /** A table `n` of `i`. */
  readonly numbers: (range: Range) => string;
  readonly id: string;
  readonly serial: string;
  readonly octets: (count: number) => string;
  readonly digest: string;
};

const SQLITE: Dialect = {
  numbers: ({ from, to }) =>
    `with recursive n(i) as (select ${from} union all select i + 1 from n where i + 1 < ${to})`,
  id: `printf('00000000-0000-7000-8000-%012x', i)`,
  serial: `printf('%02x', 1 + abs(random()) % 126) || lower(hex(randomblob(15)))`,
  octets: (count) => `randomblob(${count})`,
  digest: 'lower(hex(randomblob(32)))',
};
const POSTGRESQL: Dialect = {
  numbers: ({ from, to }) => `with n(i) as (select * from generate_series(${from}, ${to - 1}))`,
  id: `'00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0')`,
  serial: `lpad(to_hex(1 + (random() * 125)::int), 2, '0') || substr(md5(random()::text || i), 1, 30)`,
  octets: (count) => `decode(repeat(md5(random()::text), ${Math.ceil(count / 16)}), 'hex')`,
  digest: 'md5(random()::text) || md5(random()::text)',
};

const HOLDER =
  '{"application":"BENCH","kind":"organisation","structure":{"department":"Paris (75)","id":"10B0057881","name":"BENCH"}}';

type Rows = { readonly range: Range; readonly state: string; readonly createdAt: string };

function certificates(dialect: Dialect, { range, state, createdAt }: Rows): string {
  const { numbers, id, serial, octets, digest } = dialect;
  const end = Date.now() + 2 * YEAR_MS;
  const columns = `id, issuer, serial, status, state_at, reason, not_before, not_after, created_at, profile, policy_digest, holder_id,
    spki_sha256, account_id, holder, card, identity, signature, tbs`;
  const insert = `insert into certificates (${columns})`;
  const select = `select ${id}, '${issuer}', ${serial}, ${state}, ${createdAt}, ${end}, ${createdAt}, '${FILLED_PROFILE}',
    '${'d'.repeat(64)}', 'BENCH', ${digest}, 'card-management', '${HOLDER}', 'null', 'null', ${octets(72)}, ${octets(TBS_OCTETS)} from n`;
  // SQLite wants the numbers before the insert, PostgreSQL takes them there too.
  return `${numbers(range)} ${insert} ${select}`;
}

async function fill(): Promise<void> {
  const loaded = loadHome();
  if (!loaded.ok) throw new Error(loaded.error.faults.join('; '));
  const home = loaded.value;
  const isPostgresql = home.config.database.kind === 'postgresql';
  const dialect = isPostgresql ? POSTGRESQL : SQLITE;
  const sink = await openSink(home);
  const { authority, generation } = generationOf(issuer as IssuerId);
  const rows = Number(revoked);
  const base = Math.floor(Date.now() / 1_000) % 1_000_000_000;
  await sink.run(`insert into issuers (issuer, authority, generation) values ('${issuer}', '${authority}', ${generation})
    on conflict do nothing`);
  const at = Date.now() - HOUR_MS;
  for (let from = 0; from < rows; from += ROWS_A_STATEMENT) {
    const range = { from: base * 10_000 + from, to: base * 10_000 + Math.min(rows, from + ROWS_A_STATEMENT) };
    const reason = `case i % 4 when 0 then 'unspecified' when 1 then 'keyCompromise' else 'superseded' end`;
    await sink.run('begin');
    await sink.run(
      certificates(dialect, { range, state: `'revoked', ${at}, ${reason}`, createdAt: String(at - HOUR_MS) }),
    );
    await sink.run(
      `insert into status_events (certificate_id, issuer, at, actor, status, state_at, reason)
        select id, issuer, ${at}, 'officer-1', status, state_at, reason from certificates
        where id >= (${idAt(dialect, range.from)}) and id <= (${idAt(dialect, range.to - 1)})`,
    );
    await sink.run('commit');
    process.stderr.write(`bench: ${Math.min(rows, from + ROWS_A_STATEMENT)} revoked\n`);
  }
  const alive = Number(issued);
  if (alive > 0) {
    const range = { from: base * 10_000 + rows, to: base * 10_000 + rows + alive };
    const hour = `${ISSUED_FROM} + ((i - ${range.from}) / ${ISSUED_AN_HOUR}) * ${HOUR_MS}`;
    await sink.run('begin');
    await sink.run(certificates(dialect, { range, state: `'issued', null, null`, createdAt: hour }));
    await sink.run('commit');
  }
  await sink.finish();
}

function idAt({ id }: Dialect, number: number): string {
  return `select ${id} from (select ${number} as i) as one`;
}

await fill();
