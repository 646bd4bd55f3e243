/** Plays one scenario with one fault, and everything after it until the promises can be checked. */
import { present } from '../../../src/kernel/assert.js';
import { fromHex } from '../../../src/kernel/bytes.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import { NOW } from '../../support/db/records.js';
import {
  filesIn,
  type List,
  linesOf,
  listOf,
  type ReportedCertificate,
  type StatusRow,
  snapshotOf,
  statusRows,
} from './facts.js';
import type { Slot, Theatre } from './places.js';
import { type AskedAgain, type Facts, isListDue, type ReportedStatus } from './promises.js';
import type { Answer, Scenario } from './scenarios/all.js';
import {
  accept,
  createService,
  folders,
  idsOf,
  RESTARTED,
  recover,
  report,
  type Service,
  workPeriodicJobs,
} from './service.js';
import type { JournaledSignature } from './signer.js';
import { requestFor, statusIn } from './status.js';
import { createTap, type Fault, type Tap } from './tap.js';

export type PlayedScenario = Answer | { readonly thrown: unknown };

/**
 * Plays what came before, and the operation with its fault. It does not return when the process is
 * to be killed.
 */
export async function play(service: Service, tap: Tap, scenario: Scenario): Promise<PlayedScenario> {
  for (const [name, id] of idsOf(service.place)) service.ids.set(name, id);
  await scenario.before?.(service);
  try {
    const answer = await tap.during(() => scenario.run(service));
    if (answer.ok) report(service, answer.value);
    return answer;
  } catch (thrown) {
    return { thrown };
  }
}

export type Outcome = {
  readonly played: PlayedScenario;
  readonly calls: Tap['calls'];
  readonly facts: Facts;
};

type Set = { readonly theatre: Theatre; readonly slot: Slot; readonly scenario: Scenario };

/**
 * In a process that survives: it goes on serving, and its client retries at once. Then it is
 * restarted.
 */
export async function playAndFail({ theatre, slot, scenario }: Set, fault: Fault | null): Promise<Outcome> {
  await slot.reset(scenario.onBackup ? 'backup' : 'stage');
  const lists = await listsNow(theatre, slot);
  const tap = createTap(fault);
  const means = { stage: theatre.stage, place: slot.place, witness: slot.raw, tap, now: NOW };
  const service = createService({ ...means, store: await slot.open('failing') });
  const played = await play(service, tap, scenario);
  Object.assign(service.signer, { lies: 0, away: false, meanwhile: null });
  const survivor = await statusesNow(service, slot, 'survivor');
  if (fault !== null) await askAgain(service, scenario);
  const after = await statusesNow(service, slot, 'survivor');
  const facts = await restart({ theatre, slot, scenario }, { lists, statuses: [...survivor, ...after] });
  return { played, calls: tap.calls, facts };
}

/**
 * After another process has played it here and was killed. `lists`: the CRLs that were published
 * before.
 */
export async function settleAfterKill(set: Set, lists: readonly List[]): Promise<Facts> {
  return restart(set, { lists, statuses: [] });
}

export async function listsNow({ stage }: Theatre, { place }: Slot): Promise<readonly List[]> {
  const asked = [...stage.authorities, stage.root].flatMap((authority) =>
    (['full', 'delta'] as const).map((scope) => listOf(folders(place).crl, authority, scope)),
  );
  const lists = await Promise.all(asked);
  return lists.filter((list) => list !== null);
}

async function restart(
  { theatre, slot, scenario }: Set,
  before: { readonly lists: readonly List[]; readonly statuses: readonly ReportedStatus[] },
): Promise<Facts> {
  const { stage } = theatre;
  const raw = await slot.raw();
  const crashed = await snapshotOf(raw);
  const crashedLists = await listsNow(theatre, slot);
  const means = { stage, place: slot.place, witness: slot.raw, tap: null, now: RESTARTED };
  const next = createService({ ...means, store: await slot.open('next') });
  for (const [name, id] of idsOf(slot.place)) next.ids.set(name, id);
  const unrecovered = await statusesNow(next, slot, 'before recovery');
  await recover(next);
  const asked = await comeBack(next, scenario);
  await workPeriodicJobs(next);
  await publishWhatIsDue(next, { theatre, slot, scenario });
  const recovered = await statusesNow(next, slot, 'after recovery');
  const lastLists = await listsNow(theatre, slot);
  const files = folders(slot.place);
  return {
    authorities: stage.authorities,
    crashed,
    settled: await snapshotOf(raw),
    journal: linesOf<JournaledSignature>(files.journal),
    reported: linesOf<ReportedCertificate>(files.reported),
    asked,
    statuses: [...before.statuses, ...unrecovered, ...recovered],
    crashedLists,
    lists: [...before.lists, ...crashedLists, ...lastLists],
    lastLists,
    leftovers: filesIn(files.crl).filter((name) => !name.endsWith('.crl')),
  };
}

/**
 * A CRL that is complete is not made again, because that would take as long as the rest of the
 * fault.
 */
async function publishWhatIsDue({ bare }: Service, { theatre, slot, scenario }: Set): Promise<void> {
  const [settled, lists] = [await snapshotOf(await slot.raw()), await listsNow(theatre, slot)];
  // A database that is older than the published CRLs has no base for a delta CRL before it has made
  // a full one.
  const kinds = scenario.onBackup === true ? (['full', 'delta'] as const) : (['full'] as const);
  for (const { issuer } of theatre.stage.authorities)
    if (scenario.onBackup === true || isListDue(issuer.id, lists, settled))
      for (const kind of kinds) accept(await publishCrl(bare, issuer.id, kind));
}

async function askAgain(service: Service, scenario: Scenario): Promise<Answer | null> {
  if (scenario.again === null) return null;
  const answer = await (scenario.again ?? scenario.run)(service);
  if (answer.ok) report(service, answer.value);
  return answer;
}

/** Two retries, one after the other. */
async function comeBack(service: Service, scenario: Scenario): Promise<AskedAgain> {
  const answers: (readonly ReportedCertificate[] | string)[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await askAgain(service, scenario);
    if (answer === null) continue;
    if (answer.ok) answers.push(answer.value);
    else if (!says(scenario.orTold ?? [], answer.error)) answers.push(JSON.stringify(answer.error));
  }
  return { keyed: scenario.keyed ?? null, answers };
}

function says(words: readonly string[], { kind, rule }: { readonly kind: string; readonly rule?: string }): boolean {
  return words.includes(kind) || (rule !== undefined && words.includes(rule));
}

/**
 * The status that this service gives a relying party for each certificate, together with the status
 * in the database. A request for one certificate may get a cached response; a request for several
 * gets a new one, and none where one of them is open.
 */
async function statusesNow(
  { stage, responder }: Service,
  slot: Slot,
  by: ReportedStatus['by'],
): Promise<readonly ReportedStatus[]> {
  const rows = await statusRows(await slot.raw());
  const messages = stage.authorities.flatMap(({ issuer }) => {
    const own = rows.filter((row) => row.issuer === issuer.id);
    const [open, others] = [own.filter(isOpen), own.filter((row) => !isOpen(row))];
    const groups = by === 'survivor' ? own.map((row) => [row]) : [...open.map((row) => [row]), others];
    return groups.filter((group) => group.length > 0).map((group) => ({ issuer, group }));
  });
  const reported: ReportedStatus[] = [];
  for (const { issuer, group } of messages) {
    const asked = group.map((row) => ({ row, octets: present(fromHex(row.serial), 'a serial number in hex') }));
    const request = requestFor(
      issuer,
      asked.map(({ octets }) => octets),
    );
    const { bytes } = await responder.answer(request);
    for (const { row, octets } of asked) {
      const { serial, status: database } = row;
      reported.push({ by, issuer: issuer.id, serial, status: statusIn(bytes, octets) ?? 'tryLater', database });
    }
  }
  return reported;
}

function isOpen({ status }: StatusRow): boolean {
  return status === 'open';
}
