/**
 * The lines of an order that wait for a pace, a signer or a recovery. Only their numbers are kept,
 * so that an order can go on with other lines in little memory.
 */
import type { Instant } from '../../../kernel/clock.js';
import type { SetAside, Wait } from '../../../orders/progress.js';

/** The limit of the lines that an order sets aside. When it is reached, no new line is begun. */
export const SET_ASIDE_MAX = 1_000;

export type AsideLines = {
  readonly add: (line: number, wait: Wait) => void;
  readonly remove: (line: number) => void;
  readonly count: () => number;
  readonly lines: () => readonly number[];
  /** Lines by what they wait for, each in ascending order. */
  readonly groups: () => readonly SetAside[];
  /** Whether a line that waits for the same was set aside since this moment. */
  readonly hasSince: (wait: Wait, since: Instant) => boolean;
};

export function createAsideLines(stored: readonly SetAside[], clock: () => Instant): AsideLines {
  const waits = new Map(stored.flatMap(({ wait, lines }) => lines.map((line) => [line, wait] as const)));
  const lastAdded = new Map<string, Instant>();
  return {
    add: (line, wait) => {
      waits.set(line, wait);
      lastAdded.set(nameOf(wait), clock());
    },
    remove: (line) => void waits.delete(line),
    count: () => waits.size,
    lines: () => [...waits.keys()],
    groups: () => groupsOf(waits),
    hasSince: (wait, since) => (lastAdded.get(nameOf(wait)) ?? Number.NEGATIVE_INFINITY) >= since,
  };
}

function nameOf({ reason, profile }: Wait): string {
  return `${reason} ${profile ?? ''}`;
}

function groupsOf(waits: ReadonlyMap<number, Wait>): readonly SetAside[] {
  const groups = new Map<string, { wait: Wait; lines: number[] }>();
  for (const line of [...waits.keys()].sort((one, other) => one - other)) {
    const wait = waits.get(line) as Wait;
    const group = groups.get(nameOf(wait));
    if (group === undefined) groups.set(nameOf(wait), { wait, lines: [line] });
    else {
      group.lines.push(line);
      // The whole group waits until the latest time of its lines.
      if (wait.until > group.wait.until) group.wait = wait;
    }
  }
  return [...groups.values()];
}
