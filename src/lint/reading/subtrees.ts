/** Name constraints, as rules need them. */
import type { Subtree } from './constraint-readers.js';
import type { DecodedExtensions } from './decoded-extensions.js';

/** The first subtree that `isWrong` selects; null when there is none. */
export function wrongSubtree(extensions: DecodedExtensions, isWrong: (subtree: Subtree) => boolean): string | null {
  const constraints = extensions.get('nameConstraints');
  if (constraints === null) return null;
  for (const which of ['permitted', 'excluded'] as const) {
    const wrong = constraints[which]?.find(isWrong);
    if (wrong !== undefined) return `${which}: GeneralName [${wrong.form}] ${wrong.text ?? ''}`.trim();
  }
  return null;
}
