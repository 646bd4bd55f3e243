/** The build generates the module from `COMPONENTS` and `QUERIES` (scripts/lib/validators.mjs). */
import type { ValidateFunction } from 'ajv';
import type { ComponentName } from './components.js';
import type { QueryName } from './queries.js';

export const BODY_VALIDATORS: { readonly [Name in ComponentName]: ValidateFunction };
export const QUERY_VALIDATORS: { readonly [Name in QueryName]: ValidateFunction };
