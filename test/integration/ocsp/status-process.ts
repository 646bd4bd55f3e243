/**
 * A process that answers OCSP requests, composed like `pfcng serve --roles responder`, with a clock
 * that its parent sets: `node status-process.js AUTHORITY-FOLDER DATABASE...`. It reads from
 * several databases in turn, as behind one address. It does what its parent says, one thing at a
 * time, and answers each.
 */
import { openReader, type ReaderStore } from '../../../src/db/open.js';
import { createStatusPoller, type StatusPoller } from '../../../src/jobs/status/status-poller.js';
import { present } from '../../../src/kernel/assert.js';
import { err } from '../../../src/kernel/result.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { ocspRequestFor } from '../../../src/ocsp/make-request.js';
import { formatSavedAnswer, parseSavedAnswer } from '../../../src/ocsp/saved-answers.js';
import { createOcspResponder, type OcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import type { Store } from '../../../src/ports/store.js';
import { databaseFrom } from '../../support/db/argument.js';
import { openStatusAuthority, SILENT_LOG } from '../../support/status/authority.js';
import { ANSWERS, statusIn, withNonce } from './read-answer.js';

/** `at`: what the clock on the wall says; `steady`: how much time has passed. */
export type Times = { readonly at: number; readonly steady: number };
export type ProcessCommand =
  | ({ readonly do: 'begin' | 'look' } & Times)
  | ({ readonly do: 'ask'; readonly serial: string; readonly nonce: boolean } & Times)
  /** Makes the database unavailable, or available again. */
  | { readonly do: 'cut' | 'mend' };
/** The reply to `ask`: the status that a relying party reads. */
export type ProcessReply = { readonly status: string };

const [folder = '', ...databaseTexts] = process.argv.slice(2);
const authority = openStatusAuthority(folder);
const times = { at: 0, steady: 0 };
let isCut = false;

const stores: ReaderStore[] = [];
for (const databaseText of databaseTexts) {
  const opened = await openReader({
    database: databaseFrom(databaseText),
    environmentMark: 'development',
    clock: () => times.at,
  });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  stores.push(opened.value);
}
let reads = 0;
const nextStore = (): ReaderStore => {
  reads += 1;
  return present(stores[reads % stores.length], 'a database');
};
const cut = err({ kind: 'database-unavailable', retryAfterMs: 1, detail: 'cut' } as const);
const read: Store['read'] = async (work) => (isCut ? cut : nextStore().read(work));
const groupedRead: Store['groupedRead'] = async (work, item) => (isCut ? cut : nextStore().groupedRead(work, item));

type RunningResponder = { readonly responder: OcspResponder; readonly poller: StatusPoller };
let responding: RunningResponder | null = null;

/** Like a new process with the saved answers of the previous one. */
async function begin(): Promise<void> {
  const kept = responding?.responder.cachedAnswers().map(formatSavedAnswer) ?? [];
  const poller = createStatusPoller({
    store: { read },
    steadyMs: () => times.steady,
    log: SILENT_LOG,
  });
  const list = [{ issuer: authority.issuer, responder: authority.responder }];
  const responder = createOcspResponder({
    store: { groupedRead },
    signer: authority.signer,
    authorities: () => list,
    clock: () => times.at,
    staleMs: poller.staleMs,
    changes: poller,
    answers: ANSWERS,
    log: SILENT_LOG,
  });
  poller.subscribe({
    changed: (changes) => {
      for (const { issuer, serial } of changes) responder.withdraw(issuer, serial);
    },
    replaced: () => responder.forget(),
  });
  const begun = await poller.begin();
  if (!begun.ok) throw new Error(begun.error.detail);
  for (const line of kept) {
    const answer = parseSavedAnswer(line);
    if (answer !== null) responder.restore(answer);
  }
  responding = { responder, poller };
}

async function ask(serial: string, nonce: boolean): Promise<ProcessReply> {
  if (responding === null) throw new Error('it has not begun');
  const { responder } = responding;
  const question = ocspRequestFor(authority.issuer, serial);
  const der = nonce ? withNonce(question) : question;
  // Like the publication server.
  const answer = responder.cached(requestKey(der)) ?? (await responder.answer(der));
  return { status: statusIn(answer.bytes) };
}

async function serve(said: ProcessCommand): Promise<ProcessReply | null> {
  if ('at' in said) Object.assign(times, { at: said.at, steady: said.steady });
  switch (said.do) {
    case 'begin':
      await begin();
      return null;
    case 'look':
      await responding?.poller.poll();
      return null;
    case 'cut':
    case 'mend':
      isCut = said.do === 'cut';
      return null;
    case 'ask':
      return ask(said.serial, said.nonce);
  }
}

process.on('message', (said: ProcessCommand) => {
  serve(said).then(
    (heard) => process.send?.({ heard }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.send?.({ heard: null });
