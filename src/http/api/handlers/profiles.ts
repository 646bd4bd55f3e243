import { ok } from '../../../kernel/result.js';
import { listProfiles } from '../../../operations/read.js';
import type { Handler } from '../handler.js';
import { renderProfile } from '../render.js';

export const getProfiles: Handler = async ({ world }, { account }) => {
  const found = listProfiles(world, account);
  return found.ok ? ok({ profiles: found.value.map(renderProfile) }) : found;
};
