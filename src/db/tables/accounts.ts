/** Reads and writes accounts, with the client certificates with which they authenticate. */
import { assert } from '../../kernel/assert.js';
import { groupBy } from '../../kernel/group-by.js';
import { canonicalJson, isObject } from '../../kernel/json.js';
import type { IssuerId } from '../../ports/signer.js';
import type {
  Account,
  AccountLimits,
  AccountReads,
  AccountScope,
  AccountStructure,
  AccountWrites,
} from '../../ports/store/accounts.js';
import { padToPowerOfTwo, placeholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { flag, integer, integerOrNull, json, type Row, text } from './columns.js';

const BY_CREDENTIAL_SQL = `select a.*, c.issuer, c.spki_sha256 from account_credentials asked
  join accounts a on a.id = asked.account_id join account_credentials c on c.account_id = a.id
  where asked.issuer = ? and asked.spki_sha256 = ? order by c.issuer, c.spki_sha256`;
const ALL_SQL = `select a.*, c.issuer, c.spki_sha256 from accounts a
  left join account_credentials c on c.account_id = a.id`;
const IN_ORDER_SQL = 'order by a.id, c.issuer, c.spki_sha256';

/**
 * Finds the issued certificates with which accounts that are not disabled authenticate, in the
 * order of their ends. Both joins use an index; that of `certificates` is by the hash of the public
 * key.
 */
const ENDS_SQL = `select k.account_id, c.serial, c.not_after from accounts a
  join account_credentials k on k.account_id = a.id
  join certificates c on c.spki_sha256 = k.spki_sha256 and c.issuer = k.issuer
  where not a.disabled and c.status = 'issued' order by c.not_after, c.serial limit ?`;

/**
 * Makes one account from its rows: one row for each credential, or one row without a credential.
 * `row`: the first of them.
 */
export function accountOf(rows: readonly Row[], row: Row): Account {
  const credentials = rows
    .filter((one) => one.issuer !== null)
    .map((one) => ({ issuer: text(one, 'issuer') as IssuerId, spkiSha256: text(one, 'spki_sha256') }));
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    roles: textList(json(row, 'roles')),
    scope: scopeOf(json(row, 'scope')),
    credentials,
    disabled: flag(row, 'disabled'),
    limits: limitsOf(row),
    networks: textList(json(row, 'networks')),
    expiresAt: integerOrNull(row, 'expires_at'),
    structure: row.structure === null ? null : structureOf(json(row, 'structure')),
    createdAt: integer(row, 'created_at'),
  };
}

function scopeOf(value: unknown): AccountScope {
  assert(typeof value === 'object' && value !== null, 'a scope is an object');
  assert('profiles' in value && 'structures' in value, 'a scope is made of lists');
  assert('domains' in value && 'holders' in value, 'a scope is made of lists');
  const { profiles, structures, domains, holders } = value;
  return {
    profiles: textList(profiles),
    structures: textList(structures),
    domains: textList(domains),
    holders: textList(holders),
  };
}

export function limitsOf(row: Row): AccountLimits {
  const limits = json(row, 'limits');
  assert(isObject(limits), 'limits are an object');
  const { perDay = null, perHour = null, inFlight = null } = limits;
  const isLimit = (one: unknown): one is number | null => one === null || typeof one === 'number';
  assert(isLimit(perDay) && isLimit(perHour) && isLimit(inFlight), 'limits are numbers');
  return { perDay, perHour, inFlight };
}

function structureOf(value: unknown): AccountStructure {
  assert(isObject(value), 'a structure is an object');
  const { id, name, department } = value;
  assert(typeof id === 'string' && typeof name === 'string' && typeof department === 'string', 'a structure of texts');
  return { id, name, department };
}

function textList(value: unknown): readonly string[] {
  assert(Array.isArray(value) && value.every((item) => typeof item === 'string'), 'a list of texts');
  return value;
}

export function accountReads(session: Session): Omit<AccountReads, 'accountUse' | 'presentedState'> {
  return {
    accountByCredential: async (issuer, spkiSha256) => {
      const rows = await session.sql(BY_CREDENTIAL_SQL, [issuer, spkiSha256]);
      const [row] = rows;
      return row === undefined ? null : accountOf(rows, row);
    },
    accountsByIds: async (ids) => {
      const found: Account[] = [];
      for (const batch of statementBatches(ids).map(padToPowerOfTwo)) {
        const sql = `${ALL_SQL} where a.id in ${placeholders(batch.length)} ${IN_ORDER_SQL}`;
        found.push(...accountsOf(await session.sql(sql, batch)));
      }
      return found;
    },
    accounts: async () => accountsOf(await session.sql(`${ALL_SQL} ${IN_ORDER_SQL}`)),
    accountCertificateEnds: async (limit) =>
      (await session.sql(ENDS_SQL, [limit])).map((row) => ({
        account: text(row, 'account_id'),
        serial: text(row, 'serial'),
        notAfter: integer(row, 'not_after'),
      })),
  };
}

function accountsOf(rows: readonly Row[]): readonly Account[] {
  return [...groupBy(rows, (row) => text(row, 'id')).values()].flatMap((accountRows) =>
    accountRows[0] === undefined ? [] : [accountOf(accountRows, accountRows[0])],
  );
}

export function accountWrites(session: Session): Pick<AccountWrites, 'insertAccount' | 'updateAccount'> {
  const { db } = session;
  const columns = ({ name, roles, scope, disabled, limits, networks, expiresAt, structure }: Account) => ({
    name,
    roles: canonicalJson(roles),
    scope: canonicalJson({ ...scope }),
    disabled,
    limits: canonicalJson({ ...limits }),
    networks: canonicalJson(networks),
    expires_at: expiresAt,
    structure: structure === null ? null : canonicalJson({ ...structure }),
  });
  const insertCredentials = async ({ id, credentials }: Account): Promise<void> => {
    const rows = credentials.map(({ issuer, spkiSha256 }) => ({ issuer, spki_sha256: spkiSha256, account_id: id }));
    if (rows.length > 0) await session.rows(db('account_credentials').insert(rows));
  };
  return {
    insertAccount: async (account) => {
      const { id, createdAt } = account;
      await session.rows(db('accounts').insert({ id, ...columns(account), created_at: createdAt }));
      await insertCredentials(account);
    },
    updateAccount: async (account) => {
      const { id } = account;
      const changed = await session.changes(db('accounts').where({ id }).update(columns(account)));
      assert(changed === 1, 'an account that is there');
      await session.changes(db('account_credentials').where({ account_id: id }).delete());
      await insertCredentials(account);
    },
  };
}
