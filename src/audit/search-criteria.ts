/** The criteria of a search of certificates that name no person, as its audit entry has them. */
import { excerpt, instant, list, matching, oneOf, optional, text, uuid } from './members.js';

export const SEARCH_CRITERIA = {
  order: optional(uuid),
  /** As it was sent: a name that no profile has is a search too. */
  profile: optional(excerpt(128)),
  authority: optional(text(64)),
  serials: optional(list(matching(/^[0-9a-f]{2,40}$/), 2)),
  status: optional(text(16)),
  issuedFrom: optional(instant),
  issuedUntil: optional(instant),
  expiresFrom: optional(instant),
  expiresBefore: optional(instant),
  /** The call or request that the search was for, without personal data. */
  ticket: optional(excerpt(64)),
  /** Its whole result was exported. */
  exportedAs: optional(oneOf('csv', 'ndjson')),
} as const;
