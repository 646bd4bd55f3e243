import type { Mutants } from './mutant.js';
import { PORTS } from './ports.js';

export const MUTANTS: Mutants = { ...PORTS };
