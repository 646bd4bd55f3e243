/**
 * Chooses the profile of an EST request. A label names it. Without a label it is the only profile
 * that the caller can use; for an account with several profiles, or an unknown client, it is the
 * default profile of the environment.
 */

import { profileInScope } from '../../access/decide.js';
import type { Principal } from '../../access/principal.js';
import { labelOf } from '../../est/request.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { World } from '../../operations/world.js';
import type { Profile, ProfileId } from '../../policy/model.js';
import { text } from '../../texts/text.js';
import type { Issuer } from '../../x509/model.js';
import type { HttpFailure } from '../api/problems.js';

/** A profile that EST may enrol, its label in paths, and the CA that currently issues it. */
export type OpenProfile = { readonly profile: Profile; readonly label: string; readonly issuer: Issuer };

/** Returns the profiles that EST may enrol and whose CA currently issues certificates. */
export function openProfiles({ policy, issuers }: Pick<World, 'policy' | 'issuers'>): readonly OpenProfile[] {
  return [...policy.profiles.values()].flatMap((profile): OpenProfile[] => {
    const issuer = issuers.current(profile.authority);
    if (profile.enrolment?.est !== true || issuer === null) return [];
    return [{ profile, label: labelOf(profile.id), issuer }];
  });
}

/**
 * Chooses the profile of a request. A label names it; whether the principal may use this profile is
 * checked later, by the operation. Without a label (null) it is, for a registration, the only
 * profile that it has not used yet, or its only one if it has used all; for a certificate that
 * renews itself, its own; for an account, the only one in its scope, otherwise the default profile
 * of the environment if that is in its scope; and for `principal` null (an unknown client), the
 * default profile.
 */
export function chooseProfile(
  world: Pick<World, 'policy' | 'issuers'>,
  { label, principal }: { readonly label: string | null; readonly principal: Principal | null },
): Result<OpenProfile, HttpFailure> {
  const open = openProfiles(world);
  const usable = open.filter(({ profile }) => principal === null || isFor(principal, profile.id));
  const named = label !== null ? open.find((one) => one.label === label) : implicitProfile(world, principal, usable);
  return named === undefined ? err(unknownLabel(label, usable)) : ok(named);
}

function isFor(principal: Principal, profile: ProfileId): boolean {
  switch (principal.kind) {
    case 'account':
      return profileInScope(principal.account.scope.profiles, profile);
    case 'registration':
      return principal.registration.uses.some((use) => use.profile === profile);
    case 'self':
      return principal.certificate.profile === profile;
  }
}

function implicitProfile(
  { policy }: Pick<World, 'policy'>,
  principal: Principal | null,
  usable: readonly OpenProfile[],
): OpenProfile | undefined {
  const unused =
    principal?.kind === 'registration'
      ? principal.registration.uses.flatMap(({ profile, certificateId }) => (certificateId === null ? [profile] : []))
      : [];
  // When all profiles of a registration are used, a repeated request must still find its profile.
  const candidates = unused.length === 0 ? usable : usable.filter(({ profile }) => unused.includes(profile.id));
  const [only, another] = candidates;
  if (principal !== null && another === undefined) return only;
  if (principal !== null && principal.kind !== 'account') return undefined;
  return usable.find(({ profile }) => profile.id === policy.environment.enrolment.defaultProfile);
}

/**
 * Returns the failure of a renewal whose label is another profile than that of its certificate;
 * null: the label is right, or there is none.
 */
export function wrongLabelFailure(
  world: Pick<World, 'policy' | 'issuers'>,
  { label, principal }: { readonly label: string | null; readonly principal: Principal },
): HttpFailure | null {
  const usable = openProfiles(world).filter(({ profile }) => isFor(principal, profile.id));
  return label === null || usable.some((one) => one.label === label) ? null : unknownLabel(label, usable);
}

export function unknownLabel(label: string | null, usable: readonly OpenProfile[]): HttpFailure {
  const labels = usable.length === 0 ? text('none') : usable.map((one) => one.label);
  const message =
    label === null ? text('est-label/needed', { labels }) : text('est-label', { label: label.slice(0, 100), labels });
  return { kind: 'not-found', message };
}
