/** The summary in the last entry of a transcript. */
import type { Json } from '../../kernel/json.js';
import type { CeremonyPlan } from '../plan/model.js';
import { planCopyPath } from '../plan/paths.js';
import { recordedFiles } from './recorded-files.js';
import type { Entry } from './transcript.js';

/** Path -> SHA-256 of every file that a reader of the transcript can verify. */
export function artefactsOf(
  entries: readonly Entry[],
  plan: Pick<CeremonyPlan, 'id' | 'digest'>,
): Record<string, Json> {
  const artefacts: Record<string, Json> = { [planCopyPath(plan)]: plan.digest };
  for (const entry of entries) for (const { path, sha256 } of recordedFiles(entry)) artefacts[path] = sha256;
  return artefacts;
}
