import { execFile } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { promtoolPath } from "./binaries";
import type { FleetTenant } from "./exporter/fleet";
import { labelText } from "./exporter/samples";
import { type PastSeries, rememberedSeries, shownSeries } from "./past";

const HOUR = 3_600;

/** What the dashboards show, at half the density that Prometheus scrapes in: its text alone would be 5 GB else. */
const SHOWN = { seconds: 6 * HOUR, step: 60 };

/** What the slowest burn rate reads, at the step that its rule reads it. */
const REMEMBERED = { seconds: 72 * HOUR, step: 300 };

/** Blocks of Prometheus begin at multiples of this. */
const BLOCK_SECONDS = 2 * HOUR;

/**
 * Writes the past into a data folder, by promtool: an ordinary fleet up to `end`, seconds since 1970.
 *
 * @param expressions - of what shows it: series that none of them reads are left out
 */
export async function writeHistory(
  fleet: readonly FleetTenant[],
  folder: string,
  end: number,
  expressions: readonly string[],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const text = expressions.join("\n");
  const shown = shownSeries(fleet).filter(({ name }) => text.includes(name));
  const remembered = rememberedSeries(fleet);
  const start = end - SHOWN.seconds;
  const spans = [{ series: remembered, from: end - REMEMBERED.seconds, to: start, step: REMEMBERED.step }];
  for (let from = start; from < end; from = blockAfter(from)) {
    spans.push({ series: shown, from, to: Math.min(blockAfter(from), end), step: SHOWN.step });
  }
  // One process parses a file; two of them fill two cores.
  await Promise.all(
    [0, 1].map(async (lane) => {
      for (const span of spans.filter((_, index) => index % 2 === lane)) {
        await writeBlocks(span, folder);
      }
    }),
  );
}

const blockAfter = (seconds: number): number => (Math.floor(seconds / BLOCK_SECONDS) + 1) * BLOCK_SECONDS;

interface Span {
  readonly series: readonly PastSeries[];
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly step: number;
}

async function writeBlocks(span: Span, folder: string): Promise<void> {
  const file = join(folder, `../history-${span.from}.txt`);
  try {
    writeOpenMetrics(span, file);
    const args = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=96h", file, folder];
    await promisify(execFile)(promtoolPath(), args);
  } finally {
    rmSync(file, { force: true });
  }
}

function writeOpenMetrics({ series, from, to, step }: Span, path: string): void {
  const file = openSync(path, "w");
  let text = "";
  for (const { name, labels, value } of series) {
    const head = `${name}{${labelText(labels)}} ${value}`;
    for (let seconds = from; seconds < to; seconds += step) {
      text += `${head} ${seconds}\n`;
    }
    if (text.length > 2 ** 22) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, `${text}# EOF\n`);
  closeSync(file);
}
