/** Writes papers as one self-contained HTML page without scripts or external resources. */
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import type { Block, Cell, Document } from './document.js';

const STYLE = `
  body { font: 11pt/1.45 Georgia, 'Times New Roman', serif; max-width: 19cm; margin: 1.5cm auto; padding: 0 1cm; color: #1a1a1a }
  h1 { font-size: 20pt; margin: 0 } h2 { font-size: 13pt; margin: 1.4em 0 .4em; border-bottom: 1px solid #888 }
  .en { color: #555; font-style: italic } .mark { letter-spacing: .12em; font-weight: bold; color: #a00 }
  table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .25em .5em }
  td { border-top: 1px solid #ccc; overflow-wrap: anywhere } th { font-size: 9.5pt }
  pre, .value { font: 9pt/1.4 'DejaVu Sans Mono', monospace; white-space: pre-wrap; overflow-wrap: anywhere }
  .sign { height: 1.6cm; border-bottom: 1px solid #000 } footer { margin-top: 2em; font-size: 8.5pt; overflow-wrap: anywhere }
  .field td { border: 0 } .field td:last-child { border-bottom: 1px solid #000; width: 60% } svg { width: 9cm; height: 9cm }
  @media print { .break { break-before: page } tr, .signature { break-inside: avoid } }
`;

/** Returns one HTML page with all documents; each begins a new sheet when it is printed. */
export function documentsHtml(documents: readonly Document[]): string {
  const title = escaped(documents.map((document) => inBothLanguages(document.title)).join('; '));
  return [
    '<!doctype html>',
    '<html lang="fr">',
    `<head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>`,
    '<body>',
    documents.map(documentHtml).join('\n<div class="break"></div>\n'),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function documentHtml(document: Document): string {
  const { title, subtitle, mark, foot, blocks } = typeset(document);
  return [
    ...(mark === null ? [] : [`<p class="mark">${words(mark)}</p>`]),
    `<h1>${words(title)}</h1>`,
    `<p>${words(subtitle)}</p>`,
    ...blocks.map(blockHtml),
    `<footer>${escaped(foot)}</footer>`,
  ].join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${words(block.words)}</h2>`;
    case 'paragraph':
      return `<p>${words(block.words)}</p>`;
    case 'facts':
      return `${block.title === null ? '' : `<h3>${words(block.title)}</h3>`}${factsHtml(block.facts)}`;
    case 'code':
      return `${codeSvg(block.modules)}\n${factsHtml(block.facts)}`;
    case 'fields':
      return `<table class="field">${block.fields.map((name) => `<tr><td>${words(name)}</td><td></td></tr>`).join('\n')}</table>`;
    case 'table': {
      const head = block.columns.map(({ name }) => `<th>${words(name)}</th>`).join('');
      const rows = block.rows.map((row) => `<tr>${row.map((one) => `<td>${cell(one)}</td>`).join('')}</tr>`);
      return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
    }
    case 'verbatim':
    case 'lines':
      return `<h3>${words(block.title)}</h3><pre>${escaped(block.lines.join('\n'))}</pre>`;
    case 'signatures':
      return block.people
        .map(
          ({ name, role }) =>
            `<div class="signature"><p>${escaped(name)}, ${words(role)}</p><div class="sign"></div></div>`,
        )
        .join('\n');
    case 'page-break':
      return '<div class="break"></div>';
  }
}

function factsHtml(facts: Extract<Block, { kind: 'facts' }>['facts']): string {
  const rows = facts.map(({ name, value }) => `<tr><th>${words(name)}</th><td class="value">${cell(value)}</td></tr>`);
  return `<table>${rows.join('\n')}</table>`;
}

function codeSvg(modules: readonly (readonly boolean[])[]): string {
  const dark = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const box = `viewBox="0 0 ${modules.length} ${modules.length}" shape-rendering="crispEdges"`;
  return `<svg ${box}><path d="${dark.join('')}"/></svg>`;
}

function cell(value: Cell): string {
  return typeof value === 'string' ? escaped(value) : words(value);
}

function words({ fr, en }: Bilingual): string {
  return fr === en ? escaped(fr) : `${escaped(fr)} <span class="en" lang="en">${escaped(en)}</span>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/**
 * Applies French typography: no line begins with a punctuation mark, and none ends with an opening
 * quotation mark or with n°.
 */
export const NO_BREAK_SPACE = '\u00a0';

/**
 * Puts no-break spaces into the French texts. Texts that are the same in both languages (paths,
 * names, hashes) are not changed.
 */
export function typeset(document: Document): Document {
  return mapTexts(document) as Document;
}

function mapTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mapTexts);
  if (typeof value !== 'object' || value === null) return value;
  if (isBilingual(value)) return value.fr === value.en ? value : { ...value, fr: withFixedSpaces(value.fr) };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member)]));
}

function isBilingual(value: object): value is Bilingual {
  return 'fr' in value && 'en' in value && typeof value.fr === 'string';
}

export function withFixedSpaces(text: string): string {
  return text.replace(/ (?=[;:!?»])|(?<=«|n°) /g, NO_BREAK_SPACE);
}
