/**
 * `pfcng status`: shows auditors which status of a certificate relying parties got at a given time.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { readIssuers } from '../compose/issuers.js';
import { systemClock } from '../compose/world.js';
import { type Bilingual, inBothLanguages } from '../kernel/bilingual.js';
import { formatInstant, formatInstantMs, type Instant, parseInstant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type PastStatus, statusAt } from '../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { StatusEvent, StoredState } from '../ports/store/statuses.js';
import type { Reads } from '../ports/store.js';
import { fail, say } from '../terminal/say.js';
import { type Records, unreadable, withRecords } from './common/records.js';

type Options = { readonly at?: Instant; readonly issuer?: string; readonly json?: boolean };

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('the status of a certificate at a time, and its history')
    .argument('<serial>', 'its serial number, hexadecimal', readSerial)
    .option('--at <time>', 'UTC, for example 2026-03-01T10:00Z; default: now', readTime)
    .option('--issuer <ca>', 'the authority, for example aci-fo-pp, if several have issued this serial number')
    .option('--json', 'print it as JSON')
    .action(status);
}

async function status(serial: string, { at = systemClock(), issuer, json }: Options): Promise<void> {
  await withRecords(async (records) => {
    const found = await find(records, serial, issuer);
    if (!found.ok) return fail([found.error]);
    const { record, events } = found.value;
    const report = { record, events, atTime: statusAt(record, events, at), at };
    if (json === true) say(JSON.stringify(toJson(report)));
    else sayStatus(report);
  });
}

function readSerial(given: string): string {
  const serial = given
    .replace(/^(serial=|0x)/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  if (!/^[0-9a-f]{1,40}$/.test(serial))
    throw wrongUsage({
      fr: 'un numéro de série en hexadécimal, de 40 chiffres au plus, est attendu',
      en: 'a serial number in hexadecimal of at most 40 digits is expected',
    });
  // The database stores whole bytes.
  return serial.length % 2 === 0 ? serial : `0${serial}`;
}

function readTime(given: string): Instant {
  const time = parseInstant(given.replace(/(T\d\d:\d\d)Z$/, '$1:00Z'));
  if (time === null)
    throw wrongUsage({
      fr: 'une date et une heure UTC sont attendues, par exemple 2026-03-01T10:00Z',
      en: 'a time in UTC is expected, such as 2026-03-01T10:00Z',
    });
  const now = systemClock();
  // A future time is refused: an auditor would take the present status for the future one.
  if (time > now)
    throw wrongUsage({
      fr: `dans le futur (il est ${formatInstantMs(now)}) ; donnez une heure passée, ou rien pour maintenant`,
      en: `in the future (it is ${formatInstantMs(now)}); give a time in the past, or none for now`,
    });
  return time;
}

function wrongUsage(text: Bilingual): InvalidArgumentError {
  return new InvalidArgumentError(inBothLanguages(text));
}

type CertificateHistory = { readonly record: CertificateRecord; readonly events: readonly StatusEvent[] };

async function find(
  { home, store }: Records,
  serial: string,
  issuer: string | undefined,
): Promise<Result<CertificateHistory, string>> {
  const issuers = readIssuers(home);
  if (!issuers.ok) return issuers;
  const candidates = issuers.value.all().filter(({ id }) => issuer === undefined || id === issuer);
  const outcome = await store.read(async (reads) => {
    const found: CertificateHistory[] = [];
    for (const { id } of candidates) {
      const record = await recordOf(reads, id, serial);
      if (record !== null) found.push({ record, events: await reads.statusEvents(record.id) });
    }
    return found;
  });
  if (!outcome.ok) return err(unreadable(outcome.error.detail));
  const [first, ...others] = outcome.value;
  if (first === undefined)
    return err(
      inBothLanguages({
        fr: `aucun certificat de numéro ${serial} n'a été émis ici${issuer === undefined ? '' : ` par ${issuer}`}`,
        en: `no certificate with the serial number ${serial} was issued here${issuer === undefined ? '' : ` by ${issuer}`}`,
      }),
    );
  if (others.length === 0) return ok(first);
  const names = outcome.value.map(({ record }) => record.issuer).join(', ');
  return err(
    inBothLanguages({
      fr: `plusieurs AC ont émis ce numéro ; précisez --issuer : ${names}`,
      en: `several CAs issued this number; choose one with --issuer: ${names}`,
    }),
  );
}

/**
 * The database stores serial numbers with all 16 bytes; a copied number may lack its leading zeros.
 */
async function recordOf(reads: Reads, issuer: CertificateRecord['issuer'], serial: string) {
  return (
    (await reads.certificateBySerial(issuer, serial)) ??
    (await reads.certificateBySerial(issuer, serial.padStart(32, '0')))
  );
}

type StatusReport = CertificateHistory & { readonly atTime: PastStatus; readonly at: Instant };

function toJson({ record, events, atTime, at }: StatusReport) {
  const { id, issuer, serial, profile, notBefore, notAfter, createdAt } = record;
  return {
    at: formatInstantMs(at),
    status: atTime.status,
    ocsp: atTime.ocsp,
    id,
    issuer,
    serial,
    profile,
    issued: formatInstantMs(createdAt),
    account: record.accountId,
    notBefore: formatInstant(notBefore),
    notAfter: formatInstant(notAfter),
    events: events.map((event) => ({ at: formatInstantMs(event.at), actor: event.actor, ...stateJson(event.state) })),
  };
}

function stateJson(state: StoredState) {
  if (state.status !== 'revoked' && state.status !== 'suspended') return { status: state.status };
  const { status, at, invalidityDate } = state;
  return {
    status,
    since: formatInstant(at),
    reason: status === 'revoked' ? state.reason : 'certificateHold',
    ...(invalidityDate === null ? {} : { invalidityDate: formatInstant(invalidityDate) }),
  };
}

const STATUS_WORDS = {
  pending: { fr: 'en attente', en: 'pending' },
  issued: { fr: 'émis', en: 'issued' },
  suspended: { fr: 'suspendu', en: 'suspended' },
  revoked: { fr: 'révoqué', en: 'revoked' },
  expired: { fr: 'expiré', en: 'expired' },
} as const;

function sayStatus({ record, events, atTime, at }: StatusReport): void {
  const word = atTime.status === null ? { fr: 'pas de certificat', en: 'no certificate' } : STATUS_WORDS[atTime.status];
  const time = formatInstantMs(at);
  say(`${record.issuer} ${record.serial}`);
  say(
    inBothLanguages({
      fr: `le ${time} : ${word.fr} (OCSP : ${atTime.ocsp})`,
      en: `on ${time}: ${word.en} (OCSP: ${atTime.ocsp})`,
    }),
  );
  const [made, end] = [formatInstant(record.notBefore), formatInstant(record.notAfter)];
  say(
    inBothLanguages({
      fr: `${record.profile}, du ${made} au ${end}`,
      en: `${record.profile}, from ${made} until ${end}`,
    }),
  );
  if (record.signature !== null) say(`  ${formatInstantMs(record.createdAt)}  ${record.becomes}  ${record.accountId}`);
  for (const event of events) {
    const { status: name, ...more } = stateJson(event.state);
    const details = Object.entries(more).map(([member, value]) => `${member} ${value}`);
    say(
      `  ${formatInstantMs(event.at)}  ${name}  ${event.actor}${details.length > 0 ? `  (${details.join(', ')})` : ''}`,
    );
  }
}
