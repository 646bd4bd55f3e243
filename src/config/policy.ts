/** The policy of a folder: its files read, checked and compiled. */
import { err, type Result } from '../kernel/result.js';
import { compilePolicy, sorted } from '../policy/compile.js';
import type { Policy, PolicyFault } from '../policy/model.js';
import type { PolicyOverrides } from '../policy/overrides.js';
import { readPolicyFiles } from './policy-files.js';

/**
 * `directory` is the `policies` folder; `environmentName` one of its `environments/<name>.json`. Faults come sorted by file
 * and pointer.
 */
export function loadPolicy(
  directory: string,
  environmentName: string,
  overrides: PolicyOverrides = {},
): Result<Policy, readonly PolicyFault[]> {
  const read = readPolicyFiles(directory, environmentName);
  return read.ok ? compilePolicy(read.value, overrides) : err(sorted(read.error));
}
