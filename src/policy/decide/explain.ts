/**
 * Explains a value of the policy to the person who decides it: what it is, and what it may be, from
 * the schema and from the bounds in code.
 */
import { type Bilingual, joinTexts } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import type { PolicySchemas } from '../load/documents.js';
import { CODE_BOUNDS } from './code-bounds.js';
import type { PolicyMember } from './questions.js';

type Schema = { readonly [keyword: string]: Json };

/** A part of a schema, with the schema that its references start from. */
type Part = { readonly schema: Schema; readonly root: keyof PolicySchemas };

type Explanation = {
  /** null: the schema says nothing about it. */
  readonly description: Bilingual | null;
  /** Lines: what the schema allows, then what the code requires beyond it. */
  readonly bounds: readonly Bilingual[];
};

export function explain(
  schemas: PolicySchemas,
  { fileKind, pointer }: Pick<PolicyMember, 'fileKind' | 'pointer'>,
): Explanation {
  let part: Part | null = { schema: schemas[fileKind] as Schema, root: fileKind };
  for (const token of pointer.split('/').slice(1)) part = part === null ? null : memberOf(schemas, part, token);
  const beyond = CODE_BOUNDS[fileKind + pointer];
  if (part === null) return { description: null, bounds: beyond === undefined ? [] : [beyond] };
  const bounds = boundLines(schemas, part);
  return { description: descriptionOf(part.schema), bounds: beyond === undefined ? bounds : [...bounds, beyond] };
}

function memberOf(schemas: PolicySchemas, part: Part, name: string): Part | null {
  const properties = part.schema.properties as { readonly [name: string]: Schema } | undefined;
  const schema = properties?.[name];
  return schema === undefined ? null : followReference(schemas, { schema, root: part.root });
}

/** Follows a reference; keywords next to the reference override those it leads to. */
function followReference(schemas: PolicySchemas, { schema, root }: Part): Part {
  const { $ref, ...own } = schema;
  if (typeof $ref !== 'string') return { schema, root };
  const [, name = ''] = /#\/definitions\/(.+)$/.exec($ref) ?? [];
  const home = $ref.startsWith('#') ? root : 'common';
  const { definitions } = schemas[home] as { readonly definitions: { readonly [name: string]: Schema } };
  const target = definitions[name] ?? {};
  return { schema: { ...target, ...own, form: (descriptionOf(target) ?? null) as Json }, root: home };
}

function descriptionOf({ description, descriptionFrench }: Schema): Bilingual | null {
  if (typeof description !== 'string' || typeof descriptionFrench !== 'string') return null;
  return { fr: descriptionFrench, en: description };
}

function boundLines(schemas: PolicySchemas, part: Part): readonly Bilingual[] {
  const { properties } = part.schema;
  if (properties === undefined) return [boundOf(schemas, part, 0)];
  return Object.entries(properties as { readonly [name: string]: Schema }).map(([name, schema]) => {
    const member = followReference(schemas, { schema, root: part.root });
    const bound = boundOf(schemas, member, 0);
    const description = descriptionOf(member.schema) ?? { fr: '', en: '' };
    const sentences = (...parts: readonly string[]): string =>
      parts
        .map((part) => (part === '' || part.endsWith('.') ? part : `${part}.`))
        .join(' ')
        .trim();
    return {
      fr: sentences(`${name} : ${bound.fr}`, description.fr),
      en: sentences(`${name}: ${bound.en}`, description.en),
    };
  });
}

/** Deeper parts of a value are left to the schema itself. */
const DEPTH_MAX = 2;

function boundOf(schemas: PolicySchemas, { schema, root }: Part, depth: number): Bilingual {
  const inner = (one: Json, innerDepth = depth + 1): Bilingual =>
    boundOf(schemas, followReference(schemas, { schema: one as Schema, root }), innerDepth);
  const { type, minimum, maximum, minItems = 0, maxItems, items, anyOf, additionalProperties } = schema;
  if (Array.isArray(schema.enum)) return oneOf(schema.enum);
  if (Array.isArray(anyOf)) return alternatives(anyOf.map((one: Json) => inner(one, depth)));
  if (depth > DEPTH_MAX) return { fr: 'voir le schéma', en: 'see the schema' };
  const types: readonly Json[] = Array.isArray(type) ? type : [type ?? null];
  const named = types.map((one): Bilingual => {
    switch (one) {
      case 'integer':
        return {
          fr: `entier de ${String(minimum)} à ${String(maximum)}`,
          en: `integer from ${String(minimum)} to ${String(maximum)}`,
        };
      case 'boolean':
        return { fr: 'true ou false', en: 'true or false' };
      case 'null':
        return { fr: 'null', en: 'null' };
      case 'string':
        return textBound(schema);
      case 'array':
        return listBound({ minItems, maxItems }, inner(items ?? {}));
      case 'object':
        if (typeof additionalProperties === 'object' && additionalProperties !== null)
          return withPrefix({ fr: 'par nom, ', en: 'by name, ' }, inner(additionalProperties));
        return { fr: 'objet', en: 'object' };
      default:
        return { fr: 'voir le schéma', en: 'see the schema' };
    }
  });
  return alternatives(named);
}

function oneOf(values: readonly Json[]): Bilingual {
  const listed = values.map((value) => JSON.stringify(value)).join(', ');
  return { fr: `l'une des valeurs ${listed}`, en: `one of ${listed}` };
}

function textBound({ form, pattern, maxLength }: Schema): Bilingual {
  const described = form as Bilingual | null | undefined;
  if (described !== null && described !== undefined) return described;
  if (typeof pattern === 'string') return { fr: `texte de la forme ${pattern}`, en: `text of the form ${pattern}` };
  return {
    fr: `texte d'au plus ${String(maxLength)} caractères`,
    en: `text of at most ${String(maxLength)} characters`,
  };
}

function listBound({ minItems, maxItems }: { minItems: Json; maxItems: Json | undefined }, item: Bilingual): Bilingual {
  const least = String(minItems);
  return maxItems === undefined
    ? { fr: `liste d'au moins ${least}, chacun : ${item.fr}`, en: `list of at least ${least}, each: ${item.en}` }
    : {
        fr: `liste de ${least} à ${String(maxItems)}, chacun : ${item.fr}`,
        en: `list of ${least} to ${String(maxItems)}, each: ${item.en}`,
      };
}

function alternatives(all: readonly Bilingual[]): Bilingual {
  return joinTexts(all, { fr: ', ou ', en: ', or ' });
}

function withPrefix(prefix: Bilingual, words: Bilingual): Bilingual {
  return { fr: prefix.fr + words.fr, en: prefix.en + words.en };
}
