/** Checks whether the settings of the database make commits as durable as the policy demands. */
import { present } from '../../kernel/assert.js';
import type { Durability } from '../../ports/store/durability.js';
import { isPostgresql } from '../schema/dialect.js';
import { text } from '../tables/columns.js';
import type { Session } from './session.js';

const STANDBYS_SQL = `select current_setting('synchronous_standby_names') as standbys`;

/**
 * Returns why commits are less durable than `wanted`; null: they are durable enough. The server is
 * asked at each call, because an administrator can change the setting while it runs, and a standby
 * that was promoted has its own settings.
 */
export async function durabilityFault(session: Session, wanted: Durability): Promise<string | null> {
  if (wanted === 'local') return null;
  if (!isPostgresql(session.db))
    return 'durability is "quorum", but SQLite is on one disk: use PostgreSQL with a synchronous standby, or have officers decide "local"';
  const [row] = await session.sql(STANDBYS_SQL);
  if (text(present(row, 'the settings of the server'), 'standbys').trim() !== '') return null;
  return 'durability is "quorum", but synchronous_standby_names is empty: name a synchronous standby, or have officers decide "local"';
}
