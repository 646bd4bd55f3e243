/** Requests against the schemas: every violation at once, with its pointer, the schema's rule and what was expected. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseInstant } from '../../kernel/clock.js';
import { escapePointer } from '../../kernel/json-pointer.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Violation } from '../../policy/model.js';
import { COMPONENTS, type ComponentName, QUERIES, type QueryName } from './schemas/requests.js';

const DOCUMENT = 'urn:pfcng:openapi';

// That the schemas are schemas is the tests' to see (test/unit/http/validate.test.ts): each start would compile the schema of schemas.
const checks = { strict: true, strictRequired: false, validateSchema: false };
const ajv = new Ajv2020({ allErrors: true, discriminator: true, verbose: true, ...checks });
ajv.addFormat('date-time', (value: string) => parseInstant(value) !== null);
ajv.addVocabulary(['components', 'x-expected']);
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

/** What is valid comes back as it was sent: texts. */
export function validateQuery<Value>(which: QueryName, query: Readonly<Record<string, unknown>>): Checked<Value> {
  const schema = QUERIES[which];
  const checked = check<unknown>(validatorOf(which, schema), withNumbers(schema.properties, query), '?');
  return checked.ok ? ok(query as Value) : checked;
}

/** In a query everything is text: what should be a whole number and reads like one is compared as one. */
function withNumbers(
  properties: Readonly<Record<string, { readonly type: string }>>,
  query: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(query).map(([name, value]) => {
    const isNumber = typeof value === 'string' && /^(0|[1-9][0-9]{0,14})$/.test(value);
    return [name, isNumber && properties[name]?.type === 'integer' ? Number(value) : value];
  });
  return Object.fromEntries(entries);
}

function check<Value>(validate: ValidateFunction, value: unknown, place: string): Checked<Value> {
  if (validate(value)) return ok(value as Value);
  const violations = (validate.errors ?? [])
    .filter((error) => !isSaidTwice(error))
    .map((error) => violationOf(error, place));
  return err({ kind: 'body-malformed', violations });
}

/** A kind that is not there: `required` says so too. */
function isSaidTwice({ keyword, params }: ErrorObject): boolean {
  return keyword === 'discriminator' && params.tagValue === undefined;
}

function violationOf(error: ErrorObject, place: string): Violation {
  const { instancePath, keyword, params } = error;
  const pointer = `${place}${instancePath}`;
  const under = (member: unknown): string => `${pointer}/${escapePointer(String(member))}`;
  switch (keyword) {
    case 'additionalProperties':
      return { pointer: under(params.additionalProperty), rule: 'member-known', message: unknownMember(error) };
    case 'required':
      return { pointer: under(params.missingProperty), rule: 'member-required', message: missingMember(error) };
    case 'discriminator':
      return {
        pointer: under(params.tag),
        rule: 'discriminator',
        message: `must be one of ${kindsOf(error).join(', ')}`,
      };
    default:
      return { pointer, rule: keyword, message: expectation(error) };
  }
}

/** The words that stand beside the pattern in the schema, or else ours for what a keyword asks. */
function expectation({ keyword, params, message = 'is not valid', data, parentSchema }: ErrorObject): string {
  if (Array.isArray(data) && keyword === 'type' && params.type !== 'object')
    return 'must be given once, and not as a list';
  const expected: unknown = parentSchema?.['x-expected'];
  if (typeof expected === 'string') return `must be ${expected}`;
  switch (keyword) {
    case 'enum':
      return `must be one of ${(params.allowedValues as readonly string[]).join(', ')}`;
    case 'minLength':
      return 'is empty';
    case 'maxLength':
      return `has more than ${params.limit} characters`;
    default:
      return message;
  }
}

function unknownMember({ parentSchema }: ErrorObject): string {
  return `no such member here: there are ${Object.keys(parentSchema?.properties ?? {}).join(', ')}`;
}

function missingMember(error: ErrorObject): string {
  const isKind = error.parentSchema?.discriminator?.propertyName === error.params.missingProperty;
  return isKind ? `is required: one of ${kindsOf(error).join(', ')}` : 'is required';
}

type Tagged = { readonly properties?: Readonly<Record<string, { readonly const?: string }>> };

/** The values that the schema's discriminator tells apart. */
function kindsOf({ parentSchema }: ErrorObject): readonly string[] {
  const tag: string = parentSchema?.discriminator?.propertyName ?? '';
  const branches: readonly Tagged[] = parentSchema?.oneOf ?? [];
  return branches.flatMap(({ properties }) => properties?.[tag]?.const ?? []);
}
