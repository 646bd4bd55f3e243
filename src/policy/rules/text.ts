/**
 * Texts that end in certificates. What a reader sees must be what is there: nothing invisible, nothing that turns the
 * direction of writing, one encoding of each character. Refused, never mended: what is certified is what was asked for.
 */
import type { Violation } from '../model.js';
import { violation } from './rule.js';

/**
 * Control, format (which has the bidirectional controls, joiners and tags), surrogate, private and unassigned characters,
 * line and paragraph separators, every space but U+0020, and what is drawn as nothing though it is a letter, a mark or a
 * symbol: fillers and selectors (Default_Ignorable_Code_Point), the empty Braille cell; and what stands for something else.
 */
const REFUSED = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd]|(?! )\p{Zs}/u;
/** Marks that combine with what is before them cannot begin a text; more than a few in a row hide it. */
const MARKS = /^\p{M}|\p{M}{4}/u;

/** Violations of one text; `charactersMax` counts code points, as upper bounds of UTF8String do (X.680 49). */
export function textViolations(pointer: string, text: string, charactersMax: number): readonly Violation[] {
  if (text.length === 0) return [violation(pointer, 'text-not-empty', 'is empty')];
  const violations: Violation[] = [];
  if (REFUSED.test(text) || MARKS.test(text))
    violations.push(
      violation(pointer, 'text-characters', 'has a control, format, invisible, private or unassigned character'),
    );
  if (text !== text.normalize('NFC'))
    violations.push(violation(pointer, 'text-normalized', 'is not in normalization form C (Unicode annex 15)'));
  if (text !== text.trim() || text.includes('  '))
    violations.push(violation(pointer, 'text-trimmed', 'has spaces at an end, or two in a row'));
  if ([...text].length > charactersMax)
    violations.push(violation(pointer, 'text-length', `is longer than ${charactersMax} characters`));
  return violations;
}
