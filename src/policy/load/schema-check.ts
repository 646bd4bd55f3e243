/** Checks policy files against their schemas and returns every fault at once. */
import { Ajv, type ValidateFunction } from 'ajv';
import { err, ok, type Result } from '../../kernel/result.js';
import type { PolicyFault } from '../model.js';
import {
  type AuthorityFile,
  type CodeListFile,
  type Document,
  type EnvironmentFile,
  type HierarchyFile,
  type PolicyDocuments,
  type ProfileFile,
  type RawDocuments,
  SCHEMA_NAMES,
} from './documents.js';
import { describeError } from './schema-errors.js';

type Validators = {
  readonly environment: ValidateFunction<EnvironmentFile>;
  readonly hierarchy: ValidateFunction<HierarchyFile>;
  readonly authority: ValidateFunction<AuthorityFile>;
  readonly profile: ValidateFunction<ProfileFile>;
  readonly 'code-list': ValidateFunction<CodeListFile>;
};

/**
 * A keyword with a value of the wrong type does not compile. Whatever else the schema of schemas
 * requires is checked by the tests (test/unit/policy): compiling that schema too would double this
 * part of every process start.
 */
const AJV_OPTIONS = {
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  validateSchema: false,
  code: { optimize: false },
} as const;

/** Compiling takes tens of milliseconds, so the validators of the last schemas are cached. */
let compiled: { readonly text: string; readonly validators: Validators } | null = null;

/** A schema that does not compile is reported as a fault of its file. */
function validatorsOf(schemas: RawDocuments['schemas']): Result<Validators, readonly PolicyFault[]> {
  const text = JSON.stringify(schemas);
  if (compiled?.text === text) return ok(compiled.validators);
  const ajv = new Ajv(AJV_OPTIONS).addVocabulary(['descriptionFrench']);
  const faults: PolicyFault[] = [];
  for (const name of SCHEMA_NAMES) {
    try {
      ajv.addSchema(schemas[name] as object, name);
    } catch (error) {
      faults.push({ file: `schemas/${name}.schema.json`, pointer: '', message: messageOf(error) });
    }
  }
  if (faults.length > 0) return err(faults);
  const compile = <File>(name: keyof Validators): ValidateFunction<File> =>
    ajv.compile<File>({ $ref: String((schemas[name] as { readonly $id?: unknown }).$id) });
  try {
    const validators: Validators = {
      environment: compile('environment'),
      hierarchy: compile('hierarchy'),
      authority: compile('authority'),
      profile: compile('profile'),
      'code-list': compile('code-list'),
    };
    compiled = { text, validators };
    return ok(validators);
  } catch (error) {
    return err([{ file: 'schemas', pointer: '', message: messageOf(error) }]);
  }
}

export function checkSchemas(raw: RawDocuments): Result<PolicyDocuments, readonly PolicyFault[]> {
  const compiling = validatorsOf(raw.schemas);
  if (!compiling.ok) return compiling;
  const validators = compiling.value;
  const faults: PolicyFault[] = [];
  const check = <File>(documents: readonly Document<unknown>[], validate: ValidateFunction<File>) => {
    const passed: Document<File>[] = [];
    for (const { file, body } of documents) {
      if (validate(body)) passed.push({ file, body });
      else faults.push(...(validate.errors ?? []).map((error) => ({ file, ...describeError(error) })));
    }
    return passed;
  };
  const [environment] = check([raw.environment], validators.environment);
  const hierarchies = check(raw.hierarchies, validators.hierarchy);
  const authorities = check(raw.authorities, validators.authority);
  const profiles = check(raw.profiles, validators.profile);
  const codeLists = check(raw.codeLists, validators['code-list']);
  if (environment === undefined || faults.length > 0) return err(faults);
  return ok({ environment, hierarchies, authorities, profiles, codeLists });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
