/**
 * Types of `validators.js`, which the build generates from `REQUEST_COMPONENTS` and `QUERIES`
 * (scripts/lib/validators.mjs).
 */
import type { ValidateFunction } from 'ajv';
import type { RequestComponent } from './components.js';
import type { QueryName } from './queries.js';

export const BODY_VALIDATORS: { readonly [Name in RequestComponent]: ValidateFunction };
export const QUERY_VALIDATORS: { readonly [Name in QueryName]: ValidateFunction };
