/**
 * The pages of `ops/` as the console shows them. Without this test an operator who follows an alarm
 * could read marks instead of headings, tables and commands.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorOf, type Block, plainText, readInline, readMarkdown } from '../../../src/console/markdown/read.js';
import { packageRoot } from '../../../src/package/package-root.js';

const OPS = join(packageRoot(), 'ops');
const PAGES = readdirSync(OPS).filter((name) => name.endsWith('.md'));

/** The texts of a page that are no code, as a reader sees them. */
function textsOf(blocks: readonly Block[]): readonly string[] {
  const shown = (text: string): string =>
    readInline(text)
      .map((part) => (part.kind === 'code' ? '' : 'text' in part ? part.text : plainText(part.content)))
      .join('');
  return blocks.flatMap((block): readonly string[] => {
    if (block.kind === 'code') return [];
    if (block.kind === 'list') return block.items.flatMap(textsOf);
    if (block.kind === 'table') return [...block.head, ...block.rows.flat()].map(shown);
    return [shown(block.text)];
  });
}

describe('a page of the runbook', () => {
  it('has headings, paragraphs, lists within lists, code and tables', () => {
    const text = [
      '# One',
      '',
      'A line',
      'and its end.',
      '',
      '1. first',
      '   - inner',
      '',
      '   ```sh',
      '   run',
      '   ```',
      '2. second, which',
      'goes on',
      '',
      '| a | b |',
      '| - | - |',
      '| `x \\| y` | 2 |',
      'After.',
    ];
    assert.deepEqual(readMarkdown(text.join('\n')), [
      { kind: 'heading', level: 1, text: 'One' },
      { kind: 'paragraph', text: 'A line and its end.' },
      {
        kind: 'list',
        isOrdered: true,
        items: [
          [
            { kind: 'paragraph', text: 'first' },
            { kind: 'list', isOrdered: false, items: [[{ kind: 'paragraph', text: 'inner' }]] },
            { kind: 'code', text: 'run' },
          ],
          [{ kind: 'paragraph', text: 'second, which goes on' }],
        ],
      },
      { kind: 'table', head: ['a', 'b'], rows: [['`x | y`', '2']] },
      { kind: 'paragraph', text: 'After.' },
    ]);
  });

  it('has code, bold and links in its texts', () => {
    assert.deepEqual(readInline('**See** [`a`](b.md#c) or <https://x.example>, `` ` `` \\*'), [
      { kind: 'bold', content: [{ kind: 'text', text: 'See' }] },
      { kind: 'text', text: ' ' },
      { kind: 'link', content: [{ kind: 'code', text: 'a' }], to: 'b.md#c' },
      { kind: 'text', text: ' or ' },
      { kind: 'link', content: [{ kind: 'text', text: 'https://x.example' }], to: 'https://x.example' },
      { kind: 'text', text: ', ' },
      { kind: 'code', text: '`' },
      { kind: 'text', text: ' ' },
      { kind: 'text', text: '*' },
    ]);
    assert.equal(anchorOf("What `start` needs, and who's there"), 'what-start-needs-and-whos-there');
  });

  for (const name of PAGES)
    it(`shows no marks: ${name}`, () => {
      const texts = textsOf(readMarkdown(readFileSync(join(OPS, name), 'utf8')));
      const marked = texts.filter((text) => /\*\*|`|\]\(|^#+ |^\||^[-*] /.test(text));
      assert.deepEqual(marked, []);
    });
});
