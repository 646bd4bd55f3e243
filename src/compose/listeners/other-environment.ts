/** Compares the policy with the policy of the other environment, which is in the same folder. */
import type { Config } from '../../config/load.js';
import { loadOpenPolicy } from '../../config/policy.js';
import { err, ok } from '../../kernel/result.js';
import type { ServingContext } from '../../operations/serving.js';
import { policyFaultLines } from '../../policy/load/describe-faults.js';
import { policyDifferences } from '../../policy/load/difference.js';

type Differences = ReturnType<ServingContext['otherEnvironment']['differences']>;

/**
 * Reads and compares the files when `differences` is called for the first time, and keeps the
 * result: the files do not change while the service runs.
 */
export function otherEnvironment({
  policies,
  environment,
}: Pick<Config, 'policies' | 'environment'>): ServingContext['otherEnvironment'] {
  const name = environment === 'production' ? 'development' : 'production';
  let compared: Differences | null = null;
  return {
    name,
    differences: () => {
      compared ??= compare(policies, [environment, name]);
      return compared;
    },
  };
}

function compare(policies: string, [here, there]: readonly [string, string]): Differences {
  const [now, other] = [loadOpenPolicy(policies, here), loadOpenPolicy(policies, there)];
  if (!now.ok) return err(policyFaultLines(now.error));
  if (!other.ok) return err(policyFaultLines(other.error));
  // The two files are compared value by value, as if they were two versions of one.
  const environment = { ...other.value.environment, file: now.value.environment.file };
  return ok(policyDifferences(now.value, { ...other.value, environment }));
}
