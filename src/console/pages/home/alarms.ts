/** What needs somebody now, in words: what it means, what to do, and the page of the runbook. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { DAY_MS, HOUR_MS } from '../../../kernel/duration.js';
import type { Json } from '../../../kernel/json.js';
import type { Work } from '../../../operations/overview/read-work.js';
import { READINESS_PARTS, type ReadinessPart } from '../../../ports/readiness.js';
import { filled } from '../../words/filled.js';
import { ALARM_WORDS as WORDS } from './alarm-words.js';
import type { AuthorityRow, HomeData } from './data.js';

export type Alarm = {
  readonly tone: 'bad' | 'warn';
  readonly says: Bilingual;
  readonly todo: Bilingual;
  /** Name of the page in `ops/`, without `.md`. */
  readonly runbook: string;
};

type PartAlarm = { readonly words: keyof typeof WORDS; readonly tone: Alarm['tone']; readonly runbook: string };

/** null: it is no alarm by itself, or comes from the data of the page. */
const PART_ALARMS: Readonly<Record<ReadinessPart, PartAlarm | null>> = {
  signers: { words: 'signers', tone: 'bad', runbook: 'signers' },
  groups: null,
  database: { words: 'database', tone: 'bad', runbook: 'database' },
  durability: { words: 'durability', tone: 'bad', runbook: 'postgresql' },
  disk: { words: 'disk', tone: 'bad', runbook: 'database' },
  clock: { words: 'clock', tone: 'bad', runbook: 'clock' },
  runs: { words: 'runs', tone: 'bad', runbook: 'nodes' },
  drift: { words: 'drift', tone: 'warn', runbook: 'nodes' },
  accounts: { words: 'accounts', tone: 'warn', runbook: 'mass-revocation' },
  tagKeys: { words: 'tagKeys', tone: 'warn', runbook: 'audit-tags' },
  jobs: { words: 'jobs', tone: 'bad', runbook: 'jobs' },
  crls: { words: 'crls', tone: 'bad', runbook: 'crl' },
  outlets: { words: 'outlets', tone: 'bad', runbook: 'publication' },
  publicAddresses: { words: 'publicAddresses', tone: 'bad', runbook: 'publication' },
  horizons: null,
  staleSeconds: null,
};

/** The worst first. */
export function alarmsOf(data: HomeData): readonly Alarm[] {
  const { readiness, platform, authorities } = data;
  const found = [
    ...authorities.flatMap((authority) => listAlarms(authority, data)),
    ...READINESS_PARTS.flatMap((part) => partAlarms(part, readiness?.parts[part])),
    ...(platform === null ? [] : workAlarms(platform.work)),
    ...(platform !== null && readiness === null ? [UNKNOWN] : []),
    ...authorities.flatMap(horizonAlarms),
  ];
  return [...found.filter(({ tone }) => tone === 'bad'), ...found.filter(({ tone }) => tone === 'warn')];
}

const UNKNOWN: Alarm = { tone: 'warn', ...WORDS.unknown, runbook: 'README' };

/** What a part says when nothing is wrong with it. */
const RIGHT: readonly Json[] = [
  'ready',
  'fresh',
  'current',
  'right',
  'unknown',
  'none yet',
  'not checked',
  'not checked yet',
];

function partAlarms(part: ReadinessPart, state: Json | undefined): readonly Alarm[] {
  const alarm = PART_ALARMS[part];
  if (alarm === null || state === undefined || state === null) return [];
  const members = typeof state === 'object' ? Object.entries(state) : [['', state] as const];
  return members
    .filter(([name, detail]) => !RIGHT.includes(detail) && !(part === 'crls' && isListOfAll(name)))
    .map(([name, detail]) => alarmOf(alarm, { name, detail: String(detail) }));
}

/** `listAlarms` makes the alarms of these lists from the table of CAs, which each process knows. */
function isListOfAll(name: string): boolean {
  return !/ (full|delta)-\d+$/.test(name);
}

function alarmOf({ words, tone, runbook }: PartAlarm, values: Readonly<Record<string, string>>): Alarm {
  const { says, todo } = WORDS[words];
  return { tone, says: filled(says, values), todo: filled(todo, values), runbook };
}

function listAlarms({ issuer, crls: { full, delta } }: AuthorityRow, { now }: HomeData): readonly Alarm[] {
  const alarm = { words: 'crls', tone: 'bad', runbook: 'crl' } as const;
  if (full === null) return [alarmOf({ ...alarm, words: 'noCrl' }, { name: issuer.id })];
  return [full, delta].flatMap((list) =>
    list === null || list.nextUpdate > now
      ? []
      : [alarmOf(alarm, { name: list.scope === 'full' ? issuer.id : `${issuer.id} delta`, detail: 'expired' })],
  );
}

function horizonAlarms({ issuer, horizon }: AuthorityRow): readonly Alarm[] {
  if (horizon === null || horizon.state === 'open') return [];
  const isShort = horizon.state === 'shortens';
  const alarm = { words: isShort ? 'shortens' : 'near', tone: isShort ? 'bad' : 'warn', runbook: 'horizon' } as const;
  return [alarmOf(alarm, { name: issuer.id })];
}

const ORDER_MS_MAX = DAY_MS;
const RECEIPT_MS_MAX = HOUR_MS;

function workAlarms({ orders, updates, deadDeliveries, now }: Work): readonly Alarm[] {
  const undetermined = updates.byState.undetermined ?? 0;
  const isOlder = (at: number | null, ms: number): boolean => at !== null && now - at > ms;
  const alarms: readonly (readonly [isOn: boolean, PartAlarm, count: number])[] = [
    [undetermined > 0, { words: 'undetermined', tone: 'warn', runbook: 'cards' }, undetermined],
    [isOlder(orders.oldestAt, ORDER_MS_MAX), { words: 'oldOrder', tone: 'warn', runbook: 'orders' }, 1],
    [isOlder(orders.unsignedAt, RECEIPT_MS_MAX), { words: 'unsigned', tone: 'bad', runbook: 'orders' }, 1],
    [deadDeliveries > 0, { words: 'deadDeliveries', tone: 'warn', runbook: 'webhooks' }, deadDeliveries],
  ];
  return alarms.flatMap(([isOn, alarm, count]) => (isOn ? [alarmOf(alarm, { count: String(count) })] : []));
}
