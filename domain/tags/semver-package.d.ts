/** What is used here of the `semver` package, which carries no types. */
declare module 'semver' {
  interface Options {
    includePrerelease?: boolean;
  }
  export class Range {
    constructor(range: string, options?: Options);
    readonly range: string;
    test(version: string): boolean;
  }
  const semver: {
    Range: typeof Range;
    subset(sub: string, dom: Range, options?: Options): boolean;
    validRange(range: string, options?: Options): string | null;
  };
  export default semver;
}
