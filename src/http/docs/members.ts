/** Describes the members of JSON Schemas, for the tables of `/docs`. */
import type { Member } from '../../console/reference/model.js';
import { isObject } from '../../kernel/json.js';

export type Schema = Readonly<Record<string, unknown>>;

/**
 * Returns the members of the schema and of the objects inside it. A member that refers to another
 * component has a row, but the members of that component are not repeated.
 */
export function membersOf(schema: Schema): readonly Member[] {
  return inside(schema, '', null);
}

function inside(schema: Schema, prefix: string, only: string | null): readonly Member[] {
  const own = propertiesOf(schema).flatMap(([name, property]): readonly Member[] => {
    const full = prefix === '' ? name : `${prefix}.${name}`;
    const isRequired = listOf(schema.required).includes(name);
    return memberRows({ property, name: full, isRequired, only });
  });
  const branches = listOf(schema.oneOf).filter(isObject);
  return [...own, ...branches.flatMap((branch) => inside(branch, prefix, only ?? nameOf(branch)))];
}

type NamedProperty = {
  readonly property: Schema;
  readonly name: string;
  readonly isRequired: boolean;
  readonly only: string | null;
};

function memberRows({ property, name, isRequired, only }: NamedProperty): readonly Member[] {
  const { type, refersTo, object, suffix } = typeOf(property);
  const row: Member = { name, type, refersTo, isRequired, only, description: descriptionOf(property) };
  return object === null ? [row] : [row, ...inside(object, `${name}${suffix}`, only)];
}

/** Names a branch of a `oneOf` by its constant member, such as `kind: staff`; null: it has none. */
function nameOf(branch: Schema): string | null {
  const constant = propertiesOf(branch).find(([, property]) => property.const !== undefined);
  return constant === undefined ? null : `${constant[0]}: ${String(constant[1].const)}`;
}

type TypeText = {
  readonly type: string;
  readonly refersTo: string | null;
  /** The object whose members get rows of their own; null: the type has no such members. */
  readonly object: Schema | null;
  readonly suffix: '' | '[]';
};

function typeOf(schema: Schema): TypeText {
  const plain = (type: string): TypeText => ({ type, refersTo: null, object: null, suffix: '' });
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    return { ...plain(name), refersTo: name };
  }
  if (Array.isArray(schema.anyOf)) {
    const branches = schema.anyOf.filter(isObject);
    const [first = {}] = branches.filter(({ type }) => type !== 'null');
    const typed = typeOf(first);
    return branches.some(({ type }) => type === 'null') ? { ...typed, type: `${typed.type} or null` } : typed;
  }
  if (schema.const !== undefined) return plain(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum)) return plain(schema.enum.map((value) => String(value)).join(' | '));
  if (schema.type === 'array') {
    const items = typeOf(isObject(schema.items) ? schema.items : {});
    return { ...items, type: `list of ${items.type}${countOf(schema)}`, suffix: '[]' };
  }
  if (schema.type === 'object')
    return {
      ...plain('object'),
      object: propertiesOf(schema).length > 0 || Array.isArray(schema.oneOf) ? schema : null,
    };
  return plain(scalarText(schema));
}

function countOf({ minItems, maxItems }: Schema): string {
  if (maxItems === undefined) return '';
  return minItems === undefined ? `, ${maxItems} at most` : `, ${minItems} to ${maxItems}`;
}

/** Describes the type of a parameter in words. */
export function typeText(schema: Schema): string {
  return typeOf(schema).type;
}

function scalarText({ type = 'any JSON value', format, minimum, maximum, maxLength }: Schema): string {
  if (format === 'date-time') return 'time';
  if (type === 'integer' && maximum !== undefined) return `integer, ${minimum ?? 0} to ${maximum}`;
  if (type === 'string' && maxLength !== undefined) return `string, ${maxLength} characters at most`;
  return String(type);
}

/** Returns the description, followed by what the value must be like (`x-expected`). */
function descriptionOf(schema: Schema): string {
  const said = typeof schema.description === 'string' ? schema.description : '';
  const expected = isObject(schema['x-expected']) ? String(schema['x-expected'].en) : '';
  const nested = said === '' && Array.isArray(schema.anyOf) ? schema.anyOf.filter(isObject).map(descriptionOf) : [];
  const shown = said === '' ? (nested.find((text) => text !== '') ?? '') : said;
  if (expected === '' || schema.format === 'date-time') return shown;
  return shown === '' ? `Must be ${expected}.` : `${shown} Must be ${expected}.`;
}

function propertiesOf({ properties }: Schema): readonly (readonly [string, Schema])[] {
  return isObject(properties) ? Object.entries(properties as Readonly<Record<string, Schema>>) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
