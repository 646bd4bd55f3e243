/** Reads and writes registrations, each with the profiles for which it may be used. */
import { assert } from '../../../kernel/assert.js';
import { groupBy } from '../../../kernel/group-by.js';
import { canonicalJson, type Json } from '../../../kernel/json.js';
import {
  REGISTRATION_STATES,
  type Registration,
  type RegistrationFilter,
  type RegistrationReads,
  type RegistrationWrites,
} from '../../../ports/store/enrolment/registrations.js';
import { insert, padToPowerOfTwo, placeholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { AFTER_ALL_IDS, integer, integerOrNull, json, oneOf, type Row, text, textOrNull } from '../columns.js';

const KEY_ORIGINS = ['card', 'module', 'software'] as const;

export function registrationReads(session: Session): RegistrationReads {
  const readMany = async (sql: string, bindings: readonly (string | number)[]): Promise<readonly Registration[]> =>
    withUses(session, await session.sql(sql, bindings));
  return {
    registration: async (id) => (await readMany('select * from registrations where id = ?', [id]))[0] ?? null,
    registrationByReference: async (reference) =>
      (await readMany('select * from registrations where reference = ?', [reference]))[0] ?? null,
    registrationsByIds: async (ids) => {
      const found: Registration[] = [];
      for (const batch of statementBatches(ids).map(padToPowerOfTwo))
        found.push(
          ...(await readMany(
            `select * from registrations where id in ${placeholders(batch.length)} order by id`,
            batch,
          )),
        );
      return found;
    },
    registrationsPage: (filter) => readPage(session, filter),
    countOpenRegistrations: async (accountId, countMax) => {
      const sql = `select count(*) as count from
        (select 1 as one from registrations where account_id = ? and state = 'open' limit ?) found`;
      const [row] = await session.sql(sql, [accountId, countMax]);
      assert(row !== undefined, 'a count is one row');
      return integer(row, 'count');
    },
    registrationsPastEnd: (now, limit) =>
      readMany(`select * from registrations where state = 'open' and expires_at <= ? order by expires_at limit ?`, [
        now,
        limit,
      ]),
    registrationsToErase: (endedBefore, limit) =>
      readMany(
        `select * from registrations where state <> 'open' and erased_at is null and state_at < ?
          order by state_at limit ?`,
        [endedBefore, limit],
      ),
    registrationKeyChecks: async () =>
      (await session.sql('select id, check_sha256 from registration_keys order by id')).map((row) => ({
        id: text(row, 'id'),
        checkSha256: text(row, 'check_sha256'),
      })),
  };
}

export function registrationWrites(session: Session): RegistrationWrites {
  const { db } = session;
  return {
    insertRegistration: async (registration) => {
      await insert(session, 'registrations', [columnsOf(registration)]);
      await insert(
        session,
        'registration_uses',
        registration.uses.map(({ profile, certificateId }, position) => ({
          registration_id: registration.id,
          profile,
          position,
          certificate_id: certificateId,
        })),
      );
    },
    changeRegistration: async (registration) => {
      const changed = await session.changes(
        db('registrations').where({ id: registration.id }).update(changingColumns(registration)),
      );
      assert(changed === 1, 'a registration that is there');
    },
    useRegistrations: async (uses) => {
      for (const { registrationId, profile, certificateId } of uses) {
        const unused = db('registration_uses').where({
          registration_id: registrationId,
          profile,
          certificate_id: null,
        });
        const changed = await session.changes(unused.update({ certificate_id: certificateId }));
        assert(changed === 1, 'an unused profile of a registration');
      }
    },
    returnUses: async (certificateIds) => {
      for (const batch of statementBatches(certificateIds)) {
        const sql = `update registration_uses set certificate_id = null
          where certificate_id in ${placeholders(batch.length)} returning profile`;
        const returned = await session.sql(sql, batch);
        assert(returned.length === batch.length, 'uses of certificates');
      }
    },
    eraseRegistrations: async (ids, at) => {
      for (const batch of statementBatches(ids)) {
        const sql = `update registrations set holder = 'null', card = 'null', identity = 'null', domains = '[]',
          holder_id = null, erased_at = ? where id in ${placeholders(batch.length)} returning id`;
        const erased = await session.sql(sql, [at, ...batch]);
        assert(erased.length === batch.length, 'registrations that are there');
      }
    },
    insertRegistrationKeys: (keys, at) =>
      insert(
        session,
        'registration_keys',
        keys.map(({ id, checkSha256 }) => ({ id, check_sha256: checkSha256, created_at: at })),
      ),
  };
}

async function readPage(
  session: Session,
  { state, holderId, profile, reference, now, limit, before }: RegistrationFilter,
): Promise<readonly Registration[]> {
  const conditions = ['id < ?'];
  const bindings: (string | number)[] = [before ?? AFTER_ALL_IDS];
  const add = (condition: string, ...values: readonly (string | number)[]): void => {
    conditions.push(condition);
    bindings.push(...values);
  };
  if (holderId !== undefined) add('holder_id = ?', holderId);
  if (reference !== undefined) add('reference = ?', reference);
  if (profile !== undefined)
    add(
      'exists (select 1 from registration_uses u where u.registration_id = registrations.id and u.profile = ?)',
      profile,
    );
  if (state === 'open') add(`state = 'open' and expires_at > ?`, now);
  else if (state === 'expired') add(`(state = 'expired' or (state = 'open' and expires_at <= ?))`, now);
  else if (state !== undefined) add('state = ?', state);
  const sql = `select * from registrations where ${conditions.join(' and ')} order by id desc limit ?`;
  return withUses(session, await session.sql(sql, [...bindings, limit]));
}

/** Reads the uses of registrations, and returns the registrations in the order of the rows. */
async function withUses(session: Session, rows: readonly Row[]): Promise<readonly Registration[]> {
  const found: Row[] = [];
  for (const batch of statementBatches(rows.map((row) => text(row, 'id'))).map(padToPowerOfTwo)) {
    const sql = `select registration_id, profile, certificate_id from registration_uses
      where registration_id in ${placeholders(batch.length)} order by registration_id, position`;
    found.push(...(await session.sql(sql, batch)));
  }
  const uses = groupBy(found, (row) => text(row, 'registration_id'));
  return rows.map((row) => registrationOf(row, uses.get(text(row, 'id')) ?? []));
}

function registrationOf(row: Row, uses: readonly Row[]): Registration {
  return {
    id: text(row, 'id'),
    reference: text(row, 'reference'),
    accountId: text(row, 'account_id'),
    secretKey: text(row, 'secret_key'),
    secretGeneration: integer(row, 'secret_generation'),
    state: oneOf(row, 'state', REGISTRATION_STATES),
    stateAt: integer(row, 'state_at'),
    returned: integer(row, 'returned'),
    givenUp: integer(row, 'given_up'),
    holder: json(row, 'holder'),
    card: json(row, 'card'),
    identity: json(row, 'identity'),
    holderId: textOrNull(row, 'holder_id'),
    structureId: textOrNull(row, 'structure_id'),
    domains: json(row, 'domains') as unknown as readonly string[],
    keyOrigin: row.key_origin === null ? null : oneOf(row, 'key_origin', KEY_ORIGINS),
    validity: json(row, 'validity') as unknown as Registration['validity'],
    expiresAt: integer(row, 'expires_at'),
    createdAt: integer(row, 'created_at'),
    erasedAt: integerOrNull(row, 'erased_at'),
    uses: uses.map((use) => ({ profile: text(use, 'profile'), certificateId: textOrNull(use, 'certificate_id') })),
  };
}

function columnsOf(registration: Registration) {
  return {
    id: registration.id,
    account_id: registration.accountId,
    reference: registration.reference,
    ...changingColumns(registration),
    expires_at: registration.expiresAt,
    created_at: registration.createdAt,
    erased_at: registration.erasedAt,
    holder_id: registration.holderId,
    structure_id: registration.structureId,
    key_origin: registration.keyOrigin,
    validity: canonicalJson(registration.validity as unknown as Json),
    domains: canonicalJson([...registration.domains]),
    holder: canonicalJson(registration.holder),
    card: canonicalJson(registration.card),
    identity: canonicalJson(registration.identity),
  };
}

function changingColumns({
  state,
  stateAt,
  returned,
  givenUp,
  secretKey,
  secretGeneration,
}: Parameters<RegistrationWrites['changeRegistration']>[0]) {
  return {
    state,
    state_at: stateAt,
    returned,
    given_up: givenUp,
    secret_key: secretKey,
    secret_generation: secretGeneration,
  };
}
