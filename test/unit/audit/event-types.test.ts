/**
 * The catalogue of audit events is closed for the compiler. Without this test, a change of its
 * types could let events of any shape compile, which would then fail in a running service.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';

describe('an audit event', () => {
  it('of another type, or with another member, does not compile', () => {
    const root = packageRoot();
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-event-types-'));
    const lines: readonly (readonly [string, RegExp | null])[] = [
      [`{ at: 0, actor: 'system', type: 'clock.right', details: { behindMs: 0, offsetMs: 0 } }`, null],
      [`{ at: 0, actor: 'system', type: 'clock.lost', details: { behindMs: 0, offsetMs: 0 } }`, /"clock\.lost"/],
      [
        `{ at: 0, actor: 'system', type: 'clock.right', details: { behindMs: 0, offsetMs: 0, note: '' } }`,
        /'note' does not exist/,
      ],
      [`{ at: 0, actor: 'system', type: 'clock.right', details: { offsetMs: 0 } }`, /'behindMs' is missing/],
      [
        `{ at: 0, actor: 'system', type: 'clock.right', details: { behindMs: '0', offsetMs: 0 } }`,
        /'string' is not assignable/,
      ],
      [
        `{ at: 0, actor: 'system', type: 'clock.right', details: { behindMs: 0, offsetMs: 0 }, outcome: 'intent' }`,
        /'outcome'/,
      ],
    ];
    const events = lines.map(([event], at) => `export const event${at}: AuditEvent = ${event};\n`);
    writeFileSync(
      join(folder, 'events.ts'),
      `import type { AuditEvent } from '${root}/src/audit/events.js';\n${events.join('')}`,
    );
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const base = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
    const { incremental: _, tsBuildInfoFile: __, ...options } = base.compilerOptions;
    const typeRoots = [join(root, 'node_modules/@types')];
    const config = { compilerOptions: { ...options, rootDir: '/', typeRoots, noEmit: true }, include: ['events.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout, error } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    assert.equal(error, undefined);
    const errors = stdout.split(/\n(?=\S)/).filter((one) => one.includes('error TS'));
    for (const [at, [event, expected]] of lines.entries()) {
      const own = errors.filter((one) => one.startsWith(`events.ts(${at + 2},`)).join('\n');
      if (expected === null) assert.equal(own, '', event);
      else assert.match(own, expected, event);
    }
    assert.ok(
      errors.every((one) => one.startsWith('events.ts(')),
      stdout,
    );
  });
});
