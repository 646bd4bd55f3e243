/** Counts the intents that were stored in each hour for each account with limits. */
import type { AccountLimits, AccountReads, AccountWrites } from '../../../ports/store/accounts.js';
import { placeholders, rowPlaceholders } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { limitsOf } from '../accounts.js';
import { integer, text } from '../columns.js';

export function accountUsageReads(session: Session): Pick<AccountReads, 'accountUse'> {
  return {
    accountUse: async (accounts, fromHour) => {
      if (accounts.length === 0) return [];
      const sql = `select * from account_usage where account_id in ${placeholders(accounts.length)} and hour >= ?`;
      const rows = await session.sql(sql, [...accounts, fromHour]);
      return rows.map((row) => ({
        account: text(row, 'account_id'),
        hour: integer(row, 'hour'),
        profile: text(row, 'profile'),
        count: integer(row, 'count'),
      }));
    },
  };
}

export function accountUsageWrites(
  session: Session,
): Pick<AccountWrites, 'lockAccountLimits' | 'countAccountUse' | 'deleteAccountUse'> {
  const { db } = session;
  return {
    lockAccountLimits: async (accounts): Promise<ReadonlyMap<string, AccountLimits>> => {
      if (accounts.length === 0) return new Map();
      // All transactions lock in the same order, so that no two wait for each other.
      const rows = await session.rows(
        db('accounts')
          .select('id', 'limits')
          .whereIn('id', [...accounts])
          .orderBy('id')
          .forUpdate(),
      );
      return new Map(rows.map((row) => [text(row, 'id'), limitsOf(row)]));
    },
    countAccountUse: async (used) => {
      if (used.length === 0) return;
      await session.sql(
        `insert into account_usage (account_id, hour, profile, count)
          values ${rowPlaceholders(used.length, '(?, ?, ?, ?)')}
          on conflict (account_id, hour, profile) do update set count = account_usage.count + excluded.count`,
        used.flatMap(({ account, hour, profile, count }) => [account, hour, profile, count]),
      );
    },
    deleteAccountUse: async (beforeHour) => {
      await session.sql('delete from account_usage where hour < ?', [beforeHour]);
    },
  };
}
