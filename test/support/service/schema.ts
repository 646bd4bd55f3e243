/**
 * What the service answers against the document that it publishes itself: a drift of either fails
 * the test that sees it.
 */
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Media = { readonly schema: object };
type Operation = {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Media>> }>>;
};
export type OpenApiDocument = {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};

export type SchemaPosition = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
};

export type ResponseJudge = {
  readonly document: OpenApiDocument;
  /** Throws where the answer is not what the document says. */
  readonly check: (seen: SchemaPosition) => void;
  /** Operations that answered with their success status, by operationId. */
  readonly succeeded: ReadonlySet<string>;
};

const DOCUMENT = 'urn:test:openapi';
/** Validates each line against the schema. */
const LINES = 'application/x-ndjson';
const PROBLEM = 'application/problem+json';

export function createResponseJudge(document: OpenApiDocument): ResponseJudge {
  const ajv = new Ajv2020({ allErrors: true, strict: false, discriminator: true });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  ajv.addSchema({ $id: DOCUMENT, components: document.components });
  const compiled = new Map<string, ValidateFunction>();
  const succeeded = new Set<string>();

  function validatorOf(schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/components/', `"${DOCUMENT}#/components/`);
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
    compiled.set(text, known);
    return known;
  }

  return {
    document,
    succeeded,
    check({ method, path, status, contentType, body }) {
      const operation = operationAt(document, method, path);
      const media = contentType.split(';', 1)[0] ?? '';
      const where = `${method} ${path} -> ${status} ${media}`;
      assert.ok(status < 500 || status === 503, `${where}: ${JSON.stringify(body)}`);
      const problem = { $ref: '#/components/schemas/Problem' };
      const described = operation?.responses[String(status)] ?? operation?.responses.default;
      const schema = described === undefined ? (media === PROBLEM ? problem : null) : described.content[media]?.schema;
      assert.ok(schema, `${where}: no such answer in the document`);
      const validate = validatorOf(schema);
      for (const one of media === LINES && Array.isArray(body) ? body : [body])
        assert.ok(validate(one), `${where}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(one)}`);
      if (status >= 400) assert.equal(media, PROBLEM, where);
      else if (operation !== null) succeeded.add(operation.operationId);
    },
  };
}

function operationAt({ paths }: OpenApiDocument, method: string, path: string): Operation | null {
  const plain = path.split('?', 1)[0] ?? '';
  for (const [template, operations] of Object.entries(paths)) {
    const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);
    const operation = operations[method.toLowerCase()];
    if (pattern.test(plain) && operation !== undefined) return operation;
  }
  return null;
}
