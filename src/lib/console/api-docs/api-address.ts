/** What was filled in for the parameters of a call, by name. */
export type Given = Readonly<Record<string, string>>;

interface Parameter {
	readonly name: string;
	readonly place: 'path' | 'query';
}

/** Puts an address together; what the path still lacks stands there in capitals, and what is left empty is not asked for. */
export function addressOf(path: string, parameters: readonly Parameter[], given: Given): string {
	const query = new URLSearchParams();
	let filled = path;
	for (const { name, place } of parameters) {
		const value = given[name] ?? '';
		if (place === 'path')
			filled = filled.replace(`{${name}}`, value === '' ? name.toUpperCase() : encodeURIComponent(value));
		else if (value !== '') query.set(name, value);
	}
	return query.size > 0 ? `${filled}?${query.toString()}` : filled;
}
