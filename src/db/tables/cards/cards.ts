/**
 * Reads and writes cards, holders and open procedures. Before intents are stored, one statement
 * reads the states of their cards and holders. Another one writes the cards that are new or have
 * changed.
 */
import { assert, present } from '../../../kernel/assert.js';
import type { Instant } from '../../../kernel/clock.js';
import { canonicalJson } from '../../../kernel/json.js';
import type {
  CapabilityReport,
  CardFacts,
  CardReads,
  CardState,
  CardWrites,
  IssuanceStates,
  OpenProcedure,
  StoredCard,
} from '../../../ports/store/cards/cards.js';
import { padToPowerOfTwo, placeholders, rowPlaceholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { integer, integerOrNull, oneOf, type Row, text } from '../columns.js';
import { cardOf, factsOf, holderOf, procedureOf } from './card-row.js';

export function cardReads(session: Session): CardReads {
  const whereIn = async <Found>(
    tableColumn: `${string}.${string}`,
    values: readonly string[],
    read: (row: Row) => Found,
  ): Promise<readonly Found[]> => {
    const [table = '', column = ''] = tableColumn.split('.');
    const found: Found[] = [];
    for (const batch of statementBatches(values).map(padToPowerOfTwo)) {
      const sql = `select * from ${table} where ${column} in ${placeholders(batch.length)} order by ${column}`;
      found.push(...(await session.sql(sql, batch)).map(read));
    }
    return found;
  };
  return {
    issuanceStates: (request) => issuanceStates(session, request),
    cardsById: (tokenIds) => whereIn('cards.token_id', tokenIds, cardOf),
    cardsReplacedBy: (tokenIds) => whereIn('cards.replaced_by', tokenIds, cardOf),
    countCardsWithoutHolder: async ({ reportedBy, since, limit }) => {
      const sql = `select count(*) as reported from (select 1 from cards
        where holder_id is null and reported_by is not null and reported_by = ? and reported_at > ? limit ?) counted`;
      const [row] = await session.sql(sql, [reportedBy, since, limit]);
      return integer(present(row, 'the row of an aggregate'), 'reported');
    },
    holdersById: (holderIds) => whereIn('holders.holder_id', holderIds, holderOf),
    proceduresOf: (holderIds) => whereIn('open_procedures.holder_id', holderIds, procedureOf),
    // The index of the keys suffices, so that no row is read.
    repeatedKeys: async ({ after, limit }) => {
      const sql = `select spki_sha256 from certificates where spki_sha256 > ? group by spki_sha256
        having count(*) > 1 order by spki_sha256 limit ?`;
      return (await session.sql(sql, [after, limit])).map((row) => text(row, 'spki_sha256'));
    },
    cardsAfter: (page) => cardsAfter(session, page),
    replacementsDue: async (now, limit) => {
      const sql = `select * from cards where replaced_until <= ? order by replaced_until limit ?`;
      return (await session.sql(sql, [now, limit])).map(cardOf);
    },
  };
}

/**
 * Reads cards and barred holders in one statement. Only holders can be `barred`, so the state says
 * from which table a row is.
 */
async function issuanceStates(
  session: Session,
  { tokenIds, holderIds }: Parameters<CardReads['issuanceStates']>[0],
): Promise<IssuanceStates> {
  const cards = new Map<string, CardFacts & Pick<StoredCard, 'state' | 'replacedUntil'>>();
  const barred = new Set<string>();
  const [tokenBatches, holderBatches] = [tokenIds, holderIds].map((ids) => statementBatches(ids).map(padToPowerOfTwo));
  for (let at = 0; at < Math.max(tokenBatches?.length ?? 0, holderBatches?.length ?? 0); at += 1) {
    const [tokens, holders] = [tokenBatches?.[at] ?? [], holderBatches?.[at] ?? []];
    const selects = [
      ...(tokens.length === 0
        ? []
        : [
            `select token_id, state, product, holder_id, profession, replaced_until from cards
              where token_id in ${placeholders(tokens.length)}`,
          ]),
      ...(holders.length === 0
        ? []
        : [
            `select null as token_id, state, null as product, holder_id, null as profession,
              cast(null as bigint) as replaced_until from holders
              where state = 'barred' and holder_id in ${placeholders(holders.length)}`,
          ]),
    ];
    for (const row of await session.sql(selects.join(' union all '), [...tokens, ...holders])) {
      const state = oneOf(row, 'state', ['in-use', 'opposed', 'returned', 'barred']);
      if (state === 'barred') barred.add(text(row, 'holder_id'));
      else
        cards.set(text(row, 'token_id'), {
          ...factsOf(row),
          state,
          replacedUntil: integerOrNull(row, 'replaced_until'),
        });
    }
  }
  return { cards, barred };
}

/**
 * Returns a page of cards. The SQL has only the conditions that are asked for, so that the planner
 * can use partial indexes.
 */
async function cardsAfter(
  session: Session,
  { state, holderId, after, limit }: Parameters<CardReads['cardsAfter']>[0],
): Promise<readonly StoredCard[]> {
  // SQLite uses a partial index only if the text of its condition is in the query.
  const ended = state === null || state === 'in-use' ? [] : [`state <> 'in-use'`];
  const conditions = ['token_id > ?', ...(state === null ? [] : [`state = '${state}'`]), ...ended];
  const bindings = [after, ...(holderId === null ? [] : [holderId]), limit];
  const sql = `select * from cards where ${[...conditions, ...(holderId === null ? [] : ['holder_id = ?'])].join(' and ')}
    order by token_id limit ?`;
  return (await session.sql(sql, bindings)).map(cardOf);
}

const COLUMNS = 'token_id, product, holder_id, profession, state, state_at';

function bindingsOf(card: CardFacts, state: CardState, at: Instant): readonly (string | number | null)[] {
  const { tokenId, product, holderId, profession } = card;
  return [tokenId, product, holderId, profession, state, at];
}

export function cardWrites(session: Session): CardWrites {
  /** Changes one card, and adds 1 to its version. */
  const change = async (tokenId: string, assignments: string, bindings: readonly (string | number | null)[]) => {
    const sql = `update cards set ${assignments}, version = version + 1 where token_id = ? returning token_id`;
    const changed = await session.sql(sql, [...bindings, tokenId]);
    assert(changed.length === 1, 'a card that is there');
  };
  return {
    putCardsInUse: async (cards, at) => {
      for (const batch of statementBatches(cards)) {
        await session.sql(
          `insert into cards (${COLUMNS}, version) values ${rowPlaceholders(batch.length, '(?, ?, ?, ?, ?, ?, 1)')}
            on conflict (token_id) do update set product = excluded.product, holder_id = excluded.holder_id,
              profession = excluded.profession, state = 'in-use', reason = null, version = cards.version + 1,
              state_at = case when cards.state = 'in-use' then cards.state_at else excluded.state_at end`,
          batch.flatMap((card) => bindingsOf(card, 'in-use', at)),
        );
      }
    },
    endCards: async (ended, at) => {
      for (const batch of statementBatches(ended)) {
        await session.sql(
          `insert into cards (${COLUMNS}, reason, version)
            values ${rowPlaceholders(batch.length, '(?, ?, ?, ?, ?, ?, ?, 1)')}
            on conflict (token_id) do update set state = excluded.state, state_at = excluded.state_at,
              reason = excluded.reason, replaced_until = null, version = cards.version + 1`,
          batch.flatMap((card) => [...bindingsOf(card, card.state, at), card.reason]),
        );
      }
    },
    setCapabilities: async (reports) => {
      for (const batch of statementBatches(reports)) await setCapabilities(session, batch);
    },
    setReplacement: (tokenId, replacement) =>
      change(tokenId, 'replaced_by = ?, replaced_until = ?', [replacement?.by ?? null, replacement?.until ?? null]),
    setHolderState: async (holderId, { state, at, actor }) => {
      await session.sql(
        `insert into holders (holder_id, state, state_at, actor, version) values (?, ?, ?, ?, 1)
          on conflict (holder_id) do update set state = excluded.state, state_at = excluded.state_at,
            actor = excluded.actor, version = holders.version + 1`,
        [holderId, state, at, actor],
      );
    },
    openProcedures: async (procedures) => {
      let inserted = 0;
      for (const batch of statementBatches(procedures)) inserted += await openProcedures(session, batch);
      return inserted;
    },
    closeProcedures: async (kind, references) => {
      for (const batch of statementBatches(references).map(padToPowerOfTwo)) {
        const sql = `delete from open_procedures where kind = ? and reference in ${placeholders(batch.length)}`;
        await session.sql(sql, [kind, ...batch]);
      }
    },
  };
}

async function setCapabilities(session: Session, reports: readonly CapabilityReport[]): Promise<void> {
  const row = '(?, ?, ?, ?, cast(? as bigint), cast(? as bigint), ?)';
  const changed = await session.sql(
    `with reported (token_id, generation, applet, key_types, spare_containers, reported_at, reported_by)
        as (values ${rowPlaceholders(reports.length, row)})
      update cards set generation = reported.generation, applet = reported.applet, key_types = reported.key_types,
        spare_containers = reported.spare_containers, reported_at = reported.reported_at,
        reported_by = reported.reported_by, version = cards.version + 1
      from reported where cards.token_id = reported.token_id returning cards.token_id as token_id`,
    reports.flatMap(({ tokenId, capabilities }) => {
      const { generation, applet, keyTypes, spareContainers, reportedAt, reportedBy } = capabilities;
      return [tokenId, generation, applet, canonicalJson(keyTypes), spareContainers, reportedAt, reportedBy];
    }),
  );
  assert(changed.length === reports.length, 'cards that are there');
}

async function openProcedures(session: Session, procedures: readonly OpenProcedure[]): Promise<number> {
  const inserted = await session.sql(
    `insert into open_procedures (holder_id, profession, kind, reference, opened_at)
      values ${rowPlaceholders(procedures.length, '(?, ?, ?, ?, ?)')}
      on conflict (holder_id, profession) do nothing returning holder_id`,
    procedures.flatMap(({ holderId, profession, kind, reference, openedAt }) => [
      holderId,
      profession,
      kind,
      reference,
      openedAt,
    ]),
  );
  return inserted.length;
}
