/** Which profile a request of EST is for: its label, or what the caller can only mean. */
import type { Principal } from '../../access/principal.js';
import { profileInScope } from '../../access/scope.js';
import { labelOf } from '../../est/label.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { World } from '../../operations/world.js';
import type { Profile, ProfileId } from '../../policy/model.js';
import { text } from '../../texts/text.js';
import type { Issuer } from '../../x509/model.js';
import type { HttpFailure } from '../api/problems.js';

export type OpenProfile = { readonly profile: Profile; readonly label: string; readonly issuer: Issuer };

/** The profiles that EST may enrol, whose CA issues now. */
export function openProfiles({ policy, issuers }: Pick<World, 'policy' | 'issuers'>): readonly OpenProfile[] {
  return [...policy.profiles.values()].flatMap((profile): OpenProfile[] => {
    const issuer = issuers.current(profile.authority);
    if (profile.enrolment?.est !== true || issuer === null) return [];
    return [{ profile, label: labelOf(profile.id), issuer }];
  });
}

/**
 * Without a label (null): the only unused profile of a registration, the profile of the certificate
 * that is renewed, the only profile in the scope of an account, or the default of the environment.
 * `principal` null: anybody.
 */
export function chooseProfile(
  world: Pick<World, 'policy' | 'issuers'>,
  { label, principal }: { readonly label: string | null; readonly principal: Principal | null },
): Result<OpenProfile, HttpFailure> {
  const open = openProfiles(world);
  const own = open.filter(({ profile }) => principal === null || isFor(principal, profile.id));
  const named = label !== null ? open.find((one) => one.label === label) : meant(world, principal, own);
  return named === undefined ? err(unknownLabel(label, own)) : ok(named);
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

function meant(
  { policy }: Pick<World, 'policy'>,
  principal: Principal | null,
  own: readonly OpenProfile[],
): OpenProfile | undefined {
  const unused =
    principal?.kind === 'registration'
      ? principal.registration.uses.flatMap(({ profile, certificateId }) => (certificateId === null ? [profile] : []))
      : [];
  // A request may be sent again when all profiles are used.
  const asked = unused.length === 0 ? own : own.filter(({ profile }) => unused.includes(profile.id));
  const [only, another] = asked;
  if (principal !== null && another === undefined) return only;
  if (principal !== null && principal.kind !== 'account') return undefined;
  return own.find(({ profile }) => profile.id === policy.environment.enrolment.defaultProfile);
}

/** null: the path names no other profile than that of the certificate that renews itself. */
export function otherLabel(
  world: Pick<World, 'policy' | 'issuers'>,
  { label, principal }: { readonly label: string | null; readonly principal: Principal },
): HttpFailure | null {
  const own = openProfiles(world).filter(({ profile }) => isFor(principal, profile.id));
  return label === null || own.some((one) => one.label === label) ? null : unknownLabel(label, own);
}

export function unknownLabel(label: string | null, own: readonly OpenProfile[]): HttpFailure {
  const labels = own.length === 0 ? text('none') : own.map((one) => one.label);
  const message =
    label === null ? text('est-label/needed', { labels }) : text('est-label', { label: label.slice(0, 100), labels });
  return { kind: 'not-found', message };
}
