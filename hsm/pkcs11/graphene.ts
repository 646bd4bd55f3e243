/**
 * The values of graphene-pk11, by `require`: for an `import` Node first reads all its sources for the names of their exports, which
 * takes as long again as loading them, in each signer's start.
 */
import { createRequire } from 'node:module';
import type * as Graphene from 'graphene-pk11';

const graphene = createRequire(import.meta.url)('graphene-pk11') as typeof Graphene;

export const { KeyType, Module, ObjectClass, registerAttribute, SessionFlag, TokenFlag, UserType } = graphene;
export type ObjectClass = Graphene.ObjectClass;
