/**
 * Combines what features declare by name.
 * @throws {Error} if two of them declare the same name
 */
export function combineByName<Declared>(
	declarations: readonly (Readonly<Record<string, Declared>> | undefined)[]
): ReadonlyMap<string, Declared> {
	const combined = new Map<string, Declared>();
	for (const [name, declared] of declarations.flatMap((each) => Object.entries(each ?? {}))) {
		if (combined.has(name)) throw new Error(`Two features declare ${name}`);
		combined.set(name, declared);
	}
	return combined;
}
