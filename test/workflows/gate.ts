/** Something that a test lets happen when it is ready for it. */
export function gate(): { opened: Promise<void>; open(): void; reached: Promise<void>; reach(): void } {
  const [opened, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return { opened: opened.promise, open: opened.resolve, reached: reached.promise, reach: reached.resolve };
}
