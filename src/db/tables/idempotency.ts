/** Idempotency claims: the same request sent twice creates one certificate. */
import { assert, present } from '../../kernel/assert.js';
import { canonicalJson } from '../../kernel/json.js';
import type {
  ClaimRequest,
  IdempotencyClaim,
  IdempotencyOutcome,
  IdempotencyReads,
  IdempotencyWrites,
} from '../../ports/store/idempotency.js';
import { placeholders, rowPlaceholders, statementBatches } from '../engine/many.js';
import type { Session } from '../engine/session.js';
import { json, type Row, text } from './columns.js';

const KEY = ['account', 'route', 'key'] as const;

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
 * A different body under the same key is a mismatch, whether the first request is finished or not.
 */
function outcomeOf(row: Row, bodySha256: string): IdempotencyOutcome {
  if (text(row, 'body_sha256') !== bodySha256) return { kind: 'mismatch' };
  return row.result === null ? { kind: 'in-progress' } : { kind: 'done', result: json(row, 'result') };
}

/** The rows of these claims, by name. Claims without a row are left out. */
async function earlierOf(session: Session, claims: readonly IdempotencyClaim[]): Promise<ReadonlyMap<string, Row>> {
  const found = new Map<string, Row>();
  for (const some of statementBatches(claims)) {
    const keys = rowPlaceholders(some.length, placeholders(KEY.length));
    const sql = `select * from idempotency where (${KEY.join(', ')}) in (values ${keys})`;
    for (const row of await session.sql(sql, some.flatMap(bindingsOf))) found.set(nameOf(claimOf(row)), row);
  }
  return found;
}

export function idempotencyReads(session: Session): IdempotencyReads {
  return {
    peekClaims: async (requests) => {
      const earlier = await earlierOf(
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
    claimIdempotency: (requests, now) => claim(session, requests, now),
    finishClaims: (finished) => finish(session, finished),
    // Finished claims are kept, because their results were returned.
    releaseClaims: async (claims) => {
      for (const some of statementBatches(claims)) {
        const keys = rowPlaceholders(some.length, placeholders(KEY.length));
        const sql = `delete from idempotency where (${KEY.join(', ')}) in (values ${keys}) and result is null`;
        await session.sql(sql, some.flatMap(bindingsOf));
      }
    },
    deleteFinishedClaims: async (before, limit) => (await session.sql(DELETE_SQL, [before, limit])).length,
  };
}

const DELETE_SQL = `delete from idempotency where (${KEY.join(', ')}) in (
  select ${KEY.join(', ')} from idempotency where claimed_at < ? and result is not null order by claimed_at limit ?
) returning key`;

async function claim(
  session: Session,
  requests: readonly ClaimRequest[],
  now: number,
): Promise<readonly IdempotencyOutcome[]> {
  const fresh = new Set<string>();
  for (const some of statementBatches(requests)) {
    const row = '(?, ?, ?, ?, ?, null)';
    const inserted = await session.sql(
      `insert into idempotency (${KEY.join(', ')}, body_sha256, claimed_at, result)
        values ${rowPlaceholders(some.length, row)} on conflict (${KEY.join(', ')}) do nothing returning ${KEY.join(', ')}`,
      some.flatMap(({ claim: asked, bodySha256 }) => [...bindingsOf(asked), bodySha256, now]),
    );
    for (const one of inserted) fresh.add(nameOf(claimOf(one)));
  }
  // The first of several requests for one key gets the claim; the others find it in progress.
  const isFirst = requests.map(({ claim: asked }) => fresh.delete(nameOf(asked)));
  const others = requests.filter((_, at) => !isFirst[at]).map(({ claim: asked }) => asked);
  const earlier = await earlierOf(session, others);
  return requests.map(({ claim: asked, bodySha256 }, at) =>
    isFirst[at] === true
      ? { kind: 'claimed' }
      : outcomeOf(present(earlier.get(nameOf(asked)), 'claim that stands in the way'), bodySha256),
  );
}

async function finish(session: Session, finished: Parameters<IdempotencyWrites['finishClaims']>[0]): Promise<void> {
  for (const some of statementBatches(finished)) {
    const updated = await session.sql(
      `with finished (account, route, key, result) as (values ${rowPlaceholders(some.length, placeholders(KEY.length + 1))})
        update idempotency set result = finished.result from finished
        where ${KEY.map((column) => `idempotency.${column} = finished.${column}`).join(' and ')}
        returning idempotency.key as key`,
      some.flatMap(({ claim: done, result }) => [...bindingsOf(done), canonicalJson(result)]),
    );
    assert(updated.length === some.length, 'claims that are there');
  }
}
