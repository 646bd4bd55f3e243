/** Textual encodings of certificates and keys (RFC 7468). */
import type { Bilingual } from '../kernel/bilingual.js';
import { type Bytes, fromBase64, toBase64 } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { alternatives, text } from '../texts/text.js';

const LINE_CHARACTERS = 64;

/** One block with lines of 64 characters and a newline at the end. */
export function encodePem(label: string, der: Bytes): string {
  const base64 = toBase64(der);
  const lines: string[] = [];
  for (let at = 0; at < base64.length; at += LINE_CHARACTERS) lines.push(base64.slice(at, at + LINE_CHARACTERS));
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/**
 * The content of exactly one block with one of these labels. Stricter than RFC 7468 section 2: only
 * white space may surround the block, only line ends may be inside it, and the base64 must be
 * canonical. The error says, for people, what is wrong.
 */
export function decodePem(pem: string, labels: readonly string[]): Result<Bytes, Bilingual> {
  const lines = pem.trim().split(/\r\n|\n|\r/);
  const label = boundary(lines[0], 'BEGIN');
  if (label === null) return err(text('pem/no-begin'));
  if (!labels.includes(label)) return err(text('pem/label', { labels: alternatives(labels) }));
  const last = lines.findIndex((line, at) => at > 0 && line.startsWith('-----'));
  if (last === -1 || boundary(lines[last], 'END') !== label) return err(text('pem/no-end', { label }));
  if (last !== lines.length - 1) return err(text('pem/text-after'));
  const body = lines.slice(1, last).join('');
  if (body === '') return err(text('pem/empty'));
  const bytes = fromBase64(body);
  return bytes === null ? err(text('pem/base64')) : ok(bytes);
}

/**
 * As `decodePem`, for one or more blocks one after the other, such as a certificate and its chain
 * (RFC 8555 9.1). At most `blocksMax` of them.
 */
export function decodePemBlocks(
  pem: string,
  { labels, blocksMax }: { readonly labels: readonly string[]; readonly blocksMax: number },
): Result<readonly Bytes[], Bilingual> {
  const blocks: Bytes[] = [];
  for (const block of pem.trim().split(BETWEEN_BLOCKS)) {
    if (blocks.length === blocksMax)
      return err({ fr: `plus de ${blocksMax} blocs`, en: `more than ${blocksMax} blocks` });
    const decoded = decodePem(block, labels);
    if (!decoded.ok) return decoded;
    blocks.push(decoded.value);
  }
  return ok(blocks);
}

const BETWEEN_BLOCKS = /(?<=^-----END [A-Z0-9 ]{1,64}-----)\s+(?=-----BEGIN )/m;

function boundary(line: string | undefined, kind: 'BEGIN' | 'END'): string | null {
  return new RegExp(`^-----${kind} ([A-Z0-9 ]{1,64})-----$`).exec(line ?? '')?.[1] ?? null;
}
