/**
 * Folders that do not conform to a rule yet, by the rule. The list only shrinks, and ends empty.
 */
export const NOT_YET: Readonly<Record<string, readonly string[]>> = {};
