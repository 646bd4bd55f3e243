/**
 * A node: one home folder on one machine, with its own signers, journals and published files. A
 * run: one start of a serving process of a node.
 */
import type { Brand } from '../kernel/brand.js';

/** 64 random bits, 16 lower-case hexadecimal digits. */
export type NodeId = Brand<string, 'NodeId'>;

/**
 * 128 random bits, 32 lower-case hexadecimal digits. They are drawn at each start and stored in no
 * file, so that a process after its restart is never taken for the one before.
 */
export type RunId = Brand<string, 'RunId'>;

/**
 * What a process does: `api` answers requests and has the console, `responder` answers OCSP
 * requests, `worker` makes CRLs and does the other work of its node, `console` has the console
 * alone. A process may have several roles.
 */
export type Role = 'api' | 'responder' | 'worker' | 'console';
