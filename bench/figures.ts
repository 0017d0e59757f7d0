/** The middle of some figures. */
export function median(figures: number[]): number {
  const sorted = figures.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `0.42 s (0.40–0.51)` from milliseconds: the median, and the range. */
export function seconds(figures: number[]): string {
  const text = (milliseconds: number) => (milliseconds / 1000).toFixed(3);
  return `${text(median(figures))} s (${text(Math.min(...figures))}–${text(Math.max(...figures))})`;
}
