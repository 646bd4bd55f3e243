/** The build generates the module from `policies/schemas` (scripts/lib/validators.mjs). */
import type { ValidateFunction } from 'ajv';
import type {
  AuthorityFile,
  CardGenerationsFile,
  CodeListFile,
  EnvironmentFile,
  HierarchyFile,
  ProfileFile,
} from './documents.js';

export const POLICY_VALIDATORS: {
  readonly environment: ValidateFunction<EnvironmentFile>;
  readonly hierarchy: ValidateFunction<HierarchyFile>;
  readonly authority: ValidateFunction<AuthorityFile>;
  readonly profile: ValidateFunction<ProfileFile>;
  readonly 'code-list': ValidateFunction<CodeListFile>;
  readonly 'card-generations': ValidateFunction<CardGenerationsFile>;
};
