/**
 * Reads the state of the certificate that a client presents, with its account, in one statement.
 */
import { present } from '../../kernel/assert.js';
import type { AccountReads } from '../../ports/store/accounts.js';
import type { Session } from '../engine/session.js';
import { accountOf } from './accounts.js';
import { IS_COMPROMISED } from './blocked-keys.js';
import { flag } from './columns.js';
import { STATUS_COLUMNS, statusOf } from './statuses.js';

/**
 * Returns a row for each credential of the account, or one row if the certificate belongs to no
 * account.
 */
const PRESENTED_SQL = `select ${STATUS_COLUMNS}, a.*, c.issuer, c.spki_sha256,
    exists (select 1 from revoked_issuers where issuer = asked.issuer_id) as issuer_revoked,
    exists (select 1 from certificates where spki_sha256 = asked.key_hash and ${IS_COMPROMISED})
      or exists (select 1 from blocked_keys where spki_sha256 = asked.key_hash) as key_compromised
  from (select cast(? as varchar) as issuer_id, cast(? as varchar) as number, cast(? as varchar) as key_hash) asked
    left join certificates presented on presented.issuer = asked.issuer_id and presented.serial = asked.number
    left join account_credentials used on used.issuer = asked.issuer_id and used.spki_sha256 = asked.key_hash
    left join accounts a on a.id = used.account_id left join account_credentials c on c.account_id = a.id
  order by c.issuer, c.spki_sha256`;

export function clientReads(session: Session): Pick<AccountReads, 'presentedState'> {
  return {
    presentedState: async ({ issuer, serial, spkiSha256 }) => {
      const rows = await session.sql(PRESENTED_SQL, [issuer, serial, spkiSha256]);
      const row = present(rows[0], 'the row of a certificate that is asked about');
      return {
        status: row.status === null ? null : statusOf(row),
        account: row.id === null ? null : accountOf(rows, row),
        issuerIsRevoked: flag(row, 'issuer_revoked'),
        keyIsCompromised: flag(row, 'key_compromised'),
      };
    },
  };
}
