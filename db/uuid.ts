/** Whether PostgreSQL would take the text as a `uuid`; ids that people type are asked this before a query. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
