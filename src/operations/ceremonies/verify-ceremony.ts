/**
 * Verifies a ceremony from its files, as `pfcng ceremony verify` does, and makes its minutes from
 * what was verified. The work stops at a deadline, because other requests wait for it.
 */
import { decideAccess } from '../../access/decide.js';
import { documentsHtml } from '../../ceremony/minutes/html.js';
import { minutesOf } from '../../ceremony/minutes/minutes.js';
import type { VerifiedTranscript, VerifyFault } from '../../ceremony/verify/model.js';
import { verifyTranscript } from '../../ceremony/verify/verify.js';
import type { Bytes } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Clock } from '../../ports/world.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { ServingContext } from '../serving.js';
import { readCeremony } from './read-ceremonies.js';

type Context = Pick<ServingContext, 'ceremonies'> & { readonly world: { readonly clock: Clock } };

/** The deadline is checked before each file is read. */
const DEADLINE_MS = 5 * SECOND_MS;

export type CeremonyVerdict = Result<VerifiedTranscript, VerifyFault>;

export function verifyCeremony(
  context: Context,
  account: Account,
  id: string,
): Result<CeremonyVerdict, OperationFailure> {
  const permitted = decideAccess(account, 'read-audit', null);
  if (!permitted.ok) return permitted;
  const lines = context.ceremonies.lines(id);
  if (!lines.ok) return ok(lines);
  return withinDeadline(context, (artefacts) => {
    const verdict = verifyTranscript(lines.value, artefacts);
    return verdict.ok && verdict.value.ceremony !== id ? err(misplaced(id, verdict.value.ceremony)) : verdict;
  });
}

/** The minutes as one HTML page, from a transcript that verifies. */
export function ceremonyMinutes(context: Context, account: Account, id: string): Result<string, OperationFailure> {
  const read = readCeremony(context, account, id);
  if (!read.ok) return read;
  const verdict = verifyCeremony(context, account, id);
  if (!verdict.ok) return verdict;
  const { plan, entries } = read.value;
  const verified = verdict.value;
  if (plan === null || !entries.ok || !verified.ok)
    return err({ kind: 'state-conflict', ...fault('ceremony-verifies', { id }) });
  const { title, steps } = plan;
  return withinDeadline(context, (artefacts) =>
    documentsHtml([minutesOf({ entries: entries.value, verified: verified.value, title, steps, artefacts })]),
  );
}

class DeadlinePassed extends Error {}

function withinDeadline<Value>(
  { ceremonies, world: { clock } }: Context,
  work: (artefacts: (path: string) => Bytes | null) => Value,
): Result<Value, OperationFailure> {
  const until = clock() + DEADLINE_MS;
  try {
    return ok(
      work((path) => {
        if (clock() > until) throw new DeadlinePassed();
        return ceremonies.read(path);
      }),
    );
  } catch (thrown) {
    if (!(thrown instanceof DeadlinePassed)) throw thrown;
    return err({
      kind: 'state-conflict',
      ...fault('ceremony-verifies/deadline', { seconds: DEADLINE_MS / SECOND_MS }),
    });
  }
}

/**
 * The transcript of another ceremony would verify with its own files in this folder, and hide that
 * the right one is missing.
 */
function misplaced(folder: string, ceremony: string): VerifyFault {
  const rule = {
    fr: `c'est la transcription de la cérémonie ${ceremony}, dans le dossier de ${folder}`,
    en: `the transcript of ceremony ${ceremony}, in the folder of ${folder}`,
  };
  return { kind: 'line-altered', line: 1, rule };
}
