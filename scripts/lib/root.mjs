import { fileURLToPath } from 'node:url';

/** The checkout, wherever the command was typed. Ends without a slash. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
