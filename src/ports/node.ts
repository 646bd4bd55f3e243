/** A node: one home folder on one machine, with its own signers, journals and published files. */
import type { Brand } from '../kernel/brand.js';

/** 64 random bits, 16 lower-case hexadecimal digits. */
export type NodeId = Brand<string, 'NodeId'>;
