/** Rules about how comments and names read. */
import { isInterfaceDeclaration, isTypeAliasDeclaration } from 'typescript/unstable/ast/is';
import { withoutLiterals } from './bans.js';
import { BARE_PARTICIPLES, FRAGMENT_OPENINGS, LIMITS, NOUNS_LIKE_PARTICIPLES } from './tables.js';
import { type Finding, finding, type Module, type Rule } from './tree.js';

type Comment = { readonly line: number; readonly text: string };

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*/g;

/**
 * The comments of a module, each with its markers removed. Consecutive `//` lines are one
 * comment.
 */
function commentsOf(module: Module): readonly Comment[] {
  const text = withoutLiterals(module);
  return [...text.matchAll(COMMENT)].map(({ 0: comment, index }) => ({
    line: text.slice(0, index).split('\n').length,
    text: comment
      .split('\n')
      .map((line) => line.replace(/^\s*(?:\/\*\*?|\/\/|\*(?!\/))?\s?/, '').replace(/\s*\*\/$/, ''))
      .join(' ')
      .trim(),
  }));
}

const OPENING = new RegExp(`^(?:${FRAGMENT_OPENINGS.join('|')})\\b`);

const fragments: Rule = {
  says: `a comment is a sentence: it does not open with ${FRAGMENT_OPENINGS.join(', ')}`,
  check: (tree) =>
    tree.modules.flatMap((module) =>
      commentsOf(module)
        .filter(({ text }) => OPENING.test(text))
        .map(({ line, text }) => ({ path: module.path, line, what: text.slice(0, 60) })),
    ),
};

const commentColumns: Rule = {
  says: `a line of a comment has at most ${LIMITS.commentColumns} columns`,
  check: (tree) => tree.modules.flatMap(wideCommentsOf),
};

function wideCommentsOf(module: Module): readonly Finding[] {
  return withoutLiterals(module)
    .split('\n')
    .flatMap((line, index) => {
      const isComment = /^\s*(?:\/\/|\/\*|\* |\*$)/.test(line);
      return isComment && line.length > LIMITS.commentColumns
        ? [{ path: module.path, line: index + 1, what: `${line.length} columns of comment` }]
        : [];
    });
}

const PARTICIPLE = /^[A-Z][a-z]+(?:ed|ing)$/;

const participleTypes: Rule = {
  says: 'a type is named by a noun, not by a bare participle or adjective',
  check: (tree) =>
    tree.modules.flatMap((module) =>
      module.nodes.flatMap((node) => {
        if (!isTypeAliasDeclaration(node) && !isInterfaceDeclaration(node)) return [];
        const name = node.name.text;
        const isBare =
          BARE_PARTICIPLES.includes(name) || (PARTICIPLE.test(name) && !NOUNS_LIKE_PARTICIPLES.includes(name));
        return isBare ? [finding(module, node, `type ${name}`)] : [];
      }),
    ),
};

export const WORDING_RULES = {
  fragments,
  'comment-columns': commentColumns,
  'participle-types': participleTypes,
} as const satisfies Readonly<Record<string, Rule>>;
