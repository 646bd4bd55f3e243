/** Reads and writes idempotency claims: a request that is sent twice is executed once. */
import { assert, present } from '../../kernel/assert.js';
import { canonicalJson } from '../../kernel/json.js';
import type {
  ClaimRequest,
  IdempotencyClaim,
  IdempotencyOutcome,
  IdempotencyReads,
  IdempotencyWrites,
} from '../../ports/store/idempotency.js';
import { placeholders, rowPlaceholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { json, type Row, text } from './columns.js';

const CLAIM_COLUMNS = ['account', 'route', 'key'] as const;

function bindingsOf({ account, route, key }: IdempotencyClaim): readonly string[] {
  return [account, route, key];
}

function nameOf({ account, route, key }: IdempotencyClaim): string {
  return JSON.stringify([account, route, key]);
}

function claimOf(row: Row): IdempotencyClaim {
  return { account: text(row, 'account'), route: text(row, 'route'), key: text(row, 'key') };
}

/**
 * Returns the outcome for a request whose key was used before. A different body is a mismatch,
 * whether the first request is finished or not.
 */
function outcomeOf(row: Row, bodySha256: string): IdempotencyOutcome {
  if (text(row, 'body_sha256') !== bodySha256) return { kind: 'mismatch' };
  return row.result === null ? { kind: 'in-progress' } : { kind: 'done', result: json(row, 'result') };
}

/**
 * Returns the rows of these claims, by the text that `nameOf` makes of each claim. Claims without a
 * row are left out.
 */
async function rowsOfClaims(session: Session, claims: readonly IdempotencyClaim[]): Promise<ReadonlyMap<string, Row>> {
  const found = new Map<string, Row>();
  for (const batch of statementBatches(claims)) {
    const keys = rowPlaceholders(batch.length, placeholders(CLAIM_COLUMNS.length));
    const sql = `select * from idempotency where (${CLAIM_COLUMNS.join(', ')}) in (values ${keys})`;
    for (const row of await session.sql(sql, batch.flatMap(bindingsOf))) found.set(nameOf(claimOf(row)), row);
  }
  return found;
}

export function idempotencyReads(session: Session): IdempotencyReads {
  return {
    peekClaims: async (requests) => {
      const earlier = await rowsOfClaims(
        session,
        requests.map(({ claim }) => claim),
      );
      return requests.map(({ claim, bodySha256 }) => {
        const row = earlier.get(nameOf(claim));
        return row === undefined ? { kind: 'claimed' } : outcomeOf(row, bodySha256);
      });
    },
  };
}

export function idempotencyWrites(session: Session): IdempotencyWrites {
  return {
    claimIdempotency: (requests, now) => claimKeys(session, requests, now),
    finishClaims: (finished) => finishClaims(session, finished),
    // Finished claims are not deleted here, because their results were returned to clients.
    releaseClaims: async (claims) => {
      for (const batch of statementBatches(claims)) {
        const keys = rowPlaceholders(batch.length, placeholders(CLAIM_COLUMNS.length));
        const sql = `delete from idempotency where (${CLAIM_COLUMNS.join(', ')}) in (values ${keys}) and result is null`;
        await session.sql(sql, batch.flatMap(bindingsOf));
      }
    },
    deleteFinishedClaims: async (before, limit) => (await session.sql(DELETE_SQL, [before, limit])).length,
  };
}

const DELETE_SQL = `delete from idempotency where (${CLAIM_COLUMNS.join(', ')}) in (
  select ${CLAIM_COLUMNS.join(', ')} from idempotency where claimed_at < ? and result is not null
    order by claimed_at limit ?
) returning key`;

async function claimKeys(
  session: Session,
  requests: readonly ClaimRequest[],
  now: number,
): Promise<readonly IdempotencyOutcome[]> {
  const fresh = new Set<string>();
  for (const batch of statementBatches(requests)) {
    const row = '(?, ?, ?, ?, ?, null)';
    const inserted = await session.sql(
      `insert into idempotency (${CLAIM_COLUMNS.join(', ')}, body_sha256, claimed_at, result)
        values ${rowPlaceholders(batch.length, row)} on conflict (${CLAIM_COLUMNS.join(', ')}) do nothing
        returning ${CLAIM_COLUMNS.join(', ')}`,
      batch.flatMap(({ claim, bodySha256 }) => [...bindingsOf(claim), bodySha256, now]),
    );
    for (const one of inserted) fresh.add(nameOf(claimOf(one)));
  }
  // If several of these requests have the same key, the first gets the claim, and the others find
  // it in progress, or their body does not match.
  const isFirst = requests.map(({ claim }) => fresh.delete(nameOf(claim)));
  const others = requests.filter((_, at) => !isFirst[at]).map(({ claim }) => claim);
  const earlier = await rowsOfClaims(session, others);
  return requests.map(({ claim, bodySha256 }, at) =>
    isFirst[at] === true
      ? { kind: 'claimed' }
      : outcomeOf(present(earlier.get(nameOf(claim)), 'claim that stands in the way'), bodySha256),
  );
}

async function finishClaims(
  session: Session,
  finished: Parameters<IdempotencyWrites['finishClaims']>[0],
): Promise<void> {
  for (const batch of statementBatches(finished)) {
    const updated = await session.sql(
      `with finished (account, route, key, result)
          as (values ${rowPlaceholders(batch.length, placeholders(CLAIM_COLUMNS.length + 1))})
        update idempotency set result = finished.result from finished
        where ${CLAIM_COLUMNS.map((column) => `idempotency.${column} = finished.${column}`).join(' and ')}
        returning idempotency.key as key`,
      batch.flatMap(({ claim: done, result }) => [...bindingsOf(done), canonicalJson(result)]),
    );
    assert(updated.length === batch.length, 'claims that are there');
  }
}
