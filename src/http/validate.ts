/** Requests against the schemas: every violation at once, with its pointer, the schema's rule and what was expected. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseInstant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Violation } from '../policy/model.js';
import { COMPONENTS, type ComponentName, PAGE_QUERY, SEARCH_QUERY } from './schemas.js';

const DOCUMENT = 'urn:pfcng:openapi';

const ajv = new Ajv2020({ allErrors: true, discriminator: true, strict: true, strictRequired: false });
ajv.addFormat('date-time', (value: string) => parseInstant(value) !== null);
ajv.addVocabulary(['components']);
ajv.addSchema({ $id: DOCUMENT, components: { schemas: COMPONENTS } });

const compiled = new Map<string, ValidateFunction>();

function validatorOf(name: string, schema: object): ValidateFunction {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const fresh = ajv.compile(schema);
  compiled.set(name, fresh);
  return fresh;
}

export type Checked<Value> = Result<
  Value,
  { readonly kind: 'body-malformed'; readonly violations: readonly Violation[] }
>;

export function validateBody<Value>(name: ComponentName, body: unknown): Checked<Value> {
  return check<Value>(validatorOf(name, { $ref: `${DOCUMENT}#/components/schemas/${name}` }), body, '');
}

export function validateQuery<Value>(which: 'search' | 'page', query: unknown): Checked<Value> {
  const schema = which === 'search' ? SEARCH_QUERY : PAGE_QUERY;
  return check<Value>(validatorOf(which, schema), query, '?');
}

function check<Value>(validate: ValidateFunction, value: unknown, place: string): Checked<Value> {
  if (validate(value)) return ok(value as Value);
  const violations = (validate.errors ?? []).map((error) => violationOf(error, place));
  return err({ kind: 'body-malformed', violations });
}

function violationOf({ instancePath, keyword, message = '', params }: ErrorObject, place: string): Violation {
  const pointer = `${place}${instancePath}`;
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: `${pointer}/${escapePointer(String(params.additionalProperty))}`,
        rule: 'member-known',
        message: 'no such member here',
      };
    case 'required':
      return {
        pointer: `${pointer}/${escapePointer(String(params.missingProperty))}`,
        rule: 'member-required',
        message: 'is required',
      };
    case 'enum':
      return { pointer, rule: 'enum', message: `must be one of ${(params.allowedValues as string[]).join(', ')}` };
    case 'discriminator':
      return { pointer: `${pointer}/${String(params.tag)}`, rule: 'discriminator', message: 'must name a known kind' };
    case 'format':
      return { pointer, rule: 'format', message: 'must be an RFC 3339 time in UTC, e.g. 2026-03-01T10:00:00Z' };
    default:
      return { pointer, rule: keyword, message };
  }
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
