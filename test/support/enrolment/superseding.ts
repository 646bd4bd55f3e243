import type { Policy, Profile } from '../../../src/policy/model.js';

/** The policy in which each renewal by EST or CMP revokes the certificate that was renewed. */
export function superseding(policy: Policy): Policy {
  const profiles = [...policy.profiles].map(([id, profile]): readonly [typeof id, Profile] => {
    const { enrolment } = profile;
    return [id, enrolment === null ? profile : { ...profile, enrolment: { ...enrolment, supersede: 'revoke' } }];
  });
  return { ...policy, profiles: new Map(profiles) };
}
