import { decideAccess } from '../../../access/decide.js';
import { ok } from '../../../kernel/result.js';
import type { Handler } from '../handler.js';
import { RUNS_SHOWN_MAX, renderNodes } from '../render-nodes.js';

export const listNodes: Handler = async ({ world }, { account }) => {
  const permitted = decideAccess(account, 'read-nodes', null);
  if (!permitted.ok) return permitted;
  const runs = await world.store.read((reads) => reads.runs(RUNS_SHOWN_MAX));
  return runs.ok ? ok({ nodes: renderNodes(runs.value) }) : runs;
};
