import { isVersionServed } from '../../version.js';
import { type Check, refused } from '../check.js';

export const VERSION: Check = {
  id: 'A2',
  examine: ({ message: { header } }) =>
    isVersionServed(header.pvno) ? null : refused('unsupportedVersion', 'pvno must be 2 or 3'),
};
