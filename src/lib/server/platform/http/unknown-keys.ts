type Path = readonly (string | number)[];

interface UnknownKeys {
	readonly code: 'unrecognized_keys';
	readonly keys: readonly string[];
	readonly path: Path;
	readonly message: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists the keys that parsing dropped, like zod's strict objects. */
export function unknownKeys(sent: unknown, parsed: unknown, path: Path = []): UnknownKeys[] {
	if (Array.isArray(sent) && Array.isArray(parsed))
		return sent.flatMap((item, index) => unknownKeys(item, parsed[index], [...path, index]));
	if (!isObject(sent) || !isObject(parsed)) return [];
	const keys = Object.keys(sent).filter((key) => !Object.hasOwn(parsed, key));
	const names = keys.map((key) => JSON.stringify(key)).join(', ');
	const message = `Unrecognized key${keys.length === 1 ? '' : 's'}: ${names}`;
	const own: UnknownKeys[] = keys.length === 0 ? [] : [{ code: 'unrecognized_keys', keys, path, message }];
	const below = Object.keys(sent).filter((key) => Object.hasOwn(parsed, key));
	return [...own, ...below.flatMap((key) => unknownKeys(sent[key], parsed[key], [...path, key]))];
}
