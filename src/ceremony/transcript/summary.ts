/** Makes the summary that the `end` entry of a transcript has. */
import type { Json } from '../../kernel/json.js';
import type { CeremonyPlan } from '../plan/model.js';
import { planCopyPath } from '../plan/paths.js';
import { recordedFiles } from './recorded-files.js';
import type { Entry } from './transcript.js';

/**
 * Returns path -> SHA-256 of the copy of the plan and of every file that an entry records, all of
 * which `verify` reads. If a file is recorded twice, the last hash counts.
 */
export function artefactsOf(
  entries: readonly Entry[],
  plan: Pick<CeremonyPlan, 'id' | 'digest'>,
): Record<string, Json> {
  const artefacts: Record<string, Json> = { [planCopyPath(plan)]: plan.digest };
  for (const entry of entries) for (const { path, sha256 } of recordedFiles(entry)) artefacts[path] = sha256;
  return artefacts;
}
