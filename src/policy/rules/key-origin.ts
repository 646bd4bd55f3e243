import { type Rule, violation } from './rule.js';

/**
 * Where the key was made, according to the client: stated where both profile and environment
 * require it. A statement is never ignored: a key made elsewhere than the profile allows is
 * rejected in every environment.
 */
export const keyOriginFits: Rule = ({ policy, profile, order: { keyOrigin } }) => {
  const { origins, required } = profile.keyOrigin;
  const certified = origins.join(' or ');
  if (keyOrigin !== null)
    return origins.includes(keyOrigin)
      ? []
      : [violation('/keyOrigin', 'key-origin', `${profile.id} certifies keys made on ${certified}, not ${keyOrigin}`)];
  return required && policy.environment.keyOriginRequired
    ? [violation('/keyOrigin', 'key-origin-required', `${profile.id} asks where the key was made: ${certified}`)]
    : [];
};
