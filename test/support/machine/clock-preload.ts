/**
 * Loaded before the program of a test's service (`node --import`): its clock is the machine's,
 * and as many milliseconds more as the file says that is named after the question mark of this
 * module's address.
 */
import { readFileSync } from 'node:fs';

const machine = Date.now;
const file = decodeURIComponent(new URL(import.meta.url).search.slice(1));

Date.now = () => machine() + Number(readFileSync(file, 'utf8'));
