import { compare, inc, SemVer, valid } from 'semver';

/**
 * What a constraint is written for. Terraform parses the two with different libraries: modules with
 * hashicorp/go-version (constraint.go), providers with that one first and then with
 * apparentlymart/go-versions (constraints/ruby_style.go), which is stricter and reads `~> 2` differently.
 */
export type ConstraintSubject = 'module' | 'provider';

/** A parsed Terraform version constraint. Versions are plain (`2.13.0`), with or without a leading `v`. */
export interface Constraint {
  /** The constraint as written. */
  readonly text: string;
  /** The only version that it admits, else null. `>= 1.2.3, <= 1.2.3` is a pin as well. */
  readonly pinned: string | null;
  /** The lowest release that it admits, or null when it admits none. */
  readonly lowest: string | null;
  /** Whether it admits releases without an upper limit, so that a new major version is taken up unseen. */
  readonly openEnded: boolean;
  /** Whether no version whatever satisfies it, as in `> 2, < 1`. */
  readonly empty: boolean;
  /** Whether it admits a version. A prerelease only when `=` names it. False for text that is no version. */
  admits(version: string): boolean;
  /** Whether it admits any version lower than this one: "may Terraform choose a provider before 2.13?". */
  admitsBelow(version: string): boolean;
  /** Whether it admits this version or any higher one: false means "admits nothing from 2.13 on". */
  admitsFrom(version: string): boolean;
  /** The highest of these versions that it admits, as Terraform would choose it, or null. */
  newestAdmitted(versions: readonly string[]): string | null;
  /** The same set of releases as an npm semver range; an empty constraint gives one that nothing satisfies. */
  toRange(): string;
}

/** The releases from one version on and below another; `below` null means all that follow. */
interface Interval {
  readonly from: SemVer;
  readonly below: SemVer | null;
}

type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~>';

interface Term {
  readonly operator: Operator;
  readonly version: SemVer;
  /** How many numbers the version was written with, 1 to 3. */
  readonly written: number;
}

const TERM =
  /^\s*(?:(=|!=|>=|<=|~>|>|<)(\s*))?(v?)(\d+(?:\.\d+)*)(?:-?([A-Za-z][\w.-]*)|-(\d[\w.-]*))?(?:\+[\w.-]+)?\s*$/;

/** Leaves room to count one up, which semver refuses at the end of the safe integers. */
const LARGEST = 2 ** 52;

const ORIGIN = new SemVer('0.0.0');

/** Parses a constraint; text that Terraform refuses gives the reason, in words. */
export function parseConstraint(
  text: string,
  subject: ConstraintSubject = 'module',
): Constraint | { readonly error: string } {
  if (text.length > 1000) return { error: 'it is too long to be a version constraint' };
  const terms: Term[] = [];
  for (const part of text.split(',')) {
    const term = parseTerm(part, subject);
    if ('error' in term) return term;
    terms.push(term);
  }
  return new Terms(text, terms, subject);
}

function parseTerm(text: string, subject: ConstraintSubject): Term | { readonly error: string } {
  const match = TERM.exec(text);
  if (match === null) return { error: `"${text.trim()}" is no version constraint` };
  const [, operator = '=', space = '', prefix, numbers = '', letters, digits] = match;
  if (subject === 'provider') {
    if (prefix === 'v') return { error: `"${text.trim()}" has a "v" prefix, which providers do not allow` };
    if (space.length > 1) return { error: `"${text.trim()}" has more than one space after the operator` };
  }
  const segments = numbers.split('.').map(Number);
  if (segments.length > 3) return { error: `"${text.trim()}" has more than three numbers` };
  if (segments.some((segment) => segment > LARGEST)) return { error: `"${text.trim()}" is no version` };
  const padded = [...segments, 0, 0].slice(0, 3).join('.');
  const prerelease = letters ?? digits;
  const version = valid(prerelease === undefined ? padded : `${padded}-${prerelease}`);
  if (version === null) return { error: `"${text.trim()}" is no version` };
  return { operator: operator as Operator, version: new SemVer(version), written: segments.length };
}

class Terms implements Constraint {
  readonly text: string;
  readonly #terms: readonly Term[];
  readonly #subject: ConstraintSubject;
  readonly #intervals: readonly Interval[];
  /** The prerelease that `=` names; releases are then out. */
  readonly #prerelease: SemVer | null;

  constructor(text: string, terms: readonly Term[], subject: ConstraintSubject) {
    this.text = text;
    this.#terms = terms;
    this.#subject = subject;
    this.#intervals = terms.reduce<Interval[]>(
      (intervals, term) => intersect(intervals, releasesOf(term, subject)),
      [{ from: ORIGIN, below: null }],
    );
    const named = terms.find((term) => term.operator === '=' && isPrerelease(term.version))?.version;
    this.#prerelease = named !== undefined && this.#admitsPrerelease(named) ? named : null;
  }

  get pinned(): string | null {
    if (this.#prerelease !== null) return this.#prerelease.version;
    const [only, ...others] = this.#intervals;
    if (only === undefined || others.length > 0 || only.below === null) return null;
    return compare(next(only.from), only.below) === 0 ? only.from.version : null;
  }

  get lowest(): string | null {
    return this.#prerelease?.version ?? this.#intervals[0]?.from.version ?? null;
  }

  get openEnded(): boolean {
    return this.#intervals.at(-1)?.below === null;
  }

  get empty(): boolean {
    return this.lowest === null;
  }

  admits(version: string): boolean {
    const wanted = parseVersion(version);
    if (wanted === null) return false;
    if (isPrerelease(wanted)) return this.#prerelease !== null && compare(this.#prerelease, wanted) === 0;
    return this.#intervals.some(
      ({ from, below }) => compare(from, wanted) <= 0 && (below === null || compare(wanted, below) < 0),
    );
  }

  admitsBelow(version: string): boolean {
    const limit = parseVersion(version);
    return limit !== null && this.lowest !== null && compare(this.lowest, limit) < 0;
  }

  admitsFrom(version: string): boolean {
    const start = parseVersion(version);
    if (start === null) return false;
    // Intervals hold releases only, so 2.0.0-beta.1 asks the same as 2.0.0.
    return (
      (this.#prerelease !== null && compare(this.#prerelease, start) >= 0) ||
      this.#intervals.some(({ below }) => below === null || compare(release(start), below) < 0)
    );
  }

  newestAdmitted(versions: readonly string[]): string | null {
    let newest: string | null = null;
    for (const version of versions) {
      if (this.admits(version) && (newest === null || compare(version, newest) > 0)) newest = version;
    }
    return newest;
  }

  toRange(): string {
    if (this.pinned !== null) return this.pinned;
    const ranges = this.#intervals.map(({ from, below }) =>
      below === null ? `>=${from.version}` : `>=${from.version} <${below.version}`,
    );
    return ranges.length === 0 ? '<0.0.0-0' : ranges.join(' || ');
  }

  /**
   * Whether every term lets this prerelease pass. go-version lets a term without prerelease match none
   * (prereleaseCheck in constraint.go), so `= 2.0.0-rc.1, < 3.0.0` admits nothing for a module.
   */
  #admitsPrerelease(version: SemVer): boolean {
    return this.#terms.every(({ operator, version: bound, written }) => {
      if (operator === '=') return compare(bound, version) === 0;
      if (operator === '!=') return compare(bound, version) !== 0;
      if (this.#subject === 'module' && !(isPrerelease(bound) && bound.compareMain(version) === 0))
        return false;
      if (operator === '~>') {
        return (
          compare(bound, version) <= 0 &&
          compare(version, endOfPessimistic(bound, written, 'provider') as SemVer) < 0
        );
      }
      const order = compare(version, bound);
      if (operator === '>') return order > 0;
      if (operator === '<') return order < 0;
      return operator === '>=' ? order >= 0 : order <= 0;
    });
  }
}

/** The releases that one term admits, as intervals of plain versions. */
function releasesOf({ operator, version, written }: Term, subject: ConstraintSubject): Interval[] {
  const plain = release(version);
  // 1.2.3 lies above all its prereleases, so "after 1.2.3-rc" starts with 1.2.3 and "until 1.2.3-rc" ends before.
  const after = isPrerelease(version) ? plain : next(plain);
  switch (operator) {
    case '=':
      return isPrerelease(version) ? [] : [{ from: plain, below: after }];
    case '!=':
      if (isPrerelease(version)) return [{ from: ORIGIN, below: null }];
      return [
        { from: ORIGIN, below: plain },
        { from: after, below: null },
      ];
    case '>':
      return [{ from: after, below: null }];
    case '>=':
      return [{ from: plain, below: null }];
    case '<':
      return [{ from: ORIGIN, below: plain }];
    case '<=':
      return [{ from: ORIGIN, below: after }];
    case '~>':
      // go-version: "Using a pessimistic constraint with a pre-release, restricts versions to pre-releases".
      if (subject === 'module' && isPrerelease(version)) return [];
      return [{ from: plain, below: endOfPessimistic(plain, written, subject) }];
  }
}

/**
 * The first release behind `~>`: the last number that was written may grow. `~> 2` is open upwards for
 * a module (constraintPessimistic compares the numbers before the last one, and there are none) but
 * ends before 3.0.0 for a provider (OpGreaterThanOrEqualMinorOnly).
 */
function endOfPessimistic(version: SemVer, written: number, subject: ConstraintSubject): SemVer | null {
  if (written === 3) return new SemVer(`${version.major}.${version.minor + 1}.0`);
  if (written === 1 && subject === 'module') return null;
  return new SemVer(`${version.major + 1}.0.0`);
}

function intersect(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  for (const a of left) {
    for (const b of right) {
      const from = compare(a.from, b.from) >= 0 ? a.from : b.from;
      const below = earlier(a.below, b.below);
      if (below === null || compare(from, below) < 0) common.push({ from, below });
    }
  }
  return common;
}

function earlier(a: SemVer | null, b: SemVer | null): SemVer | null {
  if (a === null || b === null) return a ?? b;
  return compare(a, b) <= 0 ? a : b;
}

function parseVersion(text: string): SemVer | null {
  const version = valid(text);
  return version === null ? null : new SemVer(version);
}

function isPrerelease(version: SemVer): boolean {
  return version.prerelease.length > 0;
}

function release(version: SemVer): SemVer {
  return new SemVer(`${version.major}.${version.minor}.${version.patch}`);
}

function next(version: SemVer): SemVer {
  return new SemVer(inc(version, 'patch') as string);
}
