/**
 * Validates requests against the schemas. All violations are reported, each with its JSON pointer,
 * its rule and what is expected.
 */
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Bilingual } from '../../kernel/bilingual.js';
import { escapePointer } from '../../kernel/json-pointer.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { VALUE_RULES } from '../../texts/api-rules.js';
import { text, type Violation, violation } from '../../texts/text.js';
import type { RequestComponent } from './schemas/components.js';
import { QUERIES, type QueryName } from './schemas/queries.js';
import { BODY_VALIDATORS, QUERY_VALIDATORS } from './schemas/validators.js';

type ValidationResult<Value> = Result<
  Value,
  { readonly kind: 'body-malformed'; readonly violations: readonly Violation[] }
>;

export function validateBody<Value>(name: RequestComponent, body: unknown): ValidationResult<Value> {
  return check<Value>(BODY_VALIDATORS[name], body, '');
}

/**
 * Validates query parameters and returns them as they were sent, as strings. `which` null: the
 * route has none, so each parameter is a violation.
 */
export function validateQuery<Value>(
  which: QueryName | null,
  query: Readonly<Record<string, unknown>>,
): ValidationResult<Value> {
  if (which === null) {
    const violations = Object.keys(query).map((name) => violation(`?/${escapePointer(name)}`, 'member-known/none'));
    return violations.length === 0 ? ok(query as Value) : err({ kind: 'body-malformed', violations });
  }
  const checked = check<unknown>(QUERY_VALIDATORS[which], withNumbers(QUERIES[which].properties, query), '?');
  return checked.ok ? ok(query as Value) : checked;
}

/**
 * Converts the parameters that the schema declares as integers, because query parameters are sent
 * as strings.
 */
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

function check<Value>(validate: ValidateFunction, value: unknown, place: string): ValidationResult<Value> {
  if (validate(value)) return ok(value as Value);
  const violations = (validate.errors ?? [])
    .filter((error) => !isReportedTwice(error))
    .map((error) => violationOf(error, place));
  return err({ kind: 'body-malformed', violations });
}

/**
 * Whether Ajv reports the same mistake in another error too. A missing discriminator is also
 * reported as `required`; a wrong value of a nullable member is reported for each branch and as
 * `anyOf`.
 */
function isReportedTwice({ keyword, params }: ErrorObject): boolean {
  if (keyword === 'anyOf' || (keyword === 'type' && params.type === 'null')) return true;
  return keyword === 'discriminator' && params.tagValue === undefined;
}

function violationOf(error: ErrorObject, place: string): Violation {
  const { instancePath, keyword, params, data, parentSchema } = error;
  const pointer = `${place}${instancePath}`;
  const under = (member: unknown): string => `${pointer}/${escapePointer(String(member))}`;
  switch (keyword) {
    case 'additionalProperties':
      return violation(under(params.additionalProperty), 'member-known', {
        members: Object.keys(parentSchema?.properties ?? {}),
      });
    case 'required':
      return missingMember(under(params.missingProperty), error);
    case 'discriminator':
      return violation(under(params.tag), 'discriminator', { kinds: kindsOf(error) });
    case 'const':
      return violation(pointer, 'const', { value: JSON.stringify(params.allowedValue) });
  }
  if (Array.isArray(data) && keyword === 'type' && params.type !== 'object') return violation(pointer, 'type/once');
  const expected: Bilingual | undefined = parentSchema?.['x-expected'];
  if (expected !== undefined) return { pointer, rule: keyword, message: text('expected', { expected }) };
  // The texts of these rules use the names that Ajv gives to its values, such as `limit`.
  return violation(pointer, keyword as keyof typeof VALUE_RULES, params as never);
}

function missingMember(pointer: string, error: ErrorObject): Violation {
  const isKind = error.parentSchema?.discriminator?.propertyName === error.params.missingProperty;
  return isKind
    ? violation(pointer, 'member-required/kind', { kinds: kindsOf(error) })
    : violation(pointer, 'member-required');
}

type UnionBranch = { readonly properties?: Readonly<Record<string, { readonly const?: string }>> };

/** Returns the values that the discriminator of the schema can have. */
function kindsOf({ parentSchema }: ErrorObject): readonly string[] {
  const tag: string = parentSchema?.discriminator?.propertyName ?? '';
  const branches: readonly UnionBranch[] = parentSchema?.oneOf ?? [];
  return branches.flatMap(({ properties }) => properties?.[tag]?.const ?? []);
}
