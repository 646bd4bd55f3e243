import type { Facts } from '../../transcript/transcript.js';

/** A member of a line with the hash that the plan states; none where the plan leaves it to the day (`*`) or has none. */
export function statedHash(member: string, sha256: string | undefined): Facts {
  return sha256 === undefined || sha256 === '*' ? {} : { [member]: sha256 };
}
