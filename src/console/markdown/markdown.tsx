import { untranslated } from '../../kernel/bilingual.js';
import { Table } from '../components/table.js';
import { Code } from '../components/text.js';
import { useUi } from '../ui.js';
import { anchorOf, type Block, type Inline, plainText, readInline, readMarkdown } from './read.js';

type MarkdownProps = {
  readonly text: string;
  /** Names its tables that have no heading before them. */
  readonly title: string;
};

/** A page of `ops/` as HTML. Its headings come below that of the page that shows it. */
export function Markdown({ text, title }: MarkdownProps) {
  return <Blocks blocks={readMarkdown(text)} title={title} />;
}

function Blocks({ blocks, title }: { readonly blocks: readonly Block[]; readonly title: string }) {
  let heading = title;
  return (
    <>
      {blocks.map((block, at) => {
        if (block.kind === 'heading') heading = plainText(readInline(block.text));
        return <OneBlock key={`${at} ${block.kind}`} block={block} title={heading} />;
      })}
    </>
  );
}

function OneBlock({ block, title }: { readonly block: Block; readonly title: string }) {
  switch (block.kind) {
    case 'heading':
      return <Heading {...block} />;
    case 'paragraph':
      return (
        <p>
          <InlineText text={block.text} />
        </p>
      );
    case 'code':
      return <pre>{block.text}</pre>;
    case 'list': {
      const items = block.items.map((item, at) => <Item key={`${at}`} blocks={item} title={title} />);
      return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return <CellTable {...block} title={title} />;
  }
}

type CellTableProps = Pick<Extract<Block, { kind: 'table' }>, 'head' | 'rows'> & { readonly title: string };
type CellRow = { readonly cells: readonly string[]; readonly at: number };

function CellTable({ head, rows, title }: CellTableProps) {
  return (
    <Table
      caption={untranslated(title)}
      rows={rows.map((cells, at): CellRow => ({ cells, at }))}
      rowKey={({ at }) => String(at)}
      columns={head.map((label, column) => ({
        label: untranslated(plainText(readInline(label))),
        cell: ({ cells }: CellRow) => <InlineText text={cells[column] ?? ''} />,
      }))}
    />
  );
}

/** The first paragraph of an item is written without `<p>`. */
function Item({ blocks, title }: { readonly blocks: readonly Block[]; readonly title: string }) {
  const [first, ...rest] = blocks;
  return (
    <li>
      {first?.kind === 'paragraph' ? (
        <InlineText text={first.text} />
      ) : (
        first && <OneBlock block={first} title={title} />
      )}
      <Blocks blocks={rest} title={title} />
    </li>
  );
}

function Heading({ level, text }: Extract<Block, { kind: 'heading' }>) {
  const content = <InlineText text={text} />;
  const id = anchorOf(text);
  if (level <= 2) return <h2 id={id}>{content}</h2>;
  return level === 3 ? <h3 id={id}>{content}</h3> : <h4 id={id}>{content}</h4>;
}

/** Code, bold and links of a text. */
export function InlineText({ text }: { readonly text: string }) {
  return <Parts inline={readInline(text)} />;
}

function Parts({ inline }: { readonly inline: readonly Inline[] }) {
  return (
    <>
      {inline.map((part, at) => (
        <OnePart key={`${at} ${part.kind}`} part={part} />
      ))}
    </>
  );
}

function OnePart({ part }: { readonly part: Inline }) {
  switch (part.kind) {
    case 'text':
      return <>{part.text}</>;
    case 'code':
      return <Code>{part.text}</Code>;
    case 'bold':
      return (
        <strong>
          <Parts inline={part.content} />
        </strong>
      );
    case 'link':
      return <PageLink {...part} />;
  }
}

/**
 * Links to pages directly in `ops/` and to headings of this page work; other links become their
 * text with the path.
 */
function PageLink({ content, to }: Extract<Inline, { kind: 'link' }>) {
  const { href } = useUi();
  const [, name, anchor = ''] = /^(README|[a-z0-9-]+)\.md(#[\w-]+)?$/.exec(to) ?? [];
  const text = <Parts inline={content} />;
  if (name !== undefined) return <a href={`${href(`/console/runbook/${name}`)}${anchor}`}>{text}</a>;
  if (/^#[\w-]+$/.test(to)) return <a href={to}>{text}</a>;
  const isSame = plainText(content) === to;
  return isSame ? (
    text
  ) : (
    <>
      {text} (<Code>{to}</Code>)
    </>
  );
}
