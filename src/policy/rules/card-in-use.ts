/**
 * The certificates that a card has already, and those requested together with it: one card, one
 * holder, one product.
 */
import { type Violation, violation } from '../../texts/text.js';
import type { Card } from '../model.js';

/** A live certificate on the card: issued, pending, suspended, or being issued. */
export type CardCertificate = { readonly holderId: string; readonly product: string };

/**
 * A card may be given to another person, or declared as another product, only after its
 * certificates were revoked or have expired. Otherwise one of the two requests is a mistake, and
 * the platform cannot know which.
 */
export function cardInUse(card: Card, holderId: string, live: readonly CardCertificate[]): readonly Violation[] {
  const violations: Violation[] = [];
  if (live.some((other) => other.holderId !== holderId))
    violations.push(violation('/card/tokenId', 'card-of-one-holder'));
  const product = live.find((other) => other.product !== card.product)?.product;
  if (product !== undefined) violations.push(violation('/card/product', 'card-product-constant', { product }));
  return violations;
}

/**
 * Requests for one card, each with its place in the body: a card has at most one certificate of a
 * profile.
 */
export function profilesDiffer(
  requests: readonly { readonly profile: string; readonly pointer: string }[],
): readonly Violation[] {
  return requests.flatMap(({ profile, pointer }, at) => {
    const first = requests.findIndex((other) => other.profile === profile);
    if (first === at) return [];
    const place = requests[first]?.pointer ?? '';
    return [violation(`${pointer}/profile`, 'profiles-of-card-differ', { profile, place })];
  });
}

/** As `profilesDiffer`: the second certificate in a container would replace the first. */
export function containersDiffer(
  requests: readonly { readonly container: string | null; readonly pointer: string }[],
): readonly Violation[] {
  return requests.flatMap(({ container, pointer }, at) => {
    const first = requests.findIndex((other) => other.container === container);
    if (container === null || first === at) return [];
    const place = requests[first]?.pointer ?? '';
    return [violation(`${pointer}/container`, 'containers-of-card-differ', { container, place })];
  });
}
