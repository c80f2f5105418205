/** Standard output, or what a test puts in its place. */
export interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** One bar that is drawn over on a terminal; elsewhere a plain line every tenth of the way. */
export function openProgress(out: Output, total: number) {
  const began = Date.now();
  let told = 0;
  return {
    show(done: number, orders: number): void {
      const part = total === 0 ? 1 : done / total;
      const seconds = (Date.now() - began) / 1000;
      const words = `${orders.toLocaleString('en')} orders, ${Math.round(orders / Math.max(seconds, 0.001))}/s`;
      const percent = `${Math.floor(part * 100)} %`.padStart(5);
      if (out.isTTY) {
        const filled = Math.round(part * WIDTH);
        out.write(`\r[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${percent} ${words}  `);
      } else if (Math.floor(part * 10) > told) {
        told = Math.floor(part * 10);
        out.write(`${percent} of the lines read, ${words}\n`);
      }
    },
    /** Answers the seconds since the start. */
    end(): number {
      if (out.isTTY) out.write('\n');
      return (Date.now() - began) / 1000;
    },
  };
}

const WIDTH = 30;
