import type { BodyKind } from '../../model.js';
import { type Check, refused } from '../check.js';

/**
 * The bodies that clients may send (RFC 9483 sections 4 and 5.2). A cross certification (ccr) is
 * refused by its body, because the reason depends on who asks.
 */
const SERVED_BODIES = [
  'ir',
  'cr',
  'p10cr',
  'kur',
  'certConf',
  'pollReq',
  'rr',
  'genm',
  'nested',
  'error',
  'ccr',
] as const satisfies readonly BodyKind[];

export const BODY_SERVED: Check = {
  id: 'A3',
  examine: ({ message: { bodyKind } }) =>
    (SERVED_BODIES as readonly BodyKind[]).includes(bodyKind)
      ? null
      : refused(
          'badRequest',
          `a body ${bodyKind} is not served; served are ${SERVED_BODIES.filter((one) => one !== 'ccr').join(', ')}`,
        ),
};
