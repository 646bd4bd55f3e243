/** Idempotency claims: the same request twice is one certificate. */
import { assert } from '../kernel/assert.js';
import { canonicalJson } from '../kernel/json.js';
import type { IdempotencyClaim, IdempotencyOutcome, Reads, Transaction } from '../ports/store.js';
import { json, type Row, text } from './columns.js';
import type { Session } from './session.js';

function keyOf({ account, route, key }: IdempotencyClaim) {
  return { account, route, key };
}

/** Another body under a key is told so whether the first is finished or not. */
function outcomeOf(row: Row, bodySha256: string): IdempotencyOutcome {
  if (text(row, 'body_sha256') !== bodySha256) return { kind: 'mismatch' };
  return row.result === null ? { kind: 'in-progress' } : { kind: 'done', result: json(row, 'result') };
}

export function idempotencyReads(session: Session): Pick<Reads, 'peekClaim'> {
  return {
    peekClaim: async (claim, bodySha256) => {
      const row = await session.first(session.db('idempotency').where(keyOf(claim)));
      return row === null ? { kind: 'claimed' } : outcomeOf(row, bodySha256);
    },
  };
}

type ClaimWrites = Pick<Transaction, 'claimIdempotency' | 'finishClaim' | 'releaseClaim'>;

export function idempotencyWrites(session: Session): ClaimWrites {
  const { db } = session;
  return {
    claimIdempotency: async (claim, bodySha256, now) => {
      const row = { ...keyOf(claim), body_sha256: bodySha256, claimed_at: now, result: null };
      const insert = db('idempotency').insert(row).onConflict(['account', 'route', 'key']).ignore().returning('key');
      if ((await session.rows(insert)).length === 1) return { kind: 'claimed' };
      const earlier = await session.first(db('idempotency').where(keyOf(claim)).forUpdate());
      assert(earlier !== null, 'a claim that stands in the way is there');
      return outcomeOf(earlier, bodySha256);
    },
    finishClaim: async (claim, result) => {
      const finish = db('idempotency')
        .where(keyOf(claim))
        .update({ result: canonicalJson(result) });
      assert((await session.changes(finish)) === 1, 'a claim that is there');
    },
    // A finished claim stays: its answer was given.
    releaseClaim: async (claim) => {
      await session.changes(db('idempotency').where(keyOf(claim)).whereNull('result').delete());
    },
  };
}
