/** Checks policy files against their schemas and returns every fault at once. */
import type { ValidateFunction } from 'ajv';
import { err, ok, type Result } from '../../kernel/result.js';
import type { PolicyFault } from '../model.js';
import type { Document, PolicyDocuments, RawDocuments } from './documents.js';
import { describeError } from './schema-errors.js';
import { POLICY_VALIDATORS } from './validators.js';

export function checkSchemas(raw: RawDocuments): Result<PolicyDocuments, readonly PolicyFault[]> {
  const faults: PolicyFault[] = [];
  const check = <File>(documents: readonly Document<unknown>[], validate: ValidateFunction<File>) => {
    const passed: Document<File>[] = [];
    for (const { file, body } of documents) {
      if (validate(body)) passed.push({ file, body });
      else faults.push(...(validate.errors ?? []).map((error) => ({ file, ...describeError(error) })));
    }
    return passed;
  };
  const [environment] = check([raw.environment], POLICY_VALIDATORS.environment);
  const hierarchies = check(raw.hierarchies, POLICY_VALIDATORS.hierarchy);
  const authorities = check(raw.authorities, POLICY_VALIDATORS.authority);
  const profiles = check(raw.profiles, POLICY_VALIDATORS.profile);
  const codeLists = check(raw.codeLists, POLICY_VALIDATORS['code-list']);
  const [cardGenerations] = check([raw.cardGenerations], POLICY_VALIDATORS['card-generations']);
  if (environment === undefined || cardGenerations === undefined || faults.length > 0) return err(faults);
  return ok({ environment, hierarchies, authorities, profiles, codeLists, cardGenerations });
}
