/**
 * The promises of the architecture that can be checked here, each by the state after a fault and a
 * restart. Promises 5, 6 and 10 (hierarchies, roots, secrets) and 9 (the HSM) have their own tests.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { verifyChain } from '../../../src/audit/chain.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import { unannounced } from './announced.js';
import { halfApproved } from './approvals/approval-promise.js';

import { halfEnded } from './cards/card-promise.js';
import { type CertificateRow, type List, listName, type ReportedCertificate, type Snapshot } from './facts.js';
import { halfOrdered } from './orders/order-promise.js';
import type { JournaledSignature } from './signer.js';
import type { Authority } from './stage.js';
import { inCrl } from './status.js';
import { unauditedStates } from './updates/audited-states.js';
import { halfUpdated } from './updates/update-promise.js';

/** The status that a relying party was given, and the status in the database at that moment. */
export type ReportedStatus = {
  readonly by: 'survivor' | 'before recovery' | 'after recovery';
  readonly issuer: string;
  readonly serial: string;
  /** `tryLater` where no status was given. */
  readonly status: string;
  readonly database: string;
};

export type AskedAgain = {
  readonly keyed: { readonly key: string; readonly certificates: number } | null;
  /**
   * What each of two retries returned. A text: a failure that does not mean that the work is done.
   */
  readonly answers: readonly (readonly ReportedCertificate[] | string)[];
};

export type Facts = {
  readonly authorities: readonly Authority[];
  /** The database after the process was killed, and after the next one had finished. */
  readonly crashed: Snapshot;
  readonly settled: Snapshot;
  readonly journal: readonly JournaledSignature[];
  readonly reported: readonly ReportedCertificate[];
  readonly asked: AskedAgain;
  readonly statuses: readonly ReportedStatus[];
  /** CRLs of each authority, in the order in which they were seen. */
  readonly lists: readonly List[];
  /** The CRLs that were published when the process was killed. */
  readonly crashedLists: readonly List[];
  /** The last one of each authority and scope. */
  readonly lastLists: readonly List[];
  /** Files beside the published CRLs. */
  readonly leftovers: readonly string[];
};

export type PromiseMade = {
  readonly name: string;
  /** The number of the promise, from 1 to 10. */
  readonly of: number;
  /** Describes how the promise was broken; none: it was kept. */
  readonly broken: (facts: Facts) => readonly string[] | Promise<readonly string[]>;
};

export const PROMISES: readonly PromiseMade[] = [
  { name: 'nothing is signed that was not stored and announced', of: 1, broken: signedUnstored },
  { name: 'a signature that is released verifies', of: 1, broken: unverified },
  { name: 'a serial number is spent once', of: 2, broken: spentTwice },
  { name: 'what was acknowledged is kept, octet by octet', of: 3, broken: lost },
  { name: 'each open intent is finished with its octets or listed as revoked', of: 3, broken: forgotten },
  { name: 'the audit log tells the state of each certificate', of: 4, broken: unauditedStates },
  { name: 'each signature has its entry before and after', of: 4, broken: unauditedSignatures },
  { name: 'the audit chain is intact', of: 4, broken: brokenChain },
  { name: 'a mass revocation is whole when it is done, each of its certificates once', of: 3, broken: halfRevoked },
  { name: 'each line of an order has one outcome, in the commit of its certificates', of: 3, broken: halfOrdered },
  { name: 'a founding certificate comes with its account', of: 3, broken: halfFounded },
  { name: 'an update changes in the commit of its certificates', of: 3, broken: halfUpdated },
  { name: 'an approval is executed in the commit of its action', of: 3, broken: halfApproved },
  { name: 'a card or holder has the state that the audit log says', of: 3, broken: halfEnded },
  { name: 'each change that endpoints hear of has its event', of: 3, broken: unannounced },
  { name: 'what is open or revoked is never good', of: 7, broken: wronglyGood },
  { name: 'revoked stays revoked', of: 7, broken: unrevoked },
  { name: 'numbers of lists rise, and no number has two lists', of: 7, broken: numbersFallen },
  { name: 'the last list is whole, and lists exactly what is revoked', of: 7, broken: wronglyListed },
  { name: 'the same request twice is one certificate', of: 8, broken: doubled },
];

export async function brokenPromises(facts: Facts): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const promise of PROMISES)
    broken.push(...(await promise.broken(facts)).map((what) => `${promise.name} (${promise.of}): ${what}`));
  return broken;
}

const isLive = ({ status }: { readonly status: string }): boolean => status === 'issued' || status === 'pending';
const isRevoked = ({ status }: { readonly status: string }): boolean => status === 'revoked';
const nameOf = ({ issuer, serial }: { readonly issuer: string; readonly serial: string }): string =>
  `${issuer} ${serial}`;

function signedUnstored({ journal }: Facts): readonly string[] {
  return journal.flatMap((signed) => {
    if (signed.kind === 'ocsp') return [];
    const what = `${signed.kind} ${signed.issuer} ${signed.name}`;
    return [
      ...(signed.stored ? [] : [`${what} was not stored when it was signed`]),
      ...(signed.announced ? [] : [`${what} had no intent in the audit log when it was signed`]),
    ];
  });
}

function unverified({ authorities, settled, crashed }: Facts): readonly string[] {
  return [...crashed.certificates, ...settled.certificates].flatMap((row) => {
    if (row.signature === null) return isLive(row) ? [`${nameOf(row)} is ${row.status} without a signature`] : [];
    const authority = authorities.find(({ issuer }) => issuer.id === row.issuer);
    const verified = authority !== undefined && isSignedBy(authority, row, row.signature);
    return verified ? [] : [`the signature of ${nameOf(row)} does not verify`];
  });
}

/**
 * Verification results by key. Nearly all signatures belong to the stage, with which every fault
 * begins.
 */
const verified = new WeakMap<KeyObject, { readonly publicKey: KeyObject; readonly known: Map<string, boolean> }>();

function isSignedBy({ issuer, key }: Authority, { tbs, tbsSha256 }: CertificateRow, signature: Uint8Array): boolean {
  const { publicKey, known } = verified.get(key) ?? { publicKey: createPublicKey(key), known: new Map() };
  verified.set(key, { publicKey, known });
  const name = `${tbsSha256} ${toHex(signature)}`;
  const verdict = known.get(name) ?? verify(hashFor(issuer.signatureAlgorithm), tbs, publicKey, signature);
  known.set(name, verdict);
  return verdict;
}

function spentTwice({ settled, journal }: Facts): readonly string[] {
  const octets = new Map<string, string>();
  const uses = [
    // A serial number whose bytes were lost with a database is used too: it is revoked without
    // bytes (`src/operations/restored/relearn.ts`).
    ...settled.certificates.flatMap((row) =>
      row.tbs.length === 0 && row.signature === null && row.status === 'revoked'
        ? []
        : [[nameOf(row), row.tbsSha256, `row ${row.id}`] as const],
    ),
    ...journal.flatMap((one) =>
      one.kind === 'certificate' ? [[`${one.issuer} ${one.name}`, one.tbsSha256, 'a signature'] as const] : [],
    ),
  ];
  const twice = uses.flatMap(([name, tbsSha256, what]) => {
    const known = octets.get(name) ?? tbsSha256;
    octets.set(name, known);
    return known === tbsSha256 ? [] : [`${name}: ${what} has other octets`];
  });
  const intents = settled.audit.filter(({ type }) => type === 'certificate.intent').map(({ details }) => details);
  const serials = [
    ...intents.map(({ issuer, serial }) => `intent of ${issuer} ${serial}`),
    ...settled.certificates.map((row) => `row of ${nameOf(row)}`),
  ];
  return [...twice, ...repeated(serials).map((name) => `${name}, twice`)];
}

/** All founding certificates of the scenarios are for an account. */
function halfFounded({ crashed, settled }: Facts): readonly string[] {
  return [crashed, settled].flatMap(({ audit }) => {
    const bound = new Set(audit.map(({ details }) => details.certificate));
    const founding = audit.filter(({ type, details }) => type === 'certificate.registered' && 'ceremony' in details);
    return founding.flatMap(({ details: { id } }) =>
      bound.has(id) ? [] : [`${id} is registered without its account`],
    );
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

function lost({ reported, settled, crashed }: Facts): readonly string[] {
  const certificates = reported.flatMap((one) => {
    if (one.kind !== 'certificate') return [];
    const row = settled.certificates.find(({ id }) => id === one.id);
    if (row === undefined) return [`${nameOf(one)} is gone`];
    const same =
      row.issuer === one.issuer &&
      row.serial === one.serial &&
      row.tbsSha256 === one.tbsSha256 &&
      (one.signature === null || (row.signature !== null && toHex(row.signature) === one.signature));
    if (!same) return [`${nameOf(one)} has changed`];
    return isLive(one) && !isLive(row) && !isRevoked(row) && row.status !== 'suspended'
      ? [`${nameOf(one)} was ${one.status} and is ${row.status}`]
      : [];
  });
  const lists = reported.flatMap((one) => {
    if (one.kind !== 'crl') return [];
    const row = settled.crls.find(({ issuer, number }) => issuer === one.issuer && number === one.number);
    const kept = row?.state === 'published' && row.sha256 === one.sha256;
    return kept ? [] : [`list ${one.number} of ${one.issuer} was published and is ${row?.state ?? 'gone'}`];
  });
  const rows = crashed.certificates.flatMap(({ id, serial }) =>
    settled.certificates.some((row) => row.id === id) ? [] : [`row ${serial} is gone`],
  );
  return [...certificates, ...lists, ...rows];
}

function forgotten({ crashed, settled, lastLists, asked }: Facts): readonly string[] {
  const open = settled.certificates.filter(({ status }) => status === 'open').map((row) => `${nameOf(row)} is open`);
  const ends = crashed.certificates.flatMap((before) => {
    if (before.status !== 'open') return [];
    const row = settled.certificates.find(({ id }) => id === before.id);
    if (row === undefined || row.tbsSha256 !== before.tbsSha256) return [`${nameOf(before)} lost its octets`];
    if (isLive(row)) return [];
    const list = lastLists.find(({ issuer }) => issuer === row.issuer);
    if (!isRevoked(row) || list === undefined || !inCrl(list.bytes, row.serial))
      return [`${nameOf(row)} is ${row.status} and not on the list`];
    // If one certificate of a request was revoked in the meantime, none of the request is released.
    const broken = crashed.certificates.some((other) => other.key === before.key && isRevoked(other));
    const awaited = before.key !== null && before.key === asked.keyed?.key && !broken;
    return awaited ? [`${nameOf(row)} was given up, and its client came back for it`] : [];
  });
  return [...open, ...ends];
}

function unauditedSignatures({ settled: { audit, certificates, crls }, journal }: Facts): readonly string[] {
  const seqOf = (type: string, issuer: string, name: string | number): number =>
    audit.find(
      ({ type: other, details }) =>
        other === type &&
        listName(String(details.issuer), details.scope) === issuer &&
        (details.serial === name || details.number === name),
    )?.seq ?? 0;
  const issued = certificates.flatMap((row) => {
    if (row.signature === null) return [];
    // A ceremony signed it, without an intent here.
    const registered = seqOf('certificate.registered', row.issuer, row.serial);
    if (registered > 0) return row.intentSeq === registered && row.issuedSeq === registered ? [] : [unlinked(row)];
    const before = seqOf('certificate.intent', row.issuer, row.serial);
    const entries = audit.filter(({ type, details }) => type === 'certificate.issued' && details.id === row.id);
    if (before === 0 || entries.length !== 1 || entries.some(({ seq }) => seq <= before))
      return [`${nameOf(row)}: intent ${before}, ${entries.length} results`];
    return row.intentSeq === before && row.issuedSeq === entries[0]?.seq ? [] : [unlinked(row)];
  });
  const ended = journal.flatMap(({ kind, issuer, name }) => {
    if (kind !== 'certificate') return [];
    const row = certificates.find((one) => one.issuer === issuer && one.serial === name);
    return row === undefined ? [`${issuer} ${name} was signed and is not known`] : [];
  });
  const lists = crls.flatMap(({ issuer, number, state }) => {
    const imported = seqOf('crl.imported', issuer, number) > 0;
    const intent = seqOf('crl.intent', issuer, number);
    const end = seqOf(`crl.${state}`, issuer, number);
    return imported || (intent > 0 && end > intent) ? [] : [`list ${number} of ${issuer} is ${state}, unaudited`];
  });
  return [...issued, ...ended, ...lists];
}

function unlinked(row: CertificateRow): string {
  return `${nameOf(row)} names entries ${row.intentSeq} and ${row.issuedSeq}`;
}

function halfRevoked({ crashed, settled }: Facts): readonly string[] {
  const counted = [crashed, settled].flatMap(({ massRevocations, revokedTwice }) => [
    ...massRevocations.flatMap(({ id, matched, done, settled: outcomes, waiting }) =>
      done === outcomes && matched === outcomes + waiting ? [] : [`${id}: ${done} done, ${outcomes} outcomes`],
    ),
    ...revokedTwice.map((id) => `${id} was revoked twice`),
  ]);
  const ended = settled.massRevocations.flatMap(({ id, state, waiting, live }) => {
    if (state === 'running') return [`${id} is running`];
    return state === 'completed' && waiting + live > 0 ? [`${id}: ${waiting} wait, ${live} are not revoked`] : [];
  });
  const orders = settled.massRevocations.length > 1 ? ['one order was taken twice'] : [];
  return [...counted, ...ended, ...orders];
}

async function brokenChain({ settled }: Facts): Promise<readonly string[]> {
  const verdict = await verifyChain(settled.chain);
  if (!verdict.ok) return [`entry ${verdict.error.seq}: ${verdict.error.rule}`];
  const { seq, chainHash } = verdict.value.head;
  return seq === settled.head.seq && toHex(chainHash) === settled.head.chainHash ? [] : ['its head is another'];
}

function wronglyGood({ statuses, journal }: Facts): readonly string[] {
  const wrong = statuses.flatMap(({ by, status, database, issuer, serial }) => {
    const right =
      database === 'open' ? status === 'tryLater' : status === (isLive({ status: database }) ? 'good' : 'revoked');
    return right ? [] : [`${issuer} ${serial} is ${database}, and ${status} to whom asked ${by}`];
  });
  const signed = journal.flatMap((one) =>
    one.kind === 'ocsp' && one.status === 'good' && !isLive({ status: one.database })
      ? [`${one.issuer} ${one.name} was ${one.database} and signed as good`]
      : [],
  );
  return [...wrong, ...signed];
}

function unrevoked({ reported, crashed, settled }: Facts): readonly string[] {
  const revoked = [...reported.filter((one) => one.kind === 'certificate'), ...crashed.certificates].filter(isRevoked);
  return revoked.flatMap(({ id, issuer, serial }) =>
    settled.certificates.some((row) => row.id === id && isRevoked(row))
      ? []
      : [`${issuer} ${serial} is revoked no more`],
  );
}

function numbersFallen({ lists, journal, settled }: Facts): readonly string[] {
  const falls = lists.flatMap((list, at) => {
    const before = lists.slice(0, at).findLast(({ issuer }) => issuer === list.issuer);
    if (before === undefined || before.sha256 === list.sha256 || before.number < list.number) return [];
    return [`list ${list.number} of ${list.issuer} came after ${before.number}`];
  });
  const octets = new Map<string, string>();
  const signed = [
    ...journal.flatMap((one) => (one.kind === 'crl' ? [[`${one.issuer} ${one.name}`, one.tbsSha256] as const] : [])),
    ...lists.map(({ issuer, number, tbsSha256 }) => [`${issuer} ${number}`, tbsSha256] as const),
  ];
  const twice = signed.flatMap(([name, tbsSha256]) => {
    const known = octets.get(name) ?? tbsSha256;
    octets.set(name, known);
    return known === tbsSha256 ? [] : [`list ${name} has been two lists`];
  });
  const reserved = settled.crls.filter(({ state }) => state === 'reserved');
  return [...falls, ...twice, ...reserved.map(({ issuer, number }) => `list ${number} of ${issuer} has no end`)];
}

/**
 * The next process has to publish: the CRL misses something that the database has, or a reserved
 * number has no final state.
 */
export function isListDue(issuer: string, lists: readonly List[], settled: Snapshot): boolean {
  const isIts = (one: { readonly issuer: string }): boolean => one.issuer.split(' ')[0] === issuer;
  const isOpen = settled.crls.some((row) => isIts(row) && row.state === 'reserved');
  const its = lists.filter(isIts);
  const isFaulty = its.some((list) => list.fault !== null || listFaults(list, settled).length > 0);
  return isOpen || isFaulty || !its.some((list) => list.issuer === issuer);
}

function listFaults(list: List, settled: Snapshot): readonly string[] {
  const row = settled.crls.findLast(({ issuer, state }) => issuer === list.issuer && state === 'published');
  const unknown = row?.number === list.number && row.sha256 === list.sha256 ? [] : [`list ${list.number} is unknown`];
  const wrong = settled.certificates.filter(
    ({ issuer, serial, status }) =>
      issuer === list.issuer && inCrl(list.bytes, serial) !== (status === 'revoked' || status === 'suspended'),
  );
  return [...unknown, ...wrong.map(({ serial, status }) => `${serial} is ${status}: list ${list.number} is wrong`)];
}

function wronglyListed(facts: Facts): readonly string[] {
  const { lists, lastLists, settled, leftovers, authorities } = facts;
  const broken = lists.flatMap(({ issuer, fault }) => (fault === null ? [] : [`a list of ${issuer}: ${fault}`]));
  const content = lastLists.flatMap((list) => listFaults(list, settled));
  // A CRL that is recorded as published exists, or a newer one.
  const unpublished = facts.crashed.crls.flatMap(({ issuer, number, state }) => {
    const list = facts.crashedLists.find((one) => one.issuer === issuer);
    const stands = state !== 'published' || (list !== undefined && list.number >= number);
    return stands ? [] : [`list ${number} of ${issuer} is published in the database alone`];
  });
  const missing = authorities.filter(({ issuer }) => !lastLists.some((list) => list.issuer === issuer.id));
  const no = missing.map(({ issuer }) => `no list of ${issuer.id}`);
  return [...broken, ...content, ...unpublished, ...no, ...leftovers.map((name) => `${name} is left over`)];
}

function doubled({ asked: { keyed, answers }, settled }: Facts): readonly string[] {
  const refused = answers.filter((answer) => typeof answer === 'string').map((why) => `whoever came back met ${why}`);
  if (keyed === null) return refused;
  const given = answers.filter((answer) => typeof answer !== 'string').map((answer) => JSON.stringify(answer));
  const differ = new Set(given).size > 1 ? [`two answers under ${keyed.key}`] : [];
  const rows = settled.certificates.filter(({ key }) => key === keyed.key);
  const live = rows.filter(isLive).length;
  return [
    ...refused,
    ...differ,
    ...(live === keyed.certificates ? [] : [`${live} certificates under ${keyed.key}, not ${keyed.certificates}`]),
  ];
}
