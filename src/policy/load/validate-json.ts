/**
 * Checks other JSON files of the policy folder (ceremony plans) against their schemas and returns
 * every fault at once.
 */
import { Ajv } from 'ajv';
import { err, ok, type Result } from '../../kernel/result.js';
import type { PolicyFault } from '../model.js';
import { describeError } from './schema-errors.js';

/**
 * `schema` is one of ours: when it does not compile, that is a bug and throws. `File` is the type
 * that it describes.
 */
export function compileJsonSchema<File>(
  schema: object,
): (value: unknown, file: string) => Result<File, readonly PolicyFault[]> {
  // A process reads one or two plans: optimising the code of the check would cost more than the
  // check.
  const code = { optimize: false };
  const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false, code }).compile<File>(schema);
  return (value, file) => {
    if (validate(value)) return ok(value);
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
    return err(errors.map((error) => ({ file, ...describeError(error) })));
  };
}
