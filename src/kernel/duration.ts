import { err, ok, type Result } from './result.js';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Writes a duration as `parseDuration` reads it; less than a second is left out. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / SECOND_MS);
  const parts = [
    [Math.floor(seconds / 3_600) % 24, 'H'],
    [Math.floor(seconds / 60) % 60, 'M'],
    [seconds % 60, 'S'],
  ] as const;
  const days = Math.floor(seconds / 86_400);
  const time = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('');
  if (days === 0 && time === '') return 'PT0S';
  return `P${days === 0 ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
}

/**
 * Parses the ISO 8601 durations of policy files, in days and smaller units: `P7D`, `PT12H`,
 * `PT30S`, `P1DT12H`. The result is in milliseconds.
 */
export function parseDuration(text: string): Result<number, 'duration-malformed'> {
  const match = /^P(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?$/.exec(text);
  if (!match || text.endsWith('P') || text.endsWith('T')) return err('duration-malformed');
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return ok(
    Number(days) * DAY_MS + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS,
  );
}
