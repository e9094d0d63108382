const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const presets = [
	'@yearly',
	'@monthly',
	'@weekly',
	'@daily',
	'@hourly',
	'@weekdays',
	'@weekends',
	'@minutely',
	'@secondly'
];

interface Field {
	readonly name: string;
	readonly from: number;
	readonly to: number;
	/** Names accepted in place of a number; the first stands for `from`. */
	readonly words?: readonly string[];
}

const second: Field = { name: 'second', from: 0, to: 59 };
const fields: readonly Field[] = [
	{ name: 'minute', from: 0, to: 59 },
	{ name: 'hour', from: 0, to: 23 },
	{ name: 'day of month', from: 1, to: 31 },
	{ name: 'month', from: 1, to: 12, words: months },
	{ name: 'day of week', from: 0, to: 7, words: weekdays }
];

/**
 * Returns what is wrong with a cron expression, or undefined. Like Immich's scheduler it accepts five fields, six with leading
 * seconds, names of months and weekdays, and presets such as `@daily`. Fields are checked separately: 31 February passes.
 */
export function cronProblem(expression: string): string | undefined {
	const text = expression.trim();
	if (text === '') return 'It is empty';
	if (text.startsWith('@')) return presets.includes(text.toLowerCase()) ? undefined : `Unknown preset ${text}`;

	const parts = text.split(/\s+/);
	if (parts.length !== 5 && parts.length !== 6) return `It needs 5 fields, or 6 with seconds, but has ${parts.length}`;
	const expected = parts.length === 6 ? [second, ...fields] : fields;
	for (const [at, field] of expected.entries()) {
		const wrong = (parts[at] ?? '').split(',').find((item) => !isItemOf(field, item));
		if (wrong !== undefined) return `The field ${field.name} does not allow "${wrong}"`;
	}
	return undefined;
}

/** An item is `*`, `?`, a value or a range, each optionally with a step. */
function isItemOf(field: Field, item: string): boolean {
	const [range = '', step, ...excess] = item.split('/');
	if (excess.length > 0 || (step !== undefined && !/^0*[1-9]\d*$/.test(step))) return false;
	if (range === '*' || range === '?') return true;

	const [low = '', high = low, ...more] = range.split('-');
	const from = valueOf(field, low);
	const to = valueOf(field, high);
	return more.length === 0 && from !== undefined && to !== undefined && from <= to;
}

function valueOf(field: Field, text: string): number | undefined {
	const word = field.words?.indexOf(text.toLowerCase()) ?? -1;
	if (word >= 0) return field.from + word;
	const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
	return value >= field.from && value <= field.to ? value : undefined;
}
