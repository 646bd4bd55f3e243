/**
 * Fills the database of a home with revoked certificates of one authority, and some that are not,
 * which nobody signed: a statement makes a hundred thousand of them. The schema must be there,
 * the service must not run. A process of its own, the home in its environment: `node
 * fill-revoked.js ISSUER REVOKED ISSUED`. What is issued was born in hours of a thousand each,
 * from `ISSUED_FROM` on.
 */
import { loadHome } from '../../../src/compose/home.js';
import { splitIssuerId } from '../../../src/db/tables/issuers.js';
import { recordIdFrom } from '../../../src/issuance/intent.js';
import type { IssuerId } from '../../../src/ports/signer.js';
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
  /** Ids of version 7 have the time of birth in front. */
  readonly id: (born: number) => string;
  readonly serial: string;
  readonly octets: (count: number) => string;
  readonly digest: string;
};

const SQLITE: Dialect = {
  numbers: ({ from, to }) =>
    `with recursive n(i) as (select ${from} union all select i + 1 from n where i + 1 < ${to})`,
  id: (born) => `printf('${prefixOf(born)}%012x', i)`,
  serial: `printf('%02x', 1 + abs(random()) % 126) || lower(hex(randomblob(15)))`,
  octets: (count) => `randomblob(${count})`,
  digest: 'lower(hex(randomblob(32)))',
};
const POSTGRESQL: Dialect = {
  numbers: ({ from, to }) => `with n(i) as (select * from generate_series(${from}, ${to - 1}))`,
  id: (born) => `'${prefixOf(born)}' || lpad(to_hex(i), 12, '0')`,
  serial: `lpad(to_hex(1 + (random() * 125)::int), 2, '0') || substr(md5(random()::text || i), 1, 30)`,
  octets: (count) => `decode(repeat(md5(random()::text), ${Math.ceil(count / 16)}), 'hex')`,
  digest: 'md5(random()::text) || md5(random()::text)',
};

const HOLDER =
  '{"application":"BENCH","kind":"organisation","structure":{"department":"Paris (75)","id":"10B0057881","name":"BENCH"}}';

type Rows = { readonly range: Range; readonly state: string; readonly born: number };

function certificates(dialect: Dialect, { range, state, born }: Rows): string {
  const { numbers, id, serial, octets, digest } = dialect;
  const end = Date.now() + 2 * YEAR_MS;
  const columns = `id, issuer, serial, status, state_at, reason, not_before, not_after, created_at, profile, policy_digest, holder_id,
    spki_sha256, account_id, holder, card, identity, signature, tbs,
    intent_seq, issued_seq, becomes`;
  const insert = `insert into certificates (${columns})`;
  const select = `select ${id(born)}, '${issuer}', ${serial}, ${state}, ${born}, ${end}, ${born}, '${FILLED_PROFILE}',
    '${'d'.repeat(64)}', 'BENCH', ${digest}, 'card-management',
    '${HOLDER}', 'null', 'null', ${octets(72)}, ${octets(TBS_OCTETS)}, 1, 1, 'issued' from n`;
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
  const { authority, generation } = splitIssuerId(issuer as IssuerId);
  const rows = Number(revoked);
  const base = Math.floor(Date.now() / 1_000) % 1_000_000_000;
  await sink.run(`insert into issuers (issuer, authority, generation) values ('${issuer}', '${authority}', ${generation})
    on conflict do nothing`);
  const at = Date.now() - HOUR_MS;
  for (let from = 0; from < rows; from += ROWS_A_STATEMENT) {
    const range = { from: base * 10_000 + from, to: base * 10_000 + Math.min(rows, from + ROWS_A_STATEMENT) };
    const reason = `case i % 4 when 0 then 'unspecified' when 1 then 'keyCompromise' else 'superseded' end`;
    await sink.run('begin');
    await sink.run(certificates(dialect, { range, state: `'revoked', ${at}, ${reason}`, born: at - HOUR_MS }));
    const [first, last] = [range.from, range.to - 1].map(
      (i) => `select ${dialect.id(at - HOUR_MS)} from (select ${i} as i) as one`,
    );
    await sink.run(
      `insert into status_events (certificate_id, issuer, at, actor, audit_seq, affects_status, status, state_at, reason)
        select id, issuer, ${at}, 'account:officer-1', 1, true, status, state_at, reason from certificates
        where id >= (${first}) and id <= (${last})`,
    );
    await sink.run('commit');
    process.stderr.write(`bench: ${Math.min(rows, from + ROWS_A_STATEMENT)} revoked\n`);
  }
  await sink.run('begin');
  for (let made = 0; made < Number(issued); made += ISSUED_AN_HOUR) {
    const range = { from: base * 10_000 + rows + made, to: base * 10_000 + rows + made + ISSUED_AN_HOUR };
    const born = ISSUED_FROM + (made / ISSUED_AN_HOUR) * HOUR_MS;
    await sink.run(certificates(dialect, { range, state: `'issued', null, null`, born }));
  }
  await sink.run('commit');
  await sink.finish();
}

function prefixOf(born: number): string {
  return `${recordIdFrom(born, new Uint8Array(10)).slice(0, 14)}7000-8000-`;
}

await fill();
