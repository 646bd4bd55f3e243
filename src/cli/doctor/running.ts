/**
 * What `pfcng doctor` finds out from a process that runs: its readiness, part by part, and the ends
 * of the certificates that the installation uses, from its metrics.
 */
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../kernel/duration.js';
import { isObject, parseJson } from '../../kernel/json.js';
import type { CertificateUse } from '../../observe/certificate-metrics.js';
import { READINESS_PARTS, type ReadinessPart } from '../../ports/readiness.js';
import { type Finding, faulty, fine } from './finding.js';

export type RunningService =
  /** The request failed without a timeout, mostly because the port is closed. */
  | { readonly kind: 'none'; readonly url: string }
  /** It accepts connections and does not answer, or answers something else. */
  | { readonly kind: 'wrong'; readonly url: string; readonly detail: string }
  | {
      readonly kind: 'answers';
      readonly url: string;
      readonly state: string;
      readonly parts: Readonly<Record<string, unknown>>;
      /** In the text format of Prometheus; empty: it did not say. */
      readonly metrics: string;
    };

const ANSWER_MS_MAX = 10_000;
const READINESS_CHARACTERS_MAX = 200_000;
const METRICS_CHARACTERS_MAX = 5_000_000;

export async function askService({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<RunningService> {
  const url = `http://${host}:${port}`;
  let text: string;
  try {
    text = await textAt(`${url}/readyz`, READINESS_CHARACTERS_MAX);
  } catch (error) {
    const isSilent = error instanceof Error && error.name === 'TimeoutError';
    return isSilent
      ? { kind: 'wrong', url, detail: `no answer in ${ANSWER_MS_MAX / SECOND_MS} s` }
      : { kind: 'none', url };
  }
  const answer = parseJson(text);
  if (!isObject(answer) || typeof answer.state !== 'string')
    return { kind: 'wrong', url, detail: `it is no PFCNG: ${text.slice(0, 100)}` };
  const metrics = await textAt(`${url}/metrics`, METRICS_CHARACTERS_MAX).catch(() => '');
  return { kind: 'answers', url, state: answer.state, parts: isObject(answer.parts) ? answer.parts : {}, metrics };
}

async function textAt(url: string, charactersMax: number): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  return (await answer.text()).slice(0, charactersMax);
}

/** A check of a part of `/readyz`. */
type PartCheck = {
  readonly question: string;
  /** What the part, or each of its members, says when nothing is wrong. */
  readonly good: RegExp;
  readonly whatToDo: string;
};

const READY = /^ready$/;
const ANYTHING = /^/;

const PARTS = {
  signers: {
    question: 'Is each signer ready?',
    good: READY,
    whatToDo:
      'locked: pfcng signer unlock TOKEN; down: see its log, then pfcng hsm check --token TOKEN, and start it again (ops/signers.md)',
  },
  groups: {
    question: 'Does every token of each group sign?',
    good: READY,
    whatToDo: 'repair the signer of the group that is not ready (ops/signers.md#a-second-token-with-the-same-keys)',
  },
  database: {
    question: 'Does the process read and write its database?',
    good: READY,
    whatToDo: 'as the detail says; do not stop the service before you have read ops/database.md',
  },
  durability: {
    question: 'Does the database keep what it has acknowledged, even if its machine fails?',
    good: READY,
    whatToDo: 'set synchronous_commit, fsync and the standbys as ops/postgresql.md says',
  },
  disk: {
    question: 'Does the process have space on its disks?',
    good: READY,
    whatToDo: 'free space on the disk of these folders: when it is full, nothing is issued or revoked',
  },
  clock: {
    question: 'Is the clock of the process right?',
    good: READY,
    whatToDo: 'pfcng clock status says which clock is wrong; set it (ops/clock.md)',
  },
  runs: {
    question: 'Has each process reported recently?',
    good: READY,
    whatToDo: 'start the silent node again, or stop it for good: pfcng nodes (ops/nodes.md)',
  },
  drift: {
    question: 'Do all nodes have the same version, policy and configuration?',
    good: READY,
    whatToDo: 'make the nodes equal in what is named, one after the other (ops/nodes.md)',
  },
  accounts: {
    question: 'Does the process accept each account that is enabled?',
    good: /^$/,
    whatToDo: 'as each line says (pfcng account, ops/configuration.md)',
  },
  tagKeys: {
    question: 'Does the process have the keys of the audit tags?',
    good: READY,
    whatToDo: 'pfcng audit tag-key make YEAR, then copy the key to all nodes (ops/audit-tags.md)',
  },
  jobs: {
    question: 'Do the essential jobs run in time?',
    good: READY,
    whatToDo: 'pfcng jobs shows their last errors (ops/jobs.md)',
  },
  crls: {
    question: 'Does each CA have a CRL that has not expired?',
    good: /^(fresh|none yet)$/,
    whatToDo: 'pfcng crl publish CA; if that fails, repair the signer of the CA first (ops/crl.md)',
  },
  outlets: {
    question: 'Are all outlets up to date?',
    good: /^(current|unknown)$/,
    whatToDo:
      'repair the directory or server that the detail names; it is visited again by itself (ops/publication.md)',
  },
  publicAddresses: {
    question: 'Do the public addresses serve what was published?',
    good: /^(right|not checked|not checked yet)$/,
    whatToDo: 'correct what serves these addresses: relying parties use them (ops/publication.md)',
  },
  // Issued certificates get a shorter, still correct, validity; `findEnds` checks the ends of CAs.
  horizons: { question: 'Do certificates get their whole lifetime?', good: ANYTHING, whatToDo: '' },
  staleSeconds: { question: 'How old are the statuses of the responder?', good: ANYTHING, whatToDo: '' },
} as const satisfies Readonly<Record<ReadinessPart, PartCheck>>;

type PartFinding = Finding & { readonly name: string; readonly question: string; readonly whatToDo: string };

/** A finding for each part that the process has. */
export function findParts({ parts }: Extract<RunningService, { readonly kind: 'answers' }>): readonly PartFinding[] {
  return READINESS_PARTS.flatMap((name) => {
    if (!(name in parts)) return [];
    const { question, good, whatToDo } = PARTS[name];
    const said = statementsOf(parts[name]);
    const wrong = said.filter(({ state }) => !good.test(state));
    const finding = wrong.length === 0 ? fine(summary(said)) : faulty(wrong.map(lineOf).join('\n'));
    return [{ name: `running-${name}`, question, ...finding, whatToDo }];
  });
}

type Statement = { readonly of: string; readonly state: string };

function statementsOf(part: unknown): readonly Statement[] {
  if (!isObject(part)) return [{ of: '', state: textOf(part) }];
  return Object.entries(part).map(([of, state]) => ({ of, state: textOf(state) }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function lineOf({ of, state }: Statement): string {
  return of === '' ? state : `${of}: ${state}`;
}

/** Names each state once. */
function summary(said: readonly Statement[]): string {
  return said.length === 0 ? 'nothing to report' : [...new Set(said.map(({ state }) => state))].join(', ');
}

/**
 * A certificate is a fault from this number of days before its end on, as in the alerts of
 * `ops/prometheus`.
 */
const SOON_DAYS = { ca: 365, tls: 30, responder: 10, 'cmp-signer': 90, account: 30 } as const satisfies Readonly<
  Record<CertificateUse, number>
>;

const RENEWALS = {
  ca: 'a ceremony makes the next generation of the CA (ops/horizon.md)',
  tls:
    'issue a new one (elementaire/serv-ssl): POST /v1/certificates, or a ceremony; replace the file of tls and start ' +
    'the service again',
  responder: 'the worker renews it: see pfcng jobs',
  'cmp-signer': 'a ceremony makes the next one (ops/cmp-signers.md)',
  account: 'renew it, or pfcng account certify ACCOUNT (ops/configuration.md)',
} as const satisfies Readonly<Record<CertificateUse, string>>;

const END =
  /^pfcng_certificate_not_after_timestamp_seconds\{use="([a-z-]+)",name="([^"]*)",serial="([0-9a-f]*)"\} (\d+(?:\.\d+)?(?:e\+\d+)?)$/gm;

/** Whether a certificate that the installation itself uses ends soon, as the metrics say. */
export function findEnds(metrics: string, now: Instant): Finding {
  const ends = [...metrics.matchAll(END)].flatMap(([, use = '', name = '', serial = '', at = '']) =>
    isUse(use) ? [{ use, name, serial, at: Number(at) * SECOND_MS }] : [],
  );
  const last = new Map<string, number>();
  for (const { use, name, at } of ends) if (use === 'account') last.set(name, Math.max(at, last.get(name) ?? at));
  // An account that has renewed its certificate may keep the old one until it ends.
  const isReplaced = ({ use, name, at }: (typeof ends)[number]) => use === 'account' && at !== last.get(name);
  const soon = ends.filter((end) => end.at < now + SOON_DAYS[end.use] * DAY_MS && !isReplaced(end));
  if (soon.length === 0) return fine(`none of ${ends.length} certificates ends soon`);
  return {
    ...faulty(soon.map(({ use, name, serial, at }) => `${use} ${name} ${serial}: ${formatInstant(at)}`).join('\n')),
    whatToDo: [...new Set(soon.map(({ use }) => RENEWALS[use]))].join('; '),
  };
}

function isUse(text: string): text is CertificateUse {
  return Object.hasOwn(SOON_DAYS, text);
}

const DEAD = /^pfcng_webhook_dead (\d+)$/m;

/** Whether an endpoint did not get an event, and nobody tries again. */
export function findDeadDeliveries(metrics: string): Finding {
  const dead = Number(DEAD.exec(metrics)?.[1] ?? 0);
  return dead === 0 ? fine('none') : faulty(`${dead} deliveries were given up`);
}
