/**
 * Loaded before the program of a test's service (`node --import`): the machine has the host name
 * that is after the question mark of this module's address.
 */
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const host = decodeURIComponent(new URL(import.meta.url).search.slice(1));
Object.assign(os, { hostname: () => host });
syncBuiltinESMExports();
