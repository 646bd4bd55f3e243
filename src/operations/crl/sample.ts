/** Compares a CRL that was read back with the database, for a sample of certificates. */
import type { CrlSample } from '../../ports/store/crls.js';
import { reasonNumber } from '../../x509/extensions/reason-code.js';

/** Serial numbers to look for, in lower-case hex. */
export function watchedOf({ listed, unlisted }: CrlSample): readonly string[] {
  return [...listed.map(({ serial }) => serial), ...unlisted];
}

type ListContent = {
  /** In a delta CRL, the last change that its base includes; null in a full CRL. */
  readonly baseChange: number | null;
  /** The reason codes of the serial numbers that were found, 0 where none is given. */
  readonly found: ReadonlyMap<string, number>;
};

const REMOVED = reasonNumber('removeFromCRL');

/** null: they agree. A delta CRL may omit what its base lists already, but not the last change. */
export function sampleFault(
  { listed, unlisted, newest }: CrlSample,
  { baseChange, found }: ListContent,
): string | null {
  const isDelta = baseChange !== null;
  for (const { serial, reason } of listed) {
    const said = found.get(serial);
    const isNew = serial === newest?.serial && newest.change > (baseChange ?? 0);
    if (said === undefined && isDelta && !isNew) continue;
    if (said !== reasonNumber(reason)) return `${serial}: ${reason} in the database, ${said ?? 'nothing'} on the list`;
  }
  for (const serial of unlisted) {
    const said = found.get(serial);
    if (said !== undefined && !(isDelta && said === REMOVED)) return `${serial} is on the list by mistake`;
  }
  return null;
}
