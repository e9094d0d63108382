/** Values for an operation's parameters, by name. */
export type ParameterValues = Readonly<Record<string, string>>;

interface Parameter {
	readonly name: string;
	readonly place: 'path' | 'query';
}

/** Builds a URL; missing path parameters appear in capitals, and empty query parameters are omitted. */
export function buildUrl(path: string, parameters: readonly Parameter[], values: ParameterValues): string {
	const query = new URLSearchParams();
	let filled = path;
	for (const { name, place } of parameters) {
		const value = values[name] ?? '';
		if (place === 'path')
			filled = filled.replace(`{${name}}`, value === '' ? name.toUpperCase() : encodeURIComponent(value));
		else if (value !== '') query.set(name, value);
	}
	return query.size > 0 ? `${filled}?${query.toString()}` : filled;
}
