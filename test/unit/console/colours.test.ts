/**
 * The colours of the console in both themes. Without this test a border, a curve or the frame of
 * the focus could become too pale to be seen, which axe does not measure (RGAA 3.3, WCAG 1.4.11).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';

const CSS = readFileSync(join(packageRoot(), 'src/console/assets/console.css'), 'utf8');
const DARK = CSS.indexOf('@media (prefers-color-scheme: dark)');

/** Red, green and blue from 0 to 255. */
type Colour = readonly [number, number, number];

function colourOf(name: string, theme: 'light' | 'dark'): Colour {
  const rules = theme === 'light' ? CSS.slice(0, DARK) : CSS.slice(DARK);
  const [, hex = ''] = new RegExp(`--${name}: #([0-9a-f]{3,6});`).exec(rules) ?? [];
  const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
  assert.equal(long.length, 6, `${name} in the ${theme} theme`);
  const part = (at: number): number => Number.parseInt(long.slice(at, at + 2), 16);
  return [part(0), part(2), part(4)];
}

/** WCAG 2.1, "relative luminance". */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('the colours of the console', () => {
  for (const theme of ['light', 'dark'] as const)
    it(`stand out from their ground by 3 to 1 where they are no text, ${theme}`, () => {
      for (const ground of ['ground', 'raised'])
        for (const name of ['ink-soft', 'focus', 'accent', 'bad', 'plot-1', 'plot-2', 'plot-3']) {
          const measured = contrast(colourOf(name, theme), colourOf(ground, theme));
          assert.ok(measured >= 3, `${name} on ${ground}: ${measured.toFixed(2)}`);
        }
    });

  it('are given for the text and its ground together, and never depend on how a screen is held', () => {
    const [, body = ''] = /\nbody \{([^}]*)\}/.exec(CSS) ?? [];
    assert.match(body, /background: var\(--ground\)/);
    assert.match(body, /color: var\(--ink\)/);
    assert.doesNotMatch(CSS, /orientation:/);
  });
});
