/**
 * `pfcng key`: keys that are never certified. An officer blocks one on the machine with the
 * database; to unblock it, two officers agree through the API.
 */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { systemClock } from '../../compose/world.js';
import { blockedKeyFiles, findBlockedKey } from '../../config/blocked-keys.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { formatInstant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import type { Result } from '../../kernel/result.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import { type BlockFailure, blockKey } from '../../operations/keys/block-key.js';
import type { BlockedKey } from '../../ports/store/blocked-keys.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { fail, say } from '../../terminal/say.js';
import { sayRequested } from '../approvals.js';
import {
  type Api,
  ask,
  type Caller,
  inApi,
  type JsonOption,
  withCallerOptions,
  withJson,
} from '../common/api-command.js';
import { readKeyOf } from '../common/key-input.js';
import { type Records, unreadable, type WritableRecords, withRecords, withWritableRecords } from '../common/records.js';

const FILE =
  'PEM: a public key, a certificate, a certification request or a private key; or sha256:HEX of the SubjectPublicKeyInfo';

export function registerKey(program: Command): void {
  const key = program.command('key').description('keys that are never certified: leaked, or made by faulty software');
  key
    .command('show <file>')
    .description(`whether a key is blocked, by whom, and which certificates it has. File: ${FILE}`)
    .option('--json', 'print it as JSON')
    .action((file: string, { json }: { readonly json?: boolean }) =>
      withKey(file, (key) => withRecords((records) => show(records, key, json === true))),
    );
  key
    .command('block <file>')
    .description('refuse a key from now on; its existing certificates remain until they are revoked')
    .requiredOption('--officer <account>', 'the officer who decided it')
    .requiredOption('--reason <text>', 'reason for the audit log, without personal data')
    .action((file: string, { officer, reason }: { readonly officer: string; readonly reason: string }) =>
      withKey(file, (key) => withWritableRecords((records) => block(records, key, { officer, reason }))),
    );
  withJson(
    withCallerOptions(
      key
        .command('unblock <file>')
        .description('request that a key is accepted again that an officer blocked; a second officer approves it')
        .requiredOption('--reason <text>', 'reason for the audit log, without personal data'),
    ),
  ).action((file: string, given: Unblock) => withKey(file, (key) => inApi(given, (api) => unblock(api, key, given))));
}

type Decision = { readonly officer: string; readonly reason: string };

async function withKey(file: string, work: (spkiSha256: string) => Promise<void>): Promise<void> {
  const read = await readKeyOf(file);
  if (!read.ok) return fail([read.error]);
  await work(read.value);
}

const REASON_MAX = LIMITS.officerReasonCharactersMax;

function reasonFault({ reason }: Decision): string | null {
  const text = reason.trim();
  if (text !== '' && text === reason && reason.length <= REASON_MAX && !/\p{Cc}/u.test(reason)) return null;
  return inBothLanguages({
    fr: `--reason : un texte d'une ligne, ${REASON_MAX} caractères au plus, sans espace au début ni à la fin`,
    en: `--reason: one line of at most ${REASON_MAX} characters, without spaces around it`,
  });
}

async function block({ store }: WritableRecords, spkiSha256: string, given: Decision): Promise<void> {
  const fault = reasonFault(given);
  if (fault !== null) return fail([fault]);
  const done = await blockKey({ store, clock: systemClock }, spkiSha256, {
    ...given,
    login: userInfo().username,
  });
  if (!done.ok) return fail([describe(done)]);
  say(inBothLanguages({ fr: `clé ${spkiSha256} bloquée`, en: `key ${spkiSha256} blocked` }));
  const live = await liveOn({ store }, spkiSha256);
  if (live.length > 0)
    say(
      inBothLanguages({
        fr: `certificats encore valides sur cette clé, à révoquer si elle est compromise : ${live.join(', ')}`,
        en: `valid certificates of this key, to be revoked if it is compromised: ${live.join(', ')}`,
      }),
    );
}

type Unblock = Caller & JsonOption & { readonly reason: string };

async function unblock(api: Api, spkiSha256: string, given: Unblock): Promise<void> {
  const { reason } = given;
  const query = new URLSearchParams({ reason }).toString();
  sayRequested(await ask(api, `/v1/blocked-keys/${spkiSha256}?${query}`, { method: 'DELETE' }), given);
}

function describe({ error }: { readonly error: BlockFailure }): string {
  switch (error.kind) {
    case 'not-an-officer':
      return error.detail;
    case 'key-blocked-already':
      return inBothLanguages({
        fr: `déjà bloquée ${decisionText(error.blocked).fr}`,
        en: `already blocked ${decisionText(error.blocked).en}`,
      });
    default:
      return unreadable(error.detail);
  }
}

function decisionText({ at, actor, reason }: BlockedKey) {
  const since = formatInstant(at);
  return { fr: `par ${actor} le ${since} (${reason})`, en: `by ${actor} on ${since} (${reason})` };
}

async function show({ home, store }: Records, spkiSha256: string, json: boolean): Promise<void> {
  const listed = await findBlockedKey(blockedKeyFiles(home.config), spkiSha256);
  if (!listed.ok) return fail([listed.error]);
  const read = await store.read(async (reads) => ({
    blocked: await reads.blockedKeys([spkiSha256]),
    certificates: await reads.certificatesByKeys([spkiSha256]),
  }));
  if (!read.ok) return fail([unreadable(read.error.detail)]);
  const [blocked] = read.value.blocked;
  const certificates = read.value.certificates.map((record) => {
    return { id: record.id, profile: record.profile, state: stateOf(record) };
  });
  if (json) {
    const officer = blocked === undefined ? null : { ...blocked, at: formatInstant(blocked.at) };
    return say(JSON.stringify({ spkiSha256, list: listed.value, blocked: officer, certificates }));
  }
  say(`SHA-256 of the SubjectPublicKeyInfo: ${spkiSha256}`);
  if (listed.value !== null) {
    const { file, source } = listed.value;
    say(
      inBothLanguages({ fr: `bloquée par la liste ${file} : ${source}`, en: `blocked by the list ${file}: ${source}` }),
    );
  }
  if (blocked !== undefined)
    say(inBothLanguages({ fr: `bloquée ${decisionText(blocked).fr}`, en: `blocked ${decisionText(blocked).en}` }));
  if (listed.value === null && blocked === undefined) say(inBothLanguages({ fr: 'non bloquée', en: 'not blocked' }));
  for (const { id, profile, state } of certificates) say(`${id}  ${profile}  ${state}`);
}

/**
 * Returns the state, for example `revoked (keyCompromise)`: such a key is never certified again,
 * blocked or not.
 */
function stateOf(record: CertificateRecord): string {
  const { state } = record;
  if (state.status === 'revoked') return `revoked (${state.reason})`;
  return statusOf(record, systemClock()) ?? 'open';
}

async function liveOn({ store }: Pick<Records, 'store'>, spkiSha256: string): Promise<readonly string[]> {
  const found: Result<readonly CertificateRecord[], unknown> = await store.read((reads) =>
    reads.certificatesByKeys([spkiSha256]),
  );
  if (!found.ok) return [];
  return found.value
    .filter((record) => !['revoked', 'expired'].includes(statusOf(record, systemClock()) ?? 'open'))
    .map(({ id }) => id);
}
