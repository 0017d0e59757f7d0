/** How often something is measured: `BENCH_ROUNDS` where it is set, else as given. The first one, which warms up, is extra. */
export function roundsOr(usual: number): number {
  return wholeNumber('BENCH_ROUNDS', usual);
}

/** A whole number above 0 from the environment, else as given. */
export function wholeNumber(name: string, usual: number): number {
  const given = Number(process.env[name] ?? usual);
  if (!Number.isInteger(given) || given < 1)
    throw new Error(`${name} is ${process.env[name]}; expected a whole number.`);
  return given;
}
