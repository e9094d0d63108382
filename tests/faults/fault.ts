/** A deliberate fault in one expression of the server, which the named test files must notice. */
export interface Fault {
	/** What is broken, as a short sentence; unique, because it names the fault. */
	readonly title: string;
	/** The source file, from the project's root. */
	readonly file: string;
	/** An expression that stands exactly once in the file, as written. */
	readonly find: string;
	/** Text that stands exactly once in the file; `find` is then its first occurrence after this text. */
	readonly after?: string;
	/** The faulty expression in its place. */
	readonly replace: string;
	/** The test files that must fail. */
	readonly tests: readonly string[];
	/** Why it may go unnoticed; set only for faults that change nothing a test could see. */
	readonly survives?: string;
}

/** Names the fault that is switched on; none is where it is unset. */
export const faultVariable = 'IMMICH_AUTH_TEST_FAULT';

/**
 * Puts all faults of a file into its text, each behind a switch, so that one build serves all of them.
 * @throws Error when an expression is missing, stands more than once, or overlaps another fault's
 */
export function plantFaults(text: string, faults: readonly Fault[]): string {
	const places = groupBy(faults, ({ find, after = '' }) => `${after}\n${find}`);
	const ranges = [...places.values()].flatMap((planted) => {
		const [first] = planted;
		if (!first) return [];
		const { find, title } = first;
		const start = findPlace(text, first);
		return [{ start, end: start + find.length, title, code: switchBetween(find, planted) }];
	});
	ranges.sort((one, other) => one.start - other.start);
	let [result, position] = ['', 0];
	for (const { start, end, title, code } of ranges) {
		if (start < position) throw new Error(`Overlaps another fault: ${title}`);
		result += text.slice(position, start) + code;
		position = end;
	}
	return result + text.slice(position);
}

function findPlace(text: string, { find, after, title }: Fault): number {
	if (after === undefined) return findOnlyPlace(text, find, title);
	const start = text.indexOf(find, findOnlyPlace(text, after, title) + after.length);
	if (start < 0) throw new Error(`Not found in the source: ${title}`);
	return start;
}

function findOnlyPlace(text: string, part: string, title: string): number {
	const start = text.indexOf(part);
	if (start < 0) throw new Error(`Not found in the source: ${title}`);
	if (text.includes(part, start + 1)) throw new Error(`Found more than once in the source: ${title}`);
	return start;
}

const switchBetween = (original: string, planted: readonly Fault[]): string =>
	planted.reduce(
		(otherwise, { title, replace }) =>
			`(process.env[${JSON.stringify(faultVariable)}] === ${JSON.stringify(title)} ? (${replace}) : ${otherwise})`,
		`(${original})`
	);

/** Sorts items into groups, in the order in which they come. */
export function groupBy<Item>(items: readonly Item[], getKey: (item: Item) => string): Map<string, Item[]> {
	const groups = new Map<string, Item[]>();
	for (const item of items) groups.set(getKey(item), [...(groups.get(getKey(item)) ?? []), item]);
	return groups;
}
