/**
 * A share on paper: a QR code of the file, and the file as lines that somebody can type, each
 * with a check code. Paper lasts longer than USB sticks. The share is encrypted: it opens nothing
 * without the holder's passphrase or key.
 */
import { renderSVG } from 'uqr';
import { type Bytes, concat, fromBase64, toBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readShare, type ShareFile } from './share-file.js';

/** Each line has 36 bytes, which are 48 characters in four groups. */
const LINE_BYTES = 36;
const GROUP = 12;
const CHECK_CHARACTERS = 4;

/**
 * `07 aaaaaaaaaaaa bbbbbbbbbbbb cccccccccccc dddddddddddd 3f9a`: number, content in base64, check
 * code of both.
 */
export function sheetLines(file: Bytes): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < file.length; at += LINE_BYTES) {
    const number = String(lines.length + 1).padStart(2, '0');
    const content = toBase64(file.subarray(at, at + LINE_BYTES));
    lines.push([number, ...groupsOf(content), checkOf(number, content)].join(' '));
  }
  return lines;
}

function groupsOf(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
}

function checkOf(number: string, content: string): string {
  return sha256Hex(new TextEncoder().encode(`${number} ${content}`)).slice(0, CHECK_CHARACTERS);
}

/** The code of a share file, which the holder compares with the sheet and reads aloud. */
export function checkCodeOf(file: Bytes): string {
  return groupsOf4(sha256Hex(file).slice(0, 16)).join(' ');
}

function groupsOf4(text: string): readonly string[] {
  return text.match(/.{4}/g) ?? [];
}

export type SheetFault = { readonly kind: 'line-mistyped' | 'line-missing' | 'not-a-share'; readonly line: number };

/**
 * Reads the share file from typed lines in any order. The error is the first line that differs
 * from the sheet.
 */
export function readSheet(typed: readonly string[]): Result<Bytes, SheetFault> {
  const parts = new Map<number, Bytes>();
  for (const [at, text] of typed.entries()) {
    const words = text.trim().split(/\s+/u);
    if (words.length < 3) {
      if (text.trim() === '') continue;
      return err({ kind: 'line-mistyped', line: at + 1 });
    }
    const [number = '', ...rest] = words;
    const check = rest.pop() ?? '';
    const content = rest.join('');
    const decoded = fromBase64(content);
    if (decoded === null || check.toLowerCase() !== checkOf(number, content))
      return err({ kind: 'line-mistyped', line: at + 1 });
    parts.set(Number(number), decoded);
  }
  for (let number = 1; number <= parts.size; number += 1)
    if (!parts.has(number)) return err({ kind: 'line-missing', line: number });
  const file = concat([...parts.entries()].sort(([one], [other]) => one - other).map(([, part]) => part));
  return readShare(file) === null ? err({ kind: 'not-a-share', line: parts.size }) : ok(file);
}

/** Makes a self-contained HTML page for printing, in French and English. */
export function shareSheetHtml(file: Bytes, share: ShareFile): string {
  const { token, number, shares, threshold, holder, organisation, generation, set } = share;
  const encryption =
    share.encrypted.kind === 'passphrase'
      ? ['chiffrée par la phrase secrète de son porteur', "encrypted with its holder's passphrase"]
      : ['chiffrée pour la clé de son porteur', "encrypted to its holder's key"];
  const rows = [
    ['Jeton', 'token', token],
    ['Part', 'share', `${number} / ${shares} (${threshold} : ouvrent / open)`],
    ['Porteur', 'holder', `${holder}, ${organisation}`],
    ['Partage', 'sharing', `${generation}, ${set}`],
    ['Code de contrôle', 'check code', checkCodeOf(file)],
  ] as const;
  const svg = renderSVG(new TextDecoder().decode(file), { ecc: 'L', border: 4, pixelSize: 4 });
  return `<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<title>${text(`${token} ${number}/${shares}`)}</title>
<style>
  body { font: 12pt/1.4 serif; margin: 2cm; }
  table { border-collapse: collapse; margin: 1em 0; }
  td { border: 1px solid #888; padding: 0.2em 0.6em; }
  i { color: #444; }
  pre { font: 9pt/1.5 monospace; }
  svg { width: 11cm; height: 11cm; display: block; margin: 1em 0; }
  @page { size: A4; margin: 1cm; }
</style>
<h1>Part d'un jeton racine <i>/ share of a root token</i></h1>
<p>Cette part est ${text(encryption[0] ?? '')} : seule, ou sans son porteur, elle n'ouvre rien.
Gardez-la sous enveloppe, dans un coffre à part.<br>
<i>This share is ${text(encryption[1] ?? '')}: alone, or without its holder, it opens nothing.
Keep it in an envelope, in a separate safe.</i></p>
<table>
${rows.map(([fr, en, value]) => `<tr><td>${fr} <i>/ ${en}</i></td><td>${text(value)}</td></tr>`).join('\n')}
</table>
${svg}
<p>Le code QR contient le fichier de la part. À défaut, tapez ces lignes : chacune finit par son code de contrôle.<br>
<i>The QR code contains the share file. If it cannot be read, type these lines: each ends with its check code.</i></p>
<pre>${sheetLines(file).map(text).join('\n')}</pre>
</html>
`;
}

function text(value: string): string {
  return value.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
