/**
 * Reads and writes the keys that officers have blocked. Before an intent is stored, its key is
 * looked up among them, so they are in a small table of their own.
 */
import { assert } from '../../kernel/assert.js';
import type { BlockedKey, BlockedKeyReads, BlockedKeyWrites } from '../../ports/store/blocked-keys.js';
import { insert, padToPowerOfTwo, placeholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { integer, text } from './columns.js';

/**
 * SQL condition: the row of `certificates` says that its key is compromised. A certificate that CMP
 * sent encrypted and that was never confirmed does not count, because its client has not proved
 * that it has the key.
 */
export const IS_COMPROMISED = `status = 'revoked' and reason = 'keyCompromise' and (confirmed or not encrypted)`;

export function blockedKeyReads(session: Session): BlockedKeyReads {
  return {
    blockedKeys: async (spkiSha256s) => {
      const found: BlockedKey[] = [];
      for (const batch of statementBatches(spkiSha256s).map(padToPowerOfTwo)) {
        const sql = `select spki_sha256, at, actor, reason from blocked_keys where spki_sha256 in ${placeholders(batch.length)}`;
        for (const row of await session.sql(sql, batch)) {
          const [spkiSha256, actor, reason] = [text(row, 'spki_sha256'), text(row, 'actor'), text(row, 'reason')];
          found.push({ spkiSha256, at: integer(row, 'at'), actor, reason });
        }
      }
      return found;
    },
    compromisedKeys: async (spkiSha256s) => {
      const found: string[] = [];
      for (const batch of statementBatches(spkiSha256s).map(padToPowerOfTwo)) {
        const sql = `select distinct spki_sha256 from certificates
          where spki_sha256 in ${placeholders(batch.length)} and ${IS_COMPROMISED}
          union select spki_sha256 from blocked_keys where spki_sha256 in ${placeholders(batch.length)}`;
        found.push(...(await session.sql(sql, [...batch, ...batch])).map((row) => text(row, 'spki_sha256')));
      }
      return found;
    },
  };
}

export function blockedKeyWrites(session: Session): BlockedKeyWrites {
  return {
    insertBlockedKey: ({ spkiSha256, at, actor, reason }) =>
      insert(session, 'blocked_keys', [{ spki_sha256: spkiSha256, at, actor, reason }]),
    deleteBlockedKey: async (spkiSha256) => {
      const gone = await session.changes(session.db('blocked_keys').where({ spki_sha256: spkiSha256 }).delete());
      assert(gone === 1, 'a blocked key that is there');
    },
  };
}
