/** Reads, checks and compiles the policy files of a folder. */
import { err, type Result } from '../kernel/result.js';
import { exceptionFaults } from '../lint/exceptions.js';
import { compilePolicy, openDocuments, sortFaults } from '../policy/load/compile.js';
import type { PolicyDocuments, RawDocuments } from '../policy/load/documents.js';
import type { PolicyOverrides } from '../policy/load/overrides.js';
import type { Policy, PolicyFault } from '../policy/model.js';
import { readPolicyFiles } from './policy-files.js';

/**
 * `directory` is the `policies` folder, `environmentName` the name of one of its
 * `environments/<name>.json`. The faults are sorted by file and pointer.
 */
export function loadPolicy(
  directory: string,
  environmentName: string,
  overrides: PolicyOverrides = {},
): Result<Policy, readonly PolicyFault[]> {
  const read = readPolicyFiles(directory, environmentName);
  if (!read.ok) return err(sortFaults(read.error));
  const policy = compilePolicy(read.value, overrides);
  if (!policy.ok) return policy;
  const faults = exceptionFaults(policy.value.environment);
  return faults.length === 0 ? policy : err(sortFaults(faults));
}

/** The files of a policy in which values may be left for an officer to decide. */
export function loadOpenPolicy(
  directory: string,
  environmentName: string,
): Result<PolicyDocuments, readonly PolicyFault[]> {
  const read = readPolicyFiles(directory, environmentName);
  return read.ok ? checkOpenPolicy(read.value) : err(sortFaults(read.error));
}

export function checkOpenPolicy(raw: RawDocuments): Result<PolicyDocuments, readonly PolicyFault[]> {
  const checked = openDocuments(raw);
  if (!checked.ok) return checked;
  const faults = exceptionFaults(checked.value.environment.body);
  return faults.length === 0 ? checked : err(sortFaults(faults));
}
