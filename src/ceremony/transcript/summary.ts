/** What the last line of a transcript sums up. */
import type { Json } from '../../kernel/json.js';
import type { CeremonyPlan } from '../plan/model.js';
import { planCopyPath } from '../plan/paths.js';
import { recordedFiles } from './recorded-files.js';
import type { Entry } from './transcript.js';

/** Path -> SHA-256 of everything a reader of the transcript can hold against it. */
export function artefactsOf(
  entries: readonly Entry[],
  plan: Pick<CeremonyPlan, 'id' | 'digest'>,
): Record<string, Json> {
  const artefacts: Record<string, Json> = { [planCopyPath(plan)]: plan.digest };
  for (const entry of entries) for (const { path, sha256 } of recordedFiles(entry)) artefacts[path] = sha256;
  return artefacts;
}
