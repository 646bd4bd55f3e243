/** Reads and writes remote updates of cards, and the statements that cards have signed. */
import { assert } from '../../../kernel/assert.js';
import { canonicalJson, type Json } from '../../../kernel/json.js';
import {
  type CardProof,
  type CardUpdate,
  STATEMENT_VERBS,
  SUPERSEDE_WAYS,
  UPDATE_CHANNELS,
  UPDATE_STATES,
  type UpdateChange,
  type UpdateReads,
  type UpdateState,
  type UpdatesPage,
  type UpdateWrites,
} from '../../../ports/store/cards/card-updates.js';
import { insert, padToPowerOfTwo, placeholders, rowPlaceholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { IS_LIVE_UPDATE } from '../../schema/card-updates.js';
import {
  AFTER_ALL_IDS,
  blob,
  bytesOrNull,
  integer,
  integerOrNull,
  json,
  oneOf,
  type Row,
  text,
  textOrNull,
} from '../columns.js';

export function updateReads(session: Session): UpdateReads {
  const whereIn = async (condition: string, values: readonly string[]): Promise<readonly CardUpdate[]> => {
    const found: CardUpdate[] = [];
    for (const batch of statementBatches(values).map(padToPowerOfTwo)) {
      const sql = `select * from card_updates where ${condition} in ${placeholders(batch.length)} order by id`;
      found.push(...(await session.sql(sql, batch)).map(updateOf));
    }
    return found;
  };
  return {
    updatesByIds: (ids) => whereIn('id', ids),
    updatesPage: (page) => updatesPage(session, page),
    liveUpdatesOf: (tokenIds) => whereIn(`${IS_LIVE_UPDATE} and card_token_id`, tokenIds),
    updatesByKeys: (keysSha256s) => whereIn('keys_sha256', keysSha256s),
    countUpdatesSince: async (tokenIds, since) => {
      const counts = new Map<string, number>();
      for (const batch of statementBatches(tokenIds).map(padToPowerOfTwo)) {
        const sql = `select card_token_id, count(*) as begun from card_updates
          where card_token_id in ${placeholders(batch.length)} and begun_at > ? and state <> 'failed'
          group by card_token_id`;
        for (const row of await session.sql(sql, [...batch, since]))
          counts.set(text(row, 'card_token_id'), integer(row, 'begun'));
      }
      return counts;
    },
    updatesDue: async (now, limit) => {
      const sql = 'select * from card_updates where due_at is not null and due_at <= ? order by due_at limit ?';
      return (await session.sql(sql, [now, limit])).map(updateOf);
    },
    updateTotals: async () => {
      const rows = await session.sql(
        `select state, updates from update_counts where ${IS_LIVE_UPDATE} and updates > 0`,
      );
      const [oldest] = await session.sql(
        `select min(state_at) as since from card_updates where state = 'undetermined'`,
      );
      return {
        byState: Object.fromEntries(rows.map((row) => [oneOf(row, 'state', UPDATE_STATES), integer(row, 'updates')])),
        undeterminedSince: oldest === undefined ? null : integerOrNull(oldest, 'since'),
      };
    },
    proofsOfUpdate: async (updateId) =>
      (await session.sql('select * from card_proofs where update_id = ? order by id', [updateId])).map(proofOf),
  };
}

async function updatesPage(
  session: Session,
  { cardTokenId, state, before, limit }: UpdatesPage,
): Promise<readonly CardUpdate[]> {
  const conditions = [
    'id < ?',
    ...(cardTokenId === null ? [] : ['card_token_id = ?']),
    ...(state === null ? [] : ['state = ?']),
  ];
  const values = [
    before ?? AFTER_ALL_IDS,
    ...(cardTokenId === null ? [] : [cardTokenId]),
    ...(state === null ? [] : [state]),
  ];
  const sql = `select * from card_updates where ${conditions.join(' and ')} order by id desc limit ?`;
  return (await session.sql(sql, [...values, limit])).map(updateOf);
}

export function updateWrites(session: Session): UpdateWrites {
  return {
    insertUpdates: async (updates) => {
      for (const batch of statementBatches(updates.map(columnsOf))) await insert(session, 'card_updates', batch);
      await countStates(
        session,
        updates.map(({ state }) => ({ from: null, to: state })),
      );
    },
    offerUpdates: async (ids, at) => {
      const offered: CardUpdate[] = [];
      for (const batch of statementBatches(ids).map(padToPowerOfTwo)) {
        const sql = `update card_updates set state = 'offered', state_at = cast(? as bigint),
            offered_at = cast(? as bigint), due_at = cast(? as bigint) + confirm_within_ms, version = version + 1
          where state = 'issuing' and id in ${placeholders(batch.length)} returning *`;
        offered.push(...(await session.sql(sql, [at, at, at, ...batch])).map(updateOf));
      }
      await countStates(
        session,
        offered.map(({ state }) => ({ from: 'issuing', to: state })),
      );
      return offered;
    },
    changeUpdates: (changes) => changeUpdates(session, changes),
    insertCardProofs: async (proofs) => {
      for (const batch of statementBatches(proofs.map(proofColumns))) await insert(session, 'card_proofs', batch);
    },
  };
}

async function changeUpdates(session: Session, changes: readonly UpdateChange[]): Promise<void> {
  for (const batch of statementBatches(changes)) {
    const row = '(?, cast(? as bigint), ?, ?, cast(? as bigint), cast(? as bigint), ?, ?)';
    const changed = await session.sql(
      `with changed (id, version, state_before, state, state_at, due_at, ended_by, detail) as (values ${rowPlaceholders(batch.length, row)})
        update card_updates set state = changed.state, state_at = changed.state_at, due_at = changed.due_at,
          ended_by = coalesce(changed.ended_by, card_updates.ended_by),
          detail = coalesce(changed.detail, card_updates.detail), version = card_updates.version + 1
        from changed where card_updates.id = changed.id and card_updates.version = changed.version
          and card_updates.state = changed.state_before
        returning card_updates.id as id`,
      batch.flatMap(({ id, version, from, state, stateAt, dueAt, endedBy = null, detail = null }) => [
        id,
        version,
        from,
        state,
        stateAt,
        dueAt,
        endedBy,
        detail,
      ]),
    );
    assert(changed.length === batch.length, 'updates that were read in this transaction');
  }
  await countStates(
    session,
    changes.map(({ from, state }) => ({ from, to: state })),
  );
}

/** Describes a change of state of one update. `from` is null if the update is new. */
type StateChange = { readonly from: UpdateState | null; readonly to: UpdateState };

/**
 * Updates the numbers of updates in each state. Every transaction changes the same few rows, which
 * costs no time, because transactions are serial anyway.
 */
async function countStates(session: Session, changes: readonly StateChange[]): Promise<void> {
  const differences = new Map<UpdateState, number>();
  const add = (state: UpdateState, difference: number): void =>
    void differences.set(state, (differences.get(state) ?? 0) + difference);
  for (const { from, to } of changes) {
    if (from !== null) add(from, -1);
    add(to, 1);
  }
  const changed = [...differences].filter(([, difference]) => difference !== 0);
  if (changed.length === 0) return;
  await session.sql(
    `with differences (state, difference) as (values ${rowPlaceholders(changed.length, '(?, cast(? as bigint))')})
      update update_counts set updates = updates + differences.difference
      from differences where update_counts.state = differences.state`,
    changed.flat(),
  );
}

function updateOf(row: Row): CardUpdate {
  return {
    id: text(row, 'id'),
    cardTokenId: text(row, 'card_token_id'),
    accountId: text(row, 'account_id'),
    campaignId: textOrNull(row, 'campaign_id'),
    state: oneOf(row, 'state', UPDATE_STATES),
    stateAt: integer(row, 'state_at'),
    begunAt: integer(row, 'begun_at'),
    offeredAt: integerOrNull(row, 'offered_at'),
    dueAt: integerOrNull(row, 'due_at'),
    oldIds: idsOf(json(row, 'old_ids')),
    newIds: idsOf(json(row, 'new_ids')),
    keysSha256: text(row, 'keys_sha256'),
    confirmWithinMs: integer(row, 'confirm_within_ms'),
    overlapMs: integer(row, 'overlap_ms'),
    supersede: oneOf(row, 'supersede', SUPERSEDE_WAYS),
    channel: oneOf(row, 'channel', UPDATE_CHANNELS),
    reader: text(row, 'reader'),
    middleware: text(row, 'middleware'),
    endedBy: textOrNull(row, 'ended_by'),
    detail: textOrNull(row, 'detail'),
    version: integer(row, 'version'),
  };
}

function idsOf(stored: Json): readonly string[] {
  return stored as readonly string[];
}

function columnsOf(update: CardUpdate) {
  return {
    id: update.id,
    card_token_id: update.cardTokenId,
    account_id: update.accountId,
    campaign_id: update.campaignId,
    state: update.state,
    state_at: update.stateAt,
    begun_at: update.begunAt,
    offered_at: update.offeredAt,
    due_at: update.dueAt,
    old_ids: canonicalJson(update.oldIds),
    new_ids: canonicalJson(update.newIds),
    keys_sha256: update.keysSha256,
    confirm_within_ms: update.confirmWithinMs,
    overlap_ms: update.overlapMs,
    supersede: update.supersede,
    channel: update.channel,
    reader: update.reader,
    middleware: update.middleware,
    ended_by: update.endedBy,
    detail: update.detail,
    version: update.version,
  };
}

function proofOf(row: Row): CardProof {
  return {
    id: text(row, 'id'),
    updateId: textOrNull(row, 'update_id'),
    certificateId: text(row, 'certificate_id'),
    cardTokenId: text(row, 'card_token_id'),
    verb: oneOf(row, 'verb', STATEMENT_VERBS),
    statement: text(row, 'statement'),
    signature: bytesOrNull(row, 'signature'),
    cms: bytesOrNull(row, 'cms'),
    sha256: text(row, 'sha256'),
    acceptedAt: integer(row, 'accepted_at'),
  };
}

function proofColumns(proof: CardProof) {
  return {
    id: proof.id,
    update_id: proof.updateId,
    certificate_id: proof.certificateId,
    card_token_id: proof.cardTokenId,
    verb: proof.verb,
    sha256: proof.sha256,
    accepted_at: proof.acceptedAt,
    statement: proof.statement,
    signature: proof.signature === null ? null : blob(proof.signature),
    cms: proof.cms === null ? null : blob(proof.cms),
  };
}
