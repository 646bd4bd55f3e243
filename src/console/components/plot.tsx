/**
 * Plots as SVG that the server makes: bars, bars on each other, and lines over time. Each has a
 * title, a description, and its figures as a table. Labels stand beside the stretched drawing, so
 * that they are as large on a telephone as on a wide screen.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { DAY_MS } from '../../kernel/duration.js';
import {
  type Bar,
  groupedBars,
  HEIGHT,
  type Heights,
  heightsOf,
  linePath,
  type PlotValues,
  rowTicks,
  stackedBars,
  type Tick,
  timeTicks,
  WIDTH,
} from '../plots/geometry.js';
import { type Ui, useUi } from '../ui.js';
import { TABLE_WORDS } from '../words/layout.js';
import { Table } from './table.js';
import { Day, Stored, Time } from './text.js';

type PlotRow = {
  /** A moment (epoch ms), or a name for bars about things that have no time. */
  readonly at: number | string;
  /** One for each series, not negative; null: not known. */
  readonly values: PlotValues;
};

type PlotProps = {
  /** Unique on the page. */
  readonly id: string;
  readonly title: Bilingual;
  /** What the plot shows, in a sentence, for those who do not see it. */
  readonly description: Bilingual;
  readonly kind: 'bars' | 'stacked' | 'lines';
  /** Whether moments are shown as days or with their time. */
  readonly precision?: 'day' | 'time';
  /** Head of the column of moments or names in the table. */
  readonly rowLabel: Bilingual;
  /** At most three, in the order of the values; a unit is part of the label. */
  readonly series: readonly Bilingual[];
  /** In the order of the x axis; lines need moments. */
  readonly rows: readonly PlotRow[];
  /** What is said without rows. */
  readonly empty?: Bilingual;
};

export function Plot(props: PlotProps) {
  const { t } = useUi();
  const { id, title, description, kind, series, rows, empty = TABLE_WORDS.nothing } = props;
  if (rows.length === 0)
    return (
      <figure class="plot">
        <figcaption>{t(title)}</figcaption>
        <p class="empty">{t(empty)}</p>
      </figure>
    );
  const values = rows.map((row) => row.values);
  const heights = heightsOf(values, kind === 'stacked' ? 'stacked' : 'apart');
  return (
    <figure class="plot">
      <figcaption>{t(title)}</figcaption>
      {series.length > 1 && <Legend series={kind === 'stacked' ? series.toReversed() : series} all={series} />}
      <div class="plane">
        <HeightLabels heights={heights} />
        <svg
          class="area"
          width="100%"
          height={HEIGHT + 24}
          role="img"
          aria-labelledby={`${id}-title ${id}-description`}
        >
          <title id={`${id}-title`}>{t(title)}</title>
          <desc id={`${id}-description`}>{t(description)}</desc>
          {heights.ticks.map(({ at, value }) => (
            <line key={value} class="axis" x1="0" x2="100%" y1={yOf(at)} y2={yOf(at)} />
          ))}
          <svg
            aria-hidden="true"
            y={TOP}
            width="100%"
            height={HEIGHT}
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
          >
            {kind === 'lines' ? <Lines {...props} heights={heights} /> : <Bars {...props} heights={heights} />}
          </svg>
          <RowLabels {...props} />
        </svg>
      </div>
      <details>
        <summary>{t(TABLE_WORDS.figures)}</summary>
        <Figures {...props} />
      </details>
    </figure>
  );
}

/** Space above the highest line of the axis, for half of its label. */
const TOP = 6;
const LABEL_BASELINE = HEIGHT + TOP + 16;

function yOf(share: number): number {
  return rounded(TOP + share * HEIGHT);
}

/** A tenth of a pixel is not visible, and long fractions make pages large. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function Legend({ series, all }: { readonly series: readonly Bilingual[]; readonly all: readonly Bilingual[] }) {
  const { t } = useUi();
  return (
    <ul class="legend">
      {series.map((one) => (
        <li key={one.en} class={`series-${all.indexOf(one) + 1}`}>
          {t(one)}
        </li>
      ))}
    </ul>
  );
}

/** The labels of the y axis, which the table has for those who do not see them. */
function HeightLabels({ heights }: { readonly heights: Heights }) {
  const { number } = useUi();
  const longest = Math.max(...heights.ticks.map(({ value }) => number(value).length));
  const width = longest * 8 + 8;
  return (
    <svg class="heights" width={width} height={HEIGHT + 24} aria-hidden="true">
      {heights.ticks.map(({ at, value }) => (
        <text key={value} x={width - 6} y={yOf(at) + 4} text-anchor="end">
          {number(value)}
        </text>
      ))}
    </svg>
  );
}

function Bars({ kind, rows, series, heights, precision }: PlotProps & { readonly heights: Heights }) {
  const ui = useUi();
  const values = rows.map((row) => row.values);
  const bars = kind === 'stacked' ? stackedBars(values, heights) : groupedBars(values, heights);
  const nameOf = ({ row, series: index }: Bar): string => {
    const { at = '', values: own = [] } = rows[row] ?? {};
    const place = typeof at === 'string' ? at : momentOf(ui, at, precision);
    return `${place}, ${ui.t(series[index] ?? EMPTY)}: ${ui.number(own[index] ?? 0)}`;
  };
  return (
    <>
      {bars.map((bar) => (
        <rect
          key={`${bar.row} ${bar.series}`}
          class={`bar series-${bar.series + 1}`}
          x={rounded(bar.x)}
          y={rounded(bar.y)}
          width={rounded(bar.width)}
          height={rounded(bar.height)}
        >
          <title>{nameOf(bar)}</title>
        </rect>
      ))}
    </>
  );
}

const EMPTY: Bilingual = { fr: '', en: '' };

function Lines({ rows, series, heights }: PlotProps & { readonly heights: Heights }) {
  return (
    <>
      {series.map((one, index) => {
        const places = rows.flatMap(({ at, values }) =>
          typeof at === 'number' ? [{ at, value: values[index] ?? null }] : [],
        );
        // A line of one point has no length: it is drawn as a dot.
        const isDot = places.filter(({ value }) => value !== null).length === 1;
        const shape = isDot ? 'line dot' : 'line';
        return <path key={one.en} class={`${shape} series-${index + 1}`} d={linePath(places, heights)} />;
      })}
    </>
  );
}

function RowLabels({ kind, rows, precision }: PlotProps) {
  const ui = useUi();
  const times = rows.flatMap(({ at }) => (typeof at === 'number' ? [at] : []));
  const ticks = kind === 'lines' ? timeTicks(times) : rowTicks(rows.length);
  const span = Math.max(...times) - Math.min(...times);
  const labelOf = ({ value }: Tick): string => {
    const at = kind === 'lines' ? value : (rows[value]?.at ?? '');
    if (typeof at === 'string') return at.length > NAME_LENGTH_MAX ? `${at.slice(0, NAME_LENGTH_MAX - 1)}…` : at;
    return shortMoment(ui, at, precision === 'time' && span < 2 * DAY_MS ? 'time' : 'day');
  };
  return (
    <g>
      {ticks.map((tick) => (
        <text key={tick.value} x={`${rounded(tick.at * 100)}%`} y={LABEL_BASELINE} text-anchor={anchorOf(tick.at)}>
          {labelOf(tick)}
        </text>
      ))}
    </g>
  );
}

const NAME_LENGTH_MAX = 18;

/** Labels at the ends of the axis stay within it. */
function anchorOf(share: number): 'start' | 'middle' | 'end' {
  return share < 0.1 ? 'start' : share > 0.9 ? 'end' : 'middle';
}

function momentOf({ time, day }: Ui, at: number, precision: PlotProps['precision']): string {
  return precision === 'time' ? time(at) : day(at);
}

/** `28/11` or `11-28`, or `14:05`: the year is in the table. */
function shortMoment({ day, language }: Ui, at: number, precision: 'day' | 'time'): string {
  if (precision === 'time') return new Date(at).toISOString().slice(11, 16);
  return language === 'fr' ? day(at).slice(0, 5) : day(at).slice(5);
}

function Figures({ title, rowLabel, series, rows, precision }: PlotProps) {
  const { number } = useUi();
  const cellOf = ({ at }: PlotRow) => {
    if (typeof at === 'string') return <Stored>{at}</Stored>;
    return precision === 'time' ? <Time at={at} /> : <Day at={at} />;
  };
  return (
    <Table
      caption={title}
      rows={rows}
      rowKey={({ at }) => String(at)}
      columns={[
        { label: rowLabel, cell: cellOf },
        ...series.map((label, index) => ({
          label,
          kind: 'number' as const,
          cell: ({ values }: PlotRow) => {
            const value = values[index] ?? null;
            return value === null ? '–' : number(value);
          },
        })),
      ]}
    />
  );
}
