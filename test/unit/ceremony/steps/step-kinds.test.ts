/**
 * A kind of ceremony step is one file and one line in a list. Without these tests, nobody would
 * notice a table of kinds that lacks one, or a plan schema that differs from the program.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planSchema } from '../../../../src/ceremony/plan/schema.js';
import { packageRoot } from '../../../../src/package/package-root.js';

const KINDS = 'src/ceremony/steps';
const LIST = `${KINDS}/all.ts`;

describe('the kinds of ceremony steps', () => {
  const root = packageRoot();
  const copy = mkdtempSync(join(tmpdir(), 'pfcng-step-kinds-'));
  const [file = '', line = ''] = codeBlocksOf('**A ceremony step kind.**');

  before(() => {
    for (const folder of ['src', 'hsm']) cpSync(join(root, folder), join(copy, folder), { recursive: true });
    cpSync(join(root, 'package.json'), join(copy, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const base = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
    const { incremental: _, tsBuildInfoFile: __, ...options } = base.compilerOptions;
    const config = { compilerOptions: { ...options, noEmit: true, skipLibCheck: true }, include: ['src', 'hsm'] };
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(copy, 'tsconfig.kinds.json'), JSON.stringify({ ...config, include: [KINDS] }));
  });
  after(() => rmSync(copy, { recursive: true }));

  /** The example of the recipe in CONTRIBUTING.md. */
  function codeBlocksOf(recipe: string): readonly string[] {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const from = text.slice(text.indexOf(recipe));
    return [...from.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  }

  function write(path: string, content: string): void {
    writeFileSync(join(copy, path), content);
  }

  /**
   * The errors of the compiler for the copy: in everything, or faster in the kinds and what they
   * import.
   */
  function errors(where: 'everything' | 'kinds'): readonly string[] {
    const project = where === 'everything' ? 'tsconfig.json' : 'tsconfig.kinds.json';
    const { stdout, error } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], {
      cwd: copy,
      encoding: 'utf8',
    });
    assert.equal(error, undefined);
    return stdout.split(/\n(?=\S)/).filter((one) => one.includes('error TS'));
  }

  /**
   * The example without the member and without the form of the step, which only one file can
   * declare.
   */
  function withoutMember(name: string): string {
    const lines = file.replace(/^declare module .*?^\}\n/ms, '').split('\n');
    const from = lines.findIndex((one) => new RegExp(`^ +(?:async )?${name}[:(]`).test(one));
    const indent = lines[from]?.search(/\S/) ?? assert.fail(name);
    const length = lines
      .slice(from + 1)
      .findIndex((one) => one.search(/[^ \]})]/) === indent || (/^ *\}/.test(one) && one.search(/\S/) < indent));
    return lines.toSpliced(from, length + 1).join('\n');
  }

  it('are in the schema of plans, which is generated from them (`npm run plan-schema`)', () => {
    const committed = JSON.parse(readFileSync(join(root, 'policies/schemas/ceremony-plan.schema.json'), 'utf8'));
    assert.equal(JSON.stringify(committed), JSON.stringify(planSchema()));
  });

  it('need one file and one line each: the example in CONTRIBUTING.md compiles with its line', () => {
    write(`${KINDS}/write-notice.ts`, file);
    const list = readFileSync(join(root, LIST), 'utf8')
      .replace(/^import /m, "import { writeNotice } from './write-notice.js';\nimport ")
      .replace('export const STEP_KINDS = {\n', `export const STEP_KINDS = {\n${line}`);
    write(LIST, list);
    assert.deepEqual(errors('everything'), []);
  });

  it('do not compile without their line, or without one of their members', () => {
    write(`${KINDS}/write-notice.ts`, file);
    cpSync(join(root, LIST), join(copy, LIST));
    const value = file.slice(file.indexOf('export const'));
    const own = [...value.matchAll(/^ {2}(?:async )?(\w+)[:(]/gm)].map(([, name = '']) => name);
    const ofVerify = [...value.slice(value.indexOf('  verify:')).matchAll(/^ {4}(\w+):/gm)].map(
      ([, name = '']) => name,
    );
    assert.ok(own.includes('signs') && own.includes('make') && ofVerify.includes('inputs'), own.join());
    const members = [...own, 'description', 'required', 'optional', ...ofVerify];
    for (const name of members) write(`${KINDS}/without-${name}.ts`, withoutMember(name));
    const found = errors('kinds');
    assert.ok(
      found.some((one) => one.startsWith(LIST) && /'"write-notice"' is missing/.test(one)),
      found.join('\n'),
    );
    for (const name of members) {
      const ofFile = found.filter((one) => one.startsWith(`${KINDS}/without-${name}.ts`)).join('\n');
      assert.ok(ofFile.includes(`Property '${name}' is missing`), `${name}: ${ofFile}`);
    }
  });
});
