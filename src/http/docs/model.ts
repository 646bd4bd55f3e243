/**
 * Makes the content of `/docs` from the OpenAPI document and the tables that it is made from, so
 * that `/docs` and `/openapi.json` never contradict each other.
 */
import type {
  BodyEntry,
  Chapter,
  CodeEntry,
  Example,
  Parameter,
  ReferenceModel,
  RouteEntry,
} from '../../console/reference/model.js';
import { isObject } from '../../kernel/json.js';
import { PROTOCOLS } from '../api/document/protocols.js';
import { problemCodes, RULE_GROUPS, ruleTexts } from '../api/document/rule-groups.js';
import { TAGS, tagOf } from '../api/document/tags.js';
import { openApiDocument } from '../api/openapi.js';
import type { Route } from '../api/route.js';
import { ROUTES } from '../api/routes.js';
import { COMPONENTS } from '../api/schemas/components.js';
import { FRENCH_SUMMARIES } from './french-summaries.js';
import { membersOf, type Schema, typeText } from './members.js';

type OpenApiDocument = ReturnType<typeof openApiDocument>;

type ServiceFacts = { readonly version: string; readonly url: string };

/** Returns the chapters that have at least one route. */
export function referenceChapters(): readonly Omit<Chapter, 'routes'>[] {
  return TAGS.filter(({ id }) => ROUTES.some(({ path }) => tagOf(path).id === id));
}

export function referenceModel({ version, url }: ServiceFacts): ReferenceModel {
  const document = openApiDocument({ version, url });
  const chapters = referenceChapters().map(({ id, title, description }): Chapter => {
    const routes = ROUTES.filter(({ path }) => tagOf(path).id === id);
    return { id, title, description, routes: routes.map((route) => routeEntry(document, route)) };
  });
  return {
    version,
    url,
    chapters,
    schemas: Object.entries<Schema>(COMPONENTS)
      .map(([name, schema]) => ({ name, members: membersOf(schema) }))
      .sort((one, other) => one.name.localeCompare(other.name)),
    codes: problemCodes(),
    protocols: PROTOCOLS,
    ruleGroups: RULE_GROUPS.map((group) => ({
      id: group.id,
      title: group.title,
      codes: group.codes,
      rules: Object.entries(ruleTexts(group)).map(([rule, texts]) => ({ rule, texts })),
    })),
  };
}

type Media = { readonly example?: unknown; readonly examples?: Readonly<Record<string, unknown>> };
type Operation = {
  readonly 'x-roles': readonly string[];
  readonly parameters: readonly Schema[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Media>> }>>;
};

function routeEntry(document: OpenApiDocument, route: Route): RouteEntry {
  const operation = document.paths[route.path]?.[route.method] as Operation;
  const { operationId, summary, success } = route;
  const [answered = {}] = Object.values(operation.responses[success.status]?.content ?? {});
  const french: Readonly<Record<string, string>> = FRENCH_SUMMARIES;
  return {
    id: operationId,
    method: route.method.toUpperCase(),
    path: route.path,
    summary: { fr: french[operationId] ?? summary, en: summary },
    description: route.description || null,
    roles: operation['x-roles'],
    self: route.kind === 'json' ? (route.self ?? null) : null,
    parameters: operation.parameters.filter((one) => one.$ref === undefined).map(parameterEntry),
    body: bodyEntry(route, operation),
    answer: {
      status: success.status,
      schema: success.component,
      isLines: success.lines === true,
      examples: examplesOf(answered),
    },
    problems: problemsOf(operation),
  };
}

function parameterEntry(parameter: Schema): Parameter {
  const { name, in: place, required, schema, description } = parameter;
  return {
    name: String(name),
    place: place as Parameter['place'],
    isRequired: required === true,
    type: typeText(isObject(schema) ? schema : {}),
    description: String(description ?? ''),
  };
}

function bodyEntry({ kind, body }: Route, { requestBody }: Operation): BodyEntry | null {
  if (body === null || requestBody === undefined) return null;
  const [media = {}] = Object.values(requestBody.content);
  return {
    schema: body,
    isLines: kind === 'stream',
    members: membersOf(COMPONENTS[body]),
    examples: examplesOf(media),
  };
}

function examplesOf({ example, examples }: Media): readonly Example[] {
  const named = Object.values(examples ?? {})
    .filter(isObject)
    .map(({ summary, value }) => ({ summary: String(summary ?? ''), text: exampleText(value) }));
  return example === undefined ? named : [{ summary: '', text: exampleText(example) }, ...named];
}

function exampleText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** Returns the problem codes of an operation, in the order of their HTTP status. */
function problemsOf({ responses }: Operation): readonly CodeEntry[] {
  const known = new Set(
    Object.entries(responses).flatMap(([status, { content }]) =>
      status === 'default' ? [] : Object.keys(content['application/problem+json']?.examples ?? {}),
    ),
  );
  return problemCodes().filter(({ code }) => known.has(code));
}
