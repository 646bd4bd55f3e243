/** The build generates the module from `CONFIG_SCHEMA` (scripts/lib/validators.mjs). */
import type { ValidateFunction } from 'ajv';
import type { ConfigFile } from './index.js';

/** Fills in the defaults. */
export const validateConfig: ValidateFunction<ConfigFile>;
