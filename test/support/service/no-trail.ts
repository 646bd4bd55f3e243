import type { RequestTrail } from '../../../src/http/trail/request-trail.js';

/** For servers whose traces no test looks at. */
export const NO_TRAIL: RequestTrail = {
  newRequestId: () => 'none',
  logAnswer: () => undefined,
  recordRefusal: () => Promise.resolve(),
  writeCounts: () => Promise.resolve(),
};
