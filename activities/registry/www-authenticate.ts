/** One challenge of a `WWW-Authenticate` header; the scheme and the parameters' names are in lower case. */
export interface Challenge {
  scheme: string;
  parameters: ReadonlyMap<string, string>;
}

const TOKEN_CHARACTER = /[!#$%&'*+.^_`|~0-9A-Za-z-]/;

/** Reads from left to right, each step moving on, so that the time is linear in the header's length. */
class HeaderScanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get ended(): boolean {
    return this.position >= this.text.length;
  }

  skip(characters: string): void {
    while (!this.ended && characters.includes(this.text.charAt(this.position))) this.position += 1;
  }

  token(): string {
    const start = this.position;
    while (!this.ended && TOKEN_CHARACTER.test(this.text.charAt(this.position))) this.position += 1;
    return this.text.slice(start, this.position);
  }

  /** A quoted string without its quotes and escapes; one that never closes ends with the header. */
  quoted(): string {
    const parts: string[] = [];
    this.position += 1;
    while (!this.ended) {
      const character = this.text.charAt(this.position);
      if (character === '"') {
        this.position += 1;
        break;
      }
      if (character === '\\') this.position += 1;
      parts.push(this.text.charAt(this.position));
      this.position += 1;
    }
    return parts.join('');
  }

  value(): string {
    return this.text.charAt(this.position) === '"' ? this.quoted() : this.token();
  }
}

function parseOne(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | null = null;
  const scanner = new HeaderScanner(header);
  while (!scanner.ended) {
    scanner.skip(' \t,');
    const word = scanner.token().toLowerCase();
    if (word === '') {
      scanner.position += 1;
      continue;
    }
    scanner.skip(' \t');
    if (scanner.text.charAt(scanner.position) !== '=') {
      parameters = new Map();
      challenges.push({ scheme: word, parameters });
      continue;
    }
    scanner.position += 1;
    scanner.skip(' \t');
    const value = scanner.value();
    if (parameters !== null && !parameters.has(word)) parameters.set(word, value);
  }
  return challenges;
}

/**
 * The challenges of a 401 answer, in their order. Never throws: what can't be read is passed over.
 * Source of the grammar: RFC 9110, section 11.6.1.
 */
export function parseWwwAuthenticate(header: string | string[] | undefined): Challenge[] {
  if (header === undefined) return [];
  return (Array.isArray(header) ? header : [header]).flatMap(parseOne);
}
