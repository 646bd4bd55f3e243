/** The home of the clock and of chance: everything else is given them. */
import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../ports/world.js';

export const systemClock: Clock = Date.now;

export const systemRandom: Random = (length) => new Uint8Array(randomBytes(length));
