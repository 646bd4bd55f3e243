/**
 * Texts that an attacker could have stored, and that a page must show as text: scripts, markup,
 * and characters that change the direction of writing. Names in certificates refuse most of them
 * (`src/policy/rules/text.ts`); reasons, references and names of devices do not.
 */

/** A script that marks the window, so that a test sees that it was executed. */
const MARK = 'globalThis.hostile=1';

export const HOSTILE_TEXTS = {
  script: `<script>${MARK}</script>`,
  image: `<img src=x onerror="${MARK}">`,
  attribute: `" autofocus onfocus="${MARK}" x="`,
  endOfTag: `--></style></title></textarea><svg onload=${MARK}>`,
  link: `javascript:${MARK}`,
  template: `{{constructor.constructor('${MARK}')()}} \${${MARK}}`,
  /** U+202E: what follows is drawn from right to left, so that `fdp.exe` looks like `exe.pdf`. */
  rightToLeft: 'reason \u202egnp.exe',
  isolate: 'reason \u2066\u202eabc\u2069\u2066def\u2069',
  combining: `z${'\u0301'.repeat(20)}`,
} as const;

/** Letters, punctuation and spaces only: a name of a structure that the policy accepts. */
export const HOSTILE_NAME = `&lt;script&gt; "';--/*`;

/** Whether one of the texts was executed on the page. */
export function wasExecuted(): boolean {
  return 'hostile' in globalThis;
}
