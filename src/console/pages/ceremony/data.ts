/** What the page of a ceremony shows. */
import { ok, type Result } from '../../../kernel/result.js';
import { type CeremonyRecord, readCeremony } from '../../../operations/ceremonies/read-ceremonies.js';
import { type CeremonyVerdict, verifyCeremony } from '../../../operations/ceremonies/verify-ceremony.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { PageRequest } from '../../page.js';

export type CeremonyData = CeremonyRecord & {
  readonly hasPdf: boolean;
  /** null: nobody has asked for it. */
  readonly verdict: CeremonyVerdict | null;
};

/** `verify=yes` in the query: the ceremony is verified now. */
export async function loadCeremony(
  context: ServingContext,
  { account, params, query }: PageRequest,
): Promise<Result<CeremonyData, OperationFailure>> {
  const read = readCeremony(context, account, params.id ?? '');
  if (!read.ok || query.verify !== 'yes') return read.ok ? ok({ ...read.value, verdict: null }) : read;
  const verified = verifyCeremony(context, account, read.value.id);
  return verified.ok ? ok({ ...read.value, verdict: verified.value }) : verified;
}
