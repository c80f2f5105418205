/** One line of a plot: [x, y] each. */
export interface Line {
  name: string;
  points: readonly (readonly [number, number])[];
}

export interface Plot {
  title: string;
  /** what the axes count */
  x: string;
  y: string;
  lines: readonly Line[];
  /** stretches of x with a word above them */
  marks?: readonly { from: number; to: number; name: string }[];
}

const WIDTH = 860;
const HEIGHT = 420;
const BOX = { left: 64, right: 190, top: 84, bottom: 48 };
const INNER = { width: WIDTH - BOX.left - BOX.right, height: HEIGHT - BOX.top - BOX.bottom };

// Told apart by people who see no red or green, on white and on black.
const STYLE = `
  svg { font: 12px system-ui, sans-serif; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --paper: #ffffff;
    --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df; --c4: #9a6700; --c5: #bf3989; --c6: #1b7c83; --c7: #57606a; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; --paper: #0d1117;
      --c0: #58a6ff; --c1: #f0883e; --c2: #3fb950; --c3: #bc8cff; --c4: #d29922; --c5: #f778ba; --c6: #39c5cf; --c7: #9ea7b3; }
  }
  text { fill: var(--ink); } .soft { fill: var(--soft); } .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: var(--line); stroke-width: 1; } .mark { fill: var(--soft); opacity: 0.35; }
  path { fill: none; stroke-width: 2; stroke-linejoin: round; }`;

/** A picture of lines that needs nothing but itself, and follows the light or dark of whoever looks at it. */
export function draw({ title, x, y, lines, marks = [] }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const xs = scale(Math.max(0.1, ...points.map(([at]) => at)), 6);
  const ys = scale(Math.max(1, ...points.map(([, value]) => value)) * 1.05, 5);
  const placeX = (value: number) => round(BOX.left + (value / xs.most) * INNER.width);
  const placeY = (value: number) => round(BOX.top + INNER.height - (value / ys.most) * INNER.height);
  const bottom = BOX.top + INNER.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--paper)"/>`,
    `<text class="title" x="${BOX.left}" y="20">${escaped(title)}</text>`,
    ...marks.map(({ from, to, name }, n) => {
      const top = BOX.top - 52 + n * 13;
      return (
        `<rect class="mark" x="${placeX(from)}" y="${top}" width="${round(placeX(to) - placeX(from))}" height="8" rx="2"/>` +
        `<text class="soft" x="${round(placeX(to) + 6)}" y="${top + 8}" font-size="10">${escaped(name)}</text>`
      );
    }),
    ...ys.ticks.map(
      (tick) =>
        `<path class="grid" d="M${BOX.left} ${placeY(tick)}H${BOX.left + INNER.width}"/>` +
        `<text class="soft" x="${BOX.left - 8}" y="${placeY(tick) + 4}" text-anchor="end">${tick.toLocaleString('en')}</text>`,
    ),
    ...xs.ticks.map(
      (tick) => `<text class="soft" x="${placeX(tick)}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
    ),
    `<text class="soft" x="${BOX.left + INNER.width / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(x)}</text>`,
    `<text class="soft" x="${BOX.left - 8}" y="${BOX.top - 10}" text-anchor="end">${escaped(y)}</text>`,
    ...lines.flatMap(({ name, points: of }, n) => [
      `<path d="${pathOf(of.map(([at, value]) => [placeX(at), placeY(value)]))}" stroke="var(--c${n % 8})"${n >= 8 ? ' stroke-dasharray="5 3"' : ''}/>`,
      `<rect x="${WIDTH - BOX.right + 16}" y="${BOX.top + n * 20}" width="14" height="3" fill="var(--c${n % 8})"/>`,
      `<text x="${WIDTH - BOX.right + 36}" y="${BOX.top + 6 + n * 20}">${escaped(name)}</text>`,
    ]),
    '</svg>\n',
  ].join('\n');
}

const pathOf = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${x} ${y}`).join('');

/** About so many round numbers from 0 to the most. */
function scale(most: number, about: number): { most: number; ticks: number[] } {
  const rough = most / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.ceil(most / step);
  return { most: count * step, ticks: Array.from({ length: count + 1 }, (_, n) => Number((n * step).toPrecision(6))) };
}

const round = (value: number) => Math.round(value * 10) / 10;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
