/** The clocks and the random source of the system. Operations and jobs take them as arguments. */
import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../ports/world.js';

export const systemClock: Clock = () => Date.now();

/** Returns milliseconds of a monotonic clock. */
export const systemSteadyMs = (): number => performance.now();

export const systemRandom: Random = (length) => new Uint8Array(randomBytes(length));
