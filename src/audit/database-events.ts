/** Entries about a database that was restored. */
import {
  count,
  excerpt,
  instant,
  listOrDigest,
  matching,
  nullable,
  object,
  officers,
  oneOf,
  text,
  uuid,
} from './members.js';

const sha256 = matching(/^[0-9a-f]{64}$/);

export const DATABASE_EVENTS = {
  'database.accepted': {
    outcome: 'success',
    details: {
      officers,
      database: object({ id: nullable(text(64)), entries: count }),
      home: nullable(object({ id: text(64), entries: count })),
      missing: listOrDigest(excerpt(500), 8_192),
    },
  },
  /**
   * A backup was put back. `entries`: those of the audit log that it had; `older`: somebody typed
   * the hash of the manifest, because the home folder, a signer or a list knew more; `missing`:
   * what they knew.
   */
  'database.restored': {
    outcome: 'success',
    details: {
      manifestSha256: sha256,
      takenAt: instant,
      entries: count,
      older: oneOf('yes', 'no'),
      recovered: count,
      learnt: count,
      missing: listOrDigest(excerpt(500), 8_192),
    },
  },
  /** The journal of a signer has it, and the restored database did not: no octets are known. */
  'certificate.recovered': {
    outcome: 'success',
    details: {
      id: uuid,
      issuer: text(64),
      serial: matching(/^[0-9a-f]{2,40}$/),
      profile: text(128),
      tbsSha256: sha256,
      token: text(64),
      journalEntry: count,
    },
  },
} as const;
