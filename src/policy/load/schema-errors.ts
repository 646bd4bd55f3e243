import type { ErrorObject } from 'ajv';
import { escapePointer } from '../../kernel/json-pointer.js';

/** The pointer leads to the wrong member; for a missing member, to where it should be. */
export function describeError(error: ErrorObject): { readonly pointer: string; readonly message: string } {
  const { instancePath, keyword, params, message = 'is not valid' } = error;
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: `${instancePath}/${escapePointer(params.additionalProperty)}`,
        message: 'is not a known member',
      };
    case 'required':
      return { pointer: `${instancePath}/${escapePointer(params.missingProperty)}`, message: 'is missing' };
    case 'enum':
      return { pointer: instancePath, message: `must be one of ${JSON.stringify(params.allowedValues)}` };
    default:
      return { pointer: instancePath, message };
  }
}
