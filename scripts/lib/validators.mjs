import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.mjs';

/**
 * Generates the functions that check JSON documents against the schemas of this program, so that no
 * process compiles a schema (ops/decisions/0051). The types of each module are
 * in a `.d.ts` file in `src`.
 *
 * @typedef {object} Validators
 * @property {string} module
 * @property {boolean} isDraft2020 JSON Schema 2020-12, as OpenAPI 3.1 uses it; otherwise draft 7
 * @property {import('ajv').Options} options beside those that all have
 * @property {readonly string[]} vocabulary keywords that check nothing
 * @property {readonly object[]} schemas each with its `$id`
 * @property {Readonly<Record<string, string | Readonly<Record<string, string>>>>} exports the `$id`
 * of the schema of each exported function, or of each member of an exported object
 */
export const MODULES = {
  configuration: 'dist/src/config/schema/validator.js',
  policy: 'dist/src/policy/load/validators.js',
  plan: 'dist/src/ceremony/plan/validator.js',
  api: 'dist/src/http/api/schemas/validators.js',
};

const require = createRequire(import.meta.url);
const POLICY_SCHEMAS = ['environment', 'hierarchy', 'authority', 'profile', 'code-list', 'card-generations'];
const API = 'urn:pfcng:openapi';
/** @returns {Promise<readonly Validators[]>} */
export async function validators() {
  /** @type {{ CONFIG_SCHEMA: object }} */
  const { CONFIG_SCHEMA } = await built('config/schema/index');
  /** @type {{ planSchema: () => object }} */
  const { planSchema } = await built('ceremony/plan/schema');
  /** @type {{ COMPONENTS: object, REQUEST_COMPONENTS: readonly string[] }} */
  const { COMPONENTS, REQUEST_COMPONENTS } = await built('http/api/schemas/components');
  /** @type {{ QUERIES: object }} */
  const { QUERIES } = await built('http/api/schemas/queries');
  const schemaOf = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(join(ROOT, `policies/schemas/${name}.schema.json`), 'utf8'));
  return [
    {
      module: MODULES.configuration,
      isDraft2020: false,
      options: { useDefaults: true, discriminator: true, verbose: true },
      vocabulary: [],
      schemas: [{ ...CONFIG_SCHEMA, $id: 'configuration' }],
      exports: { validateConfig: 'configuration' },
    },
    {
      module: MODULES.policy,
      isDraft2020: false,
      options: { strictRequired: true, allowUnionTypes: true },
      vocabulary: ['descriptionFrench'],
      schemas: ['common', ...POLICY_SCHEMAS].map(schemaOf),
      exports: { POLICY_VALIDATORS: namesTo(POLICY_SCHEMAS, 'urn:pfcng:schema:') },
    },
    {
      module: MODULES.plan,
      isDraft2020: false,
      options: {},
      vocabulary: [],
      schemas: [planSchema()],
      exports: { validatePlan: 'urn:pfcng:schema:ceremony-plan' },
    },
    {
      module: MODULES.api,
      isDraft2020: true,
      options: { discriminator: true, verbose: true },
      vocabulary: ['components', 'x-expected'],
      schemas: [
        { $id: API, components: { schemas: COMPONENTS } },
        ...Object.entries(QUERIES).map(([name, schema]) => ({ ...schema, $id: `${API}:query:${name}` })),
      ],
      exports: {
        BODY_VALIDATORS: namesTo(REQUEST_COMPONENTS, `${API}#/components/schemas/`),
        QUERY_VALIDATORS: namesTo(Object.keys(QUERIES), `${API}:query:`),
      },
    },
  ];
}

/**
 * A module of the sources, as the TypeScript compiler has written it.
 * @template {object} Module
 * @param {string} path
 * @returns {Promise<Module>}
 */
function built(path) {
  return import(pathToFileURL(join(ROOT, `dist/src/${path}.js`)).href);
}

/** @param {readonly string[]} names @param {string} prefix */
function namesTo(names, prefix) {
  return Object.fromEntries(names.map((name) => [name, prefix + name]));
}

/**
 * The compiler with these schemas. Tests validate the schemas themselves.
 * @param {Validators} wanted
 * @param {import('ajv').CodeOptions} [code]
 * @returns {Promise<import('ajv').default>}
 */
export async function compilerOf({ isDraft2020, options, vocabulary, schemas }, code = {}) {
  /** @type {{ parseInstant: (text: string) => number | null }} */
  const { parseInstant } = await built('kernel/clock');
  /** @type {typeof import('ajv').Ajv} */
  const Ajv = isDraft2020 ? require('ajv/dist/2020').Ajv2020 : require('ajv').Ajv;
  const always = { allErrors: true, strict: true, strictRequired: false, validateSchema: false };
  const ajv = new Ajv({ ...always, ...options, code });
  ajv.addFormat('date-time', (value) => parseInstant(value) !== null);
  ajv.addVocabulary([...vocabulary]);
  for (const schema of schemas) ajv.addSchema(schema);
  return ajv;
}

/** Writes the modules, in a process that loads what the TypeScript compiler has just written. */
export function generateValidators() {
  execFileSync(process.execPath, [import.meta.filename], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}

async function generate() {
  const { _ } = await import('ajv');
  const all = await validators();
  for (const wanted of all) {
    const ajv = await compilerOf(wanted, { source: true, formats: _`formats` });
    writeFileSync(join(ROOT, wanted.module), moduleOf(ajv, wanted));
  }
}

/**
 * esbuild adds the few functions of Ajv that its code calls at run time.
 * @param {import('ajv').default} ajv
 * @param {Validators} wanted
 */
function moduleOf(ajv, { module, exports }) {
  /** @type {Record<string, string>} */
  const references = {};
  const reference = (/** @type {string} */ name, /** @type {string} */ schema) => {
    references[name] = schema;
    return `exports[${JSON.stringify(name)}]`;
  };
  const declarations = Object.entries(exports).map(([name, schema]) => {
    if (typeof schema === 'string') return `export const ${name} = ${reference(name, schema)};\n`;
    const members = Object.entries(schema).map(
      ([member, one]) => `${JSON.stringify(member)}: ${reference(`${name}/${member}`, one)}`,
    );
    return `export const ${name} = { ${members.join(', ')} };\n`;
  });
  const clock = relative(dirname(module), 'dist/src/kernel/clock.js');
  const contents = `
import { parseInstant } from '${clock}';
const formats = { 'date-time': (text) => parseInstant(text) !== null };
const exports = {};
${require('ajv/dist/standalone').default(ajv, references)}
${declarations.join('')}`;
  /** @type {typeof import('esbuild')} */
  const { buildSync } = require('esbuild');
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [clock],
    minify: true,
    logLevel: 'warning',
    write: false,
  });
  return outputFiles[0]?.contents ?? '';
}

if (process.argv[1] === import.meta.filename) await generate();
