/** Which characters a TrueType font has a glyph of: its `cmap` (OpenType 1.9, cmap, format 12), whose segments are in order. */
import type { Bytes } from '../kernel/bytes.js';

export type Coverage = (codePoint: number) => boolean;

const TABLES_AT = 12;
const TABLE_OCTETS = 16;
const FULL_UNICODE = { platform: 3, encoding: 10 } as const;
const FORMAT_SEGMENTED = 12;
const GROUPS_AT = 16;
const GROUP_OCTETS = 12;

/** Of a font that we ship: one without such a table is a bug, and covers nothing. */
export function coverageOf(font: Bytes): Coverage {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const groups = groupsAt(view, subtableOf(view, cmapOf(view)));
  return (codePoint) => groups.some(([first, last]) => codePoint >= first && codePoint <= last);
}

function cmapOf(view: DataView): number {
  const count = view.getUint16(4);
  for (let at = TABLES_AT; at < TABLES_AT + count * TABLE_OCTETS; at += TABLE_OCTETS) {
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((octet) => view.getUint8(at + octet)));
    if (tag === 'cmap') return view.getUint32(at + 8);
  }
  return 0;
}

function subtableOf(view: DataView, cmap: number): number {
  const count = cmap === 0 ? 0 : view.getUint16(cmap + 2);
  for (let at = cmap + 4; at < cmap + 4 + count * 8; at += 8) {
    const offset = cmap + view.getUint32(at + 4);
    const isFull = view.getUint16(at) === FULL_UNICODE.platform && view.getUint16(at + 2) === FULL_UNICODE.encoding;
    if (isFull && view.getUint16(offset) === FORMAT_SEGMENTED) return offset;
  }
  return 0;
}

function groupsAt(view: DataView, subtable: number): readonly (readonly [number, number])[] {
  if (subtable === 0) return [];
  return Array.from({ length: view.getUint32(subtable + 12) }, (_, at) => {
    const group = subtable + GROUPS_AT + at * GROUP_OCTETS;
    return [view.getUint32(group), view.getUint32(group + 4)] as const;
  });
}
