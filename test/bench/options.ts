/** What `npm run bench -- ...` was asked for. */

export const PARTS = [
  'start',
  'lint',
  'ocsp',
  'serving',
  'signer',
  'hsm-down',
  'issuance',
  'steps',
  'est',
  'cmp',
  'orders',
  'campaign',
  'crl',
  'nodes',
  'scale',
  'console',
  'soak',
  'floods',
  'backup',
] as const;
export type PartName = (typeof PARTS)[number];

/** Run without being named; the others take many minutes. */
const USUAL: readonly PartName[] = ['start', 'lint', 'ocsp', 'serving', 'signer', 'hsm-down', 'issuance'];

export type Options = {
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  readonly write: boolean;
  readonly profile: boolean;
  /** Measured where a part is on each. */
  readonly databases: readonly string[];
  /** Certificates in the database that is compared with an empty one. */
  readonly scale: number;
};

export const USAGE = `npm run bench [-- OPTION...]
  --quick         short runs, to see that everything works: no figures to keep
  --only PART     one part alone (may be repeated): ${PARTS.join(', ')}
  --scale [SIZE]  as well, or alone with --only: a database of SIZE certificates (1m; 10m) against an empty one;
                  with --only crl: lists of SIZE entries, and of a tenth; with --only console: pages on such a database
  --soak          as well: memory over 100,000 issuances
  --database NAME issuance, scale and backup on this one alone: sqlite, postgresql
  --profile       as well: the service's processor time an issuance by step
  --write         the first figure of each part and those that miss their goals into ops/bench.md`;

export const DATABASE_NAMES: readonly string[] = ['sqlite', 'postgresql'];

const SCALE_USUAL = '1m';
const SCALE_QUICK = '20k';

/** `1m`, `10m`, `250k` or plain digits; null for anything else. */
export function parseSize(text: string): number | null {
  const match = /^([1-9]\d{0,8})([km]?)$/.exec(text);
  if (match === null) return null;
  return Number(match[1]) * { '': 1, k: 1_000, m: 1_000_000 }[match[2] as '' | 'k' | 'm'];
}

/** Or what is wrong, for people. */
export function parseOptions(given: readonly string[]): Options | string {
  const only: PartName[] = [];
  const more: PartName[] = [];
  let [quick, write, profile] = [false, false, false];
  let size: string | null = null;
  let databases = DATABASE_NAMES;
  const rest = [...given];
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (option === '--quick') quick = true;
    else if (option === '--write') write = true;
    else if (option === '--profile') profile = true;
    else if (option === '--soak') more.push('soak');
    else if (option === '--scale') {
      more.push('scale');
      if (rest[0] !== undefined && !rest[0].startsWith('--')) size = rest.shift() ?? null;
    } else if (option === '--only') {
      const name = rest.shift();
      const part = PARTS.find((one) => one === name);
      if (part === undefined) return `no part ${name ?? ''}: ${PARTS.join(', ')}`;
      only.push(part);
    } else if (option === '--database') {
      const name = rest.shift() ?? '';
      if (!DATABASE_NAMES.includes(name)) return `no database ${name}: ${DATABASE_NAMES.join(', ')}`;
      databases = [name];
    } else return `no option ${option}`;
  }
  const scale = parseSize(size ?? (quick ? SCALE_QUICK : SCALE_USUAL));
  if (scale === null) return `no size ${size ?? ''}: 1m, 10m, 250k`;
  const wanted = new Set(only.length > 0 ? only : [...USUAL, ...more]);
  return { parts: PARTS.filter((part) => wanted.has(part)), quick, write, profile, databases, scale };
}
