/**
 * The label in the path of an EST request (RFC 7030 3.2.2) names a profile. A path segment has no
 * slash, so `~` takes its place: `elementaire~org-auth-cli`.
 */
import type { ProfileId } from '../policy/model.js';

export function labelOf(profile: ProfileId): string {
  return profile.replaceAll('/', '~');
}
