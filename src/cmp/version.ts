/** The versions of CMP (RFC 9810 section 7). */

const VERSION_MIN = 2;
const VERSION_MAX = 3;

export function isVersionServed(pvno: number): boolean {
  return pvno >= VERSION_MIN && pvno <= VERSION_MAX;
}

/** The pvno of the answer: that of the request, or the nearest that is served. */
export function answerVersion(pvno: number): number {
  return Math.min(VERSION_MAX, Math.max(VERSION_MIN, pvno));
}
