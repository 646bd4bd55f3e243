import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.mjs';

/**
 * Writes the types of the client of the API from the OpenAPI document, before the compiler runs:
 * `src/client` imports them, so esbuild bundles the sources of the document alone. Git ignores the
 * module. It has the form that openapi-fetch expects: `paths`, `operations` and `components`.
 *
 * @typedef {{
 *   $ref?: string, description?: string, type?: string | readonly string[], const?: unknown,
 *   enum?: readonly unknown[], items?: Schema, properties?: Readonly<Record<string, Schema>>,
 *   required?: readonly string[], additionalProperties?: boolean | Schema,
 *   oneOf?: readonly Schema[], anyOf?: readonly Schema[],
 * }} Schema
 * @typedef {{
 *   $ref?: string, name: string, in: string, required?: boolean, description?: string,
 *   schema: Schema,
 * }} Parameter
 * @typedef {Readonly<Record<string, { schema: Schema }>>} Content
 * @typedef {{ headers: Readonly<Record<string, object>>, content: Content }} Answer
 * @typedef {{
 *   operationId: string, summary: string, description: string,
 *   parameters: readonly Parameter[],
 *   requestBody?: { required: boolean, content: Content },
 *   responses: Readonly<Record<string, Answer>>,
 * }} Operation
 * @typedef {{
 *   paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>,
 *   components: {
 *     schemas: Readonly<Record<string, Schema>>,
 *     headers: Readonly<Record<string, { schema: Schema }>>,
 *     parameters: Readonly<Record<string, Parameter>>,
 *   },
 * }} Document
 */
export const CLIENT_TYPES = 'src/client/generated.ts';
const BUNDLE = 'dist/.openapi.mjs';

/** Writes the module if it changes, in a process that can load the document of today. */
export function generateClientTypes() {
  execFileSync(process.execPath, [import.meta.filename], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}

async function generate() {
  const text = clientTypes(await documentOfSources());
  const path = join(ROOT, CLIENT_TYPES);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

/** @returns {Promise<Document>} without the version of the program and its address */
async function documentOfSources() {
  /** @type {typeof import('esbuild')} */
  const { build } = createRequire(import.meta.url)('esbuild');
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/http/api/openapi.ts'],
    outfile: BUNDLE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    // The document does not need the validators, which are generated after the compiler has run.
    plugins: [
      {
        name: 'no-validators',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /\/validators?\.js$/ }, ({ path }) => ({ path, namespace: 'absent' }));
          onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }));
        },
      },
    ],
  });
  const { openApiDocument } = await import(pathToFileURL(join(ROOT, BUNDLE)).href);
  return openApiDocument({ version: '0', url: 'https://127.0.0.1:8443' });
}

/** The text of the module. @param {Document} document */
export function clientTypes(document) {
  const { paths, components } = document;
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  return [
    '/** Written by `npm run build` from the OpenAPI document. */',
    '/** Paths whose POST is executed once for each Idempotency-Key. */',
    listOf('IDEMPOTENT_PATHS', idempotentPaths(document)),
    '/** The codes of problem documents. */',
    listOf('PROBLEM_CODES', problemCodes(document)),
    `export interface paths ${object(
      Object.entries(paths).map(([path, methods]) => member(path, object(Object.entries(methods).map(methodOf)))),
    )}`,
    `export interface components ${object([
      member('schemas', record(components.schemas, typeOf)),
      member(
        'headers',
        record(components.headers, ({ schema }) => typeOf(schema)),
      ),
      member(
        'parameters',
        record(components.parameters, ({ schema }) => typeOf(schema)),
      ),
    ])}`,
    `export interface operations ${object(
      operations.map((operation) => member(operation.operationId, operationOf(operation))),
    )}`,
    '',
  ].join('\n');
}

/** @param {[method: string, operation: Operation]} entry */
function methodOf([method, { operationId, summary, description }]) {
  return member(method, `operations[${JSON.stringify(operationId)}]`, { description: `${summary} ${description}` });
}

/** @param {Operation} operation */
function operationOf({ parameters, requestBody, responses }) {
  const body =
    requestBody && member('requestBody', contentOf(requestBody.content), { isOptional: !requestBody.required });
  // All problem documents have the type of the response `default`.
  const answers = Object.entries(responses).filter(([status]) => status === 'default' || status < '400');
  return object([
    member('parameters', object(['query', 'header', 'path'].flatMap((place) => parametersIn(place, parameters)))),
    ...(body === undefined ? [] : [body]),
    member('responses', object(answers.map(([status, answer]) => member(status, answerOf(answer))))),
  ]);
}

/** @param {string} place @param {readonly Parameter[]} parameters */
function parametersIn(place, parameters) {
  const found = parameters.map(withName).filter((parameter) => parameter.in === place);
  if (found.length === 0) return [];
  const members = found.map(({ name, required, description, schema }) =>
    member(name, typeOf(schema), { description, isOptional: required !== true }),
  );
  return [member(place, object(members), { isOptional: !found.some(({ required }) => required) })];
}

/** @param {Parameter} parameter @returns {Parameter} */
function withName(parameter) {
  if (parameter.$ref !== '#/components/parameters/AcceptLanguage') return parameter;
  return { name: 'Accept-Language', in: 'header', schema: { $ref: parameter.$ref } };
}

/** @param {Answer} answer */
function answerOf({ headers, content }) {
  const named = Object.entries(headers).map(([name, header]) => member(name, typeOf(header)));
  return `${object([member('headers', object([...named, '[name: string]: unknown;'])), ...contentMember(content)])}`;
}

/** @param {Content} content */
const contentOf = (content) => object(contentMember(content));

/** @param {Content} content */
const contentMember = (content) => [
  member(
    'content',
    record(content, ({ schema }) => typeOf(schema)),
  ),
];

/** The TypeScript type of a schema. @param {Schema} schema @returns {string} */
function typeOf({ $ref, type, const: constant, enum: values, oneOf, anyOf, items, properties, required, ...schema }) {
  if ($ref !== undefined)
    return `components${$ref
      .split('/')
      .slice(2)
      .map((name) => `[${JSON.stringify(name)}]`)
      .join('')}`;
  if (constant !== undefined) return JSON.stringify(constant);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = oneOf ?? anyOf ?? (Array.isArray(type) ? type.map((one) => ({ type: one })) : undefined);
  if (alternatives !== undefined) return alternatives.map(typeOf).join(' | ');
  if (type === 'array') return `(${typeOf(items ?? {})})[]`;
  if (type !== 'object') return type === 'integer' ? 'number' : String(type ?? 'unknown');
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return `{ [key: string]: ${typeOf(additionalProperties)} }`;
  const members = Object.entries(properties ?? {});
  if (members.length === 0) return 'Record<string, never>';
  return object(
    members.map(([name, one]) =>
      member(name, typeOf(one), { description: one.description, isOptional: !required?.includes(name) }),
    ),
  );
}

/**
 * @param {string} name
 * @param {string} type
 * @param {{ description?: string | undefined, isOptional?: boolean }} about
 */
function member(name, type, { description, isOptional = false } = {}) {
  const comment = description === undefined ? '' : `/** ${description.replaceAll('*/', '*\\/')} */\n`;
  // openapi-fetch expects statuses that are numbers.
  const key = /^[0-9]+$/.test(name) ? name : JSON.stringify(name);
  return `${comment}${key}${isOptional ? '?' : ''}: ${type};`;
}

/** @param {readonly string[]} members */
const object = (members) => `{\n${members.join('\n').replace(/^/gm, '  ')}\n}`;

/**
 * @template Value
 * @param {Readonly<Record<string, Value>>} values
 * @param {(value: Value) => string} type
 */
const record = (values, type) => object(Object.entries(values).map(([name, value]) => member(name, type(value))));

/** @param {string} name @param {readonly string[]} texts */
const listOf = (name, texts) => `export const ${name} = ${JSON.stringify(texts, null, 2)} as const;`;

/** @param {Document} document */
function idempotentPaths({ paths }) {
  const takesKey = (/** @type {Operation | undefined} */ post) =>
    post?.parameters.some(({ name }) => name === 'Idempotency-Key') === true;
  return Object.keys(paths)
    .filter((path) => takesKey(paths[path]?.post))
    .sort();
}

/** @param {Document} document */
function problemCodes(document) {
  const found = JSON.stringify(document).matchAll(/"code":\{"type":"string","enum":(\[[^\]]*\])/g);
  return [...new Set([...found].flatMap(([, list = '[]']) => /** @type {string[]} */ (JSON.parse(list))))].sort();
}

if (process.argv[1] === import.meta.filename) await generate();
