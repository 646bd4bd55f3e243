/**
 * Without this test `npm run test:night` could set a variable that no test reads any more, and
 * prove nothing more.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';

type Amount = {
  readonly variable: string;
  readonly file: string;
  readonly usual: number;
  readonly night: number;
  readonly minutes: number;
};

const root = packageRoot();
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const { AMOUNTS } = (await import(pathToFileURL(join(root, 'scripts/testing/night-amounts.mjs')).href)) as {
  readonly AMOUNTS: readonly Amount[];
};

/** The number in the source of a test: `2_000` is 2000. */
const numberOf = (text: string): number => Number(text.replaceAll('_', ''));

describe('the amounts of npm run test:night', () => {
  for (const { variable, file, usual, night, minutes } of AMOUNTS) {
    it(`${variable} is read by ${file}, and larger at night`, () => {
      const read = new RegExp(`Number\\(process\\.env\\.${variable} \\?\\? ([\\d_]+)\\)`).exec(textOf(file));
      assert.ok(read, `${file} does not read it`);
      assert.equal(numberOf(read[1] ?? ''), usual);
      assert.ok(night > usual);
    });

    it(`${variable} of ${file} is in test/README.md with its amount and its time`, () => {
      const row = textOf('test/README.md')
        .split('\n')
        .find(
          (line) =>
            line.startsWith(`| \`${variable}\``) && line.includes(file.slice('test/'.length, -'.test.ts'.length)),
        );
      const cells = row?.split('|').map((cell) => cell.trim());
      assert.deepEqual(
        cells?.slice(3, 6),
        [usual, night, minutes].map((number) => number.toLocaleString('en-US')),
      );
    });
  }

  it('name every variable with which a test file sets an amount', () => {
    const read = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('bench/'))
      .flatMap((name) => [...textOf(join('test', name)).matchAll(/process\.env\.(PFCNG_\w+) \?\? [\d_]+\)/g)])
      .map(([, variable]) => variable);
    assert.deepEqual([...new Set(read)].sort(), [...new Set(AMOUNTS.map(({ variable }) => variable))].sort());
  });
});
