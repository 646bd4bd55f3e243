/** Orders as the API shows them, and as lines for people. */
import { SECOND_MS } from '../../kernel/duration.js';
import { escapeForTerminal } from '../../terminal/say.js';

type Wait = { readonly reason: string; readonly profile?: string | null; readonly until?: string | null };

export type ShownOrder = {
  readonly id: string;
  readonly state:
    | 'receiving'
    | 'accepted'
    | 'working'
    | 'paused'
    | 'cancelling'
    | 'cancelled'
    | 'finished'
    | 'discarded';
  readonly dryRun: boolean;
  readonly reference: string | null;
  readonly account: string;
  readonly lines: number;
  readonly acknowledged: number;
  readonly counts: {
    readonly issued: number;
    readonly duplicate: number;
    readonly refused: number;
    readonly notIssued: number;
    readonly cancelled: number;
    readonly open: number;
    readonly wouldIssue?: number;
    readonly wouldBeDuplicate?: number;
  };
  readonly receivedAt: string;
  readonly acceptedAt: string | null;
  readonly finishedAt: string | null;
  readonly deadlineAt: string | null;
  readonly linesPerSecond: number | null;
  readonly estimatedEnd: string | null;
  readonly waitingFor: readonly Wait[];
  readonly pausedBy: string | null;
};

export function hasEnded({ state }: ShownOrder): boolean {
  return state === 'finished' || state === 'cancelled' || state === 'discarded';
}

/** `587 of 1000 lines (58 %), working: 585 issued, 2 duplicate; 402 lines/s, 2 s left`. */
export function progressOf(order: ShownOrder, now: number): string {
  const { lines, counts, state } = order;
  const settled = lines - counts.open;
  const percent = lines === 0 ? 100 : Math.floor((100 * settled) / lines);
  const parts = [`${settled} of ${lines} lines (${percent} %), ${state}: ${countsOf(order)}`];
  if (!hasEnded(order)) parts.push(...paceOf(order, now));
  return parts.join('; ');
}

const COUNTS: readonly (readonly [keyof ShownOrder['counts'], string])[] = [
  ['issued', 'issued'],
  ['wouldIssue', 'would be issued'],
  ['duplicate', 'duplicate'],
  ['wouldBeDuplicate', 'would be duplicate'],
  ['refused', 'refused'],
  ['notIssued', 'not issued'],
  ['cancelled', 'cancelled'],
];

export function countsOf({ counts }: ShownOrder): string {
  const shown = COUNTS.flatMap(([name, text]) => ((counts[name] ?? 0) > 0 ? [`${counts[name]} ${text}`] : []));
  return shown.length === 0 ? 'nothing yet' : shown.join(', ');
}

function paceOf({ linesPerSecond, estimatedEnd, waitingFor, pausedBy }: ShownOrder, now: number): readonly string[] {
  const rate = linesPerSecond === null ? [] : [`${linesPerSecond.toFixed(linesPerSecond < 10 ? 1 : 0)} lines/s`];
  const left = estimatedEnd === null ? [] : [`${durationOf(Date.parse(estimatedEnd) - now)} left`];
  return [
    ...(rate.length + left.length === 0 ? [] : [[...rate, ...left].join(', ')]),
    ...waitingFor.map(waitOf),
    ...(pausedBy === null ? [] : [`paused by ${escapeForTerminal(pausedBy)}`]),
  ];
}

function waitOf({ reason, profile = null, until = null }: Wait): string {
  if (reason === 'fault') return `lines failed by a fault of PFCNG, and are tried again at ${until}`;
  const what = profile === null ? reason : `${reason} of ${profile}`;
  return `waits for ${what}${until === null ? '' : ` until ${until}`}`;
}

export function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND_MS));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The reason why some lines have no certificates; null: all have. */
export function faultOf(order: ShownOrder): string | null {
  const { refused, notIssued, cancelled } = order.counts;
  const without = refused + notIssued + cancelled;
  if (without === 0) return null;
  return `${without} of ${order.lines} lines have no certificates; their problems are in: pfcng order results ${order.id}`;
}
