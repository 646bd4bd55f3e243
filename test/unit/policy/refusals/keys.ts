/** Orders whose profile does not allow the origin or the container that they state. */
import { AUTH, CPE, ORG, type Refusal } from './requests.js';

export const KEY_REFUSALS: readonly Refusal[] = [
  {
    title: 'a key made in software, for a card',
    of: AUTH,
    order: { keyOrigin: 'software' },
    expect: ['/keyOrigin key-origin'],
  },
  {
    title: 'a key made in a security module, for a card of staff',
    of: CPE,
    order: { keyOrigin: 'module' },
    expect: ['/keyOrigin key-origin'],
  },
  {
    title: 'a key made on a card, for an application',
    of: ORG,
    order: { keyOrigin: 'card' },
    expect: ['/keyOrigin key-origin'],
  },
  {
    title: 'a container of a card, for an application',
    of: ORG,
    order: { container: 'authentication' },
    expect: ['/container container-of-a-card'],
  },
];
