/**
 * Reads the ceremonies whose transcripts this installation holds. A transcript names the people
 * present, so that it is for those who read the audit log.
 */
import { decideAccess } from '../../access/decide.js';
import type { PlanFile } from '../../ceremony/plan/model.js';
import { planCopyPath, transcriptPath } from '../../ceremony/plan/paths.js';
import { type Entry, readEntries } from '../../ceremony/transcript/transcript.js';
import type { VerifyFault } from '../../ceremony/verify/model.js';
import { readPlanCopy } from '../../ceremony/verify/plan-copy.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { ServingContext } from '../serving.js';

type Context = Pick<ServingContext, 'ceremonies'>;

export type CeremonySummary = {
  readonly id: string;
  /** null: the plan cannot be read. */
  readonly title: Bilingual | null;
  readonly environment: string | null;
  readonly isRehearsal: boolean;
  /** RFC 3339; null: the transcript cannot be read. */
  readonly begunAt: string | null;
  /** null: it has not ended, or its transcript cannot be read. */
  readonly endedAt: string | null;
};

/** In the order of their ids; nothing is verified. `after`: the id before the page. */
export function listCeremonies(
  { ceremonies }: Context,
  account: Account,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Result<{ readonly ceremonies: readonly CeremonySummary[]; readonly next: string | null }, OperationFailure> {
  const permitted = decideAccess(account, 'read-audit', null);
  if (!permitted.ok) return permitted;
  const later = ceremonies.ids().filter((id) => after === null || id > after);
  const page = later.slice(0, limit);
  const next = later.length > limit ? (page.at(-1) ?? null) : null;
  return ok({ ceremonies: page.map((id) => ceremonySummary(readOne({ ceremonies }, id))), next });
}

export type CeremonyRecord = {
  readonly id: string;
  /** null: it is missing, or is no plan. */
  readonly plan: PlanFile | null;
  /** The error names the first line that does not continue the chain. */
  readonly entries: Result<readonly Entry[], VerifyFault>;
};

export function readCeremony(
  context: Context,
  account: Account,
  id: string,
): Result<CeremonyRecord & { readonly hasPdf: boolean }, OperationFailure> {
  const permitted = decideAccess(account, 'read-audit', null);
  if (!permitted.ok) return permitted;
  if (!context.ceremonies.ids().includes(id)) return err(notFound('no-ceremony', { id }));
  return ok({ ...readOne(context, id), hasPdf: context.ceremonies.read(pdfPath(id)) !== null });
}

/** The file of the transcript, which is not verified. */
export function readCeremonyTranscript(
  { ceremonies }: Context,
  account: Account,
  id: string,
): Result<Bytes, OperationFailure> {
  const permitted = decideAccess(account, 'read-audit', null);
  if (!permitted.ok) return permitted;
  const octets = ceremonies.ids().includes(id) ? ceremonies.read(transcriptPath({ id })) : null;
  return octets === null ? err(notFound('no-ceremony', { id })) : ok(octets);
}

/** Where `pfcng ceremony minutes` writes the minutes for paper. */
export function pdfPath(id: string): string {
  return `ceremony/${id}/minutes.pdf`;
}

function readOne({ ceremonies }: Context, id: string): CeremonyRecord {
  const octets = ceremonies.read(planCopyPath({ id }));
  const plan = octets === null ? null : readPlanCopy(octets);
  const lines = ceremonies.lines(id);
  return { id, plan: plan?.ok === true ? plan.value : null, entries: lines.ok ? readEntries(lines.value) : lines };
}

export function ceremonySummary({ id, plan, entries }: CeremonyRecord): CeremonySummary {
  const [begin] = entries.ok ? entries.value : [];
  const end = entries.ok ? entries.value.at(-1) : undefined;
  return {
    id,
    title: plan?.title ?? null,
    environment: plan?.environment ?? null,
    isRehearsal: begin?.result.rehearsal === true,
    begunAt: begin?.at ?? null,
    endedAt: end?.action === 'end' ? end.at : null,
  };
}
