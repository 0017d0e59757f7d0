/** At most three of `known` that someone who typed `name` may have meant, the closest first. */
export function closeNames(name: string, known: readonly string[]): string[] {
  const typed = name.toLowerCase();
  return known
    .map((candidate) => ({ candidate, distance: distanceTo(typed, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(typed.length / 3)))
    .sort((one, other) => one.distance - other.distance || one.candidate.localeCompare(other.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/**
 * Part of a name counts as nearly typed right; else the number of letters to change, leave out, put in or swap with
 * their neighbour (optimal string alignment).
 */
function distanceTo(typed: string, candidate: string): number {
  if (typed.length >= 3 && candidate.includes(typed)) return 1;
  const ours = [...typed];
  const theirs = [...candidate];
  const rows = [Array.from({ length: theirs.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= ours.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= theirs.length; column += 1) {
      const changed = at(row - 1, column - 1) + (ours[row - 1] === theirs[column - 1] ? 0 : 1);
      const swapped = ours[row - 1] === theirs[column - 2] && ours[row - 2] === theirs[column - 1];
      const least = Math.min(changed, at(row - 1, column) + 1, at(row, column - 1) + 1);
      rows[row]?.push(row > 1 && column > 1 && swapped ? Math.min(least, at(row - 2, column - 2) + 1) : least);
    }
  }
  return at(ours.length, theirs.length);
}
