import { type OrderRule, violation } from './rule.js';

/**
 * Where the key was made, according to the client: stated where both profile and environment
 * require it. A statement is never ignored: a key made elsewhere than the profile allows is
 * rejected in every environment.
 */
export const keyOriginFits: OrderRule = ({ policy, profile, order: { keyOrigin } }) => {
  const { origins, required } = profile.keyOrigin;
  const certified = origins.join(' or ');
  if (keyOrigin !== null)
    return origins.includes(keyOrigin)
      ? []
      : [
          violation(
            '/keyOrigin',
            'key-origin',
            `${profile.id} certifies keys of the origin ${certified}, not ${keyOrigin}`,
          ),
        ];
  return required && policy.environment.keyOriginRequired
    ? [violation('/keyOrigin', 'key-origin-required', `${profile.id} requires the origin of the key: ${certified}`)]
    : [];
};
