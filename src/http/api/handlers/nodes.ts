import { ok } from '../../../kernel/result.js';
import { listRuns } from '../../../operations/nodes/list-runs.js';
import type { Handler } from '../handler.js';
import { renderNodes } from '../render-nodes.js';

export const listNodes: Handler = async ({ world }, { account }) => {
  const found = await listRuns(world, account);
  return found.ok ? ok({ nodes: renderNodes(found.value.runs) }) : found;
};
