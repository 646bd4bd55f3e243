/**
 * Declares the validator that the build generates from the schema of plans
 * (scripts/lib/validators.mjs).
 */
import type { ValidateFunction } from 'ajv';
import type { PlanFile } from './model.js';

export const validatePlan: ValidateFunction<PlanFile>;
