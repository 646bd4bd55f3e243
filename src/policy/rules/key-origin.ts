import { alternatives, violation } from '../../texts/text.js';
import type { OrderRule } from './rule.js';

/**
 * Where the key was made, according to the client: stated where both profile and environment
 * require it. A statement is never ignored: a key made elsewhere than the profile allows is
 * rejected in every environment.
 */
export const keyOriginFits: OrderRule = ({ policy, profile, order: { keyOrigin } }) => {
  const { origins, required } = profile.keyOrigin;
  const certified = { profile: profile.id, origins: alternatives(origins) };
  if (keyOrigin !== null)
    return origins.includes(keyOrigin)
      ? []
      : [violation('/keyOrigin', 'key-origin', { ...certified, origin: keyOrigin })];
  return required && policy.environment.keyOriginRequired
    ? [violation('/keyOrigin', 'key-origin-required', certified)]
    : [];
};
