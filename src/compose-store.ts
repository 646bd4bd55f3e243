/** The database of a home folder. */

import type { Home } from './compose-home.js';
import { systemClock } from './compose-world.js';
import { openStore } from './db/open.js';

export function openHomeStore({ config, policy }: Home) {
  return openStore({ file: config.paths.database, environmentMark: policy.environment.mark, clock: systemClock });
}
